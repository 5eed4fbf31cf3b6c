//! The responses of the web server before PHP is asked.

use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// One of Apache's own pages.
pub(super) fn page(status: StatusCode) -> Response {
    let text = match status {
        StatusCode::FORBIDDEN => "You don't have permission to access this resource.",
        StatusCode::NOT_FOUND => "The requested URL was not found on this server.",
        _ => "Your browser sent a request that this server could not understand.",
    };
    html(status, text)
}

/// The way to a folder whose slash was left out.
pub(super) fn redirect(folder: &'static str, headers: &HeaderMap) -> Response {
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    let plain = |c: char| c.is_ascii_alphanumeric() || "-.:[]".contains(c);
    let to = match host {
        Some(host) if host.chars().all(plain) => format!("http://{host}{folder}"),
        _ => folder.to_owned(),
    };
    let text = format!("The document has moved <a href=\"{to}\">here</a>.");
    let page = html(StatusCode::MOVED_PERMANENTLY, &text);
    ([(header::LOCATION, to)], page).into_response()
}

fn html(status: StatusCode, text: &str) -> Response {
    let title = status.canonical_reason().unwrap_or_default();
    let body = format!(
        "<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 4.01//EN\" \
         \"http://www.w3.org/TR/html4/strict.dtd\">\n<html><head>\n\
         <title>{code} {title}</title>\n</head><body>\n<h1>{title}</h1>\n<p>{text}</p>\n\
         </body></html>\n",
        code = status.as_u16(),
    );
    let html = "text/html; charset=iso-8859-1";
    (status, [(header::CONTENT_TYPE, html)], body).into_response()
}
