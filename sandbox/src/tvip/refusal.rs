//! Errors, in the two shapes a client has to know.

use super::answer::{self, Json};
use super::behavior::ErrorShape;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

/// The reason why a request is not answered with what it asks for.
///
/// As a response it only carries itself; the shape is chosen where the path is
/// known, in [`super::middleware`].
#[derive(Debug, Clone)]
pub(super) struct Refusal {
    status: StatusCode,
    origin: Origin,
    text: String,
}

/// The part of the server that refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Origin {
    /// The rules of the entities.
    Application,
    /// The framework, which is asked before them.
    Framework,
}

impl Refusal {
    /// Refused by the rules of the entities.
    pub(super) fn bad(text: impl Into<String>) -> Refusal {
        Refusal::application(StatusCode::BAD_REQUEST, text)
    }

    /// There is no such entity.
    pub(super) fn absent(kind: &str, id: i64) -> Refusal {
        Refusal::application(StatusCode::NOT_FOUND, format!("no {kind} has the id {id}"))
    }

    pub(super) fn application(status: StatusCode, text: impl Into<String>) -> Refusal {
        Refusal {
            status,
            origin: Origin::Application,
            text: text.into(),
        }
    }

    /// Refused before an entity is asked.
    pub(super) fn framework(status: StatusCode, text: impl Into<String>) -> Refusal {
        Refusal {
            status,
            origin: Origin::Framework,
            text: text.into(),
        }
    }

    fn body(&self, shape: ErrorShape, path: &str) -> Json {
        let application = match shape {
            ErrorShape::ByOrigin => self.origin == Origin::Application,
            ErrorShape::Application => true,
            ErrorShape::Framework => false,
        };
        let status = self.status.as_u16();
        if application {
            Json::Object(vec![
                ("statusCode", status.into()),
                ("cause", self.text.clone().into()),
            ])
        } else {
            let error = self.status.canonical_reason().unwrap_or_default();
            Json::Object(vec![
                ("status", status.into()),
                ("error", error.into()),
                ("message", self.text.clone().into()),
                ("path", path.into()),
            ])
        }
    }

    pub(super) fn respond(&self, shape: ErrorShape, path: &str) -> Response {
        answer::json(self.status, &self.body(shape, path))
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}
