//! The errors of the client, told apart so that a program can act on them.

mod config;
mod display;
mod indeterminate;
mod login;
mod partial;
mod place;
mod protocol;
mod refusal;
mod rejection;
mod server;
mod transport;

use std::sync::Arc;
use std::time::Duration;

use jsonsql::row::DecodeError;

use crate::http_status;

pub use config::ConfigError;
pub use indeterminate::{Indeterminate, Write};
pub(crate) use indeterminate::{json_target, tables};
pub use login::LoginError;
pub use partial::Partial;
pub(crate) use place::operation_of;
pub use place::{At, Place};
pub use protocol::ProtocolError;
pub(crate) use protocol::beginning;
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
///
/// The text of an error says everything: what happened, to which operation, at
/// which address. There is no `source` that would say a part of it again; the
/// causes are in the variants.
///
/// ```
/// use jsonsql_client::Error;
///
/// fn advice(error: &Error) -> &'static str {
///     match error {
///         Error::Indeterminate(_) => "nobody knows whether it was done: look, then decide",
///         Error::Partial(_) => "half of it was done: ask for the operation again",
///         error if error.is_retryable() => "not done: try again later",
///         error if error.is_auth() => "not done: the server refuses these credentials",
///         _ => "not done: a person has to read the message",
///     }
/// }
/// assert!(advice(&Error::NoRow { place: None }).ends_with("the message"));
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Error {
    /// The client cannot be built so.
    Config(ConfigError),
    /// The statement would not do what it says; nothing was sent.
    Statement(At<jsonsql::Error>),
    /// The statement has no JSON form, which of a typed one is
    /// [`Statement`](Error::Statement) as a rule; nothing was sent.
    Unwritable(String),
    /// There is no session.
    Login(LoginError),
    /// The server refuses the call with a session it has just given out, or
    /// these credentials.
    ///
    /// HTTP 403 was seen on tables that the account may not read.
    Denied {
        /// The HTTP status, if that is how it was said.
        status: Option<u16>,
        /// The server's words, or how the page or text begins that came with the
        /// status; empty if there were none.
        message: String,
        /// The operation that was denied, and its address.
        place: Option<Arc<Place>>,
    },
    /// The server answered with an `error`.
    Server(At<ServerError>),
    /// There was no answer.
    Transport(At<TransportError>),
    /// The server answered with an HTTP status that is not success.
    ///
    /// Redirects are among them: following one would carry the session away.
    Status {
        /// The status.
        status: u16,
        /// After how long the server wants to be asked again.
        retry_after: Option<Duration>,
        /// The first characters of the content, if it is a page or a text: without
        /// what was sent, fit for a terminal. JSON, which may be data, does not show.
        begins: Option<Box<str>>,
        /// The operation that was asked for, and its address.
        place: Option<Arc<Place>>,
    },
    /// The answer is not a JSON-RPC answer to this call.
    Protocol(At<ProtocolError>),
    /// The answer's rows are not of the row type. A write has been executed.
    Decode(At<DecodeError>),
    /// The query cannot be read page by page; nothing was sent.
    Paging {
        /// The reason.
        problem: &'static str,
        /// The operation that was asked for; it came to no address.
        place: Option<Arc<Place>>,
    },
    /// The pages of a [stream](crate::Client::stream) do not go on from one
    /// another. The rows that were read before are right; more there may be.
    PageSequence {
        /// The number of rows that were read before.
        rows: u64,
        /// The fault of the next page.
        found: &'static str,
        /// The operation that was asked for, and its address.
        place: Option<Arc<Place>>,
    },
    /// One row was expected, there was none.
    NoRow {
        /// The operation that was asked for, and its address.
        place: Option<Arc<Place>>,
    },
    /// One row was expected, there were more.
    ManyRows {
        /// The number of rows that were found.
        found: usize,
        /// The operation that was asked for, and its address.
        place: Option<Arc<Place>>,
    },
    /// A write limited by `at_most` would touch more rows than that; it was not sent.
    TooManyRows {
        /// `update` or `delete`.
        method: jsonsql::ast::Method,
        /// The table.
        table: String,
        /// The number of rows that are allowed.
        allowed: u64,
        /// The number of rows that were found; the search stops at the first too many.
        found: u64,
    },
    /// A write of which it is not known whether it was executed.
    Indeterminate(Box<Indeterminate>),
    /// The platform cannot do it, or would do something else; nothing was sent.
    Refused(Refusal),
    /// A REST interface answered with an error.
    Rejected(At<Rejection>),
    /// There is another record with the same key: it was left as it is.
    Taken {
        /// The kind of record: `subscriber`.
        record: &'static str,
        /// The key: `login`.
        key: &'static str,
        /// The operation that was asked for, and its address.
        place: Option<Arc<Place>>,
    },
    /// The record an operation is about is not there.
    Missing {
        /// The kind of record: `subscriber`.
        record: &'static str,
        /// The operation that was asked for, and its address.
        place: Option<Arc<Place>>,
    },
    /// A row that cannot be read, beside others that can.
    Unreadable {
        /// The row, as the platform calls it: `devices 17`.
        row: String,
        /// The field, and what was expected of it; never its value.
        reason: String,
        /// The operation that was asked for, and its address.
        place: Option<Arc<Place>>,
    },
    /// The server says that it did as asked, and reading back shows otherwise.
    NotApplied {
        /// The operation that was asked for.
        operation: &'static str,
        /// The kind of what was found, without values.
        found: std::borrow::Cow<'static, str>,
        /// The operation that was asked for, and its address.
        place: Option<Arc<Place>>,
    },
    /// An operation of several writes stopped half-way.
    Partial(Box<Partial>),
}

