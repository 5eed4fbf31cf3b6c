//! Envelopes of calls.

use std::io::Write;

use bytes::Bytes;
use jsonsql::query::Params;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use crate::error::Error;

/// A call as it goes over the wire; member order is that of the vendor's texts.
pub(crate) struct Request<'a> {
    id: u64,
    method: &'static str,
    params: Params<'a>,
}

impl<'a> Request<'a> {
    pub(crate) fn new(id: u64, method: &'static str, params: Params<'a>) -> Self {
        Request { id, method, params }
    }

    /// # Errors
    ///
    /// When the statement has no form on the wire. Of a typed one its params say
    /// so before; a raw one is not looked at until it is written.
    pub(crate) fn to_bytes(&self) -> Result<Vec<u8>, Error> {
        let Request { id, method, params } = self;
        let mut body = Vec::with_capacity(512);
        // Names of methods have nothing to escape, and a `Vec` takes everything.
        let _ = write!(
            body,
            r#"{{"jsonrpc":"2.0","id":{id},"method":"{method}","params":"#
        );
        params
            .write_to(&mut body)
            .map_err(|error| Error::Unwritable(error.to_string()))?;
        body.push(b'}');
        Ok(body)
    }
}

/// The login, `authorize_user`.
pub(crate) fn authorize(id: u64, username: &str, password: &SecretString) -> Bytes {
    let (username, password) = (Value::from(username), Value::from(password.expose_secret()));
    format!(
        r#"{{"jsonrpc":"2.0","id":{id},"method":"authorize_user","params":{{"username":{username},"password":{password}}}}}"#
    )
    .into()
}

#[cfg(test)]
mod tests {
    use jsonsql::Dialect;
    use jsonsql::ast::{Method, Statement};

    use super::*;

    #[test]
    fn a_login_is_escaped_as_json() {
        let login = authorize(1, "a\"\\\n", &"пароль\u{7f}\"".into());
        let expected = concat!(
            r#"{"jsonrpc":"2.0","id":1,"method":"authorize_user","#,
            r#""params":{"username":"a\"\\\n","password":"пароль"#,
            "\u{7f}",
            r#"\""}}"#
        );
        assert_eq!(login, expected);
    }

    #[test]
    fn a_call_is_its_members_in_order() {
        let params = r#"{"data":["id"],"from":"media","where":{"eq":["name","a \"b\""]}}"#;
        let statement = Statement::from_json(Method::Select, params.as_bytes()).unwrap();
        let params_of = Params::unchecked(&statement, &Dialect::BEST_GUESS);
        let body = Request::new(7, "select", params_of).to_bytes().unwrap();
        assert_eq!(
            String::from_utf8(body).unwrap(),
            format!(r#"{{"jsonrpc":"2.0","id":7,"method":"select","params":{params}}}"#)
        );
    }
}
