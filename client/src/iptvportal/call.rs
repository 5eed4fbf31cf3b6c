//! One statement, sent and answered.

use std::fmt;
use std::future::{Future, IntoFuture};
use std::marker::PhantomData;
use std::pin::Pin;
use std::time::Duration;

use jsonsql::Statement;
use jsonsql::row::Row;
use tracing::Instrument;

use super::cardinality::{All, Cardinality, One, Optional};
use super::{brake, trace};
use crate::Client;
use crate::error::Result;
use crate::http::metrics;
use crate::http::transport::Body;
use crate::iptvportal::executor::Outgoing;
use crate::iptvportal::rpc::{self, Answer, Failure, Verb};

/// A call to be awaited, after settings for it alone: `.timeout(…)`, `.idempotent()`.
#[must_use = "a call is not made until it is awaited"]
pub struct Call<'a, S, K = All> {
    client: &'a Client,
    statement: &'a S,
    timeout: Option<Duration>,
    idempotent: bool,
    cardinality: PhantomData<fn() -> K>,
}

/// Calls.
impl Client {
    /// Reads all rows. They are held in memory together.
    ///
    /// A select is sent again when its answer is lost: reading twice does no harm.
    ///
    /// ```no_run
    /// # async fn example(client: &jsonsql_client::Client) -> jsonsql_client::Result<()> {
    /// # use jsonsql::prelude::*;
    /// use jsonsql_client::schema::Subscriber;
    ///
    /// let debtors = Subscriber::filter(|s| s.disabled.eq(true)).order_by(|s| s.id.asc());
    /// for debtor in client.fetch_all(&debtors).await? {
    ///     println!("{}", debtor.id.0);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn fetch_all<'a, S: Statement>(&'a self, statement: &'a S) -> Call<'a, S, All> {
        Call::new(self, statement)
    }

    /// Reads the one row there is; none and several are errors.
    ///
    /// Of a write, it is the one row of `returning`: a new row's key. When
    /// there are none or several, they have been written.
    ///
    /// ```no_run
    /// # async fn example(client: &jsonsql_client::Client) -> jsonsql_client::Result<()> {
    /// # use jsonsql::prelude::*;
    /// use jsonsql_client::schema::{Subscriber, SubscriberId};
    ///
    /// let subscriber = client.fetch_one(&Subscriber::filter(|s| s.id.eq(SubscriberId(7)))).await?;
    /// println!("{}", subscriber.disabled);
    /// # Ok(())
    /// # }
    /// ```
    pub fn fetch_one<'a, S: Statement>(&'a self, statement: &'a S) -> Call<'a, S, One> {
        Call::new(self, statement)
    }

    /// Reads the one row there is, if there is one; several are an error.
    ///
    /// ```no_run
    /// # async fn example(client: &jsonsql_client::Client) -> jsonsql_client::Result<()> {
    /// # use jsonsql::prelude::*;
    /// use jsonsql_client::schema::Subscriber;
    ///
    /// let known = Subscriber::filter(|s| s.username.eq("12345")).column(|s| s.id);
    /// match client.fetch_optional(&known).await? {
    ///     Some(id) => println!("subscriber {}", id.0),
    ///     None => println!("nobody has this login"),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn fetch_optional<'a, S: Statement>(&'a self, statement: &'a S) -> Call<'a, S, Optional> {
        Call::new(self, statement)
    }

    /// Reads the one value of the one row: a count, a maximum. A statement of
    /// rows with more than one value does not compile.
    ///
    /// ```no_run
    /// # async fn example(client: jsonsql_client::Client) -> jsonsql_client::Result<()> {
    /// # use jsonsql::prelude::*;
    /// # use jsonsql_client::schema::Subscriber;
    /// let debtors = Subscriber::filter(|s| s.disabled.eq(true)).column(|_| count_rows());
    /// let debtors = client.fetch_scalar(&debtors).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// ```compile_fail,E0080
    /// # use jsonsql_client::schema::Subscriber;
    /// # let client = jsonsql_client::Client::from_env()?;
    /// let _ = client.fetch_scalar(&Subscriber::all());
    /// # Ok::<(), jsonsql_client::Error>(())
    /// ```
    pub fn fetch_scalar<'a, S>(&'a self, statement: &'a S) -> Call<'a, S, One>
    where
        S: Statement,
        S::Row: for<'de> Row<'de>,
    {
        const {
            assert!(
                <S::Row as Row<'static>>::WIDTH == 1,
                "the rows have more than one value"
            );
        }
        Call::new(self, statement)
    }

    /// Writes, and answers with the rows of `returning`: by default the keys
    /// of the rows it has written.
    ///
    /// A write is not sent again once the server may have got it: if its
    /// answer is lost, this is [`Error::Indeterminate`](crate::Error::Indeterminate).
    ///
    /// One with a limit, [`Update::at_most`](jsonsql::Update::at_most), takes
    /// two requests: the keys are read, and if there are more of them it ends
    /// in [`Error::TooManyRows`](crate::Error::TooManyRows) with nothing written.
    ///
    /// ```no_run
    /// # async fn example(client: &jsonsql_client::Client) -> jsonsql_client::Result<()> {
    /// # use jsonsql::prelude::*;
    /// use jsonsql_client::schema::Subscriber;
    ///
    /// let block = Subscriber::update(|s| s.username.eq("12345")).set(|s| s.disabled.to(true));
    /// let changed = client.execute(&block).await?;
    /// println!("{} subscribers blocked", changed.len());
    /// # Ok(())
    /// # }
    /// ```
    pub fn execute<'a, S: Statement>(&'a self, statement: &'a S) -> Call<'a, S, All> {
        Call::new(self, statement)
    }
}