impl Error {
    /// Returns the operation that failed and its address; every call that came to one has
    /// it.
    pub fn place(&self) -> Option<&Place> {
        match self {
            Error::Statement(error) => error.place(),
            Error::Server(error) => error.place(),
            Error::Transport(error) => error.place(),
            Error::Protocol(error) => error.place(),
            Error::Decode(error) => error.place(),
            Error::Rejected(error) => error.place(),
            Error::Denied { place, .. }
            | Error::Status { place, .. }
            | Error::NoRow { place }
            | Error::ManyRows { place, .. }
            | Error::Paging { place, .. }
            | Error::PageSequence { place, .. }
            | Error::Taken { place, .. }
            | Error::Missing { place, .. }
            | Error::Unreadable { place, .. }
            | Error::NotApplied { place, .. } => place.as_deref(),
            Error::Login(LoginError::Refused { reason, .. }) => reason.place(),
            Error::Login(LoginError::Failed(error)) => error.place(),
            Error::Indeterminate(lost) => lost.cause().place(),
            Error::Partial(partial) => partial.cause().place(),
            Error::Config(_)
            | Error::Unwritable(_)
            | Error::TooManyRows { .. }
            | Error::Refused(_) => None,
        }
    }

    /// The error with its place, if it has none yet.
    pub(crate) fn at(mut self, place: &Arc<Place>) -> Error {
        self.set_place(place);
        self
    }

    fn set_place(&mut self, new: &Arc<Place>) {
        match self {
            // It came to no address.
            Error::Statement(error) => error.set_place(&Place::of_operation(new.operation())),
            Error::Paging { place, .. } => {
                place.get_or_insert_with(|| Place::of_operation(new.operation()));
            }
            Error::Server(error) => error.set_place(new),
            Error::Transport(error) => error.set_place(new),
            Error::Protocol(error) => error.set_place(new),
            Error::Decode(error) => error.set_place(new),
            Error::Rejected(error) => error.set_place(new),
            Error::Denied { place, .. }
            | Error::Status { place, .. }
            | Error::NoRow { place }
            | Error::ManyRows { place, .. }
            | Error::PageSequence { place, .. }
            | Error::Taken { place, .. }
            | Error::Missing { place, .. }
            | Error::Unreadable { place, .. }
            | Error::NotApplied { place, .. } => {
                place.get_or_insert_with(|| Arc::clone(new));
            }
            Error::Indeterminate(lost) => lost.set_place(new),
            Error::Partial(partial) => partial.set_place(new),
            // A login has a place of its own.
            Error::Login(_)
            | Error::Config(_)
            | Error::Unwritable(_)
            | Error::TooManyRows { .. }
            | Error::Refused(_) => {}
        }
    }

