//! What can go wrong, said so that a program can act on it.

mod config;
mod indeterminate;
mod login;
mod partial;
mod protocol;
mod refusal;
mod rejection;
mod server;
mod transport;

use std::time::Duration;

use jsonsql::row::DecodeError;

pub use config::ConfigError;
pub use indeterminate::{Indeterminate, Write};
pub use login::LoginError;
pub use partial::Partial;
pub use protocol::ProtocolError;
pub use refusal::Refusal;
pub use rejection::{Rejection, RejectionKind};
pub use server::ServerError;
pub use transport::{TransportError, TransportErrorKind};

/// The result of a call.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A call that did not answer with what was asked for.
///
/// A write was not executed, except that nobody knows after
/// [`Indeterminate`](Error::Indeterminate), and that it was executed when only
/// its rows were not as expected ([`Decode`](Error::Decode),
/// [`NoRow`](Error::NoRow), [`ManyRows`](Error::ManyRows)). No variant prints
/// a password, a session id or a value of a row.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The client cannot be built so.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The statement would not do what it says; nothing was sent.
    #[error("the statement was not sent: {0}")]
    Statement(#[from] jsonsql::Error),
    /// A [raw](crate::Client::raw) statement has no JSON form; nothing was sent.
    #[error("the statement was not sent: it cannot be written: {0}")]
    Unwritable(String),
    /// There is no session.
    #[error(transparent)]
    Login(#[from] LoginError),
    /// The server refuses the call with a session it has just given out, or
    /// these credentials.
    ///
    /// HTTP 403 was seen on tables that the account may not read.
    #[error("the server denies this call: {}", denied(*status, message))]
    Denied {
        /// The HTTP status, if that is how it was said.
        status: Option<u16>,
        /// The server's words, if there were any.
        message: String,
    },
    /// The server answered with an `error`.
    #[error(transparent)]
    Server(#[from] ServerError),
    /// There was no answer.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// The server answered with an HTTP status that is not success.
    ///
    /// Redirects are among them: following one would carry the session away.
    #[error("the server answered with HTTP status {status}")]
    Status {
        /// The status.
        status: u16,
        /// After how long the server wants to be asked again.
        retry_after: Option<Duration>,
    },
    /// The answer is not a JSON-RPC answer to this call.
    #[error(transparent)]
    Protocol(#[from] ProtocolError),
    /// The answer's rows are not of the row type. A write has been executed.
    #[error("the answer does not fit the row type: {0}")]
    Decode(#[from] DecodeError),
    /// The query cannot be read page by page; nothing was sent.
    #[error("cannot be read page by page: {0}")]
    Paging(&'static str),
    /// One row was expected, there was none.
    #[error("no row, where one was expected")]
    NoRow,
    /// One row was expected, there were more.
    #[error("{found} rows, where one was expected")]
    ManyRows {
        /// How many there were.
        found: usize,
    },
    /// Whether a write was executed is not known.
    #[error(transparent)]
    Indeterminate(Box<Indeterminate>),
    /// The platform cannot do it, or would do something else; nothing was sent.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// A REST interface answered with an error.
    #[error(transparent)]
    Rejected(#[from] Rejection),
    /// There is another record with the same key: it was left as it is.
    #[error("there is another {record} with this {key}; it was left as it is")]
    Taken {
        /// What it is: `subscriber`.
        record: &'static str,
        /// The key: `login`.
        key: &'static str,
    },
    /// The record an operation is about is not there.
    #[error("there is no such {record}")]
    Missing {
        /// What it is: `subscriber`.
        record: &'static str,
    },
    /// The server says that it did as asked, and reading back shows otherwise.
    #[error("{operation}: the server answered with success, but {found}")]
    NotApplied {
        /// What was asked for.
        operation: &'static str,
        /// What was found, without values.
        found: std::borrow::Cow<'static, str>,
    },
    /// An operation of several writes stopped half-way.
    #[error(transparent)]
    Partial(Box<Partial>),
}

fn denied(status: Option<u16>, message: &str) -> String {
    match status {
        Some(status) if message.is_empty() => format!("HTTP status {status}"),
        Some(status) => format!("HTTP status {status}: {message}"),
        None => message.to_owned(),
    }
}

impl Error {
    /// Whether the same call may succeed later and can be repeated without harm.
    ///
    /// The client has already repeated it as far as its limits allow. It is
    /// false for [`Error::Indeterminate`]: repeating such a write may do it twice.
    pub fn is_retryable(&self) -> bool {
        match self {
            Error::Transport(error) => error.is_retryable(),
            Error::Status { status, .. } => matches!(status, 408 | 425 | 429 | 500..),
            Error::Login(error) => error.is_retryable(),
            Error::Rejected(rejection) => rejection.kind() == RejectionKind::ServerFault,
            _ => false,
        }
    }

    /// Whether what the call was about is not there.
    pub fn is_not_found(&self) -> bool {
        match self {
            Error::Missing { .. } | Error::NoRow => true,
            Error::Rejected(rejection) => rejection.kind() == RejectionKind::NotFound,
            _ => false,
        }
    }

    /// Whether something with this login or address is there already.
    pub fn is_conflict(&self) -> bool {
        match self {
            Error::Taken { .. } => true,
            Error::Rejected(rejection) => rejection.kind() == RejectionKind::Conflict,
            _ => self.is_unique_violation().is_some(),
        }
    }

    /// Whether the server does not accept who is asking.
    pub fn is_auth(&self) -> bool {
        match self {
            Error::Login(error) => error.is_refusal(),
            Error::Denied { .. } => true,
            _ => false,
        }
    }

    /// The name of the constraint, if a row with these unique values is there already.
    ///
    /// Read from PostgreSQL's text, which this server passes on. A login that
    /// is taken shows as `subscriber_domain_id_key`.
    pub fn is_unique_violation(&self) -> Option<&str> {
        match self {
            Error::Server(error) => error.unique_constraint(),
            _ => None,
        }
    }

    /// Whether a write may or may not have been executed.
    pub fn is_indeterminate(&self) -> bool {
        match self {
            Error::Indeterminate(_) => true,
            Error::Partial(partial) => partial.cause().is_indeterminate(),
            _ => false,
        }
    }
}
