//! SELECT.

use std::marker::PhantomData;

use super::fast_path::stays_plain;
use super::scope::{Query, Selected};
use super::statement::typed_statement;
use super::{Selection, TableRef};
use crate::ast::{self, Body, Clause, Item, Projection, StatementRef};
use crate::expr::OrderTerm;
use crate::expr::{Expr, Node, Nullability, Qualifier};
use crate::schema::{Table, TableOf};

/// A SELECT that answers with rows of type `R`.
#[must_use = "a statement does nothing until it is sent"]
pub struct Select<R> {
    node: ast::Select,
    /// See [`is_plain`](super::fast_path::is_plain).
    plain: bool,
    marker: PhantomData<fn() -> R>,
}

/// Builds a SELECT.
///
/// ```
/// # mod tables { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/tables/mod.rs")); }
/// # use tables::*;
/// use jsonsql::prelude::*;
///
/// let boxes: Select<(MacAddr, Option<String>)> = select(|mut q| {
///     let t = q.from(Terminal);
///     let s = q.left_join(Subscriber, |s| s.id.eq(t.subscriber_id));
///     q.order_by(s.username.asc()).limit(100);
///     q.select((t.mac_addr, s.username))
/// });
/// assert_eq!(
///     boxes.to_string(),
///     "SELECT t.mac_addr, s.username FROM terminal AS t \
///      LEFT JOIN subscriber AS s ON s.id = t.subscriber_id ORDER BY s.username LIMIT 100"
/// );
/// ```
pub fn select<R>(build: impl for<'q> FnOnce(Query<'q>) -> Selected<'q, R>) -> Select<R> {
    let selected = build(Query::new(Vec::new()));
    Select::new(selected.select)
}

typed_statement!([R] Select<R>: Select, R);

/// A SELECT of constant rows, as the vendor's script has it: `{"values": [[1, "a"]]}`.
///
/// ```
/// # use jsonsql::prelude::*;
/// let rows: Select<(i64, String)> = values([(literal(1), "basic"), (literal(2), "movie")]);
/// assert_eq!(rows.to_json()?, r#"{"values":[[1,"basic"],[2,"movie"]]}"#);
/// # Ok::<(), jsonsql::Error>(())
/// ```
pub fn values<V: Selection<'static>>(rows: impl IntoIterator<Item = V>) -> Select<V::Row> {
    let rows = rows.into_iter().map(|row| {
        let mut items = Vec::with_capacity(row.count());
        row.push_to(&mut items);
        items.into_iter().map(|item| item.expr).collect()
    });
    let mut select = ast::Select::new(Projection::List(Vec::new()));
    select.body = Body::Values(rows.collect());
    Select::new(select)
}

impl<R> Select<R> {
    /// A query of rows `R` from a statement built or parsed by other means.
    ///
    /// Nothing checks that the rows are of this type: decoding will. Strings of
    /// a parsed statement have to be [resolved](crate::resolve) first: one that
    /// may be a column or a text is refused when it is sent.
    ///
    /// A statement of more than [`MAX_DEPTH`](ast::MAX_DEPTH) levels is dropped
    /// for one that cannot be sent.
    ///
    /// ```
    /// # use jsonsql::prelude::*;
    /// use jsonsql::ast::{Method, Statement as Parsed};
    ///
    /// let params = br#"{"data": [{"p": "id"}], "from": {"table": "package", "as": "p"}}"#;
    /// let Parsed::Select(parsed) = Parsed::from_json(Method::Select, params)? else { unreachable!() };
    /// // That the rows are integers is the program's word.
    /// let ids: Select<i64> = Select::from_ast(parsed);
    /// assert_eq!(ids.to_string(), "SELECT p.id FROM package AS p");
    /// # Ok::<(), jsonsql::ast::ParseError>(())
    /// ```
    pub fn from_ast(select: ast::Select) -> Self {
        Select::new(super::scope::bounded(select))
    }

    pub(crate) fn into_ast(self) -> ast::Select {
        self.node
    }

    /// Answers with this many rows at the most.
    ///
    /// ```
    /// # use jsonsql::prelude::*;
    /// # #[derive(Table)] struct Subscriber { #[column(key, generated)] id: i64, username: String, #[column(default)] disabled: bool, max_terminal: Option<i32> }
    /// let first = Subscriber::all().order_by(|s| s.id.asc()).limit(10).column(|s| s.username);
    /// assert_eq!(
    ///     first.to_string(),
    ///     "SELECT s.username FROM subscriber AS s ORDER BY s.id LIMIT 10"
    /// );
    /// ```
    pub fn limit(mut self, rows: u64) -> Self {
        self.node.limit = Some(rows);
        self
    }

    /// Passes over this many rows first; without an order, any.
    ///
    /// ```
    /// # use jsonsql::prelude::*;
    /// # #[derive(Table)] struct Subscriber { #[column(key, generated)] id: i64, username: String, #[column(default)] disabled: bool, max_terminal: Option<i32> }
    /// let second_page = Subscriber::all().order_by(|s| s.id.asc()).limit(10).offset(10);
    /// assert!(second_page.to_string().ends_with("ORDER BY s.id LIMIT 10 OFFSET 10"));
    /// ```
    pub fn offset(mut self, rows: u64) -> Self {
        self.node.offset = Some(rows);
        self
    }

