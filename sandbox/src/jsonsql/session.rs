//! Sessions and the header that carries them.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};

use axum::http::HeaderMap;

/// The open sessions, each with its domain. They do not expire: no source says
/// when they would.
#[derive(Default)]
pub(super) struct Sessions(Mutex<HashMap<String, i64>>);

impl Sessions {
    /// A new session: 32 random hexadecimal digits.
    pub(super) fn open(&self, domain: i64) -> Result<String, getrandom::Error> {
        let mut random = [0; 16];
        getrandom::fill(&mut random)?;
        let id = random
            .iter()
            .fold(String::with_capacity(32), |mut id, byte| {
                let _ = write!(id, "{byte:02x}");
                id
            });
        self.sessions().insert(id.clone(), domain);
        Ok(id)
    }

    /// The domain of the session that a request carries.
    pub(super) fn of(&self, headers: &HeaderMap) -> Option<i64> {
        self.sessions().get(carried(headers)?).copied()
    }

    /// Ends the session that a request carries.
    pub(super) fn forget(&self, headers: &HeaderMap) {
        if let Some(id) = carried(headers) {
            self.sessions().remove(id);
        }
    }

    fn sessions(&self) -> std::sync::MutexGuard<'_, HashMap<String, i64>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn carried(headers: &HeaderMap) -> Option<&str> {
    let header = headers.get("iptvportal-authorization")?.to_str().ok()?;
    // The document prints spaces round the sign, all code has none.
    let (name, id) = header.split_once('=')?;
    (name.trim() == "sessionid").then_some(id.trim())
}
