//! What can go wrong with a call, and what is answered then.

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use std::io::Write as _;

/// What can go wrong with a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Fault {
    Delay,
    RefuseBefore,
    ExpireSession,
    DropAfter,
    TruncateAfter,
    CutJsonAfter,
    GarbleAfter,
    ShuffleBatch,
    /// Something in between answers for the server, which has not got the call.
    PageBefore,
    /// Something in between answers for the server, which has executed the call.
    PageAfter,
    /// Something in between counts requests and says when to come back.
    Limit,
    /// The server says, of this call, that its session has ended.
    SessionText,
    /// The server says, of this call, something with a word of sessions in it.
    SessionLike,
    /// The answer is to another call, a success or an error.
    ForeignId,
    /// The answer says two things at once.
    Contradiction,
    /// The answer of the server, with something around it.
    Blemish,
    Gzip,
}

pub(crate) const FAULTS: [Fault; 17] = [
    Fault::Delay,
    Fault::RefuseBefore,
    Fault::ExpireSession,
    Fault::DropAfter,
    Fault::TruncateAfter,
    Fault::CutJsonAfter,
    Fault::GarbleAfter,
    Fault::ShuffleBatch,
    Fault::PageBefore,
    Fault::PageAfter,
    Fault::Limit,
    Fault::SessionText,
    Fault::SessionLike,
    Fault::ForeignId,
    Fault::Contradiction,
    Fault::Blemish,
    Fault::Gzip,
];

impl Fault {
    /// Whether a write that meets it may be executed and nobody knows.
    pub(crate) fn hides_what_happened(self) -> bool {
        !matches!(
            self,
            Fault::Delay
                | Fault::RefuseBefore
                | Fault::ExpireSession
                | Fault::ShuffleBatch
                | Fault::Limit
                | Fault::SessionText
                | Fault::SessionLike
                | Fault::Blemish
                | Fault::Gzip
        )
    }
}

/// Statuses of proxies, balancers, filters and portals.
pub(crate) const STATUSES: [u16; 25] = [
    200, 200, 200, 201, 202, 204, 302, 307, 400, 401, 403, 404, 405, 407, 408, 413, 425, 429, 451,
    500, 502, 503, 504, 520, 599,
];

/// What they say.
pub(crate) const PAGES: [(&str, &str); 24] = [
    ("text/html", ""),
    ("text/html", "<html><h1>502 Bad Gateway</h1></html>"),
    ("text/html", "<html>Access denied. Reference #18.2f</html>"),
    (
        "text/html",
        "<form action=\"http://portal/login\">Log in to the network</form>",
    ),
    ("text/plain", "Unauthorized"),
    ("text/plain", "session expired"),
    ("text/plain", "no such session"),
    (
        "text/plain",
        "upstream connect error or disconnect/reset before headers",
    ),
    ("application/json", "null"),
    ("application/json", "[]"),
    ("application/json", "{}"),
    ("application/json", r#"{"message":"Forbidden"}"#),
    (
        "application/json",
        r#"{"message":"session expired","error":null}"#,
    ),
    (
        "application/json",
        r#"{"error":"upstream session aborted"}"#,
    ),
    ("application/json", r#"{"error":"session expired"}"#),
    (
        "application/json",
        r#"{"error":{"message":"authentication required"}}"#,
    ),
    (
        "application/json",
        r#"{"error":{"code":-32600,"message":"not logged in"}}"#,
    ),
    (
        "application/json",
        r#"{"jsonrpc":"2.0","id":null,"error":{"code":-32603,"message":"timeout"}}"#,
    ),
    (
        "application/json",
        r#"{"jsonrpc":"2.0","id":null,"error":"no such session"}"#,
    ),
    (
        "application/json",
        r#"{"jsonrpc":"2.0","id":0,"error":{"message":"no such session"}}"#,
    ),
    ("application/json", r#"{"id":"x","error":"unauthorized"}"#),
    ("application/json", r#"{"result":"ok"}"#),
    ("application/json", r#"{"result":null,"status":"ok"}"#),
    ("application/json", r#"[{"error":"session expired"}]"#),
];

/// Texts that end a session, with a status to say so.
pub(crate) const SESSION_TEXTS: [(u16, &str); 6] = [
    (200, "no such session"),
    (200, "Session expired."),
    (200, "Not logged in"),
    (401, "no such session"),
    (401, "whatever"),
    (403, "your session has expired"),
];

/// Texts that end none.
pub(crate) const SESSION_LIKE: [&str; 4] = [
    "ERROR: duplicate key value violates unique constraint \"user_session_key\"",
    "column \"authorized_count\" does not exist",
    "relation \"authentication\" does not exist",
    "session aborted: statement timeout",
];

/// What an error of each call in a request looks like.
pub(crate) fn error_of(request: &Value, text: &str) -> Vec<u8> {
    let error =
        |call: &Value| json!({"jsonrpc": "2.0", "id": call["id"], "error": {"message": text}});
    let answer = match request.as_array() {
        Some(calls) => calls.iter().map(error).collect(),
        None => error(request),
    };
    answer.to_string().into_bytes()
}

/// The answer with another call's id in it, or an error of another call.
pub(crate) fn foreign(body: &[u8], is_error: bool) -> Vec<u8> {
    let foreign = |answer: &Value| {
        let mut answer = answer.clone();
        answer["id"] = json!(answer["id"].as_u64().unwrap_or(0) + 1_000_000);
        if is_error {
            answer.as_object_mut().unwrap().remove("result");
            answer["error"] = json!({"message": "no such session"});
        }
        answer
    };
    let answer = match serde_json::from_slice(body).unwrap() {
        Value::Array(answers) => answers.iter().map(foreign).collect(),
        answer => foreign(&answer),
    };
    answer.to_string().into_bytes()
}

/// The answer with an error beside its result, or an `error` that is taken back.
pub(crate) fn contradiction(body: &[u8], takes_back: bool) -> Vec<u8> {
    let said = match takes_back {
        true => r#"{"error":{"message":"no such session"},"error":null,"#,
        false => r#"{"error":{"message":"no such session"},"#,
    };
    let text = std::str::from_utf8(body).unwrap();
    let both = text.replace(r#"{"id":"#, &format!(r#"{said}"id":"#));
    assert_ne!(both, text, "the sandbox's answers begin with the id");
    both.into_bytes()
}

/// The answer with something around it that changes nothing.
pub(crate) fn blemish(body: &[u8], kind: u64) -> Vec<u8> {
    let around = |before: &str, after: &str| [before.as_bytes(), body, after.as_bytes()].concat();
    match kind % 6 {
        0 => around("\u{feff}", ""),
        1 => around("\0 \r\n", "\0\0\n"),
        2 => around(
            "<br />\n<b>Notice</b>:  Undefined index: x in <b>a.php</b> on line <b>5</b><br />\n",
            "",
        ),
        3 => around("", "\n<!-- 0.02 s -->"),
        4 => around(
            "PHP Warning: {\"log\"} is not writable in a.php on line 7\n",
            "\n",
        ),
        _ => around("<!-- [cache] -->", "<!-- {} -->"),
    }
}

pub(crate) fn gzip(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}
