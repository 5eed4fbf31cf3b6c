//! One call: what is sent, and what the answer means.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use super::Ministra;
use super::form::{Form, encoded};
use super::rejection::{hide, is_unreachable, rejection};
use crate::error::{Error, ProtocolError, Rejection, RejectionKind, Result, beginning};
use crate::http::dispatcher::denied;
use crate::http::rest::{self, Asked as _, Content, Outgoing};
use crate::http::retry::Verdict;
use crate::http::transport::Reply;
use crate::http_method::HttpMethod;

/// A call, as a resource makes it.
pub(super) struct Call {
    /// The method and the resource: `PUT accounts`.
    operation: &'static str,
    identifiers: Vec<String>,
    form: Option<Form>,
    repeatable: bool,
    patient: bool,
}

impl Call {
    pub(super) fn new(operation: &'static str) -> Call {
        Call {
            operation,
            identifiers: Vec::new(),
            form: None,
            repeatable: false,
            patient: false,
        }
    }

    pub(super) fn of(mut self, identifiers: Vec<String>) -> Call {
        self.identifiers = identifiers;
        self
    }

    pub(super) fn form(mut self, form: Form) -> Call {
        self.form = Some(form);
        self
    }

    /// Doing it twice is the same as doing it once.
    pub(super) fn repeatable_if(mut self, repeatable: bool) -> Call {
        self.repeatable = repeatable;
        self
    }

    /// It reads every account, with several queries for each.
    pub(super) fn patient(mut self) -> Call {
        self.patient = true;
        self
    }

    fn method(&self) -> (HttpMethod, &'static str) {
        let (method, resource) = self.operation.split_once(' ').unwrap_or(("GET", ""));
        let method = match method {
            "POST" => HttpMethod::Post,
            "PUT" => HttpMethod::Put,
            "DELETE" => HttpMethod::Delete,
            _ => HttpMethod::Get,
        };
        (method, resource)
    }

    fn path(&self) -> String {
        let (method, resource) = self.method();
        let identifiers: Vec<String> = self
            .identifiers
            .iter()
            .map(|identifier| encoded(identifier, ":@"))
            .collect();
        match identifiers.is_empty() {
            false => format!("{resource}/{}", identifiers.join(",")),
            // As the documents write it, except of resellers.
            true if method == HttpMethod::Post && resource != "reseller" => format!("{resource}/"),
            true => resource.to_owned(),
        }
    }
}

/// The envelope. Whatever else is in it does not matter.
#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(default)]
    status: Option<String>,
    #[serde(borrow, default)]
    results: Option<&'a RawValue>,
    #[serde(default)]
    error: Option<String>,
    #[serde(borrow, default)]
    output: Option<&'a RawValue>,
}

impl Ministra {
    /// Makes the call; `expected` is what `results` should be.
    pub(super) async fn call<T: DeserializeOwned + Send + 'static>(
        &self,
        call: Call,
        expected: &'static str,
    ) -> Result<T> {
        let (method, resource) = call.method();
        let path = call.path();
        let mut values = call.identifiers;
        values.extend(self.0.rest.credentials().map(str::to_owned));
        let content = match call.form {
            None => Content::None,
            Some(form) => {
                let (text, written) = form.into_parts();
                values.extend(written);
                Content::Form(text)
            }
        };
        let outgoing = Outgoing {
            method,
            resource,
            path,
            query: None,
            content,
            repeatable: call.repeatable,
        };
        let asked = Asked {
            operation: call.operation,
            expected,
            values,
        };
        if !call.patient {
            return self.0.rest.call(outgoing, asked, read).await;
        }
        let attempt = Some(self.0.list_timeout);
        self.0
            .rest
            .call_within(attempt, outgoing, asked, read)
            .await
    }
}

/// The call in question.
struct Asked {
    operation: &'static str,
    /// The expected form of `results`.
    expected: &'static str,
    /// The values sent, which the server may repeat.
    values: Vec<String>,
}

impl rest::Asked for Asked {
    fn hide(&self, text: &str) -> String {
        hide(text, &self.values)
    }
}

