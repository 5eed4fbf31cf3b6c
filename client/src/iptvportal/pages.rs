//! Reading many rows, a page at a time.

mod key;
mod progress;
mod query;

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::vec;

use futures_util::Stream;
use jsonsql::Statement;
use jsonsql::ast;
use jsonsql::query::Select;
use jsonsql::row::Row;

use self::key::{KeyValue, Keyed};
use self::progress::Progress;
use self::query::{MOST_TERMS, PageOf, Query};
use crate::Client;
use crate::error::{Place, Result};

/// The rows of a page, and the values of their keys, row after row.
type Read<R> = Result<(Vec<R>, Vec<KeyValue>)>;
type Page<R> = Pin<Box<dyn Future<Output = Read<R>> + Send>>;

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
    rows: vec::IntoIter<R>,
    page: Option<Page<R>>,
    done: bool,
}

impl Client {
    /// Reads the rows of a query page by page: memory holds one page, however
    /// many rows there are.
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
            rows: Vec::new().into_iter(),
            page: None,
            done: false,
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

    /// Takes the rows of a page that has been read.
    fn take(&mut self, page: Read<R>) -> Result<()> {
        let query = self.query.as_mut().map_err(|error| error.clone())?;
        let (mut rows, keys) = page?;
        // A page that is not full need not be the last one: whether servers
        // have a limit of their own is unknown.
        self.done = rows.is_empty();
        self.progress.accept(&query.order, &keys)?;
        rows.truncate(query.take(rows.len()));
        self.rows = rows.into_iter();
        Ok(())
    }
}

// The future of the page is pinned in its box, and rows are only moved out.
impl<R> Unpin for Pages<R> {}

impl<R> Stream for Pages<R>
where
    R: for<'de> Row<'de> + Send + 'static,
{
    type Item = Result<R>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<R>>> {
        loop {
            if let Some(row) = self.rows.next() {
                return Poll::Ready(Some(Ok(row)));
            }
            if self.done {
                return Poll::Ready(None);
            }
            let this = &mut *self;
            let read = match &mut this.page {
                Some(page) => ready!(page.as_mut().poll(context)),
                None => match next_page(&this.client, &this.query, &this.progress) {
                    Ok(Some(page)) => {
                        this.page = Some(page);
                        continue;
                    }
                    Ok(None) => {
                        this.done = true;
                        return Poll::Ready(None);
                    }
                    Err(error) => Err(error),
                },
            };
            this.page = None;
            if let Err(error) = this.take(read) {
                this.done = true;
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

/// Begins to read what comes next, if anything does.
fn next_page<R>(client: &Client, query: &Result<Query>, read: &Progress) -> Result<Option<Page<R>>>
where
    R: for<'de> Row<'de> + Send + 'static,
{
    let query = query.as_ref().map_err(Clone::clone)?;
    let Some(select) = query.page(read.last.as_deref(), client.dialect()) else {
        return Ok(None);
    };
    let client = client.clone();
    // How many values a row has is a part of its type.
    const { assert!(MOST_TERMS == 4) };
    Ok(Some(match query.order.len() {
        1 => page::<R, 1>(client, select),
        2 => page::<R, 2>(client, select),
        3 => page::<R, 3>(client, select),
        _ => page::<R, 4>(client, select),
    }))
}

fn page<R, const N: usize>(client: Client, select: ast::Select) -> Page<R>
where
    R: for<'de> Row<'de> + Send + 'static,
{
    Box::pin(async move {
        let rows = client.fetch_all(&PageOf::<R, N>::new(select)).await?;
        let mut keys = Vec::with_capacity(N * rows.len());
        let split = |Keyed { row, key }: Keyed<R, N>| {
            keys.extend(key);
            row
        };
        Ok((rows.into_iter().map(split).collect(), keys))
    })
}
