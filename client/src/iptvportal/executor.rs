//! A call from its bytes to its answer: session, attempts, verdict.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use jsonsql::ast::{Method, StatementRef};
use secrecy::ExposeSecret;
use tokio::time::Instant;

use crate::builder::SessionTexts;
use crate::error::{
    Error, Indeterminate, Place, ServerError, TransportError, Write, beginning, operation_of,
};
use crate::http::anything::Anything;
use crate::http::deadline;
use crate::http::decoding::decode;
use crate::http::dispatcher::{Dispatcher, denied, status_error};
use crate::http::metrics;
use crate::http::retry::{self, FailedCall, Retries};
use crate::http::transport::{Authorization, Body, Reply, Request};
use crate::iptvportal::rpc::{
    Answer, Asked, Cause, Effect, ErrorMember, Failure, Next, Verb, Verdict, judge,
};
use crate::iptvportal::session::{Session, Sessions, Words};
use crate::sanitize::Secrets;

/// The parts that a client needs to make calls.
pub(crate) struct Executor {
    pub(crate) dispatcher: Arc<Dispatcher>,
    pub(crate) sessions: Arc<Sessions>,
    pub(crate) url: url::Url,
    pub(crate) session_texts: Arc<SessionTexts>,
    pub(crate) statuses_are_the_servers: bool,
}

/// A call, ready to be sent.
pub(crate) struct Outgoing<'a> {
    pub(crate) body: Body,
    /// The statements, for errors: their texts are not shown. Several for a batch.
    pub(crate) statements: &'a [StatementRef<'a>],
    /// The effect of doing it twice.
    pub(crate) verb: Verb,
    /// For this call alone: how long it may take.
    pub(crate) timeout: Option<Duration>,
}

/// Reads an answer's content.
type Read = dyn Fn(&[u8]) -> Result<Answer<Anything>, Failure> + Send + Sync;

/// A call under way.
struct Attempts<'c> {
    executor: &'c Executor,
    call: &'c Outgoing<'c>,
    retries: Retries<'c>,
    /// The words that refused the session of an earlier attempt.
    refused: Option<Words>,
}

