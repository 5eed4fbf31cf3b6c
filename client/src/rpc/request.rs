//! Envelopes of calls.

use bytes::Bytes;
use jsonsql::query::Params;
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;

use crate::error::Error;

/// A call as it goes over the wire; member order is that of the vendor's texts.
#[derive(Serialize)]
pub(crate) struct Request<'a> {
    jsonrpc: &'static str,
    id: u64,
    method: &'static str,
    params: Params<'a>,
}

impl<'a> Request<'a> {
    pub(crate) fn new(id: u64, method: &'static str, params: Params<'a>) -> Self {
        Request {
            jsonrpc: "2.0",
            id,
            method,
            params,
        }
    }

    /// # Errors
    ///
    /// The only params that cannot be written have an output name on a bare
    /// column: the typed language cannot say that, a raw statement can.
    pub(crate) fn to_bytes(&self) -> Result<Vec<u8>, Error> {
        serde_json::to_vec(self).map_err(|error| Error::Unwritable(error.to_string()))
    }
}

/// The login, `authorize_user`.
pub(crate) fn authorize(id: u64, username: &str, password: &SecretString) -> Bytes {
    #[derive(Serialize)]
    struct Login<'a> {
        jsonrpc: &'static str,
        id: u64,
        method: &'static str,
        params: Credentials<'a>,
    }

    #[derive(Serialize)]
    struct Credentials<'a> {
        username: &'a str,
        password: &'a str,
    }

    let login = Login {
        jsonrpc: "2.0",
        id,
        method: "authorize_user",
        params: Credentials {
            username,
            password: password.expose_secret(),
        },
    };
    // Strings and numbers can always be written.
    serde_json::to_vec(&login).unwrap_or_default().into()
}
