//! A call from its bytes to its answer: session, attempts, verdict.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use jsonsql::ast::{self, Method};
use secrecy::ExposeSecret;

use crate::config::SessionTexts;
use crate::deadline;
use crate::decoding::decode;
use crate::error::{Error, Indeterminate, Place, ServerError, Write, operation_of};
use crate::link::Link;
use crate::meters;
use crate::retry::{Lost, Verdict};
use crate::rpc::{ErrorMember, Failure};
use crate::sanitize::Secrets;
use crate::session::{Session, Sessions};
use crate::transport::{Authorization, Body, Reply, Request};

/// What a client needs to make calls.
pub(crate) struct Exchange {
    pub(crate) link: Arc<Link>,
    pub(crate) sessions: Arc<Sessions>,
    pub(crate) url: url::Url,
    pub(crate) session_texts: SessionTexts,
}

/// A call, ready to be sent.
pub(crate) struct Outgoing<'a> {
    pub(crate) body: Body,
    /// What it says; several for a batch.
    pub(crate) statements: &'a [&'a ast::Statement],
    /// Whether doing it twice is the same as doing it once.
    pub(crate) repeatable: bool,
    /// For this call alone: how long it may take.
    pub(crate) timeout: Option<Duration>,
}

/// What one attempt came to.
enum Answer<T> {
    /// The session may have ended; nothing was executed.
    SessionRefused(Error),
    Verdict(Verdict<T>),
}

impl Exchange {
    /// Makes the call; answers with the session it was made in and what `read`
    /// reads in the answer's content.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        call: &Outgoing<'_>,
        read: impl Fn(&[u8]) -> Result<T, Failure> + Send + Sync + 'static,
    ) -> Result<(Arc<Session>, T), Lost> {
        let read = Arc::new(read);
        let total = call.timeout.unwrap_or(self.link.timeouts.total);
        let deadline = deadline::after(total);
        let mut retries = self.link.retries(deadline);
        let mut stale = None;
        loop {
            let session = match self.sessions.get(stale, deadline).await {
                Ok(session) => session,
                Err(error) => return Err(retries.lost(error)),
            };
            let authorization = Authorization::Session(&session.id);
            let request = Request::json(&self.url, authorization, call.body.clone());
            let answer = match self.link.send(request, call.timeout, deadline).await {
                Ok(reply) => {
                    let read = Arc::clone(&read);
                    let content = decode(reply.body.len(), deadline, move || {
                        let content = read(&reply.body);
                        (reply, content)
                    });
                    match content.await {
                        Ok((reply, content)) => self.judge(call, &session, &reply, content),
                        Err(error) => Answer::Verdict(error.into()),
                    }
                }
                Err(error) => Answer::Verdict(error.into()),
            };
            let verdict = match answer {
                Answer::Verdict(verdict) => verdict,
                // Once: a second refusal is not about the session's age.
                Answer::SessionRefused(_) if stale.is_none() => {
                    tracing::debug!("session refused, logging in again");
                    stale = Some(session.generation);
                    continue;
                }
                Answer::SessionRefused(error) => return Err(retries.lost(error)),
            };
            if let ControlFlow::Break(result) = retries.settle(verdict, call.repeatable).await {
                return result.map(|read| (session, read));
            }
        }
    }

    fn judge<T>(
        &self,
        call: &Outgoing<'_>,
        session: &Session,
        reply: &Reply,
        content: Result<T, Failure>,
    ) -> Answer<T> {
        Answer::Verdict(match (reply.status, content) {
            (_, Err(Failure::Error(error))) => {
                return self.server_error(call, session, reply, &error);
            }
            (status @ (401 | 403), _) => {
                return Answer::SessionRefused(Error::Denied {
                    status: Some(status),
                    message: String::new(),
                    place: None,
                });
            }
            (200..=299, Ok(read)) => Verdict::Final(Ok(read)),
            (200..=299, Err(Failure::Decode(error))) => Verdict::Final(Err(error.into())),
            (200..=299, Err(Failure::Protocol(error))) => {
                let hide = |text: &str| self.hide(text, session, call.statements);
                Verdict::Unreadable(error.of_answer(&reply.body, hide).into())
            }
            _ => Verdict::of_status(reply),
        })
    }

    fn server_error<T>(
        &self,
        call: &Outgoing<'_>,
        session: &Session,
        reply: &Reply,
        error: &ErrorMember,
    ) -> Answer<T> {
        let about_session = self.session_texts.any_in(&error.message);
        let error = self.shown(error, session, call.statements);
        let status = Some(reply.status).filter(|status| matches!(status, 401 | 403));
        if status.is_some() || about_session {
            Answer::SessionRefused(Error::Denied {
                status,
                message: error.message().to_owned(),
                place: None,
            })
        } else {
            Answer::Verdict(Verdict::Final(Err(error.into())))
        }
    }

    /// What the server says of one of the statements of a call.
    pub(crate) fn error_of(
        &self,
        statement: &ast::Statement,
        session: &Session,
        failure: Failure,
    ) -> Error {
        match failure {
            Failure::Error(error) if self.session_texts.any_in(&error.message) => Error::Denied {
                status: None,
                message: self
                    .shown(&error, session, &[statement])
                    .message()
                    .to_owned(),
                place: None,
            },
            Failure::Error(error) => self.shown(&error, session, &[statement]).into(),
            Failure::Decode(error) => error.into(),
            Failure::Protocol(error) => Lost {
                error: error.into(),
                lost: true,
            }
            .of(statement),
        }
    }

    /// The server's error, without what must not be shown.
    fn shown(
        &self,
        error: &ErrorMember,
        session: &Session,
        statements: &[&ast::Statement],
    ) -> ServerError {
        ServerError::new(error.code, &error.message, |message| {
            self.hide(message, session, statements)
        })
    }

    /// A text of the server's, without what must not be shown.
    fn hide(&self, text: &str, session: &Session, statements: &[&ast::Statement]) -> String {
        let login = self.sessions.login();
        let keys = [session.id.expose_secret(), login.password.expose_secret()];
        Secrets {
            keys: &keys,
            values: &[],
            statements,
        }
        .hide(text)
    }

    /// Where a call of this statement goes to, for its errors.
    pub(crate) fn place(&self, statement: &ast::Statement) -> Arc<Place> {
        self.place_of(operation_of(statement))
    }

    /// Where a call goes to that is told like this.
    pub(crate) fn place_of(&self, operation: String) -> Arc<Place> {
        Place::new(operation, &self.url, USUAL)
    }
}

/// What an address of the vendor's looks like: its document's, with the
/// operator's name left open.
pub(crate) const USUAL: &str = "https://operator.admin.iptvportal.ru/api";

impl Lost {
    /// The error for a call of this statement.
    pub(crate) fn of(&self, statement: &ast::Statement) -> Error {
        let error = self.error.clone();
        if self.lost && statement.method() != Method::Select {
            meters::indeterminate();
            Indeterminate::of(Write::Statement(statement.clone()), error)
        } else {
            error
        }
    }
}
