//! Sessions that could not be had.

use std::sync::Arc;
use std::time::Duration;

use super::{At, Error, Place, ServerError};

/// A login that gave no session. All calls that waited for it get the same one.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum LoginError {
    /// The server refused the name or the password.
    ///
    /// It is not asked again at once: many servers lock an account after a
    /// few wrong passwords, and a billing asks many times a second.
    #[error("login refused: {reason}{}", cooling(retry_in))]
    Refused {
        /// The server's words, or its HTTP status.
        reason: Arc<At<ServerError>>,
        /// The time until one may ask again, if this call did not ask the server but
        /// remembered an earlier refusal.
        retry_in: Option<Duration>,
    },
    /// There was no usable answer to the login.
    #[error("login failed: {0}")]
    Failed(Arc<Error>),
}

fn cooling(retry_in: &Option<Duration>) -> String {
    match retry_in {
        Some(rest) => format!(" (not repeated for another {} s)", rest.as_secs().max(1)),
        None => String::new(),
    }
}

impl LoginError {
    /// The login's place, where its parts have none.
    pub(crate) fn at(mut self, place: &Arc<Place>) -> LoginError {
        match &mut self {
            LoginError::Refused { reason, .. } => Arc::make_mut(reason).set_place(place),
            LoginError::Failed(error) => Arc::make_mut(error).set_place(place),
        }
        self
    }

    /// Returns `true` if the server refused, rather than failed to answer.
    pub fn is_refusal(&self) -> bool {
        matches!(self, LoginError::Refused { .. })
    }

    /// Returns `true` if this refusal was remembered instead of asked for.
    pub fn is_cooling_down(&self) -> bool {
        matches!(
            self,
            LoginError::Refused {
                retry_in: Some(_),
                ..
            }
        )
    }

    pub(super) fn is_retryable(&self) -> bool {
        match self {
            LoginError::Refused { .. } => false,
            LoginError::Failed(error) => error.is_retryable(),
        }
    }
}
