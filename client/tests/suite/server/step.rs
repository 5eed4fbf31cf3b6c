//! What the server does with one request it has read.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use super::Received;

#[derive(Clone)]
pub(crate) enum Step {
    /// Answers with this status, these headers and this body, in which `$ID`
    /// is the request's id and `$SESSION` its session.
    Answer {
        status: u16,
        headers: String,
        body: String,
    },
    /// Answers with what this makes of the request.
    With(Arc<dyn Fn(&Value) -> String + Send + Sync>),
    /// Waits, then goes on.
    Delay(Duration, Box<Step>),
    /// Closes the connection.
    Drop,
    /// Announces a longer body than it sends, then closes the connection.
    CutOff(String),
    /// Does this, then closes the connection without having said so.
    Last(Box<Step>),
    /// Sends these bytes as they are.
    Bytes(&'static [u8]),
    /// Sends a body without end, a piece every few milliseconds.
    Endless,
}

impl Step {
    pub(crate) fn status(status: u16, headers: &str, body: &str) -> Step {
        Step::Answer {
            status,
            headers: headers.to_owned(),
            body: body.to_owned(),
        }
    }

    pub(crate) fn body(body: &str) -> Step {
        Step::status(200, "", body)
    }

    pub(crate) fn result(result: &Value) -> Step {
        Step::body(&format!(
            r#"{{"jsonrpc":"2.0","id":$ID,"result":{result}}}"#
        ))
    }

    /// The documented form of an error.
    pub(crate) fn error(message: &str) -> Step {
        let error = json!({ "message": message });
        Step::body(&format!(r#"{{"jsonrpc":"2.0","id":$ID,"error":{error}}}"#))
    }

    pub(crate) fn with(answer: impl Fn(&Value) -> String + Send + Sync + 'static) -> Step {
        Step::With(Arc::new(answer))
    }

    pub(crate) fn after(self, delay: Duration) -> Step {
        Step::Delay(delay, Box::new(self))
    }

    pub(crate) fn last(self) -> Step {
        Step::Last(Box::new(self))
    }

    /// None when the connection is to be closed.
    pub(super) async fn run(self, received: &Received, stream: &mut TcpStream) -> Option<()> {
        let mut step = self;
        let mut goes_on = Some(());
        loop {
            step = match step {
                Step::Delay(delay, next) => {
                    tokio::time::sleep(delay).await;
                    *next
                }
                Step::Last(next) => {
                    goes_on = None;
                    *next
                }
                _ => break,
            };
        }
        if let Step::With(answer) = step {
            step = Step::body(&answer(&received.body));
        }
        match step {
            Step::Answer {
                status,
                headers,
                body,
            } => {
                let session = received.header("iptvportal-authorization");
                let session = session.and_then(|session| session.strip_prefix("sessionid="));
                let body = body
                    .replace("$ID", &received.body["id"].to_string())
                    .replace("$SESSION", session.unwrap_or_default());
                let head = format!(
                    "HTTP/1.1 {status} Scripted\r\nContent-Length: {}\r\n{headers}\r\n",
                    body.len()
                );
                stream.write_all((head + &body).as_bytes()).await.ok()?;
                goes_on
            }
            Step::Bytes(bytes) => {
                stream.write_all(bytes).await.ok()?;
                goes_on
            }
            Step::Drop | Step::Delay(..) | Step::With(_) | Step::Last(_) => None,
            Step::CutOff(body) => {
                let head = format!(
                    "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n",
                    body.len() + 9
                );
                stream.write_all((head + &body).as_bytes()).await.ok()?;
                None
            }
            Step::Endless => {
                let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
                stream.write_all(head.as_bytes()).await.ok()?;
                loop {
                    stream.write_all(b"4\r\n    \r\n").await.ok()?;
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
            }
        }
    }
}
