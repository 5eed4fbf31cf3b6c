//! The rejection of a call by a REST interface.

use crate::sanitize::Printable;

/// A call that a REST interface answered with an error: nothing was executed,
/// except that a [fault](RejectionKind::ServerFault) may come in the middle.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the server rejected {operation}: {message}")]
pub struct Rejection {
    operation: &'static str,
    kind: RejectionKind,
    status: u16,
    message: String,
}

/// The kinds of rejections, by what is to be done about them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RejectionKind {
    /// There is nothing with this identifier.
    NotFound,
    /// Something with this login or address is there already.
    Conflict,
    /// The request is wrong.
    Invalid,
    /// The server cannot work now.
    ServerFault,
    /// Something else.
    Other,
}

impl Rejection {
    /// `message` must not have a value of the request in it.
    pub fn new(
        operation: &'static str,
        kind: RejectionKind,
        status: u16,
        message: impl Into<String>,
    ) -> Rejection {
        Rejection {
            operation,
            kind,
            status,
            message: Printable(message.into()).to_string(),
        }
    }

    /// Returns the operation, as the interface names it: `PUT accounts`.
    pub fn operation(&self) -> &str {
        self.operation
    }

    /// Returns the kind, by what is to be done about it.
    pub fn kind(&self) -> RejectionKind {
        self.kind
    }

    /// The HTTP status. Ministra's is 200.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The server's words, without the values of the request.
    pub fn message(&self) -> &str {
        &self.message
    }
}
