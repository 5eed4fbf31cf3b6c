//! Requests that a person writes, sent to the surfaces as a client's are.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::{Method, Request, Uri, header};
use maud::{Markup, html};

use super::answer::{Answer, Refused, ok, see};
use super::form::Form;
use super::layout::{Tab, page as whole};
use super::visible::visible;
use super::{Shared, answer_of};
use crate::journal::FromConsole;
use crate::serve::{Cutter, Phase};

/// The methods that a request may have.
const METHODS: [Method; 5] = [
    Method::GET,
    Method::POST,
    Method::PUT,
    Method::PATCH,
    Method::DELETE,
];

/// A request to begin with.
const EXAMPLE: &str = r#"{"jsonrpc": "2.0", "id": 1, "method": "select",
 "params": {"data": ["id", "username"], "from": "subscriber", "order_by": "id", "limit": 10}}"#;

/// Shows an empty form.
pub(super) async fn page() -> Answer {
    let content = html! {
        p { "To any address of the vendors. The console logs in by itself." }
        (form("POST", "/api/jsonsql/", EXAMPLE))
    };
    ok(&whole(Tab::Requests, "Write a request", &content))
}

/// The form that sends a request.
pub(super) fn form(verb: &str, target: &str, body: &str) -> Markup {
    html! {
        form.request method="post" action="/console/send" {
            label { "Method "
                select name="verb" {
                    @for method in &METHODS {
                        option selected[method.as_str() == verb] { (method.as_str()) }
                    }
                }
            }
            label { "Address " input name="target" value=(visible(target)) required; }
            label { "Body "
                // A browser drops a line end right behind the tag.
                textarea name="body" rows="14" spellcheck="false" { "\n" (visible(body)) }
            }
            button { "Send" }
        }
    }
}

/// Sends a request through the journal and the faults, and shows what became of
/// it.
pub(super) async fn send(State(console): State<Shared>, sent: Body) -> Answer {
    let form = Form::read(sent, &console.limits).await?;
    let mark = FromConsole::default();
    let method = METHODS
        .into_iter()
        .find(|method| method.as_str() == form.get("verb"))
        .ok_or_else(|| Refused::bad("the method is none of those to choose from"))?;
    let uri: Uri = form
        .get("target")
        .trim()
        .parse()
        .map_err(|_| Refused::bad("the address is no path like /api/jsonsql/"))?;
    if uri.authority().is_some() || !uri.path().starts_with('/') {
        return Err(Refused::bad("the address is a path like /api/jsonsql/"));
    }
    let body = form.text("body");
    let content_type = match body.trim_start().starts_with(['{', '[']) {
        true => "application/json",
        false => "application/x-www-form-urlencoded",
    };
    let lent = console.control.portal.lend_session()?;
    let surfaces = &console.control.surfaces;
    let authorization = match uri.path().starts_with(crate::vendor::TVIP_PATH) {
        true => Some(surfaces.tvip.authorization()),
        false => surfaces.ministra.authorization(),
    };
    let mut request = Request::builder()
        .method(method)
        .uri(uri)
        .header(header::CONTENT_TYPE, content_type)
        .header(header::CONTENT_LENGTH, body.len())
        .header("iptvportal-authorization", lent.header());
    if let Some(authorization) = authorization {
        request = request.header(header::AUTHORIZATION, authorization);
    }
    let mut request = request
        .body(Body::from(body))
        .map_err(|_| Refused::bad("the request cannot be sent: its address is too long"))?;
    let extensions = request.extensions_mut();
    extensions.insert(mark.clone());
    // A fault cuts a connection; this one is of nobody.
    extensions.insert(Cutter::new());
    extensions.insert(Arc::new(Phase::new()));
    drop(answer_of(console.vendors.clone(), request).await);
    see(&format!("/console/requests/{}", mark.number()))
}
