//! Requests of the HTTP client without an answer: what happened, and whether the
//! server can have got them.

use std::error::Error;
use std::io;

use crate::error::{TransportError, TransportErrorKind};

/// Returns the meaning of a failed request for the client.
///
/// Two failures prove that the server has read nothing: there was no
/// connection, or hyper gives the request back because it had not begun to write
/// it when the connection was closed. A connection that breaks later proves
/// nothing: the peer's system resets it the same way whether the server has read
/// none of the request or all of it.
pub(super) fn failure(error: &reqwest::Error, through_proxy: bool) -> TransportError {
    let detail = root_cause(error);
    if error.is_connect() {
        let (kind, detail) = unconnected(error, through_proxy, detail);
        return TransportError::not_sent(kind, detail);
    }
    if causes(error).any(is_never_written) {
        return TransportError::not_sent(TransportErrorKind::Broken, detail);
    }
    let kind = if error.is_timeout() {
        TransportErrorKind::Timeout
    } else {
        TransportErrorKind::Broken
    };
    TransportError::maybe_sent(kind, detail)
}

/// Returns the party that did not connect or speaks no TLS: the proxy, or the server.
fn unconnected(
    error: &reqwest::Error,
    through_proxy: bool,
    detail: String,
) -> (TransportErrorKind, String) {
    if let Some(tls) = causes(error).find_map(tls_error) {
        let plain = matches!(
            tls,
            rustls::Error::InvalidMessage(rustls::InvalidMessage::InvalidContentType)
        );
        let detail = match plain {
            true => "what answers there does not speak TLS; is it plain HTTP?".to_owned(),
            false => tls.to_string(),
        };
        return (TransportErrorKind::Tls, detail);
    }
    // Through a proxy, every connection is one to the proxy: what the proxy
    // says of the server comes as an answer, or as a refused tunnel.
    match through_proxy {
        true => (TransportErrorKind::Proxy, detail),
        false => (TransportErrorKind::Connect, detail),
    }
}

fn is_never_written(cause: &(dyn Error + 'static)) -> bool {
    cause
        .downcast_ref::<hyper::Error>()
        .is_some_and(hyper::Error::is_canceled)
}

/// rustls's errors come inside of errors of input and output, which do not name
/// them as their cause.
fn tls_error<'e>(cause: &'e (dyn Error + 'static)) -> Option<&'e rustls::Error> {
    if let Some(error) = cause.downcast_ref() {
        return Some(error);
    }
    let inner = cause.downcast_ref::<io::Error>()?.get_ref()?;
    match inner.downcast_ref() {
        Some(error) => Some(error),
        None => tls_error(inner),
    }
}

/// The causes of an error, outermost first.
fn causes<'e>(error: &'e reqwest::Error) -> impl Iterator<Item = &'e (dyn Error + 'static)> {
    std::iter::successors(error.source(), |&cause| cause.source())
}

/// The innermost cause, which says what happened; the layers around it repeat
/// that sending failed, with the address.
pub(super) fn root_cause(error: &reqwest::Error) -> String {
    causes(error)
        .last()
        .map(ToString::to_string)
        .unwrap_or_default()
}