impl<'a, S, K> Call<'a, S, K> {
    fn new(client: &'a Client, statement: &'a S) -> Self {
        Call {
            client,
            statement,
            timeout: None,
            idempotent: false,
            cardinality: PhantomData,
        }
    }

    /// Limits the time of this call, in all and for each attempt, instead of
    /// what the client's builder says. Of a write with `at_most` it includes
    /// the counting of its rows, which otherwise has a builder's limit of its own.
    ///
    /// ```no_run
    /// # async fn example(client: &jsonsql_client::Client) -> jsonsql_client::Result<()> {
    /// # use jsonsql::prelude::*;
    /// use std::time::Duration;
    ///
    /// use jsonsql_client::schema::Subscriber;
    ///
    /// let everybody = client.fetch_all(&Subscriber::all()).timeout(Duration::from_secs(600)).await?;
    /// # let _ = everybody;
    /// # Ok(())
    /// # }
    /// ```
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.timeout = Some(limit);
        self
    }

    /// Says that making this write twice is the same as making it once, so
    /// that it is sent again when its answer is lost.
    ///
    /// `SET disabled = TRUE` is such a write; an insert is not. If no attempt
    /// is answered, or a later one is refused, it is still
    /// [`Error::Indeterminate`](crate::Error::Indeterminate).
    ///
    /// ```no_run
    /// # async fn example(client: &jsonsql_client::Client) -> jsonsql_client::Result<()> {
    /// # use jsonsql::prelude::*;
    /// use jsonsql_client::schema::Subscriber;
    ///
    /// let block = Subscriber::update(|s| s.username.eq("12345")).set(|s| s.disabled.to(true));
    /// client.execute(&block).idempotent().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn idempotent(mut self) -> Self {
        self.idempotent = true;
        self
    }
}

impl<S, K> Call<'_, S, K>
where
    S: Statement + Sync,
    S::Row: for<'de> Row<'de> + Send + 'static,
    K: Cardinality<S::Row>,
{
    async fn make(self) -> Result<K::Output> {
        let (client, statement) = (self.client, self.statement.ast());
        let made = self.rows().await.and_then(K::from_rows);
        made.map_err(|error| trace::failed(client, statement, error))
    }

    async fn rows(self) -> Result<Vec<S::Row>> {
        let brake = self.statement.brake();
        let rows = self
            .read_by(|body, id| rpc::read_rows::<S::Row>(body, id))
            .await?;
        metrics::rows(rows.len());
        brake::note_overrun(brake, rows.len());
        Ok(rows)
    }
}

impl<S: Statement + Sync, K> Call<'_, S, K> {
    /// Makes the call; `read` reads the answer to it, and gets the call's id.
    pub(super) async fn read_by<T: Send + 'static>(
        self,
        read: fn(&[u8], u64) -> Result<Answer<T>, Failure>,
    ) -> Result<T> {
        let client = self.client;
        let statement = self.statement.ast();
        let params = self.statement.params_after_brake(client.dialect())?;
        let method = self.statement.method();
        let id = client.next_id();
        let request = rpc::Request::new(id, method.as_str(), params).to_bytes()?;
        let call = Outgoing {
            body: Body(request.into()),
            statements: &[statement],
            verb: Verb::of([method], self.idempotent),
            timeout: brake::hold(client, self.statement, self.timeout).await?,
        };
        let read = move |body: &[u8]| read(body, id);
        let span = trace::span(client, statement, id);
        let (_, answer) = async {
            let made = client.executor().run(&call, read).await;
            made.map_err(|failed| failed.of(statement))
        }
        .instrument(span)
        .await?;
        Ok(answer)
    }
}

#[diagnostic::do_not_recommend]
impl<'a, S, K> IntoFuture for Call<'a, S, K>
where
    S: Statement + Sync,
    S::Row: for<'de> Row<'de> + Send + 'static,
    K: Cardinality<S::Row> + 'a,
{
    type Output = Result<K::Output>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.make())
    }
}

/// Shows the statement's method only.
impl<S: Statement, K> fmt::Debug for Call<'_, S, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Call({})", self.statement.method())
    }
}