    /// Returns `true` if the same call may succeed later and does no harm when repeated.
    ///
    /// The client has already repeated it as far as its limits allow. It is
    /// false for [`Error::Indeterminate`]: repeating such a write may do it twice.
    ///
    /// ```
    /// use jsonsql_client::Error;
    ///
    /// let busy = Error::Status { status: 503, retry_after: None, begins: None, place: None };
    /// assert!(busy.is_retryable());
    /// let moved = Error::Status { status: 302, retry_after: None, begins: None, place: None };
    /// assert!(!moved.is_retryable());
    /// ```
    pub fn is_retryable(&self) -> bool {
        match self {
            Error::Transport(error) => error.is_retryable(),
            Error::Status { status, .. } => http_status::is_temporary(*status),
            Error::Login(error) => error.is_retryable(),
            Error::Rejected(rejection) => rejection.kind() == RejectionKind::ServerFault,
            _ => false,
        }
    }

    /// Returns `true` if what the call was about is not there.
    ///
    /// ```
    /// use jsonsql_client::Error;
    ///
    /// assert!(Error::Missing { record: "subscriber", place: None }.is_not_found());
    /// assert!(Error::NoRow { place: None }.is_not_found());
    /// ```
    pub fn is_not_found(&self) -> bool {
        match self {
            Error::Missing { .. } | Error::NoRow { .. } => true,
            Error::Rejected(rejection) => rejection.kind() == RejectionKind::NotFound,
            _ => false,
        }
    }

    /// Returns `true` if something with this login or address is there already.
    ///
    /// ```
    /// use jsonsql_client::Error;
    ///
    /// let taken = Error::Taken { record: "subscriber", key: "login", place: None };
    /// assert!(taken.is_conflict());
    /// ```
    pub fn is_conflict(&self) -> bool {
        match self {
            Error::Taken { .. } => true,
            Error::Rejected(rejection) => rejection.kind() == RejectionKind::Conflict,
            _ => self.violated_constraint().is_some(),
        }
    }

    /// Returns `true` if the server does not accept who is asking.
    ///
    /// ```
    /// use jsonsql_client::Error;
    ///
    /// let denied = Error::Denied { status: Some(403), message: String::new(), place: None };
    /// assert!(denied.is_auth() && !denied.is_retryable());
    /// ```
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
    ///
    /// ```no_run
    /// # async fn example(client: &jsonsql_client::Client) -> jsonsql_client::Result<()> {
    /// # use jsonsql::prelude::*;
    /// use jsonsql_client::schema::Subscriber;
    ///
    /// let rename = Subscriber::update(|s| s.username.eq("12345")).set(|s| s.username.to("54321"));
    /// if let Err(error) = client.execute(&rename).await {
    ///     match error.violated_constraint() {
    ///         Some(_) => println!("the login is taken"),
    ///         None => return Err(error),
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn violated_constraint(&self) -> Option<&str> {
        match self {
            Error::Server(error) => error.unique_constraint(),
            _ => None,
        }
    }

    /// Returns `true` if a write may or may not have been executed.
    ///
    /// ```no_run
    /// # async fn example(client: &jsonsql_client::Client) -> jsonsql_client::Result<()> {
    /// # use jsonsql::prelude::*;
    /// use jsonsql_client::schema::Subscriber;
    ///
    /// let block = Subscriber::update(|s| s.username.eq("12345")).set(|s| s.disabled.to(true));
    /// match client.execute(&block).await {
    ///     Err(error) if error.is_indeterminate() => println!("look whether it happened: {error}"),
    ///     answer => println!("{} blocked", answer?.len()),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_indeterminate(&self) -> bool {
        match self {
            Error::Indeterminate(_) => true,
            Error::Partial(partial) => partial.cause().is_indeterminate(),
            _ => false,
        }
    }
}

macro_rules! from {
    ($($error:ty: $variant:ident;)*) => {$(
        impl From<$error> for Error {
            fn from(error: $error) -> Error {
                Error::$variant(error.into())
            }
        }
    )*};
}

from! {
    ConfigError: Config;
    jsonsql::Error: Statement;
    LoginError: Login;
    ServerError: Server;
    TransportError: Transport;
    ProtocolError: Protocol;
    DecodeError: Decode;
    Refusal: Refused;
    Rejection: Rejected;
}

#[cfg(test)]
mod tests;
