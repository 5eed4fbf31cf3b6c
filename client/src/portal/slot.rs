//! The places of a batch: a statement, and then its answer.

use jsonsql::Statement;
use jsonsql::ast;
use jsonsql::row::Row;

use crate::Client;
use crate::error::{Error, ProtocolError, Result};
use crate::meters;
use crate::rpc::{self, Failure};
use crate::session::Session;

/// Statements that make a batch: a tuple of references, of up to eight kinds
/// of statements, or a slice of one kind.
pub trait Statements<'a> {
    /// A result for each, in the same places.
    type Results: Send;

    #[doc(hidden)]
    type Slots: Send;

    #[doc(hidden)]
    fn slots(self) -> Self::Slots;

    #[doc(hidden)]
    fn each(slots: &mut Self::Slots) -> Vec<&mut dyn AnySlot<'a>>;

    #[doc(hidden)]
    fn results(slots: Self::Slots) -> Self::Results;
}

/// A statement and what became of it.
#[doc(hidden)]
#[allow(missing_debug_implementations, reason = "not a part of the interface")]
pub struct Slot<'a, S: Statement> {
    statement: &'a S,
    answer: Answer<S::Row>,
}

enum Answer<R> {
    None,
    One(Result<Vec<R>, Failure>),
    Several,
    Settled(Result<Vec<R>>),
}

/// A [`Slot`] of whatever row type.
#[doc(hidden)]
pub trait AnySlot<'a>: Send {
    fn ast(&self) -> &'a ast::Statement;

    /// The call, or nothing if the statement is not to be sent.
    fn encode(&mut self, client: &Client, id: u64) -> Option<Vec<u8>>;

    /// Forgets what was read: another attempt has begun.
    fn clear(&mut self);

    fn read(&mut self, answer: &[u8], id: u64);

    /// The server's message, if that is what was read.
    fn error(&self) -> Option<&str>;

    /// Makes what was read the result.
    #[allow(private_interfaces, reason = "hidden: only this crate calls it")]
    fn settle(&mut self, client: &Client, session: &Session);

    fn fail(&mut self, error: Error);
}

impl<'a, S> Slot<'a, S>
where
    S: Statement,
{
    fn new(statement: &'a S) -> Self {
        Slot {
            statement,
            answer: Answer::None,
        }
    }

    fn into_result(self) -> Result<Vec<S::Row>> {
        match self.answer {
            Answer::Settled(result) => result,
            // Every slot is settled, or failed, before the batch ends.
            _ => Err(ProtocolError::Unanswered.into()),
        }
    }
}

impl<'a, S> AnySlot<'a> for Slot<'a, S>
where
    S: Statement + Sync,
    S::Row: for<'de> Row<'de> + Send,
{
    fn ast(&self) -> &'a ast::Statement {
        self.statement.ast()
    }

    fn encode(&mut self, client: &Client, id: u64) -> Option<Vec<u8>> {
        let method = self.statement.method().name();
        let params = self.statement.params(client.dialect());
        let call = params
            .map_err(Error::from)
            .and_then(|params| rpc::Request::new(id, method, params).to_bytes());
        call.map_err(|error| self.fail(error)).ok()
    }

    fn clear(&mut self) {
        self.answer = Answer::None;
    }

    fn read(&mut self, answer: &[u8], id: u64) {
        self.answer = match self.answer {
            Answer::None => Answer::One(rpc::read_rows(answer, id).map(|answer| answer.rows)),
            _ => Answer::Several,
        };
    }

    fn error(&self) -> Option<&str> {
        match &self.answer {
            Answer::One(Err(Failure::Error(error, _))) => Some(&error.message),
            _ => None,
        }
    }

    #[allow(private_interfaces, reason = "hidden: only this crate calls it")]
    fn settle(&mut self, client: &Client, session: &Session) {
        let answer = std::mem::replace(&mut self.answer, Answer::None);
        let result = match answer {
            Answer::Settled(result) => {
                self.answer = Answer::Settled(result);
                return;
            }
            Answer::One(result) => result,
            Answer::None => Err(ProtocolError::Unanswered.into()),
            Answer::Several => Err(ProtocolError::AnsweredTwice.into()),
        };
        meters::rows(result.as_ref().map_or(0, Vec::len));
        self.answer = Answer::Settled(
            result.map_err(|failure| client.exchange().error_of(self.ast(), session, failure)),
        );
    }

    fn fail(&mut self, error: Error) {
        self.answer = Answer::Settled(Err(error));
    }
}

impl<'a, S> Statements<'a> for &'a [S]
where
    S: Statement + Sync,
    S::Row: for<'de> Row<'de> + Send,
{
    type Results = Vec<Result<Vec<S::Row>>>;
    type Slots = Vec<Slot<'a, S>>;

    fn slots(self) -> Self::Slots {
        self.iter().map(Slot::new).collect()
    }

    fn each(slots: &mut Self::Slots) -> Vec<&mut dyn AnySlot<'a>> {
        slots.iter_mut().map(|slot| slot as _).collect()
    }

    fn results(slots: Self::Slots) -> Vec<Result<Vec<S::Row>>> {
        slots.into_iter().map(Slot::into_result).collect()
    }
}

macro_rules! statements {
    ($($($name:ident)+;)*) => {$(
        impl<'a, $($name),+> Statements<'a> for ($(&'a $name,)+)
        where
            $($name: Statement + Sync, $name::Row: for<'de> Row<'de> + Send,)+
        {
            type Results = ($(Result<Vec<$name::Row>>,)+);
            type Slots = ($(Slot<'a, $name>,)+);

            #[allow(non_snake_case, reason = "one binding per type parameter")]
            fn slots(self) -> Self::Slots {
                let ($($name,)+) = self;
                ($(Slot::new($name),)+)
            }

            #[allow(non_snake_case, reason = "one binding per type parameter")]
            fn each(slots: &mut Self::Slots) -> Vec<&mut dyn AnySlot<'a>> {
                let ($($name,)+) = slots;
                vec![$($name as _),+]
            }

            #[allow(non_snake_case, reason = "one binding per type parameter")]
            fn results(slots: Self::Slots) -> Self::Results {
                let ($($name,)+) = slots;
                ($($name.into_result(),)+)
            }
        }
    )*};
}

statements! {
    A; A B; A B C; A B C D; A B C D E; A B C D E F; A B C D E F G; A B C D E F G H;
}
