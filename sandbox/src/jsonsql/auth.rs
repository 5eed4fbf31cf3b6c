//! `authorize_user`: from a name and a password to a session.

use serde::Deserialize;
use serde_json::json;

use super::Inner;
use super::rpc::{Call, Outcome};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Params {
    username: String,
    password: String,
}

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
        let this = account
            .admits(&params.username, &params.password)
            .then_some(account);
        admitted.or(this)
    });
    let Some(account) = admitted else {
        tracing::info!("a login was refused");
        return Outcome::Error("wrong username or password".to_owned());
    };
    let limit = portal.behavior().sessions_per_user;
    match portal.sessions.open(account, limit) {
        Ok(session) => Outcome::Result(json!({"session_id": session})),
        Err(error) => Outcome::Error(format!("no session: {error}")),
    }
}
