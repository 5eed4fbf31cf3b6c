//! HTTP Basic, as PHP under Apache reads it.

use axum::http::{HeaderMap, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use subtle::ConstantTimeEq;

use super::options::MinistraOptions;

/// Returns `true` if the request has the credentials of the API, or needs none.
pub(super) fn admits(options: &MinistraOptions, headers: &HeaderMap) -> bool {
    let Some((login, password)) = &options.credentials else {
        return true;
    };
    let Some(given) = given(headers) else {
        return false;
    };
    let Some(colon) = given.iter().position(|byte| *byte == b':') else {
        return false;
    };
    // In a time that tells nothing but the lengths.
    let same =
        login.as_bytes().ct_eq(&given[..colon]) & password.as_bytes().ct_eq(&given[colon + 1..]);
    same.into()
}

/// The value of the header with the credentials of the API, if there are any.
#[cfg(feature = "console")]
pub(super) fn authorization(options: &MinistraOptions) -> Option<String> {
    let (login, password) = options.credentials.as_ref()?;
    let pair = STANDARD.encode(format!("{login}:{password}"));
    Some(format!("Basic {pair}"))
}

fn given(headers: &HeaderMap) -> Option<Vec<u8>> {
    let header = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, encoded) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    STANDARD.decode(encoded.trim()).ok()
}
