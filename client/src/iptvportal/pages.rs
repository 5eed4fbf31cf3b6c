//! Reading many rows, a page at a time.

mod key;
mod page;
mod progress;
mod query;

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use futures_util::{FutureExt, Stream};
use jsonsql::Statement;
use jsonsql::ast;
use jsonsql::query::Select;
use jsonsql::row::{DecodeError, Row};
use tokio::task::JoinHandle;
use tokio::task::coop::poll_proceed;
use tracing::Instrument;
use tracing::instrument::WithSubscriber;

use self::page::Page;
use self::progress::Progress;
use self::query::{MOST_TERMS, PageQuery, Query};
use crate::Client;
use crate::error::{Error, Place, Result};
use crate::http::decoding::joined;
use crate::http::metrics;
use crate::iptvportal::rpc::{Answer, Failure};
use crate::iptvportal::trace;

/// A page that is being read.
type Reading<R> = Pin<Box<dyn Future<Output = Result<Page<R>>> + Send>>;

/// Reads a page in the answer to the call of this id.
type Read<R> = fn(&[u8], u64) -> Result<Answer<Page<R>>, Failure>;

/// The page after the rows that are being taken.
enum Ahead<R> {
    /// No page has been requested yet.
    Unrequested,
    /// It is read in a task of its own, whether or not rows are taken meanwhile.
    Page(Reading<R>),
    /// There is none.
    End,
}

/// The rows of a query, read a page at a time.
///
/// Use it as a [`Stream`], or call [`next`](Self::next).
#[must_use = "a stream reads nothing until it is polled"]
pub struct Pages<R> {
    client: Client,
    query: Result<Query>,
    /// The operation, for errors.
    place: Arc<Place>,
    progress: Progress,
    page: Page<R>,
    ahead: Ahead<R>,
}

impl Client {
    /// Reads the rows of a query page by page: memory holds the text of two pages,
    /// however many rows there are. While the rows of one are taken the next one is
    /// read, and none after it; a stream that is dropped abandons it.
    ///
    /// A row is decoded when it is taken. One that is not of its type ends the
    /// stream with [`Error::Decode`](crate::Error::Decode), after the rows before it.
    /// If an answer does not name its call, all its rows are decoded before the first
    /// one is given.
    ///
    /// Each page begins after the last row of the page before. So rows that
    /// others insert or delete meanwhile neither hide rows nor show them
    /// twice, which with `OFFSET` they do; whether they are seen themselves
    /// depends on where the reading is.
    ///
    /// The rows come in the query's order, which has to be one of columns, and
    /// within it in the order of the key; without an order, in that of the key.
    /// A limit is one of all rows. What is selected may be anything: a whole
    /// row, one column, a tuple, a derived row. Of joined tables each row of
    /// the query is told by the keys of all of them. Order and keys have four
    /// columns at the most.
    ///
    /// Where rows are ordered by a column that has NULLs, they are expected
    /// where PostgreSQL puts them: last, and first in a descending order. No
    /// form of that order is attested: see [`Descending`](jsonsql::Descending).
    /// A text that is read and spelt like a column (a login `paid`) goes back to
    /// the server in two pieces for its `concat`, one of a single character
    /// (`*`) by `regexp_replace`; that a server takes it so is not attested.
    ///
    /// Pages that do not go on from one another, because a server takes no
    /// notice of what it is asked or two rows have one key, end the stream
    /// with [`Error::PageSequence`](crate::Error::PageSequence).
    ///
    /// ```no_run
    /// # async fn example(client: jsonsql_client::Client) -> jsonsql_client::Result<()> {
    /// use jsonsql::prelude::*;
    /// use jsonsql_client::Printable;
    /// use jsonsql_client::schema::Subscriber;
    ///
    /// let debtors = Subscriber::filter(|s| s.disabled.eq(true))
    ///     .order_by(|s| s.username.asc())
    ///     .limit(10_000)
    ///     .column(|s| s.username);
    /// let mut debtors = client.stream(&debtors);
    /// while let Some(login) = debtors.next().await {
    ///     println!("{}", Printable(login?));
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn stream<R>(&self, query: &Select<R>) -> Pages<R>
    where
        R: for<'de> Row<'de> + Send + 'static,
    {
        Pages {
            client: self.clone(),
            query: Query::new(query.node(), self.request_limits().page),
            place: self.executor().place(query.ast()),
            progress: Progress::default(),
            page: Page::empty(),
            ahead: Ahead::Unrequested,
        }
    }
}