fn read<T: DeserializeOwned>(asked: &Asked, reply: &Reply) -> Verdict<T> {
    let Asked {
        operation,
        expected,
        values,
    } = asked;
    let (operation, expected) = (*operation, *expected);
    match reply.status {
        200 => {}
        // With the envelope it is the server's; proxies have their own bodies.
        401 => {
            let body: Result<Envelope<'_>, _> = serde_json::from_slice(&reply.body);
            return match body.map(|envelope| envelope.status.as_deref() == Some("ERROR")) {
                Ok(true) => Verdict::Final(Err(denied(401, ""))),
                _ => {
                    let begins = beginning(&reply.body, |text| asked.hide(text));
                    Verdict::Unreadable(denied(401, &begins.unwrap_or_default()))
                }
            };
        }
        404 if reply.body.trim_ascii() == b"API not enabled" => {
            let off = Rejection::new(operation, RejectionKind::Other, 404, "API not enabled");
            return Verdict::Final(Err(off.into()));
        }
        _ => return Verdict::of_status(reply, |text| asked.hide(text)),
    }
    // A defect of 4.9: in the folder `v1`, resources of boxes refuse everybody.
    if reply.body.trim_ascii() == b"Unauthorized request." {
        return Verdict::Final(Err(Error::Denied {
            status: Some(200),
            message: "Unauthorized request. (this version's `v1` cannot; use `…/api/`)".to_owned(),
            place: None,
        }));
    }
    // Warnings may follow when the server cannot write its log: what was asked
    // for has been done all the same.
    let mut answers = serde_json::Deserializer::from_slice(&reply.body).into_iter::<Envelope<'_>>();
    let envelope = match answers.next() {
        Some(Ok(envelope)) => envelope,
        Some(Err(error)) => {
            let problem = not_an_envelope(&error).of_answer(&reply.body, |text| hide(text, values));
            return Verdict::Unreadable(problem.into());
        }
        None => return Verdict::Unreadable(ProtocolError::CutOff.into()),
    };
    let rest = reply.body.len() - answers.byte_offset();
    if rest > 0 {
        tracing::warn!(bytes = rest, "the answer goes on after its end");
    }
    // What PHP has to complain about may have values in it.
    if let Some(output) = envelope.output {
        tracing::warn!(bytes = output.get().len(), "the server has warnings");
    }
    match envelope.status.as_deref() {
        Some("OK") => {
            let results = envelope.results.map_or("null", RawValue::get);
            match serde_json::from_str(results) {
                Ok(results) => Verdict::Final(Ok(results)),
                Err(_) => Verdict::Unreadable(
                    ProtocolError::Result {
                        found: kind_of(results),
                        expected,
                    }
                    .into(),
                ),
            }
        }
        Some("ERROR") => {
            let text = envelope.error.unwrap_or_default();
            let rejected = rejection(operation, &text, values).into();
            if is_unreachable(&text) {
                Verdict::NotExecuted(rejected, None)
            } else {
                Verdict::Final(Err(rejected))
            }
        }
        _ => Verdict::Unreadable(
            ProtocolError::Shape {
                found: "an object without a `status` of OK or ERROR",
                expected: "an object with one",
            }
            .into(),
        ),
    }
}

fn not_an_envelope(error: &serde_json::Error) -> ProtocolError {
    match error.classify() {
        serde_json::error::Category::Eof => ProtocolError::CutOff,
        serde_json::error::Category::Data => ProtocolError::Shape {
            found: "other JSON",
            expected: "an object with `status` and `results`",
        },
        _ => ProtocolError::NotJson {
            line: error.line(),
            column: error.column(),
        },
    }
}

fn kind_of(json: &str) -> &'static str {
    match json.as_bytes().first() {
        Some(b'[') => "another list",
        Some(b'{') => "an object",
        Some(b'"') => "a text",
        Some(b't') => "true",
        Some(b'f') => "false",
        Some(b'n') => "null",
        _ => "a number",
    }
}