    /// Adds a part. Of a plain statement only the part is looked at, so that adding
    /// one after the other takes no longer than adding all at once.
    fn add(
        mut self,
        clause: Clause,
        part: ast::Expr,
        add: impl FnOnce(&mut ast::Select, ast::Expr),
    ) -> Self {
        let stays_plain =
            self.plain && stays_plain(StatementRef::Select(&self.node), clause, &part);
        add(&mut self.node, part);
        match stays_plain {
            true => self,
            false => Select::new(self.node),
        }
    }
}

/// On a query of one table's rows: what comes after the first filter.
impl<T: Table> Select<T> {
    /// Every row of the table; what `Subscriber::all()` calls.
    #[doc(hidden)]
    pub fn of_table() -> Self {
        select(|mut q| {
            let rel = q.from(TableOf::<T>::new());
            q.select(rel)
        })
    }

    /// Keeps only rows for which this is true as well.
    ///
    /// ```
    /// # use jsonsql::prelude::*;
    /// # #[derive(Table)] struct Subscriber { #[column(key, generated)] id: i64, username: String, #[column(default)] disabled: bool, max_terminal: Option<i32> }
    /// let mut query = Subscriber::filter(|s| s.disabled.eq(false));
    /// let typed = Some("12"); // what somebody entered into a search field
    /// if let Some(prefix) = typed {
    ///     query = query.filter(|s| s.username.starts_with(prefix));
    /// }
    /// assert_eq!(
    ///     format!("{:#}", query.column(|s| s.id)),
    ///     "SELECT s.id FROM subscriber AS s WHERE s.disabled = FALSE AND s.username LIKE '12%'"
    /// );
    /// ```
    pub fn filter<N: Nullability, K: Node>(
        self,
        condition: impl for<'q> FnOnce(TableRef<'q, T>) -> Expr<'q, bool, N, K>,
    ) -> Self {
        let condition = self.rooted(condition(TableRef::new(Qualifier::BARE)).into_ast());
        self.add(Clause::Where, condition, |select, condition| {
            super::scope::and(&mut select.filter, condition);
        })
    }

    /// Orders the rows; a further call orders those that are equal so far.
    ///
    /// ```
    /// # use jsonsql::prelude::*;
    /// # #[derive(Table)] struct Subscriber { #[column(key, generated)] id: i64, username: String, #[column(default)] disabled: bool, max_terminal: Option<i32> }
    /// let query = Subscriber::all()
    ///     .order_by(|s| s.disabled.asc())
    ///     .order_by(|s| s.username.asc());
    /// assert!(query.to_string().ends_with("ORDER BY s.disabled, s.username"));
    /// ```
    pub fn order_by<V, N, K: OrderTerm>(
        self,
        order: impl for<'q> FnOnce(TableRef<'q, T>) -> Expr<'q, V, N, K>,
    ) -> Self {
        let ast::Order { expr, direction } = order(TableRef::new(Qualifier::BARE))
            .into_node()
            .into_term();
        let expr = self.rooted(expr);
        self.add(Clause::OrderBy, expr, |select, expr| {
            select.order_by.push(ast::Order { expr, direction });
        })
    }

    /// Answers with one column, or one expression, of each row.
    ///
    /// ```
    /// # use jsonsql::prelude::*;
    /// # #[derive(Table)] struct Subscriber { #[column(key, generated)] id: i64, username: String, #[column(default)] disabled: bool, max_terminal: Option<i32> }
    /// let logins: Select<String> = Subscriber::all().column(|s| s.username);
    /// assert_eq!(logins.to_json()?, r#"{"data":[{"s":"username"}],"from":{"table":"subscriber","as":"s"}}"#);
    /// # Ok::<(), jsonsql::Error>(())
    /// ```
    pub fn column<C, N: Nullability, K: Node>(
        self,
        column: impl for<'q> FnOnce(TableRef<'q, T>) -> Expr<'q, C, N, K>,
    ) -> Select<N::Value<C>> {
        let item = Item::from(self.rooted(column(TableRef::new(Qualifier::BARE)).into_ast()));
        let mut select = self.into_ast();
        select.body = Body::Data(Projection::List(vec![item]));
        Select::new(select)
    }

    /// An expression over the occurrence of the table whose columns are selected, under
    /// the alias that it has here: a query of `T` selects the columns of one occurrence
    /// and nothing else.
    fn rooted(&self, mut expr: ast::Expr) -> ast::Expr {
        let selected = self.node.projection().and_then(|data| data.items().first());
        if let Some(Item {
            expr: ast::Expr::Column(column),
            ..
        }) = selected
            && let Some(alias) = &column.table
        {
            super::target::qualify_expr(&mut expr, alias);
        }
        expr
    }
}
