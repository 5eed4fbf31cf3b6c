//! Reading answers, errors among them.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::error::Category;
use serde_json::value::RawValue;

use super::entity::Entity;
use super::listed::{Listed, OddRow, Page};

use crate::error::{Error, ProtocolError, Rejection, RejectionKind, Result, beginning};
use crate::http::dispatcher::denied;
use crate::http::rest::{self, Asked as _};
use crate::http::retry::Verdict;
use crate::http::transport::Reply;
use crate::sanitize::Secrets;

/// The number of bytes of a server's words that are kept; a stack trace says no more.
const LONGEST_MESSAGE: usize = 300;

/// The operation that was asked for.
pub(super) struct Asked {
    /// As errors name it: `POST accounts`.
    pub(super) operation: &'static str,
    /// The texts sent, which servers repeat and errors must not.
    pub(super) texts: Vec<String>,
}

/// An application's error has `statusCode` and `cause`, the framework's has
/// `status`, `error` and `message`.
#[derive(Deserialize)]
struct ErrorBody {
    #[serde(rename = "statusCode")]
    status_code: Option<Value>,
    status: Option<Value>,
    cause: Option<Value>,
    error: Option<Value>,
    message: Option<Value>,
}

impl Asked {
    /// One record, or a list of the one: the documents' prose and example differ.
    pub(super) fn record<T: DeserializeOwned>(&self, reply: &Reply) -> Verdict<T> {
        self.success(reply, |body| match body.trim_ascii_start().first() {
            Some(b'[') => {
                let mut records: Vec<T> = decode(body)?;
                match (records.pop(), records.is_empty()) {
                    (Some(record), true) => Ok(record),
                    _ => Err(ProtocolError::Shape {
                        found: "a list",
                        expected: "one record",
                    }),
                }
            }
            _ => decode(body),
        })
    }

    /// A page object, or the rows alone, as one of the documents shows them. A
    /// row that cannot be read is an error unless it is to be kept as such.
    pub(super) fn list<R: Entity>(&self, reply: &Reply, keeps_odd: bool) -> Verdict<Page<R>> {
        self.success(reply, |body| {
            let is_bare = body.trim_ascii_start().starts_with(b"[");
            let envelope = match is_bare {
                true => Envelope {
                    data: decode(body)?,
                    total: None,
                },
                false => decode(body)?,
            };
            let mut data = Vec::with_capacity(envelope.data.len());
            for (place, row) in envelope.data.iter().enumerate() {
                data.push(match (decode(row.get().as_bytes()), keeps_odd) {
                    (Ok(row), _) => Listed::Read(row),
                    (Err(problem), true) => Listed::Odd(odd::<R>(row, problem)),
                    (Err(problem), false) => return Err(at(place, is_bare, problem)),
                });
            }
            let total = match is_bare {
                // All of them: there is nothing that would say otherwise.
                true => u64::try_from(data.len()).ok(),
                false => envelope.total,
            };
            Ok(Page { data, total })
        })
    }

    /// Reads the answer of a deletion, whose form is not known: nothing, the record, or
    /// `{"response": true}`.
    pub(super) fn nothing(&self, reply: &Reply) -> Verdict<()> {
        if reply.is_success() {
            if let Some(error) = self.application_error(reply) {
                return error;
            }
            // Of whatever stands in between and answers for the server.
            if reply.body.trim_ascii_start().starts_with(b"<") {
                let page = ProtocolError::NotJson { line: 1, column: 1 };
                return Verdict::Unreadable(self.shown(page, reply).into());
            }
            return Verdict::Final(Ok(()));
        }
        self.failure(reply)
    }

    fn success<T>(
        &self,
        reply: &Reply,
        read: impl FnOnce(&[u8]) -> Result<T, ProtocolError>,
    ) -> Verdict<T> {
        if !reply.is_success() {
            return self.failure(reply);
        }
        match read(&reply.body) {
            Ok(answer) => Verdict::Final(Ok(answer)),
            Err(problem) => self
                .application_error(reply)
                .unwrap_or_else(|| Verdict::Unreadable(self.shown(problem, reply).into())),
        }
    }

    /// An error with a status of success: one client in production looks at
    /// nothing but `statusCode` and `cause`.
    fn application_error<T>(&self, reply: &Reply) -> Option<Verdict<T>> {
        let body = error_body(reply)?;
        if body.status_code.is_none() && body.cause.is_none() {
            return None;
        }
        let status = body.status_code.as_ref().and_then(Value::as_u64);
        let status = status
            .and_then(|status| u16::try_from(status).ok())
            .unwrap_or(reply.status);
        let error = Error::from(self.rejection(status, &body));
        Some(match status {
            500.. => Verdict::Unknown(error, None),
            _ => Verdict::Final(Err(error)),
        })
    }

