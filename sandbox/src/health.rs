//! `/health`: whether the sandbox can answer.

use std::time::Duration;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::engine::Engine;

/// The time within which the database has to answer.
const LONGEST: Duration = Duration::from_secs(2);

/// HTTP 200 once everything is open and while the database answers, otherwise
/// 503 and the reason. For scripts and containers that wait for a start.
pub(crate) async fn health(State(engine): State<Engine>) -> Response {
    let (status, body) = match tokio::time::timeout(LONGEST, engine.ping()).await {
        Ok(Ok(())) => (StatusCode::OK, json!({"status": "ok"})),
        Ok(Err(reason)) => failed(&reason),
        Err(_) => failed("the database does not answer within 2 s"),
    };
    let json = [(header::CONTENT_TYPE, "application/json")];
    (status, json, body.to_string()).into_response()
}

fn failed(reason: &str) -> (StatusCode, serde_json::Value) {
    let body = json!({"status": "failed", "reason": reason});
    (StatusCode::SERVICE_UNAVAILABLE, body)
}
