//! Reading many rows, a page at a time.

mod key;

use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use jsonsql::ast::{self, Body, Direction, Expr, Item, Op, Order, Projection};
use jsonsql::query::Select;
use jsonsql::{Statement, Table};

use self::key::Keyed;
use crate::Client;
use crate::error::{Error, Result};

type Page<T> = Pin<Box<dyn Future<Output = Result<Vec<Keyed<T>>>> + Send>>;

/// The rows of a table in the order of its key, read a page at a time.
///
/// Use it as a [`Stream`], or call [`next`](Self::next).
#[must_use = "a stream reads nothing until it is polled"]
pub struct Pages<T> {
    client: Client,
    query: Result<Query>,
    rows: VecDeque<T>,
    page: Option<Page<T>>,
    done: bool,
}

/// The query whose pages are read: ordered by the key, which it selects last.
struct Query {
    select: ast::Select,
    key: Vec<Expr>,
    last: Option<Vec<Expr>>,
}

impl Client {
    /// Reads the rows of a table page by page, in the order of its key:
    /// memory holds one page, however many rows there are.
    ///
    /// Each page begins after the last key of the page before. So rows that
    /// others insert or delete meanwhile neither hide rows nor show them
    /// twice, which with `OFFSET` they do; whether they are seen themselves
    /// depends on where the reading is.
    ///
    /// The query may have a filter, and no order or limit of its own.
    ///
    /// ```no_run
    /// # async fn example(client: jsonsql_client::Client) -> jsonsql_client::Result<()> {
    /// # use jsonsql::prelude::*;
    /// # #[derive(Table)]
    /// # #[table(name = "package")]
    /// # struct Package { #[column(key, generated)] id: i64, name: String, paid: bool }
    /// let mut paid = client.stream(&Package::filter(|p| p.paid.eq(true)));
    /// while let Some(package) = paid.next().await {
    ///     let package = package?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn stream<T: Table + Send>(&self, query: &Select<T>) -> Pages<T> {
        Pages {
            client: self.clone(),
            query: Query::new(query.ast(), T::INFO.key(), self.chunks().page),
            rows: VecDeque::new(),
            page: None,
            done: false,
        }
    }
}

impl<T: Table + Send> Pages<T> {
    /// The next row; after an error there is none.
    ///
    /// # Errors
    ///
    /// Those of reading a page, and [`Error::Paging`] for a query that has no
    /// pages.
    pub async fn next(&mut self) -> Option<Result<T>> {
        std::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }
}

// The future of the page is pinned in its box, and rows are only moved out.
impl<T> Unpin for Pages<T> {}

impl<T: Table + Send> Stream for Pages<T> {
    type Item = Result<T>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<T>>> {
        loop {
            if let Some(row) = self.rows.pop_front() {
                return Poll::Ready(Some(Ok(row)));
            }
            if self.done {
                return Poll::Ready(None);
            }
            let this = &mut *self;
            let query = match &mut this.query {
                Ok(query) => query,
                Err(error) => {
                    this.done = true;
                    return Poll::Ready(Some(Err(error.clone())));
                }
            };
            let page = this.page.get_or_insert_with(|| query.page(&this.client));
            let rows = ready!(page.as_mut().poll(context));
            this.page = None;
            match rows {
                Ok(rows) => {
                    // A page that is not full need not be the last one:
                    // whether servers have a limit of their own is unknown.
                    this.done = rows.is_empty();
                    for Keyed { row, key } in rows {
                        this.rows.push_back(row);
                        query.last = Some(key);
                    }
                }
                Err(error) => {
                    this.done = true;
                    return Poll::Ready(Some(Err(error)));
                }
            }
        }
    }
}

impl<T> fmt::Debug for Pages<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages").finish_non_exhaustive()
    }
}

impl Query {
    fn new(
        statement: &ast::Statement,
        key: impl Iterator<Item = &'static str>,
        page: u64,
    ) -> Result<Query> {
        let ast::Statement::Select(select) = statement else {
            unreachable!("a Select holds a select");
        };
        let mut select = select.clone();
        let alias = match select.from.as_slice() {
            [table] => table.visible_name().map(str::to_owned),
            _ => None,
        };
        let Some(alias) = alias else {
            return Err(Error::Paging("it is not of one table"));
        };
        if select.distinct.is_some() || !select.group_by.is_empty() {
            return Err(Error::Paging("its rows are not rows of the table"));
        }
        if !select.order_by.is_empty() || select.limit.is_some() || select.offset.is_some() {
            return Err(Error::Paging("it has an order, a limit or an offset"));
        }
        let key: Vec<_> = key.map(|name| Expr::column(alias.clone(), name)).collect();
        let Body::Data(Projection::List(items)) = &mut select.body else {
            return Err(Error::Paging("it does not select a list of columns"));
        };
        if key.is_empty() {
            return Err(Error::Paging("its table has no key"));
        }
        items.extend(key.iter().cloned().map(Item::from));
        select.order_by.extend(key.iter().map(|expr| Order {
            expr: expr.clone(),
            direction: Direction::Ascending,
        }));
        select.limit = Some(page);
        Ok(Query {
            select,
            key,
            last: None,
        })
    }

    /// Reads the next page.
    fn page<T: Table + Send>(&self, client: &Client) -> Page<T> {
        let mut select = self.select.clone();
        if let Some(last) = &self.last {
            let after = after(&self.key, last);
            select.filter = Some(match select.filter.take() {
                Some(filter) => Expr::Op(Op::And, vec![filter, after]),
                None => after,
            });
        }
        let client = client.clone();
        Box::pin(async move {
            let page = Select::<Keyed<T>>::from_ast(select);
            client.fetch_all(&page).await
        })
    }
}

/// `key > last`. For a key of several columns: the first is greater, or equal
/// and the rest is; rows do not compare in this language.
fn after(key: &[Expr], last: &[Expr]) -> Expr {
    let ([column, rest @ ..], [value, rest_of_last @ ..]) = (key, last) else {
        return Expr::Bool(false);
    };
    let pair = || vec![column.clone(), value.clone()];
    let greater = Expr::Op(Op::Gt, pair());
    if rest.is_empty() {
        return greater;
    }
    let equal = Expr::Op(Op::Eq, pair());
    let tail = Expr::Op(Op::And, vec![equal, after(rest, rest_of_last)]);
    Expr::Op(Op::Or, vec![greater, tail])
}
