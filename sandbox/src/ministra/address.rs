//! From a request's address to a resource and identifiers: what Apache does to
//! it, then what PHP does.

use axum::http::{StatusCode, Uri};
use percent_encoding::percent_decode_str;

/// The parts of an address.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Address {
    pub(super) folder: Folder,
    /// As it was typed.
    pub(super) resource: String,
    /// None at all stands for everybody.
    pub(super) identifiers: Vec<String>,
}

/// The two folders the API is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Folder {
    Api,
    V1,
}

/// The reason why an address has no resource.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Astray {
    /// A folder without its slash; Apache redirects to this one.
    Redirect(&'static str),
    /// Apache's own refusal.
    Status(StatusCode),
    /// The API's: `Empty resource`.
    EmptyResource,
}

const API: &str = "/stalker_portal/api/";
const V1: &str = "/stalker_portal/api/v1/";

pub(super) fn read(uri: &Uri) -> Result<Address, Astray> {
    let path = decoded(uri.path())?;
    for folder in [API, V1] {
        if path == folder.trim_end_matches('/') {
            return Err(Astray::Redirect(folder));
        }
    }
    let (folder, rest) = match (path.strip_prefix(V1), path.strip_prefix(API)) {
        (Some(rest), _) => (Folder::V1, rest),
        (None, Some(rest)) => (Folder::Api, rest),
        (None, None) => return Err(Astray::Status(StatusCode::NOT_FOUND)),
    };
    // The rewrite rule puts the path into a query string, unescaped, before the
    // one that was sent; PHP decodes the whole once more and keeps the last `q`.
    let query = format!("q={rest}&{}", uri.query().unwrap_or_default());
    let asked = query
        .split('&')
        .filter_map(|pair| pair.strip_prefix("q="))
        .next_back()
        .unwrap_or_default();
    let asked = super::form::decode(asked);
    if asked.is_empty() || asked == "0" {
        return Err(Astray::EmptyResource);
    }
    let mut parts: Vec<&str> = asked.split('/').collect();
    // A trailing slash leaves an empty part; "0" is empty too, to PHP.
    if matches!(parts.last(), Some(&("" | "0"))) {
        parts.pop();
    }
    let Some(resource) = parts.first() else {
        return Err(Astray::EmptyResource);
    };
    Ok(Address {
        folder,
        resource: (*resource).to_owned(),
        identifiers: parts.get(1).map_or_else(Vec::new, |identifiers| {
            identifiers.split(',').map(str::to_owned).collect()
        }),
    })
}

/// The path as Apache decodes it: once, slashes merged, with its refusals.
fn decoded(path: &str) -> Result<String, Astray> {
    let bytes = path.as_bytes();
    for (at, _) in path.match_indices('%') {
        match bytes.get(at + 1..at + 3) {
            Some(digits) if digits.iter().all(u8::is_ascii_hexdigit) => {
                if matches!(digits, b"00" | b"2F" | b"2f") {
                    return Err(Astray::Status(StatusCode::NOT_FOUND));
                }
            }
            _ => return Err(Astray::Status(StatusCode::BAD_REQUEST)),
        }
    }
    let path = percent_decode_str(path).decode_utf8_lossy();
    // Apache from 2.4.56 on does not put these into the rewritten address.
    if path.contains(|c: char| c == ' ' || c.is_ascii_control()) {
        return Err(Astray::Status(StatusCode::FORBIDDEN));
    }
    let mut merged = String::with_capacity(path.len());
    for c in path.chars() {
        if c != '/' || !merged.ends_with('/') {
            merged.push(c);
        }
    }
    Ok(merged)
}
