//! The transport of requests to the server.

mod failure;
mod http;
mod retry_after;

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use secrecy::SecretString;
use url::Url;

pub(crate) use http::{Http, HttpOptions};

use crate::error::TransportError;
use crate::http_method::HttpMethod;

/// A carrier of requests to the server and of answers back.
///
/// The client comes with one over HTTPS. Bring another with
/// [`ClientBuilder::transport`](crate::ClientBuilder::transport) to go through
/// something else, or to answer without a server in a test. It sends every
/// request once: when to repeat one is the client's business, and so are time
/// limits, which end by dropping the future.
///
/// ```
/// use std::future::{Future, ready};
/// use std::pin::Pin;
///
/// use jsonsql_client::{Client, Reply, Request, Transport, TransportError};
///
/// /// Refuses every login, without a server.
/// struct Refusing;
///
/// impl Transport for Refusing {
///     fn send<'a>(
///         &'a self,
///         _: Request<'a>,
///     ) -> Pin<Box<dyn Future<Output = Result<Reply, TransportError>> + Send + 'a>> {
///         let body = r#"{"jsonrpc": "2.0", "id": 1, "error": {"message": "wrong password"}}"#;
///         Box::pin(ready(Ok(Reply::ok(body))))
///     }
/// }
///
/// let client = Client::builder()
///     .domain("operator")
///     .credentials("billing", "secret")
///     .transport(Refusing)
///     .build()?;
/// # let _ = client;
/// # Ok::<(), jsonsql_client::Error>(())
/// ```
pub trait Transport: Send + Sync + 'static {
    /// Sends a request and waits for the whole answer.
    ///
    /// A panic here is an error of the call it was made for, of the kind
    /// [`Internal`](crate::TransportErrorKind::Internal): the request may have
    /// been sent.
    ///
    /// # Errors
    ///
    /// [`TransportError::not_sent`] only if the server cannot have got the
    /// request: the client then sends writes again too.
    fn send<'a>(
        &'a self,
        request: Request<'a>,
    ) -> Pin<Box<dyn Future<Output = Result<Reply, TransportError>> + Send + 'a>>;
}

/// A request.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Request<'a> {
    /// The method. JSON-RPC is all POST.
    pub method: HttpMethod,
    /// The address. The path of a REST call has a login or an account number in it.
    pub url: &'a Url,
    /// The login.
    pub authorization: Authorization<'a>,
    /// The type of the content; a request without content has none.
    pub content_type: Option<&'static str>,
    /// The content. A login's has the password in it.
    pub body: Body,
    /// The greatest number of bytes of the answer to take.
    pub limit: usize,
}

impl<'a> Request<'a> {
    /// A POST of JSON.
    pub(crate) fn json(url: &'a Url, authorization: Authorization<'a>, body: Body) -> Self {
        Request {
            method: HttpMethod::Post,
            url,
            authorization,
            content_type: Some("application/json"),
            body,
            limit: usize::MAX,
        }
    }
}

/// The credentials in a header of the request.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Authorization<'a> {
    /// Nobody yet: a login, or a server that asks for nothing.
    None,
    /// The header `Iptvportal-Authorization: sessionid=…`.
    Session(&'a SecretString),
    /// The header `Authorization: Basic …` (RFC 7617).
    Basic {
        /// The login.
        username: &'a str,
        /// Its password.
        password: &'a SecretString,
    },
}

/// The content of a request, cheap to clone. Its `Debug` shows the length only.
#[derive(Clone)]
pub struct Body(pub(crate) Bytes);

impl std::ops::Deref for Body {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl std::fmt::Debug for Body {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Body({} bytes)", self.0.len())
    }
}

/// An answer, whatever its status.
#[derive(Clone)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// The pause that the header `Retry-After` asks for (RFC 9110, 10.2.3); more than a
    /// day counts as a day.
    pub retry_after: Option<Duration>,
    /// The server's time by the header `Date` (RFC 9110, 6.6.1).
    pub date: Option<Timestamp>,
    /// The content.
    pub body: Vec<u8>,
}

impl Reply {
    /// An answer with status 200.
    pub fn ok(body: impl Into<Vec<u8>>) -> Reply {
        Reply {
            status: 200,
            retry_after: None,
            date: None,
            body: body.into(),
        }
    }

    #[cfg(feature = "tvip")]
    pub(crate) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

/// The content shows by its length only.
impl std::fmt::Debug for Reply {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Reply({}, {} bytes)", self.status, self.body.len())
    }
}
