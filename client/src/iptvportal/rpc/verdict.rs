//! The evidence of an attempt, and what follows from it: a pure function.
//!
//! The rule is that a write counts as executed, or as not executed, only by
//! evidence: the transport's that nothing was sent, or the server's own answer
//! to this very call. A status is none, for filters and proxies before and
//! behind the server use all of them, some after the server has executed the
//! call. The whole table is a page of the guide, `verdicts`, and the test below
//! reads it.

use std::sync::Arc;
use std::time::Duration;

use jsonsql::ast::Method;
use jsonsql::row::DecodeError;

use super::member::ErrorMember;
use super::proof::{Failure, Proof};
use crate::builder::SessionTexts;
use crate::error::{ProtocolError, TransportError};
use crate::http::transport::Reply;
use crate::http_status;

/// The question, and the belief in its answer.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) verb: Verb,
    /// The texts by which the server ends a session.
    pub(crate) session_texts: Arc<SessionTexts>,
    /// `true` if nobody but the server answers with HTTP 401, 403 and 429.
    pub(crate) statuses_are_the_servers: bool,
    /// `true` if nothing has succeeded in this session for long: an error may
    /// then be about the session whatever its text.
    pub(crate) session_is_silent: bool,
}

/// The effect of doing a call twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verb {
    /// It changes nothing.
    Read,
    /// A write that is the same twice, so its caller says.
    Repeatable,
    Write,
}

impl Verb {
    /// Of a call with these methods; `idempotent` is what its caller says of its
    /// writes.
    pub(crate) fn of(methods: impl IntoIterator<Item = Method>, idempotent: bool) -> Verb {
        let reads = methods.into_iter().all(|method| method == Method::Select);
        match (reads, idempotent) {
            (true, _) => Verb::Read,
            (false, true) => Verb::Repeatable,
            (false, false) => Verb::Write,
        }
    }
}

/// The verdict on an attempt.
#[derive(Debug)]
pub(crate) struct Verdict {
    pub(crate) effect: Effect,
    pub(crate) next: Next,
    /// None with the rows that were asked for.
    pub(crate) cause: Option<Cause>,
}

/// The effect on the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    Executed,
    NotExecuted,
    Unknown,
}

/// The next action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    End,
    /// Log in, and send again.
    LogIn,
    /// Send again, no sooner than the server asks for.
    Resend(Option<Duration>),
}

/// The reason why there are no rows.
#[derive(Debug)]
pub(crate) enum Cause {
    Transport(TransportError),
    /// The answer has an `error`.
    Said(ErrorMember),
    /// HTTP 401 or 403, with the server's words if it has any.
    Denied(u16, Option<ErrorMember>),
    /// A status that says it all.
    Status,
    Protocol(ProtocolError),
    Decode(DecodeError),
}

impl Asked {
    fn may_repeat(&self) -> bool {
        self.verb != Verb::Write
    }

    /// Nothing shows what became of the call: it may be sent again if doing it
    /// twice does no harm.
    fn unknown(&self, next: Next, cause: Cause) -> Verdict {
        let next = if self.may_repeat() { next } else { Next::End };
        Verdict {
            effect: Effect::Unknown,
            next,
            cause: Some(cause),
        }
    }
}

fn not_executed(next: Next, cause: Cause) -> Verdict {
    Verdict {
        effect: Effect::NotExecuted,
        next,
        cause: Some(cause),
    }
}

/// Returns the verdict on an attempt. `read` reads an answer's content; it is asked only
/// where the status leaves something to be said.
pub(crate) fn judge(
    asked: &Asked,
    attempt: Result<&Reply, TransportError>,
    read: impl FnOnce(&[u8]) -> Result<Proof, Failure>,
) -> Verdict {
    let reply = match attempt {
        Ok(reply) => reply,
        Err(error) => return without_answer(asked, error),
    };
    match reply.status {
        // The only status the vendor's scripts take for an answer (grade A).
        200 => of_content(asked, read(&reply.body)),
        status @ (401 | 403) => {
            let said = match read(&reply.body) {
                Err(Failure::Error(error, Proof::Id)) => Some(error),
                _ => None,
            };
            let is_the_servers = said.is_some()
                || asked.statuses_are_the_servers
                || asked.session_texts.attests(&reply.body);
            let cause = Cause::Denied(status, said);
            if is_the_servers {
                not_executed(Next::LogIn, cause)
            } else {
                asked.unknown(Next::LogIn, cause)
            }
        }
        // RFC 6585, 4: too many requests, and when to come back. A filter that
        // counts requests counts them before it lets them pass.
        429 if reply.retry_after.is_some() || asked.statuses_are_the_servers => {
            not_executed(Next::Resend(reply.retry_after), Cause::Status)
        }
        status if http_status::is_temporary(status) => {
            asked.unknown(Next::Resend(reply.retry_after), Cause::Status)
        }
        _ => asked.unknown(Next::End, Cause::Status),
    }
}

fn without_answer(asked: &Asked, error: TransportError) -> Verdict {
    let sent = error.may_be_sent();
    let next = if error.is_retryable() {
        Next::Resend(None)
    } else {
        Next::End
    };
    let cause = Cause::Transport(error);
    if sent {
        asked.unknown(next, cause)
    } else {
        not_executed(Next::Resend(None), cause)
    }
}

fn of_content(asked: &Asked, content: Result<Proof, Failure>) -> Verdict {
    match content {
        Ok(Proof::Nothing) if asked.verb != Verb::Read => {
            asked.unknown(Next::End, Cause::Protocol(ProtocolError::NoId))
        }
        Ok(_) => Verdict {
            effect: Effect::Executed,
            next: Next::End,
            cause: None,
        },
        Err(Failure::Decode(error, Proof::Nothing)) => {
            asked.unknown(Next::End, Cause::Decode(error))
        }
        Err(Failure::Decode(error, _)) => Verdict {
            effect: Effect::Executed,
            next: Next::End,
            cause: Some(Cause::Decode(error)),
        },
        Err(Failure::Protocol(error)) => asked.unknown(Next::End, Cause::Protocol(error)),
        Err(Failure::Error(error, proof)) => {
            let proved = proof == Proof::Id;
            let about_session =
                asked.session_texts.is(&error.message) || (proved && asked.session_is_silent);
            let next = if about_session {
                Next::LogIn
            } else {
                Next::End
            };
            let cause = Cause::Said(error);
            if proved {
                not_executed(next, cause)
            } else {
                asked.unknown(next, cause)
            }
        }
    }
}

#[cfg(test)]
mod tests;
