//! The index of the control interface.

use axum::extract::State;
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::answer::{Answer, Refused, ok};
use super::{OPENAPI, PREFIX, Shared};

/// The versions of the interface.
pub(super) async fn versions() -> Answer {
    ok(&json!({"versions": {"v1": PREFIX}}))
}

/// The sandbox: its version, its engine, its addresses, its limits.
pub(super) async fn index(State(control): State<Shared>) -> Answer {
    let addresses = &control.addresses;
    let platforms = json!({
        "jsonrpc": addresses.jsonrpc(),
        "jsonsql": addresses.jsonsql(),
        "ministra": addresses.ministra(),
        "tvip": addresses.tvip(),
    });
    ok(&json!({
        "version": env!("CARGO_PKG_VERSION"),
        "engine": control.engine.as_str(),
        "platforms": platforms,
        "limits": control.watch.limits,
        "openapi": format!("{}{PREFIX}/openapi.json", addresses.base),
    }))
}

/// The interface as an OpenAPI document.
pub(super) async fn openapi() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], OPENAPI).into_response()
}

/// A path that is not there is answered with those that are.
pub(super) async fn nothing(uri: Uri) -> Refused {
    let document: Value = serde_json::from_str(OPENAPI).unwrap_or_default();
    let paths = document["paths"].as_object().into_iter().flatten();
    let paths: Vec<&str> = paths.map(|(path, _)| path.as_str()).collect();
    let path = uri.path();
    Refused::absent(format!(
        "nothing is at {path}; there are {}",
        paths.join(", ")
    ))
}

pub(super) async fn no_such_method() -> Refused {
    let text = format!("no such method here; {PREFIX}/openapi.json has those there are");
    Refused::new(StatusCode::METHOD_NOT_ALLOWED, text)
}
