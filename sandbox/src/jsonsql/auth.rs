//! `authorize_user`: from a name and a password to a session.

use std::fmt;

use serde::Deserialize;
use serde_json::json;
use subtle::ConstantTimeEq;

use super::Inner;
use super::rpc::{Call, Outcome};

/// An account that may log in.
#[derive(Clone)]
pub(crate) struct Account {
    pub(crate) username: String,
    pub(crate) password: String,
    /// The domain whose rows the account sees.
    pub(crate) domain: i64,
}

impl Account {
    /// Compares in a time that tells nothing about the password but its length.
    fn admits(&self, params: &Params) -> bool {
        let name = self.username.as_bytes().ct_eq(params.username.as_bytes());
        let password = self.password.as_bytes().ct_eq(params.password.as_bytes());
        (name & password).into()
    }
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account")
            .field("username", &self.username)
            .field("domain", &self.domain)
            .finish_non_exhaustive()
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Params {
    username: String,
    password: String,
}

/// The domain of an account that names none.
pub(crate) const FIRST_DOMAIN: i64 = 1;

/// The method of a login.
pub(super) const METHOD: &str = "authorize_user";

/// The message for a login at the wrong address.
pub(super) const ELSEWHERE: &str =
    "authorize_user goes to /api/jsonrpc/, and statements to /api/jsonsql/";

pub(super) fn authorize(portal: &Inner, call: &Call<'_>) -> Outcome {
    if call.method != METHOD {
        // Not the method's name as it was sent: it may be anything.
        let message = "unknown method; expected authorize_user (statements go to /api/jsonsql/)";
        return Outcome::Error(message.to_owned());
    }
    let params: Params = match serde_json::from_slice(call.params) {
        Ok(params) => params,
        Err(error) => return Outcome::Error(format!("params of authorize_user: {error}")),
    };
    // All are compared, so that the time does not tell which names exist.
    let admitted = portal.accounts.iter().fold(None, |admitted, account| {
        let this = account.admits(&params).then_some(account);
        admitted.or(this)
    });
    let Some(account) = admitted else {
        tracing::info!("a login was refused");
        return Outcome::Error("wrong username or password".to_owned());
    };
    let limit = portal.unknowns().sessions_per_user;
    match portal.sessions.open(account, limit) {
        Ok(session) => Outcome::Result(json!({"session_id": session})),
        Err(error) => Outcome::Error(format!("no session: {error}")),
    }
}