impl<R> Pages<R>
where
    R: for<'de> Row<'de> + Send + 'static,
{
    /// The next row; after an error there is none.
    ///
    /// # Errors
    ///
    /// Those of reading a page, [`Error::Paging`](crate::Error::Paging) for a query that has no
    /// pages, and [`Error::PageSequence`](crate::Error::PageSequence).
    pub async fn next(&mut self) -> Option<Result<R>> {
        std::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// Takes the rows of a page that has been read, and requests the next one.
    fn take(&mut self, page: Result<Page<R>>) -> Result<()> {
        let query = self.query.as_mut().map_err(|error| error.clone())?;
        let mut page = page?;
        let rows = page.len();
        self.progress.accept(&query.order, page.keys())?;
        page.take_only(query.take(rows));
        self.page = page;
        // A page that is not full need not be the last one: whether servers
        // have a limit of their own is unknown.
        if rows > 0 {
            self.ahead = self.next_page();
        }
        Ok(())
    }

    /// Ends the stream at a row that is not one of its type.
    #[cold]
    fn broken(&mut self, error: DecodeError) -> Error {
        self.page = Page::empty();
        self.ahead = Ahead::End;
        match &self.query {
            Ok(query) => trace::failed(&self.client, query.statement(), error.into()),
            Err(error) => error.clone(),
        }
    }

    /// Begins to read the page after the last one that was taken, if there is one.
    fn next_page(&self) -> Ahead<R> {
        let query = match &self.query {
            Ok(query) => query,
            Err(error) => return Ahead::Page(std::future::ready(Err(error.clone())).boxed()),
        };
        let dialect = self.client.dialect();
        let Some(select) = query.page(self.progress.last.as_deref(), dialect) else {
            return Ahead::End;
        };
        let client = self.client.clone();
        // How many values a row has is a part of its type.
        const { assert!(MOST_TERMS == 4) };
        Ahead::Page(match query.order.len() {
            1 => begin(client, select, page::read::<R, 1>),
            2 => begin(client, select, page::read::<R, 2>),
            3 => begin(client, select, page::read::<R, 3>),
            _ => begin(client, select, page::read::<R, 4>),
        })
    }
}

impl<R> Stream for Pages<R>
where
    R: for<'de> Row<'de> + Send + 'static,
{
    type Item = Result<R>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<R>>> {
        let this = &mut *self;
        loop {
            if !this.page.is_taken() {
                // A loop over rows that are here shall not keep its thread from others.
                let turn = ready!(poll_proceed(context));
                turn.made_progress();
            }
            if let Some(row) = this.page.next() {
                return Poll::Ready(Some(row.map_err(|error| this.broken(error))));
            }
            let read = match &mut this.ahead {
                Ahead::Page(page) => ready!(page.as_mut().poll(context)),
                Ahead::End => {
                    this.page = Page::empty();
                    return Poll::Ready(None);
                }
                Ahead::Unrequested => {
                    this.ahead = this.next_page();
                    continue;
                }
            };
            this.ahead = Ahead::End;
            if let Err(error) = this.take(read) {
                return Poll::Ready(Some(Err(error.at(&this.place))));
            }
        }
    }
}

impl<R> fmt::Debug for Pages<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages").finish_non_exhaustive()
    }
}

/// Begins to read a page.
fn begin<R>(client: Client, select: ast::Select, read: Read<R>) -> Reading<R>
where
    R: Send + 'static,
{
    let read = async move {
        let query = PageQuery(select);
        let page = client.fetch_all(&query).read_by(read).await;
        let page = page.map_err(|error| trace::failed(&client, query.ast(), error))?;
        metrics::rows(page.len());
        Ok(page)
    };
    let read = read.in_current_span().with_current_subscriber();
    let mut task = Task(tokio::spawn(read));
    Box::pin(async move { joined((&mut task.0).await).map_err(Error::from)? })
}

/// A task that ends with whoever waits for it.
struct Task<T>(JoinHandle<T>);

impl<T> Drop for Task<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}
