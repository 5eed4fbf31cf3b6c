//! A call from its bytes to its answer: session, attempts, verdict.

use std::sync::Arc;
use std::time::Duration;

use jsonsql::ast::{self, Method};
use secrecy::ExposeSecret;
use tokio::time::Instant;

use crate::config::SessionTexts;
use crate::error::{Error, Indeterminate, ServerError};
use crate::link::{Link, status_error};
use crate::meters;
use crate::redact::Secrets;
use crate::retry::Retries;
use crate::rpc::{ErrorMember, Failure};
use crate::session::{Session, Sessions};
use crate::transport::{Body, Reply};

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

/// Reads an answer's content, and keeps the rows.
pub(crate) type Read<'a> = &'a mut (dyn FnMut(&[u8]) -> Result<(), Failure> + Send);

/// What one attempt came to.
enum Verdict {
    /// The server said what became of the call.
    Final(Result<(), Error>),
    /// The session may have ended; nothing was executed.
    SessionRefused(Error),
    /// Nothing was executed, and it may be tried again.
    NotExecuted(Error, Option<Duration>),
    /// It may have been executed; a read may be tried again.
    Lost(Error, Option<Duration>),
    /// It may have been executed, and trying again would end the same.
    Unreadable(Error),
}

impl Exchange {
    /// Makes the call; answers with the session it was made in.
    pub(crate) async fn run(
        &self,
        call: &Outgoing<'_>,
        read: Read<'_>,
    ) -> Result<Arc<Session>, Lost> {
        let mut lost = false;
        let result = self.attempts(call, read, &mut lost).await;
        result.map_err(|error| Lost { error, lost })
    }

    async fn attempts(
        &self,
        call: &Outgoing<'_>,
        read: Read<'_>,
        lost: &mut bool,
    ) -> Result<Arc<Session>, Error> {
        let total = call.timeout.unwrap_or(self.link.timeouts.total);
        let deadline = Instant::now() + total;
        let mut retries = Retries::new(&self.link.policy, &self.link.budget, deadline);
        let mut stale = None;
        loop {
            let session = self.sessions.get(stale, deadline).await?;
            let sent = self
                .link
                .post(
                    &self.url,
                    Some(&session.id),
                    &call.body,
                    call.timeout,
                    deadline,
                )
                .await;
            let verdict = match sent {
                Ok(reply) => self.judge(call, &session, &reply, read),
                Err(error) if !error.may_be_sent() => Verdict::NotExecuted(error.into(), None),
                Err(error) if error.is_retryable() => Verdict::Lost(error.into(), None),
                Err(error) => Verdict::Unreadable(error.into()),
            };
            let (error, retry_after) = match verdict {
                Verdict::Final(result) => {
                    self.link.budget.refill();
                    return result.map(|()| session);
                }
                // Once: a second refusal is not about the session's age.
                Verdict::SessionRefused(_) if stale.is_none() => {
                    tracing::debug!("session refused, logging in again");
                    stale = Some(session.generation);
                    continue;
                }
                Verdict::SessionRefused(error) => return Err(error),
                Verdict::Unreadable(error) => {
                    *lost = true;
                    return Err(error);
                }
                Verdict::NotExecuted(error, retry_after) => (error, retry_after),
                Verdict::Lost(error, retry_after) => {
                    *lost = true;
                    if !call.repeatable {
                        return Err(error);
                    }
                    (error, retry_after)
                }
            };
            if !retries.again(retry_after).await {
                return Err(error);
            }
            tracing::warn!(%error, "trying again");
        }
    }

    fn judge(
        &self,
        call: &Outgoing<'_>,
        session: &Session,
        reply: &Reply,
        read: Read<'_>,
    ) -> Verdict {
        match (reply.status, read(&reply.body)) {
            (_, Err(Failure::Error(error))) => self.server_error(call, session, reply, &error),
            (200..=299, Ok(())) => Verdict::Final(Ok(())),
            (200..=299, Err(Failure::Decode(error))) => Verdict::Final(Err(error.into())),
            (200..=299, Err(Failure::Protocol(error))) => Verdict::Unreadable(error.into()),
            (status @ (401 | 403), _) => Verdict::SessionRefused(Error::Denied {
                status: Some(status),
                message: String::new(),
            }),
            (429, _) => Verdict::NotExecuted(status_error(reply), reply.retry_after),
            (500.., _) => Verdict::Lost(status_error(reply), reply.retry_after),
            _ => Verdict::Final(Err(status_error(reply))),
        }
    }

    fn server_error(
        &self,
        call: &Outgoing<'_>,
        session: &Session,
        reply: &Reply,
        error: &ErrorMember,
    ) -> Verdict {
        let about_session = self.session_texts.any_in(&error.message);
        let error = self.shown(error, session, call.statements);
        let status = Some(reply.status).filter(|status| matches!(status, 401 | 403));
        if status.is_some() || about_session {
            Verdict::SessionRefused(Error::Denied {
                status,
                message: error.message().to_owned(),
            })
        } else {
            Verdict::Final(Err(error.into()))
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
        let keys = [
            session.id.expose_secret(),
            self.sessions.login().password.expose_secret(),
        ];
        ServerError::new(error.code, &error.message, |message| {
            Secrets {
                keys: &keys,
                statements,
            }
            .hide(message)
        })
    }
}

/// A call that failed.
pub(crate) struct Lost {
    error: Error,
    /// Whether the server may have executed it.
    lost: bool,
}

impl Lost {
    /// The error for a call of this statement.
    pub(crate) fn of(&self, statement: &ast::Statement) -> Error {
        let error = self.error.clone();
        if self.lost && statement.method() != Method::Select {
            meters::indeterminate();
            Indeterminate::of(statement, error)
        } else {
            error
        }
    }
}
