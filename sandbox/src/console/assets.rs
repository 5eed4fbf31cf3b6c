//! The style sheet and the script, which are part of the program.

use axum::http::header;
use axum::response::{IntoResponse, Response};

pub(super) async fn style() -> Response {
    let css = [(header::CONTENT_TYPE, "text/css; charset=utf-8")];
    (css, include_str!("console.css")).into_response()
}

pub(super) async fn script() -> Response {
    let script = [(header::CONTENT_TYPE, "text/javascript; charset=utf-8")];
    (script, include_str!("console.js")).into_response()
}
