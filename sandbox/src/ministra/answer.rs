//! The envelope around every answer.

use std::borrow::Cow;

use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use serde::Serialize;

use super::json;
use super::options::{MinistraOptions, PhpWarnings};

/// PHP's warning when the server cannot write its log of the API.
const LOG_UNWRITABLE: &str = "file_put_contents(/var/log/stalkerd/api_access.log): failed to open \
    stream: Permission denied in <b>/var/www/stalker_portal/server/lib/logger.class.php</b> on line \
    <b>19</b>";

/// PHP's warnings, line by line of the server's code, when the database cannot be
/// reached.
pub(super) const NO_DATABASE: [&str; 2] = [
    "mysqli_connect(): (HY000/2002): Connection refused in \
     <b>/var/www/stalker_portal/server/lib/mysql.class.php</b> on line <b>84</b>",
    "mysqli_autocommit() expects parameter 1 to be mysqli, boolean given in \
     <b>/var/www/stalker_portal/server/lib/mysql.class.php</b> on line <b>86</b>",
];

/// The answer of a resource: the results, or the reason why there are none.
pub(super) type Answer = Result<Results, Refused>;

/// The member `results`, already JSON.
pub(super) struct Results(String);

/// The member `error`.
#[derive(Debug)]
pub(super) struct Refused(pub(super) Cow<'static, str>);

impl Results {
    pub(super) fn new(value: &(impl Serialize + ?Sized)) -> Results {
        Results(json::encode(value))
    }

    /// `true` and `false`, which most writes answer.
    pub(super) fn done(done: bool) -> Results {
        Results(done.to_string())
    }
}

/// An answer that is an error. It comes with HTTP 200 all the same.
pub(super) fn refuse<T>(why: impl Into<Cow<'static, str>>) -> Result<T, Refused> {
    Err(Refused(why.into()))
}

/// The answer in its envelope, with the warnings that came up on the way.
pub(super) fn envelope(
    answer: &Answer,
    warnings: &[String],
    options: &MinistraOptions,
) -> Response {
    let mut body = match answer {
        Ok(Results(results)) => format!(r#"{{"status":"OK","results":{results}"#),
        Err(Refused(why)) => format!(
            r#"{{"status":"ERROR","results":null,"error":{}"#,
            json::encode(why.as_ref())
        ),
    };
    let output = match options.php_warnings {
        PhpWarnings::Hidden | PhpWarnings::AfterBody => String::new(),
        PhpWarnings::Shown => html(warnings),
        PhpWarnings::Always if warnings.is_empty() => html(&["something is deprecated".to_owned()]),
        PhpWarnings::Always => html(warnings),
    };
    if !output.is_empty() {
        body.push_str(r#","output":"#);
        body.push_str(&json::encode(&output));
    }
    body.push('}');
    if options.php_warnings == PhpWarnings::AfterBody {
        body.push_str(&html(&[LOG_UNWRITABLE.to_owned()]));
    }
    with_type(StatusCode::OK, body)
}

/// The 401: the one error whose results are an empty text.
pub(super) fn unauthorized(options: &MinistraOptions) -> Response {
    let body = r#"{"status":"ERROR","results":"","error":"401 Unauthorized request"}"#;
    let response = with_type(StatusCode::UNAUTHORIZED, body.to_owned());
    ([(header::WWW_AUTHENTICATE, options.realm())], response).into_response()
}

/// Creates the response of an API that is switched off.
pub(super) fn not_enabled() -> Response {
    (StatusCode::NOT_FOUND, Html("API not enabled")).into_response()
}

fn with_type(status: StatusCode, body: String) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], body).into_response()
}

fn html(warnings: &[String]) -> String {
    let warning = |text: &String| format!("<br />\n<b>Warning</b>:  {text}<br />\n");
    warnings.iter().map(warning).collect()
}
