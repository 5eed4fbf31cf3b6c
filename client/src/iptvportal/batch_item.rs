//! The places of a batch: a statement, and then its answer.

use std::any::Any;

use jsonsql::Statement;
use jsonsql::ast::StatementRef;
use jsonsql::query::Brake;
use jsonsql::row::Row;

use super::{brake, trace};
use crate::Client;
use crate::error::{Error, ProtocolError, Result};
use crate::http::metrics;
use crate::iptvportal::rpc::{self, Failure};
use crate::iptvportal::session::Session;

/// Statements that make a batch: a tuple of references, of up to eight kinds
/// of statements, or a slice of one kind.
pub trait Statements<'a>: sealed::Statements {
    /// A result for each, in the same places.
    type Results: Send;

    #[doc(hidden)]
    type Items: Send;

    #[doc(hidden)]
    fn items(self) -> Self::Items;

    #[doc(hidden)]
    fn each(items: &mut Self::Items) -> Vec<&mut dyn AnyBatchItem<'a>>;

    #[doc(hidden)]
    fn results(items: Self::Items) -> Self::Results;
}

/// A statement and what became of it.
#[doc(hidden)]
#[allow(missing_debug_implementations, reason = "not a part of the interface")]
pub struct BatchItem<'a, S: Statement> {
    statement: &'a S,
    result: Option<Result<Vec<S::Row>>>,
}

/// The answer of a batch to one of its statements, of whatever row type.
#[doc(hidden)]
#[allow(missing_debug_implementations, reason = "not a part of the interface")]
#[allow(private_interfaces, reason = "hidden: only this crate reads it")]
pub enum Answer {
    /// Nothing.
    None,
    /// The rows: a `Vec` of the row type.
    Rows(Box<dyn Any + Send>),
    /// Something else.
    Failure(Failure),
    /// More than one answer.
    Several,
}

/// Reads an answer to the call with this id.
#[doc(hidden)]
#[allow(unreachable_pub, reason = "named by a trait that is public and hidden")]
pub type Reader = fn(&[u8], u64) -> Answer;

/// A [`BatchItem`] of whatever row type.
#[doc(hidden)]
pub trait AnyBatchItem<'a>: Send {
    fn ast(&self) -> StatementRef<'a>;

    /// The limit on the rows it may touch.
    fn brake(&self) -> Option<Brake<'a>>;

    /// The call, or nothing if the statement is not to be sent.
    fn encode(&mut self, client: &Client, id: u64) -> Option<Vec<u8>>;

    /// Reads answers to this statement, on whatever thread.
    fn reader(&self) -> Reader;

    /// Makes what was read the result.
    #[allow(private_interfaces, reason = "hidden: only this crate calls it")]
    fn settle(&mut self, client: &Client, session: &Session, answer: Answer);

    fn fail(&mut self, client: &Client, error: Error);
}

impl<'a, S> BatchItem<'a, S>
where
    S: Statement,
{
    fn new(statement: &'a S) -> Self {
        BatchItem {
            statement,
            result: None,
        }
    }

    fn into_result(self) -> Result<Vec<S::Row>> {
        // Every item is settled, or failed, before the batch ends.
        self.result
            .unwrap_or_else(|| Err(ProtocolError::Unanswered.into()))
    }
}

impl<'a, S> AnyBatchItem<'a> for BatchItem<'a, S>
where
    S: Statement + Sync,
    S::Row: for<'de> Row<'de> + Send + 'static,
{
    fn ast(&self) -> StatementRef<'a> {
        self.statement.ast()
    }

    fn brake(&self) -> Option<Brake<'a>> {
        self.statement.brake()
    }

    fn encode(&mut self, client: &Client, id: u64) -> Option<Vec<u8>> {
        let method = self.statement.method().as_str();
        let params = self.statement.params_after_brake(client.dialect());
        let call = params
            .map_err(Error::from)
            .and_then(|params| rpc::Request::new(id, method, params).to_bytes());
        call.map_err(|error| self.fail(client, error)).ok()
    }

    fn reader(&self) -> Reader {
        |answer, id| match rpc::read_rows::<S::Row>(answer, id) {
            Ok(answer) => Answer::Rows(Box::new(answer.rows)),
            Err(failure) => Answer::Failure(failure),
        }
    }

    #[allow(private_interfaces, reason = "hidden: only this crate calls it")]
    fn settle(&mut self, client: &Client, session: &Session, answer: Answer) {
        let failure = match answer {
            Answer::Rows(rows) => match rows.downcast::<Vec<S::Row>>() {
                Ok(rows) => {
                    metrics::rows(rows.len());
                    brake::note_overrun(self.statement.brake(), rows.len());
                    self.result = Some(Ok(*rows));
                    return;
                }
                Err(_) => unreachable!("read by this item's reader"),
            },
            Answer::Failure(failure) => failure,
            Answer::None => ProtocolError::Unanswered.into(),
            Answer::Several => ProtocolError::AnsweredTwice.into(),
        };
        let error = client.executor().error_of(self.ast(), session, failure);
        self.fail(client, error);
    }

    fn fail(&mut self, client: &Client, error: Error) {
        self.result = Some(Err(trace::failed(client, self.ast(), error)));
    }
}

mod sealed {
    pub trait Statements {}
}

impl<S> sealed::Statements for &[S] {}

impl<'a, S> Statements<'a> for &'a [S]
where
    S: Statement + Sync,
    S::Row: for<'de> Row<'de> + Send + 'static,
{
    type Results = Vec<Result<Vec<S::Row>>>;
    type Items = Vec<BatchItem<'a, S>>;

    fn items(self) -> Self::Items {
        self.iter().map(BatchItem::new).collect()
    }

    fn each(items: &mut Self::Items) -> Vec<&mut dyn AnyBatchItem<'a>> {
        items.iter_mut().map(|item| item as _).collect()
    }

    fn results(items: Self::Items) -> Vec<Result<Vec<S::Row>>> {
        items.into_iter().map(BatchItem::into_result).collect()
    }
}

macro_rules! statements {
    ($($($name:ident)+;)*) => {$(
        impl<'a, $($name),+> sealed::Statements for ($(&'a $name,)+) {}

        impl<'a, $($name),+> Statements<'a> for ($(&'a $name,)+)
        where
            $($name: Statement + Sync, $name::Row: for<'de> Row<'de> + Send + 'static,)+
        {
            type Results = ($(Result<Vec<$name::Row>>,)+);
            type Items = ($(BatchItem<'a, $name>,)+);

            #[allow(non_snake_case, reason = "one binding per type parameter")]
            fn items(self) -> Self::Items {
                let ($($name,)+) = self;
                ($(BatchItem::new($name),)+)
            }

            #[allow(non_snake_case, reason = "one binding per type parameter")]
            fn each(items: &mut Self::Items) -> Vec<&mut dyn AnyBatchItem<'a>> {
                let ($($name,)+) = items;
                vec![$($name as _),+]
            }

            #[allow(non_snake_case, reason = "one binding per type parameter")]
            fn results(items: Self::Items) -> Self::Results {
                let ($($name,)+) = items;
                ($($name.into_result(),)+)
            }
        }
    )*};
}

statements! {
    A; A B; A B C; A B C D; A B C D E; A B C D E F; A B C D E F G; A B C D E F G H;
}
