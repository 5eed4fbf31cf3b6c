//! Statements sent as they are.

use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::time::Duration;

use jsonsql::Params;
use jsonsql::ast::{self, Method};
use serde_json::Value;
use tracing::Instrument;

use super::trace;
use crate::Client;
use crate::error::Result;
use crate::exchange::Outgoing;
use crate::meters;
use crate::rpc;
use crate::transport::Body;

/// A raw call to be awaited, after settings for it alone.
#[must_use = "a call is not made until it is awaited"]
pub struct Raw<'a> {
    client: &'a Client,
    statement: &'a ast::Statement,
    timeout: Option<Duration>,
    idempotent: bool,
}

impl Client {
    /// Sends a statement as it is, and answers with its rows as JSON.
    ///
    /// For what the typed language does not say, and for requests from
    /// elsewhere. Nothing is checked: not whether a text reads as a column, not
    /// whether a delete has a condition. Sessions, repetitions and errors are
    /// those of every call; an answer that is no list is a row of one value.
    ///
    /// ```no_run
    /// # async fn example(client: jsonsql_client::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use jsonsql::ast::{Method, Statement};
    ///
    /// let params = br#"{"data": ["*"], "from": "tv_channel", "limit": 10}"#;
    /// let channels = Statement::from_json(Method::Select, params)?;
    /// for row in client.raw(&channels).await? {
    ///     println!("{}", serde_json::Value::from(row));
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn raw<'a>(&'a self, statement: &'a ast::Statement) -> Raw<'a> {
        Raw {
            client: self,
            statement,
            timeout: None,
            idempotent: false,
        }
    }
}

impl Raw<'_> {
    /// As for a [`Call`](crate::Call).
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.timeout = Some(limit);
        self
    }

    /// As for a [`Call`](crate::Call).
    pub fn idempotent(mut self) -> Self {
        self.idempotent = true;
        self
    }

    async fn make(self) -> Result<Vec<Vec<Value>>> {
        let Raw {
            client, statement, ..
        } = self;
        let method = statement.method();
        let id = client.next_id();
        let params = Params::unchecked(statement, client.dialect());
        let request = rpc::Request::new(id, method.name(), params);
        let call = Outgoing {
            body: Body(request.to_bytes()?.into()),
            statements: &[statement],
            repeatable: self.idempotent || method == Method::Select,
            timeout: self.timeout,
        };
        let mut rows = Vec::new();
        let mut read = |body: &[u8]| {
            let answer = rpc::read_values(body, id)?;
            rows = answer.rows;
            Ok(answer.proof)
        };
        let span = trace::span(client, statement, id);
        let made = client.exchange().run(&call, &mut read).instrument(span);
        made.await.map_err(|lost| lost.of(statement))?;
        meters::rows(rows.len());
        Ok(rows)
    }
}

impl<'a> IntoFuture for Raw<'a> {
    type Output = Result<Vec<Vec<Value>>>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.make())
    }
}

/// Shows the statement's method only.
impl fmt::Debug for Raw<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Raw({})", self.statement.method())
    }
}
