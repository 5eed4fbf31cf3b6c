//! Statements and JSON sent as they are.

use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::time::Duration;

use jsonsql::Params;
use jsonsql::ast::{Body as Content, Expr, Method, Projection, Select, StatementRef};
use serde_json::Value;
use tracing::{Instrument, Span};

use super::trace;
use crate::Client;
use crate::error::{Error, Indeterminate, Result, Write, json_target};
use crate::http::metrics;
use crate::http::retry::FailedCall;
use crate::http::transport::Body;
use crate::iptvportal::executor::Outgoing;
use crate::iptvportal::rpc::{self, Verb};

/// A raw call to be awaited, after settings for it alone.
#[must_use = "a call is not made until it is awaited"]
pub struct Raw<'a> {
    client: &'a Client,
    said: Said<'a>,
    timeout: Option<Duration>,
    idempotent: bool,
}

/// The form of what is sent.
#[derive(Clone, Copy)]
enum Said<'a> {
    Statement(StatementRef<'a>),
    Json(Method, &'a Value),
}

/// Reads the rows of the answer to the call with this id.
type RowsOf<R> = fn(&[u8], u64) -> std::result::Result<rpc::Answer<Vec<R>>, rpc::Failure>;

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
    pub fn raw<'a>(&'a self, statement: impl Into<StatementRef<'a>>) -> Raw<'a> {
        self.said(Said::Statement(statement.into()))
    }

    /// Sends any JSON as the `params` of a request, and answers with its rows
    /// as JSON.
    ///
    /// For forms that the grammar of this library does not have. The JSON goes
    /// out as it is, its members in the order that the `Value` has them in.
    /// Nothing is checked: a text that is spelt like a column compares two
    /// columns, a misspelt column is a constant, an update or delete without
    /// `where` changes every row. With [`raw`](Self::raw) at least the grammar
    /// is the documented one.
    ///
    /// The method alone decides about repetitions, as of every call: a `select`
    /// is sent again when its answer is lost; a write is not, and is then
    /// [`Error::Indeterminate`] with [`Write::Json`]. Sessions and the form of
    /// the answer are as for [`raw`](Self::raw).
    ///
    /// ```no_run
    /// # async fn example(client: jsonsql_client::Client) -> jsonsql_client::Result<()> {
    /// use jsonsql::ast::Method;
    /// use serde_json::json;
    ///
    /// let params = json!({"data": ["id"], "from": "media", "where": {"between": ["port", 1, 9]}});
    /// let rows = client.raw_json(Method::Select, &params).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn raw_json<'a>(&'a self, method: Method, params: &'a Value) -> Raw<'a> {
        self.said(Said::Json(method, params))
    }

    fn said<'a>(&'a self, said: Said<'a>) -> Raw<'a> {
        Raw {
            client: self,
            said,
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
        self.read(rpc::read_values).await
    }

    /// Makes the call, its rows read by this function.
    pub(super) async fn read<R: Send + 'static>(self, rows_of: RowsOf<R>) -> Result<Vec<R>> {
        let (client, said) = (self.client, self.said);
        let made = self.rows(rows_of).await;
        made.map_err(|error| said.failed(client, error))
    }

    async fn rows<R: Send + 'static>(self, rows_of: RowsOf<R>) -> Result<Vec<R>> {
        let Raw { client, said, .. } = self;
        let method = said.method();
        let id = client.next_id();
        let texts;
        let statement = match said {
            Said::Statement(statement) => statement,
            Said::Json(_, params) => {
                texts = texts_of(params);
                StatementRef::Select(&texts)
            }
        };
        let call = Outgoing {
            body: Body(said.request(client, id)?.into()),
            statements: &[statement],
            verb: Verb::of([method], self.idempotent),
            timeout: self.timeout,
        };
        let read = move |body: &[u8]| rows_of(body, id);
        let span = said.span(client, id);
        let made = client.executor().run(&call, read).instrument(span);
        let (_, rows) = made.await.map_err(|failed| said.error_of(failed))?;
        metrics::rows(rows.len());
        Ok(rows)
    }
}

impl Said<'_> {
    fn method(self) -> Method {
        match self {
            Said::Statement(statement) => statement.method(),
            Said::Json(method, _) => method,
        }
    }

    fn request(self, client: &Client, id: u64) -> Result<Vec<u8>> {
        let method = self.method().as_str();
        match self {
            Said::Statement(statement) => {
                let params = Params::unchecked(statement, client.dialect());
                rpc::Request::new(id, method, params).to_bytes()
            }
            Said::Json(_, params) => Ok(format!(
                r#"{{"jsonrpc":"2.0","id":{id},"method":"{method}","params":{params}}}"#
            )
            .into_bytes()),
        }
    }

    fn span(self, client: &Client, id: u64) -> Span {
        match self {
            Said::Statement(statement) => trace::span(client, statement, id),
            Said::Json(method, _) => trace::span_of(client, method, id),
        }
    }

    fn failed(self, client: &Client, error: Error) -> Error {
        match self {
            Said::Statement(statement) => trace::failed(client, statement, error),
            Said::Json(method, params) => {
                let table = json_target(method, params).unwrap_or_default();
                trace::failed_of(client, method, table, error)
            }
        }
    }

    fn error_of(self, failed: FailedCall) -> Error {
        match self {
            Said::Statement(statement) => failed.of(statement),
            Said::Json(method, params) if failed.may_be_executed && method != Method::Select => {
                metrics::indeterminate();
                let params = params.clone();
                Indeterminate::new(Write::Json { method, params }, failed.error).into()
            }
            Said::Json(..) => failed.error,
        }
    }
}

/// The texts of a document, as a statement: servers repeat what they were sent,
/// and of what they say these are not shown.
fn texts_of(params: &Value) -> Select {
    let mut texts = Vec::new();
    collect(params, &mut texts);
    let mut select = Select::new(Projection::List(Vec::new()));
    select.body = Content::Values(vec![texts]);
    select
}

fn collect(value: &Value, texts: &mut Vec<Expr>) {
    match value {
        Value::String(text) => texts.push(Expr::text(text.clone())),
        Value::Array(values) => values.iter().for_each(|value| collect(value, texts)),
        Value::Object(members) => members.values().for_each(|value| collect(value, texts)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

impl<'a> IntoFuture for Raw<'a> {
    type Output = Result<Vec<Vec<Value>>>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.make())
    }
}

/// Shows the method only.
impl fmt::Debug for Raw<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Raw({})", self.said.method())
    }
}
