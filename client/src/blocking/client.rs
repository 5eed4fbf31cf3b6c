//! The client of IPTVPORTAL.

use std::future::IntoFuture;
use std::sync::Arc;

use jsonsql::ast::{Method, StatementRef};
use jsonsql::row::Row;
use jsonsql::{Insert, Select, Statement};
use serde_json::Value;

use super::Thread;
use crate::error::Result;
use crate::iptvportal::{Inserted, Pages};

/// A [client](crate::Client) with a thread of its own to wait on. Clones share
/// both.
///
/// Calls panic inside an async runtime, where waiting would stop others.
#[derive(Debug, Clone)]
pub struct Client {
    client: crate::Client,
    thread: Arc<Thread>,
}

impl Client {
    /// A client that waits for what this one does.
    ///
    /// # Errors
    ///
    /// [`Error::Config`](crate::Error::Config) when there can be no thread.
    pub fn new(client: crate::Client) -> Result<Client> {
        Ok(Client {
            client,
            thread: Thread::start()?,
        })
    }

    /// As [`crate::Client::from_env`].
    ///
    /// # Errors
    ///
    /// As there, and as [`new`](Self::new).
    pub fn from_env() -> Result<Client> {
        Client::new(crate::Client::from_env()?)
    }

    /// The client whose calls [`wait`](Self::wait) waits for.
    pub fn calls(&self) -> &crate::Client {
        &self.client
    }

    /// Waits for a call: for batches, probes, and for calls with
    /// settings of their own, such as
    /// `client.wait(client.calls().fetch_all(&query).timeout(limit))`.
    pub fn wait<C: IntoFuture>(&self, call: C) -> C::Output {
        self.thread.wait(call.into_future())
    }

    /// As [`crate::Client::fetch_all`].
    ///
    /// # Errors
    ///
    /// Those of every call.
    pub fn fetch_all<S>(&self, statement: &S) -> Result<Vec<S::Row>>
    where
        S: Statement + Sync,
        S::Row: for<'de> Row<'de> + Send + 'static,
    {
        self.wait(self.client.fetch_all(statement))
    }

    /// As [`crate::Client::fetch_one`].
    ///
    /// # Errors
    ///
    /// Those of every call, and one for no row or several.
    pub fn fetch_one<S>(&self, statement: &S) -> Result<S::Row>
    where
        S: Statement + Sync,
        S::Row: for<'de> Row<'de> + Send + 'static,
    {
        self.wait(self.client.fetch_one(statement))
    }

    /// As [`crate::Client::fetch_optional`].
    ///
    /// # Errors
    ///
    /// Those of every call, and one for several rows.
    pub fn fetch_optional<S>(&self, statement: &S) -> Result<Option<S::Row>>
    where
        S: Statement + Sync,
        S::Row: for<'de> Row<'de> + Send + 'static,
    {
        self.wait(self.client.fetch_optional(statement))
    }

    /// As [`crate::Client::execute`].
    ///
    /// # Errors
    ///
    /// Those of every call.
    pub fn execute<S>(&self, statement: &S) -> Result<Vec<S::Row>>
    where
        S: Statement + Sync,
        S::Row: for<'de> Row<'de> + Send + 'static,
    {
        self.wait(self.client.execute(statement))
    }

    /// As [`crate::Client::insert_many`].
    ///
    /// # Errors
    ///
    /// As there.
    pub fn insert_many<T, R>(&self, insert: &Insert<T, R>) -> Result<Inserted<R>>
    where
        R: for<'de> Row<'de> + Send + 'static,
    {
        self.thread.wait(self.client.insert_many(insert))
    }

    /// As [`crate::Client::raw`].
    ///
    /// # Errors
    ///
    /// Those of every call.
    pub fn raw<'a>(&'a self, statement: impl Into<StatementRef<'a>>) -> Result<Vec<Vec<Value>>> {
        self.wait(self.client.raw(statement))
    }

    /// As [`crate::Client::raw_json`]: nothing is checked.
    ///
    /// # Errors
    ///
    /// Those of every call.
    pub fn raw_json(&self, method: Method, params: &Value) -> Result<Vec<Vec<Value>>> {
        self.wait(self.client.raw_json(method, params))
    }

    /// As [`crate::Client::stream`], as an iterator.
    pub fn stream<R>(&self, query: &Select<R>) -> Rows<R>
    where
        R: for<'de> Row<'de> + Send + 'static,
    {
        Rows {
            pages: self.client.stream(query),
            thread: Arc::clone(&self.thread),
        }
    }
}

/// The rows of a query, read a page at a time.
#[derive(Debug)]
#[must_use = "an iterator reads nothing until it is asked"]
pub struct Rows<R> {
    pages: Pages<R>,
    thread: Arc<Thread>,
}

impl<R> Iterator for Rows<R>
where
    R: for<'de> Row<'de> + Send + 'static,
{
    type Item = Result<R>;

    fn next(&mut self) -> Option<Result<R>> {
        self.thread.wait(self.pages.next())
    }
}
