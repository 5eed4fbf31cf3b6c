//! The middleware that every request passes on its way in, and every error on its
//! way out.

use axum::extract::{Request, State as Shared};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;

use super::Tvip;
use super::refusal::Refusal;

/// Admits the administrator and nobody else, and gives errors their shape.
pub(super) async fn admit(Shared(tvip): Shared<Tvip>, request: Request, next: Next) -> Response {
    let shape = tvip.behavior().error_shape;
    let path = full_path(request.uri().path());
    if !tvip.admits(request.headers()) {
        tracing::info!("an administrator was refused");
        let text = "wrong login or password";
        let refusal = Refusal::framework(StatusCode::UNAUTHORIZED, text);
        let mut response = refusal.respond(shape, &path);
        let challenge = HeaderValue::from_static("Basic realm=\"TVIP TMS\"");
        response
            .headers_mut()
            .insert(header::WWW_AUTHENTICATE, challenge);
        return response;
    }
    let response = next.run(request).await;
    match response.extensions().get::<Refusal>() {
        Some(refusal) => refusal.respond(shape, &path),
        None => response,
    }
}

/// The path as the client sent it; nesting takes the common part away.
fn full_path(path: &str) -> String {
    format!("{}{path}", super::PREFIX)
}

/// The answer to a path nobody has.
pub(super) async fn no_such_path() -> Refusal {
    Refusal::framework(StatusCode::NOT_FOUND, "no such path")
}

/// The answer to a method a path does not have.
pub(super) async fn no_such_method() -> Refusal {
    Refusal::framework(StatusCode::METHOD_NOT_ALLOWED, "no such method here")
}
