//! Pages and refusals as responses.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

use super::layout::{Tab, page};
use super::visible::Visible;
use crate::body::TooLarge;
use crate::control;
use crate::error::Error;

/// A refusal, shown as a page.
#[derive(Debug)]
pub(super) struct Refused(pub(super) control::Refused);

/// The response of a handler.
pub(super) type Answer = Result<Response, Refused>;

impl Refused {
    pub(super) fn bad(message: impl Into<String>) -> Refused {
        Refused(control::Refused::bad(message))
    }

    pub(super) fn absent(message: impl Into<String>) -> Refused {
        Refused(control::Refused::absent(message))
    }
}

impl From<control::Refused> for Refused {
    fn from(refused: control::Refused) -> Refused {
        Refused(refused)
    }
}

impl From<Error> for Refused {
    fn from(error: Error) -> Refused {
        Refused(error.into())
    }
}

impl From<TooLarge> for Refused {
    fn from(large: TooLarge) -> Refused {
        let status = StatusCode::PAYLOAD_TOO_LARGE;
        Refused(control::Refused::new(status, large.message()))
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let control::Refused { status, message } = self.0;
        let shown = page(
            Tab::None,
            "Refused",
            &html! {
                p.problem role="alert" { (Visible(&message)) }
                p { "Nothing was changed. " a href="/" { "To the requests" } }
            },
        );
        html_of(status, &shown)
    }
}

/// HTTP 200 with a page.
pub(super) fn ok(shown: &Markup) -> Answer {
    Ok(html_of(StatusCode::OK, shown))
}

/// A page, or a part of one.
pub(super) fn html_of(status: StatusCode, shown: &Markup) -> Response {
    let html = [(header::CONTENT_TYPE, "text/html; charset=utf-8")];
    (status, html, shown.0.clone()).into_response()
}

/// Leads to a page after a form is done, so that a reload sends nothing again.
pub(super) fn see(path: &str) -> Answer {
    Ok((StatusCode::SEE_OTHER, [(header::LOCATION, path)]).into_response())
}
