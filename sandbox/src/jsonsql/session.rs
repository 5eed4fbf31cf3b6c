//! Sessions and the header that carries them.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};

use axum::http::HeaderMap;

use super::Account;
use crate::server_behavior::SessionsPerUser;

/// The open sessions. They do not expire: no source says when they would.
#[derive(Default)]
pub(super) struct Sessions(Mutex<HashMap<String, Session>>);

struct Session {
    username: String,
    domain: i64,
}

impl Sessions {
    /// A new session: 32 random hexadecimal digits.
    pub(super) fn open(
        &self,
        account: &Account,
        limit: SessionsPerUser,
    ) -> Result<String, getrandom::Error> {
        let mut random = [0; 16];
        getrandom::fill(&mut random)?;
        let id = random
            .iter()
            .fold(String::with_capacity(32), |mut id, byte| {
                let _ = write!(id, "{byte:02x}");
                id
            });
        let session = Session {
            username: account.username.clone(),
            domain: account.domain,
        };
        let mut sessions = self.sessions();
        if limit == SessionsPerUser::One {
            sessions.retain(|_, other| other.username != session.username);
        }
        sessions.insert(id.clone(), session);
        Ok(id)
    }

    /// The domain of the session that a request carries.
    pub(super) fn domain(&self, headers: &HeaderMap) -> Option<i64> {
        let sessions = self.sessions();
        Some(sessions.get(carried(headers)?)?.domain)
    }

    /// Ends the session that a request carries.
    pub(super) fn forget(&self, headers: &HeaderMap) {
        if let Some(id) = carried(headers) {
            self.end(id);
        }
    }

    /// Ends the session with this id.
    pub(super) fn end(&self, id: &str) {
        self.sessions().remove(id);
    }

    fn sessions(&self) -> std::sync::MutexGuard<'_, HashMap<String, Session>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The session that a request carries, whether it is open or not.
pub(super) fn carried(headers: &HeaderMap) -> Option<&str> {
    let header = headers.get("iptvportal-authorization")?.to_str().ok()?;
    // The document prints spaces round the sign, all code has none.
    let (name, id) = header.split_once('=')?;
    (name.trim() == "sessionid").then_some(id.trim())
}
