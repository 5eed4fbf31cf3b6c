//! Requests that no client of the sandbox sends: of a page that a browser has
//! from elsewhere, to a name that is not the sandbox's, with huge headers.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// The conditions under which a request is let through: its address and its size.
pub(crate) struct Guard {
    /// Names beside those of the loopback.
    pub(crate) names: Vec<String>,
    /// `true` if other machines connect, which call this one by any address.
    pub(crate) is_remote: bool,
    /// The most bytes of an address and headers.
    pub(crate) largest_head: usize,
}

/// Lets a request through, or says what is wrong with it.
pub(crate) async fn guard(
    State(guard): State<Arc<Guard>>,
    request: Request,
    next: Next,
) -> Response {
    match guard.refusal(&request) {
        Some((status, text)) => {
            tracing::info!(%status, "a request was refused: {text}");
            (status, text).into_response()
        }
        None => next.run(request).await,
    }
}

impl Guard {
    fn refusal(&self, request: &Request) -> Option<(StatusCode, String)> {
        let most = self.largest_head;
        if head_size(request) > most {
            let text =
                format!("the address and the headers have more than {most} bytes (--max-header)");
            return Some((StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, text));
        }
        let headers = request.headers();
        let named = headers.get_all(header::HOST).iter().map(|host| {
            let host = host.to_str().unwrap_or_default();
            host.parse::<Authority>().ok()
        });
        let mut named: Vec<_> = named
            .chain(request.uri().authority().cloned().map(Some))
            .collect();
        let is_ours = |authority: &Option<Authority>| {
            authority
                .as_ref()
                .is_some_and(|authority| self.is_ours(authority.host()))
        };
        if !named.iter().all(is_ours) {
            let text = "the host of the request is not this sandbox: call it by its address, by \
                        `localhost`, or by a name given with --allow-host";
            return Some((StatusCode::FORBIDDEN, text.to_owned()));
        }
        let own = named.pop().flatten();
        if is_of_another_page(headers, own.as_ref(), request.method()) {
            let text = "the request comes from a page of another origin (header Origin or \
                        Sec-Fetch-Site)";
            return Some((StatusCode::FORBIDDEN, text.to_owned()));
        }
        None
    }

    /// Returns `true` if this is a name or an address of the sandbox. A name
    /// that anybody can point at this machine is not one, which is how pages
    /// from elsewhere would reach it.
    fn is_ours(&self, host: &str) -> bool {
        is_loopback(host)
            || self.is_remote && address(host).is_some()
            || self
                .names
                .iter()
                .any(|name| name.eq_ignore_ascii_case(host))
    }
}

/// Returns `true` if the host is this machine, whoever is asked.
pub(crate) fn is_loopback(host: &str) -> bool {
    let name = host.to_ascii_lowercase();
    name == "localhost"
        || name.ends_with(".localhost")
        || address(host).is_some_and(|address| address.is_loopback())
}

fn address(host: &str) -> Option<IpAddr> {
    let bare = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'));
    bare.unwrap_or(host).parse().ok()
}

/// Returns `true` if a browser says that a page of another origin asks. The
/// origin has to be the very host and port that the request is for.
fn is_of_another_page(headers: &HeaderMap, own: Option<&Authority>, method: &Method) -> bool {
    let mut origins = headers.get_all(header::ORIGIN).iter();
    let is_foreign = origins.any(|origin| {
        let origin = origin.to_str().unwrap_or_default();
        let (_, authority) = origin.split_once("://").unwrap_or_default();
        own.is_none_or(|own| !authority.eq_ignore_ascii_case(own.as_str()))
    });
    let said = |name: &str| headers.get(name).map(axum::http::HeaderValue::as_bytes);
    let from_elsewhere = matches!(said("sec-fetch-site"), Some(b"cross-site" | b"same-site"));
    // A link that a person follows is no way for a page to read or write.
    let followed = method == Method::GET
        && said("sec-fetch-mode") == Some(b"navigate")
        && said("sec-fetch-dest") == Some(b"document");
    is_foreign || from_elsewhere && !followed
}

/// The bytes of the request line and the headers, about as they were sent.
fn head_size(request: &Request) -> usize {
    let line = request.method().as_str().len()
        + request
            .uri()
            .path_and_query()
            .map_or(0, |path| path.as_str().len())
        + " HTTP/1.1\r\n".len();
    let headers = request.headers().iter();
    let headers = headers.map(|(name, value)| name.as_str().len() + value.len() + ": \r\n".len());
    line + headers.sum::<usize>()
}