impl Executor {
    /// Makes the call; answers with the session it was made in and what `read`
    /// reads in the answer's content.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        call: &Outgoing<'_>,
        read: impl Fn(&[u8]) -> Result<Answer<T>, Failure> + Send + Sync + 'static,
    ) -> Result<(Arc<Session>, T), FailedCall> {
        let read = move |body: &[u8]| {
            let Answer { rows, proof } = read(body)?;
            let rows = Anything::new(rows);
            Ok(Answer { rows, proof })
        };
        let (session, rows) = self.answered(call, Arc::new(read)).await?;
        Ok((session, rows.take()))
    }

    async fn answered(
        &self,
        call: &Outgoing<'_>,
        read: Arc<Read>,
    ) -> Result<(Arc<Session>, Anything), FailedCall> {
        let total = call.timeout.unwrap_or(self.dispatcher.timeouts.total);
        let deadline = deadline::after(total);
        let mut attempts = Attempts {
            executor: self,
            call,
            retries: self.dispatcher.retries(deadline),
            refused: None,
        };
        loop {
            let session = match self.sessions.get(deadline).await {
                Ok(session) => session,
                Err(error) => return Err(attempts.retries.failed(error)),
            };
            let asked = Asked {
                verb: call.verb,
                session_texts: Arc::clone(&self.session_texts),
                statuses_are_the_servers: self.statuses_are_the_servers,
                session_is_silent: self.sessions.is_silent(&session),
            };
            let authorization = Authorization::Session(&session.id);
            let request = Request::json(&self.url, authorization, call.body.clone());
            let sent = self.dispatcher.send(request, call.timeout, deadline).await;
            let judged = match sent {
                Ok(reply) => judged(asked.clone(), reply, Arc::clone(&read), deadline).await,
                Err(error) => Err(error),
            };
            let (reply, rows, verdict) = match judged {
                Ok((reply, rows, verdict)) => (Some(reply), rows, verdict),
                Err(error) => {
                    let no_answer = |_: &[u8]| unreachable!("there is no answer");
                    let verdict = judge(&asked, Err(error), no_answer);
                    (None, None, verdict)
                }
            };
            let settled = attempts.settle(&session, reply.as_ref(), verdict).await;
            if let ControlFlow::Break(result) = settled {
                return match (result, rows) {
                    (Ok(()), Some(rows)) => Ok((session, rows)),
                    (Ok(()), None) => unreachable!("a call without a cause to fail has rows"),
                    (Err(failed), _) => Err(failed),
                };
            }
        }
    }

    /// The error of a verdict without rows.
    fn error(
        &self,
        cause: Cause,
        reply: Option<&Reply>,
        session: &Session,
        statements: &[StatementRef<'_>],
    ) -> Error {
        match (cause, reply) {
            (Cause::Said(error), _) => self.shown(&error, session, statements).into(),
            (Cause::Denied(status, Some(error)), _) => {
                let error = self.shown(&error, session, statements);
                denied(status, error.message())
            }
            (Cause::Denied(status, None), reply) => {
                let hide = |text: &str| self.hide(text, session, statements);
                let begins = reply.and_then(|reply| beginning(&reply.body, hide));
                denied(status, &begins.unwrap_or_default())
            }
            (Cause::Transport(error), _) => error.into(),
            (Cause::Protocol(error), Some(reply)) => {
                let hide = |text: &str| self.hide(text, session, statements);
                error.of_answer(&reply.body, hide).into()
            }
            (Cause::Protocol(error), None) => error.into(),
            (Cause::Decode(error), _) => error.into(),
            (Cause::Status, Some(reply)) => {
                status_error(reply, |text| self.hide(text, session, statements))
            }
            (Cause::Status, None) => unreachable!("a status is an answer's"),
        }
    }

    /// Returns the server's error of one of the statements of a batch.
    pub(crate) fn error_of(
        &self,
        statement: StatementRef<'_>,
        session: &Session,
        failure: Failure,
    ) -> Error {
        match failure {
            Failure::Error(error, _) => self.shown(&error, session, &[statement]).into(),
            Failure::Decode(error, _) => error.into(),
            Failure::Protocol(error) => FailedCall {
                error: error.into(),
                may_be_executed: true,
            }
            .of(statement),
        }
    }

    /// The server's error, without what must not be shown.
    fn shown(
        &self,
        error: &ErrorMember,
        session: &Session,
        statements: &[StatementRef<'_>],
    ) -> ServerError {
        ServerError::new(error.code, &error.message, |message| {
            self.hide(message, session, statements)
        })
    }

    /// A text of the server's, without what must not be shown.
    fn hide(&self, text: &str, session: &Session, statements: &[StatementRef<'_>]) -> String {
        let login = self.sessions.login();
        let keys = [session.id.expose_secret(), login.password.expose_secret()];
        Secrets {
            keys: &keys,
            values: &[],
            statements,
        }
        .hide(text)
    }

    /// Returns the place of a call of this statement, for its errors.
    pub(crate) fn place(&self, statement: StatementRef<'_>) -> Arc<Place> {
        self.place_of(operation_of(statement))
    }

    /// Returns the place of a call of this description.
    pub(crate) fn place_of(&self, operation: String) -> Arc<Place> {
        Place::new(operation, &self.url, USUAL)
    }
}

/// Judges an answer where there is room for it, and within the deadline.
async fn judged(
    asked: Asked,
    reply: Reply,
    read: Arc<Read>,
    deadline: Instant,
) -> Result<(Reply, Option<Anything>, Verdict), TransportError> {
    decode(reply.body.len(), deadline, move || {
        let mut rows = None;
        let verdict = judge(&asked, Ok(&reply), |body| {
            let answer = read(body)?;
            rows = Some(answer.rows);
            Ok(answer.proof)
        });
        (reply, rows, verdict)
    })
    .await
}

/// An example of the vendor's address: its document's, with the
/// operator's name left open.
pub(crate) const USUAL: &str = "https://operator.admin.iptvportal.ru/api";

impl Attempts<'_> {
    /// Acts on a verdict: ends the call, or makes ready for another attempt.
    async fn settle(
        &mut self,
        session: &Session,
        reply: Option<&Reply>,
        verdict: Verdict,
    ) -> ControlFlow<Result<(), FailedCall>> {
        let sessions = &self.executor.sessions;
        let Verdict {
            effect,
            next,
            cause,
        } = verdict;
        if effect == Effect::Executed {
            session.worked();
        }
        let words = cause.as_ref().and_then(Words::of);
        // Whatever it says now, it is not what it said in the other session.
        let helped = effect == Effect::Executed || matches!(&cause, Some(Cause::Said(_)));
        if let Some(refused) = self.refused
            && helped
            && words != Some(refused)
        {
            sessions.login_helped(refused);
        }
        let error = cause.map(|cause| {
            self.executor
                .error(cause, reply, session, self.call.statements)
        });
        let Some(error) = error else {
            return self
                .retries
                .settle(retry::Verdict::Final(Ok(())), false)
                .await;
        };
        if let (Next::LogIn, Some(words)) = (next, words) {
            if effect == Effect::Unknown {
                self.retries.may_be_executed();
            }
            if self.log_in_for(words, session).await {
                tracing::debug!(%error, "session refused, logging in again");
                return ControlFlow::Continue(());
            }
            return ControlFlow::Break(Err(self.retries.failed(error)));
        }
        if effect == Effect::Unknown
            && let (Some(words), Error::Denied { .. }) = (words, &error)
        {
            // Not for this call: the next one shall not meet the same refusal.
            sessions.renew_once(words, session.generation);
        }
        let retry_after = match next {
            Next::Resend(retry_after) => Some(retry_after),
            Next::End | Next::LogIn => None,
        };
        let verdict = match (effect, retry_after) {
            (Effect::Executed, _) | (Effect::NotExecuted, None) => {
                retry::Verdict::Final(Err(error))
            }
            (Effect::NotExecuted, Some(pause)) => retry::Verdict::NotExecuted(error, pause),
            (Effect::Unknown, Some(pause)) => retry::Verdict::Unknown(error, pause),
            (Effect::Unknown, None) => retry::Verdict::Unreadable(error),
        };
        let repeatable = self.call.verb != Verb::Write;
        self.retries.settle(verdict, repeatable).await
    }

    /// Ends a session that was refused with these words, if another may help.
    async fn log_in_for(&mut self, words: Words, session: &Session) -> bool {
        let sessions = &self.executor.sessions;
        match self.refused {
            None if sessions.suspects(words) => {
                self.refused = Some(words);
                sessions.end(session.generation);
                true
            }
            None => false,
            // A login has helped against it before: somebody else has logged in
            // as this user since, where the server keeps one session a user.
            Some(_) if sessions.is_about_session(words) => {
                sessions.end(session.generation);
                self.retries.again(None).await
            }
            Some(refused) => {
                if refused == words {
                    sessions.login_did_not_help(words);
                }
                false
            }
        }
    }
}

impl FailedCall {
    /// The error for a call of this statement.
    pub(crate) fn of(&self, statement: StatementRef<'_>) -> Error {
        let error = self.error.clone();
        if self.may_be_executed && statement.method() != Method::Select {
            metrics::indeterminate();
            Indeterminate::new(Write::Statement(statement.to_statement()), error).into()
        } else {
            error
        }
    }
}