    /// A status says what became of a call only with a body of this server's:
    /// filters and proxies use all of them, with bodies of their own.
    ///
    /// HTTP 401 without a body is the server's too. Every request has the
    /// credentials in it, and whoever checks them does so first; if it were
    /// unknown, so would be every write with a wrong password. Of IPTVPORTAL's
    /// JSON-RPC no source knows that status, and there a session is refused.
    fn failure<T>(&self, reply: &Reply) -> Verdict<T> {
        let body = error_body(reply).filter(|body| body.is_of(reply.status));
        match (reply.status, body) {
            (status @ (401 | 403), body) => {
                let is_bare = reply.body.trim_ascii().is_empty();
                let is_the_servers = body.is_some() || (status == 401 && is_bare);
                let words = match body {
                    Some(body) => self.words(&body),
                    None => beginning(&reply.body, |text| self.hide(text))
                        .unwrap_or_default()
                        .into(),
                };
                let denied = denied(status, &words);
                match is_the_servers {
                    true => Verdict::Final(Err(denied)),
                    false => Verdict::Unreadable(denied),
                }
            }
            (400.., Some(body)) => Verdict::Final(Err(self.rejection(reply.status, &body).into())),
            (400.., None) if !is_page(&reply.body) => match decode::<Value>(&reply.body) {
                Err(problem) => Verdict::Unreadable(self.shown(problem, reply).into()),
                Ok(_) => self.status(reply),
            },
            _ => self.status(reply),
        }
    }

    fn rejection(&self, status: u16, body: &ErrorBody) -> Rejection {
        let kind = match status {
            404 => RejectionKind::NotFound,
            409 => RejectionKind::Conflict,
            400 | 422 => RejectionKind::Invalid,
            500.. => RejectionKind::ServerFault,
            _ => RejectionKind::Other,
        };
        Rejection::new(self.operation, kind, status, self.words(body))
    }

    /// Returns the server's words, without those it was sent.
    fn words(&self, body: &ErrorBody) -> String {
        let text = |value: &Option<Value>| {
            let text = value.as_ref().and_then(Value::as_str);
            text.filter(|text| !text.is_empty()).map(str::to_owned)
        };
        let said = text(&body.cause).or_else(|| {
            let parts: Vec<String> = [text(&body.error), text(&body.message)]
                .into_iter()
                .flatten()
                .collect();
            (!parts.is_empty()).then(|| parts.join(": "))
        });
        let hidden = self.hide(&said.unwrap_or_else(|| "no cause given".to_owned()));
        hidden.chars().take(LONGEST_MESSAGE).collect()
    }

    /// The problem with an answer, with its beginning if it is not JSON.
    fn shown(&self, problem: ProtocolError, reply: &Reply) -> ProtocolError {
        problem.of_answer(&reply.body, |text| self.hide(text))
    }

    fn status<T>(&self, reply: &Reply) -> Verdict<T> {
        Verdict::of_status(reply, |text| self.hide(text))
    }
}

impl rest::Asked for Asked {
    fn hide(&self, text: &str) -> String {
        let values: Vec<&str> = self.texts.iter().map(String::as_str).collect();
        Secrets {
            keys: &[],
            values: &values,
            statements: &[],
        }
        .hide(text)
    }
}

/// `{"data": [], "total": 0, "start": 0, "limit": 100}`
#[derive(Deserialize)]
struct Envelope {
    data: Vec<Box<RawValue>>,
    total: Option<u64>,
}

fn odd<R: Entity>(row: &RawValue, problem: ProtocolError) -> OddRow {
    let value: Value = serde_json::from_str(row.get()).unwrap_or_default();
    OddRow {
        list: R::PATH,
        id: value["id"].as_i64(),
        problem,
        value,
    }
}

/// The problem of a row as one of the whole answer.
fn at(place: usize, is_bare: bool, problem: ProtocolError) -> ProtocolError {
    match problem {
        ProtocolError::Field { field, expected } => {
            let list = if is_bare { "" } else { "data" };
            let field = match &*field {
                "." | "" => format!("{list}[{place}]"),
                field => format!("{list}[{place}].{field}"),
            };
            ProtocolError::Field {
                field: field.into(),
                expected,
            }
        }
        other => other,
    }
}

impl ErrorBody {
    /// Returns `true` if the server has sent it with this status: an
    /// application's error has members that no other has, the framework's
    /// repeats the status.
    fn is_of(&self, status: u16) -> bool {
        let repeats = self.status.as_ref().and_then(Value::as_u64) == Some(status.into());
        self.status_code.is_some() || self.cause.is_some() || repeats
    }
}

/// Nothing, or a page of HTML: of a proxy, or of another server.
fn is_page(body: &[u8]) -> bool {
    matches!(body.trim_ascii_start().first(), None | Some(b'<'))
}

fn error_body(reply: &Reply) -> Option<ErrorBody> {
    let value: Value = serde_json::from_slice(&reply.body).ok()?;
    if !value.is_object() {
        return None;
    }
    serde_json::from_value(value).ok()
}

fn decode<T: DeserializeOwned>(body: &[u8]) -> Result<T, ProtocolError> {
    let mut json = serde_json::Deserializer::from_slice(body);
    let read: Result<T, _> = serde_path_to_error::deserialize(&mut json);
    let answer = read.map_err(|error| {
        let path = error.path().to_string();
        problem(&path, error.inner())
    })?;
    json.end().map_err(|error| problem("", &error))?;
    Ok(answer)
}

fn problem(path: &str, error: &serde_json::Error) -> ProtocolError {
    match error.classify() {
        Category::Eof => ProtocolError::CutOff,
        Category::Syntax | Category::Io => ProtocolError::NotJson {
            line: error.line(),
            column: error.column(),
        },
        Category::Data => {
            let text = error.to_string();
            let text = text.split(" at line ").next().unwrap_or_default();
            // The rest of it quotes the value.
            let expected = match (text.rsplit_once("expected "), text.starts_with("missing")) {
                (_, true) => text,
                (Some((_, expected)), false) => expected,
                (None, false) => "something else",
            };
            ProtocolError::Field {
                field: path.into(),
                expected: expected.into(),
            }
        }
    }
}
