//! Answers and refusals, as JSON; bodies, as what they are to be.

use axum::body::Body;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use crate::body;
use crate::error::Error;
use crate::limits::Limits;

/// A refusal of a request: `{"error": {"message": "…"}}`.
#[derive(Debug)]
pub(crate) struct Refused {
    pub(crate) status: StatusCode,
    pub(crate) message: String,
}

pub(super) type Answer = Result<Response, Refused>;

impl Refused {
    pub(crate) fn new(status: StatusCode, message: impl Into<String>) -> Refused {
        Refused {
            status,
            message: message.into(),
        }
    }

    /// The request is wrong.
    pub(crate) fn bad(message: impl Into<String>) -> Refused {
        Refused::new(StatusCode::BAD_REQUEST, message)
    }

    /// There is nothing of this name.
    pub(crate) fn absent(message: impl Into<String>) -> Refused {
        Refused::new(StatusCode::NOT_FOUND, message)
    }
}

impl From<Error> for Refused {
    fn from(error: Error) -> Refused {
        let status = match error {
            Error::Storage(_) => StatusCode::INTERNAL_SERVER_ERROR,
            Error::TvipDevice(_) => StatusCode::NOT_FOUND,
            _ => StatusCode::BAD_REQUEST,
        };
        Refused::new(status, error.to_string())
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        json(self.status, &json!({"error": {"message": self.message}}))
    }
}

pub(super) fn json(status: StatusCode, body: &impl Serialize) -> Response {
    let text = serde_json::to_string(body).unwrap_or_default();
    (status, [(header::CONTENT_TYPE, "application/json")], text).into_response()
}

/// HTTP 200 with this.
pub(super) fn ok(body: &impl Serialize) -> Answer {
    Ok(json(StatusCode::OK, body))
}

/// HTTP 204: it is done.
pub(super) fn done() -> Answer {
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// A body as what it is to be; an empty one is `{}`.
pub(super) async fn read<T: DeserializeOwned>(body: Body, limits: &Limits) -> Result<T, Refused> {
    let bytes = body::read(body, limits.body, "--max-body").await;
    let bytes =
        bytes.map_err(|large| Refused::new(StatusCode::PAYLOAD_TOO_LARGE, large.message()))?;
    let bytes = if bytes.is_empty() {
        &b"{}"[..]
    } else {
        &bytes[..]
    };
    serde_json::from_slice(bytes).map_err(|error| Refused::bad(format!("the body: {error}")))
}
