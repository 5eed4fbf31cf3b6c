//! HTTP Basic, which is all the authorisation there is.

use std::fmt;

use axum::http::{HeaderMap, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use subtle::ConstantTimeEq;

/// The one administrator.
#[derive(Clone)]
pub(super) struct Administrator {
    pub(super) username: String,
    pub(super) password: String,
    pub(super) line_break: LineBreak,
}

/// The meaning of a line break behind the password of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LineBreak {
    /// A part of the password.
    Kept,
    /// None: the program that encoded the credentials added it.
    Ignored,
}

impl Administrator {
    pub(super) fn new(username: String, password: String) -> Administrator {
        Administrator {
            username,
            password,
            line_break: LineBreak::Kept,
        }
    }

    /// The value of the header that it sends.
    #[cfg(feature = "console")]
    pub(super) fn authorization(&self) -> String {
        let pair = format!("{}:{}", self.username, self.password);
        format!("Basic {}", STANDARD.encode(pair))
    }

    /// Compares in a time that tells nothing about the password but its length.
    pub(super) fn admits(&self, headers: &HeaderMap) -> bool {
        let Some((username, password)) = credentials(headers) else {
            return false;
        };
        let password = match self.line_break {
            LineBreak::Kept => &*password,
            LineBreak::Ignored => password.strip_suffix('\n').unwrap_or(&password),
        };
        let name = self.username.as_bytes().ct_eq(username.as_bytes());
        let password = self.password.as_bytes().ct_eq(password.as_bytes());
        (name & password).into()
    }
}

impl fmt::Debug for Administrator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Administrator")
            .field("username", &self.username)
            .finish_non_exhaustive()
    }
}

/// Returns the credentials of `Authorization: Basic …` (RFC 7617): the scheme in
/// any case, a name without a colon, a password with any.
fn credentials(headers: &HeaderMap) -> Option<(String, String)> {
    let header = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, encoded) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let pair = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (username, password) = pair.split_once(':')?;
    Some((username.to_owned(), password.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(value: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::AUTHORIZATION, value.parse().unwrap());
        headers
    }

    #[test]
    fn only_the_administrator_is_admitted() {
        let administrator = Administrator::new("login".to_owned(), "pass:word".to_owned());
        let basic = |pair: &str| headers(&format!("Basic {}", STANDARD.encode(pair)));
        assert!(administrator.admits(&basic("login:pass:word")));
        let lower = format!("basic {}", STANDARD.encode("login:pass:word"));
        assert!(administrator.admits(&headers(&lower)));
        for pair in [
            "login:pass:wort",
            "login:pass",
            "logim:pass:word",
            "login",
            ":",
            "",
        ] {
            assert!(!administrator.admits(&basic(pair)), "{pair}");
        }
        for header in ["Bearer abc", "Basic", "Basic ???", "Basic /w=="] {
            assert!(!administrator.admits(&headers(header)), "{header}");
        }
        assert!(!administrator.admits(&HeaderMap::new()));
    }
}
