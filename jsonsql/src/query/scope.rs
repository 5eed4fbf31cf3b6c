//! The clauses of a query while it is being built.

use std::fmt;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};

use super::derived::{self, DerivedRow};
use super::{Groups, Selection, Subquery, TableRef};
use crate::Brand;
use crate::ast::TableInfo;
use crate::ast::{self, FromItem, Join, JoinKind, Projection, Source, TableName};
use crate::expr::Orders;
use crate::expr::{Null, Nullability, Operand, Qualifier};
use crate::schema::{Table, TableOf};

/// The clauses of a query while it is being built: what the closure of
/// [`select`](super::select) receives.
///
/// The handles that [`from`](Self::from) and the joins return are the scope:
/// there is no other way to name a column.
#[must_use = "end the query with `q.select(…)`"]
pub struct Query<'q> {
    select: ast::Select,
    filters: Vec<ast::Expr>,
    /// Tables of the enclosing and finished nested queries: their aliases are taken.
    elsewhere: Vec<&'static TableInfo>,
    /// The table of the write that this query's tables are joined to.
    target: Option<&'static str>,
    marker: PhantomData<&'q ()>,
}

/// A query that is complete: what the closure of [`select`](super::select) returns.
#[must_use = "return it from the closure of `select`"]
pub struct Selected<'q, R> {
    pub(super) select: ast::Select,
    elsewhere: Vec<&'static TableInfo>,
    marker: Brand<'q, R>,
}

/// A nested query: like [`Query`], and it sees the columns of the query
/// around it.
#[must_use = "end the query with `.select(…)`"]
pub struct Nested<'i, 'o: 'i> {
    query: Query<'i>,
    outer: PhantomData<&'o ()>,
}

impl<'q> Query<'q> {
    pub(super) fn new(elsewhere: Vec<&'static TableInfo>) -> Self {
        Query {
            select: ast::Select::new(Projection::List(Vec::new())),
            filters: Vec::new(),
            elsewhere,
            target: None,
            marker: PhantomData,
        }
    }

    /// The tables that a write of this table joins.
    pub(super) fn joined_to(target: &'static TableInfo) -> Self {
        Query {
            target: Some(target.name),
            ..Query::new(Vec::new())
        }
    }

    /// Adds a table to FROM. A second one makes the product of both, to be
    /// narrowed by [`filter`](Self::filter).
    ///
    /// ```
    /// # use jsonsql::prelude::*;
    /// # #[derive(Table)] struct Subscriber { #[column(key, generated)] id: i64, username: String, #[column(default)] disabled: bool, max_terminal: Option<i32> }
    /// let query = select(|mut q| {
    ///     let s = q.from(Subscriber);
    ///     q.select(s.username)
    /// });
    /// assert_eq!(
    ///     format!("{query:#}"),
    ///     "SELECT s.username FROM subscriber AS s"
    /// );
    /// ```
    #[must_use = "the handle is the only way to the table's columns"]
    pub fn from<T: Table>(&mut self, table: TableOf<T>) -> TableRef<'q, T> {
        let _ = table;
        self.add(self.next_number(T::INFO), None)
    }

    /// Joins a table: rows without a partner are dropped.
    ///
    /// ```
    /// # use jsonsql::prelude::*;
    /// # #[derive(Table)] struct Subscriber { #[column(key, generated)] id: i64, username: String, #[column(default)] disabled: bool, max_terminal: Option<i32> }
    /// # #[derive(Table)] struct Terminal { #[column(key, generated)] id: i64, subscriber_id: Option<i64>, mac_addr: MacAddr, #[column(default)] registered: bool }
    /// let query = select(|mut q| {
    ///     let t = q.from(Terminal);
    ///     let s = q.join(Subscriber, |s| t.subscriber_id.eq(s.id));
    ///     q.select((t.id, s.username))
    /// });
    /// assert_eq!(
    ///     format!("{query:#}"),
    ///     "SELECT t.id, s.username FROM terminal AS t \
    ///      JOIN subscriber AS s ON t.subscriber_id = s.id"
    /// );
    /// ```
    #[must_use = "the handle is the only way to the table's columns"]
    pub fn join<T: Table, C: Operand<'q, bool>>(
        &mut self,
        table: TableOf<T>,
        on: impl FnOnce(TableRef<'q, T>) -> C,
    ) -> TableRef<'q, T> {
        let _ = table;
        let number = self.next_number(T::INFO);
        let condition = on(TableRef::new(Qualifier::alias(number)))
            .into_built()
            .into_ast();
        self.add(number, Some((JoinKind::Inner, condition)))
    }

    /// Joins a table, keeping rows without a partner: the table's columns are
    /// then NULL, and so nullable in the types.
    ///
    /// ```
    /// # use jsonsql::prelude::*;
    /// # #[derive(Table)] struct Subscriber { #[column(key, generated)] id: i64, username: String, #[column(default)] disabled: bool, max_terminal: Option<i32> }
    /// # #[derive(Table)] struct Terminal { #[column(key, generated)] id: i64, subscriber_id: Option<i64>, mac_addr: MacAddr, #[column(default)] registered: bool }
    /// // A terminal may have no subscriber, so that the login is an `Option`.
    /// let query: Select<(i64, Option<String>)> = select(|mut q| {
    ///     let t = q.from(Terminal);
    ///     let s = q.left_join(Subscriber, |s| t.subscriber_id.eq(s.id));
    ///     q.select((t.id, s.username))
    /// });
    /// assert_eq!(
    ///     query.to_string(),
    ///     "SELECT t.id, s.username FROM terminal AS t \
    ///      LEFT JOIN subscriber AS s ON t.subscriber_id = s.id"
    /// );
    /// ```
    #[must_use = "the handle is the only way to the table's columns"]
    pub fn left_join<T: Table, C: Operand<'q, bool>>(
        &mut self,
        table: TableOf<T>,
        on: impl FnOnce(TableRef<'q, T>) -> C,
    ) -> TableRef<'q, T, Null> {
        let _ = table;
        let number = self.next_number(T::INFO);
        let condition = on(TableRef::new(Qualifier::alias(number)))
            .into_built()
            .into_ast();
        self.add(number, Some((JoinKind::Left, condition)))
    }

    fn add<T: Table, N: Nullability>(
        &mut self,
        number: u32,
        join: Option<(JoinKind, ast::Expr)>,
    ) -> TableRef<'q, T, N> {
        self.select.from.push(FromItem {
            source: Source::Table(TableName::known(T::INFO)),
            alias: Some(T::INFO.alias(number)),
            join: join.map(|(kind, on)| Join { kind, on: Some(on) }),
        });
        TableRef::new(Qualifier::alias(number))
    }

    /// The alias of the next occurrence: one counter for the whole statement,
    /// so that a nested query never hides a table of the query around it.
    fn next_number(&self, table: &TableInfo) -> u32 {
        if self.select.from.is_empty() && self.elsewhere.is_empty() && self.target.is_none() {
            return 1;
        }
        self.number_after_others(table)
    }

    fn number_after_others(&self, table: &TableInfo) -> u32 {
        let here = self.select.from.iter().filter_map(known);
        let taken = here
            .chain(self.elsewhere.iter().copied())
            .filter(|known| known.initials() == table.initials())
            .count();
        // More than that do not fit into memory.
        let next = u32::try_from(taken).unwrap_or(u32::MAX - 2) + 1;
        // The target of a write goes by its own name, `s` or `s2`: that one
        // is passed over.
        let target = self.target.and_then(|name| table.number_of(name));
        next + u32::from(target.is_some_and(|number| number <= next))
    }

    /// Keeps the rows for which the condition is true. Several filters all
    /// have to be.
    ///
    /// ```
    /// # use jsonsql::prelude::*;
    /// # #[derive(Table)] struct Subscriber { #[column(key, generated)] id: i64, username: String, #[column(default)] disabled: bool, max_terminal: Option<i32> }
    /// let query = select(|mut q| {
    ///     let s = q.from(Subscriber);
    ///     q.filter(s.disabled.eq(false));
    ///     q.filter(s.username.starts_with("12"));
    ///     q.select(s.id)
    /// });
    /// assert_eq!(
    ///     format!("{query:#}"),
    ///     "SELECT s.id FROM subscriber AS s \
    ///      WHERE s.disabled = FALSE AND s.username LIKE '12%'"
    /// );
    /// ```
    pub fn filter<C: Operand<'q, bool>>(&mut self, condition: C) -> &mut Self {
        self.filters.push(condition.into_built().into_ast());
        self
    }

    /// Orders the rows; a further call orders those that are equal so far.
    ///
    /// ```
    /// # use jsonsql::prelude::*;
    /// # #[derive(Table)] struct Subscriber { #[column(key, generated)] id: i64, username: String, #[column(default)] disabled: bool, max_terminal: Option<i32> }
    /// let query = select(|mut q| {
    ///     let s = q.from(Subscriber);
    ///     q.order_by((s.disabled.asc(), s.username.desc()));
    ///     q.select(s.id)
    /// });
    /// assert_eq!(
    ///     format!("{query:#}"),
    ///     "SELECT s.id FROM subscriber AS s ORDER BY s.disabled, s.username DESC"
    /// );
    /// ```
    pub fn order_by<O: Orders<'q>>(&mut self, orders: O) -> &mut Self {
        orders.push_to(&mut self.select.order_by);
        self
    }

    /// Answers with this many rows at the most.
    ///
    /// ```
    /// # use jsonsql::prelude::*;
    /// # #[derive(Table)] struct Subscriber { #[column(key, generated)] id: i64, username: String, #[column(default)] disabled: bool, max_terminal: Option<i32> }
    /// let query = select(|mut q| {
    ///     let s = q.from(Subscriber);
    ///     q.order_by(s.id.asc()).limit(10);
    ///     q.select(s.id)
    /// });
    /// assert_eq!(
    ///     format!("{query:#}"),
    ///     "SELECT s.id FROM subscriber AS s ORDER BY s.id LIMIT 10"
    /// );
    /// ```
    pub fn limit(&mut self, rows: u64) -> &mut Self {
        self.select.limit = Some(rows);
        self
    }

    /// Passes over this many rows first; without an order, any.
    ///
    /// ```
    /// # use jsonsql::prelude::*;
    /// # #[derive(Table)] struct Subscriber { #[column(key, generated)] id: i64, username: String, #[column(default)] disabled: bool, max_terminal: Option<i32> }
    /// let query = select(|mut q| {
    ///     let s = q.from(Subscriber);
    ///     q.order_by(s.id.asc()).limit(10).offset(20);
    ///     q.select(s.id)
    /// });
    /// assert_eq!(
    ///     format!("{query:#}"),
    ///     "SELECT s.id FROM subscriber AS s ORDER BY s.id LIMIT 10 OFFSET 20"
    /// );
    /// ```
    pub fn offset(&mut self, rows: u64) -> &mut Self {
        self.select.offset = Some(rows);
        self
    }

    /// Drops rows that are equal to another. The document names `distinct`
    /// without a form; `true` is sent (evidence grade C), or what
    /// [`Dialect::distinct`](crate::Dialect::distinct) says.
    ///
    /// ```
    /// # use jsonsql::prelude::*;
    /// # #[derive(Table)] struct Terminal { #[column(key, generated)] id: i64, subscriber_id: Option<i64>, mac_addr: MacAddr, #[column(default)] registered: bool }
    /// let query = select(|mut q| {
    ///     let t = q.from(Terminal);
    ///     q.distinct();
    ///     q.select(t.subscriber_id)
    /// });
    /// assert_eq!(
    ///     format!("{query:#}"),
    ///     "SELECT DISTINCT t.subscriber_id FROM terminal AS t"
    /// );
    /// ```
    pub fn distinct(&mut self) -> &mut Self {
        self.select.distinct = Some(ast::Distinct::Rows);
        self
    }

    /// Drops all but the first row of those equal in these expressions,
    /// PostgreSQL's DISTINCT ON. Not attested in any form.
    ///
    /// ```
    /// # use jsonsql::prelude::*;
    /// # #[derive(Table)] struct Terminal { #[column(key, generated)] id: i64, subscriber_id: Option<i64>, mac_addr: MacAddr, #[column(default)] registered: bool }
    /// let query = select(|mut q| {
    ///     let t = q.from(Terminal);
    ///     q.distinct_on(t.subscriber_id).order_by((t.subscriber_id.asc(), t.id.desc()));
    ///     q.select((t.subscriber_id, t.id))
    /// });
    /// assert_eq!(
    ///     format!("{query:#}"),
    ///     "SELECT DISTINCT ON (t.subscriber_id) t.subscriber_id, t.id FROM terminal AS t \
    ///      ORDER BY t.subscriber_id, t.id DESC"
    /// );
    /// ```
    pub fn distinct_on<G: Groups<'q>>(&mut self, groups: G) -> &mut Self {
        let mut on = Vec::new();
        groups.push_to(&mut on);
        self.select.distinct = Some(ast::Distinct::On(on));
        self
    }

    /// Makes one row of all that are equal in these expressions. Whatever is
    /// selected beside them has to be an aggregate, which
    /// [`validate`](crate::resolve::validate) checks and the types do not.
    ///
    /// The document names `group_by` without a form: one expression is sent
    /// alone (evidence grade B by analogy with `order_by`) and several as a
    /// list (grade C), or as [`Dialect::group_by`](crate::Dialect::group_by) says.
    ///
    /// ```
    /// # use jsonsql::prelude::*;
    /// # #[derive(Table)] struct Terminal { #[column(key, generated)] id: i64, subscriber_id: Option<i64>, mac_addr: MacAddr, #[column(default)] registered: bool }
    /// let query = select(|mut q| {
    ///     let t = q.from(Terminal);
    ///     q.group_by(t.subscriber_id);
    ///     q.select((t.subscriber_id, count_rows()))
    /// });
    /// assert_eq!(
    ///     format!("{query:#}"),
    ///     "SELECT t.subscriber_id, count(*) FROM terminal AS t \
    ///      GROUP BY t.subscriber_id"
    /// );
    /// ```
    pub fn group_by<G: Groups<'q>>(&mut self, groups: G) -> &mut Self {
        groups.push_to(&mut self.select.group_by);
        self
    }

    /// Keeps the groups for which the condition is true. `having` is not in
    /// the document's list of clauses (evidence grade C): see
    /// [`Dialect::having`](crate::Dialect::having).
    ///
    /// ```
    /// # use jsonsql::prelude::*;
    /// # #[derive(Table)] struct Terminal { #[column(key, generated)] id: i64, subscriber_id: Option<i64>, mac_addr: MacAddr, #[column(default)] registered: bool }
    /// let query = select(|mut q| {
    ///     let t = q.from(Terminal);
    ///     q.group_by(t.subscriber_id).having(count_rows().gt(3));
    ///     q.select(t.subscriber_id)
    /// });
    /// assert_eq!(
    ///     format!("{query:#}"),
    ///     "SELECT t.subscriber_id FROM terminal AS t \
    ///      GROUP BY t.subscriber_id HAVING count(*) > 3"
    /// );
    /// ```
    pub fn having<C: Operand<'q, bool>>(&mut self, condition: C) -> &mut Self {
        and(&mut self.select.having, condition.into_built().into_ast());
        self
    }

    /// Adds a query's rows to FROM, as a table of its own; its columns come
    /// back as handles. It cannot see the tables of this query.
    ///
    /// ```
    /// # mod tables { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/tables/mod.rs")); }
    /// # use tables::*;
    /// use jsonsql::prelude::*;
    ///
    /// let crowded = select(|mut q| {
    ///     let s = q.from(Subscriber);
    ///     let (owner, boxes) = q.from_select(|mut q| {
    ///         let t = q.from(Terminal);
    ///         q.group_by(t.subscriber_id);
    ///         q.select((t.subscriber_id, count(t.id)))
    ///     });
    ///     q.filter(s.id.eq(owner)).filter(boxes.gt(3));
    ///     q.select((s.username, boxes))
    /// });
    /// assert_eq!(
    ///     format!("{crowded:#}"),
    ///     "SELECT s.username, q.c2 FROM subscriber AS s, (SELECT t.subscriber_id AS c1, \
    ///      count(t.id) AS c2 FROM terminal AS t GROUP BY t.subscriber_id) AS q \
    ///      WHERE s.id = q.c1 AND q.c2 > 3"
    /// );
    /// ```
    #[must_use = "the handles are the only way to the query's columns"]
    pub fn from_select<R: DerivedRow>(
        &mut self,
        build: impl for<'i> FnOnce(Query<'i>) -> Selected<'i, R>,
    ) -> R::Columns<'q> {
        let selected = self.nested(build);
        let number = self.next_number(&derived::INFO);
        self.select.from.push(FromItem {
            source: Source::Select(Box::new(derived::labelled(selected))),
            alias: Some(derived::INFO.alias(number)),
            join: None,
        });
        R::columns(Qualifier::alias(number), &mut 0)
    }

    /// Builds a query that sees the columns of this one.
    ///
    /// ```
    /// # mod tables { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/tables/mod.rs")); }
    /// # use tables::*;
    /// use jsonsql::prelude::*;
    ///
    /// // Subscribers with a terminal that was registered under their login's name.
    /// let query = select(|mut q| {
    ///     let s = q.from(Subscriber);
    ///     let owners = q.subquery(|mut q| {
    ///         let t = q.from(Terminal);
    ///         q.filter(t.subscriber_id.eq(s.id)).filter(t.registered.eq(true));
    ///         q.select(t.subscriber_id)
    ///     });
    ///     q.filter(s.id.in_query(owners));
    ///     q.select(s.username)
    /// });
    /// assert_eq!(
    ///     format!("{query:#}"),
    ///     "SELECT s.username FROM subscriber AS s WHERE s.id IN (SELECT t.subscriber_id \
    ///      FROM terminal AS t WHERE t.subscriber_id = s.id AND t.registered = TRUE)"
    /// );
    /// ```
    pub fn subquery<R>(
        &mut self,
        build: impl for<'i> FnOnce(Nested<'i, 'q>) -> Selected<'i, R>,
    ) -> Subquery<'q, R> {
        let select = self.nested(|query| {
            build(Nested {
                query,
                outer: PhantomData,
            })
        });
        Subquery {
            select,
            marker: PhantomData,
        }
    }

    /// The tables and the condition, for a write that joins tables: `None` when
    /// nothing was filtered.
    pub(super) fn into_joined(self) -> (Vec<FromItem>, Option<ast::Expr>) {
        (self.select.from, all_of(self.filters))
    }

    /// Builds a query within this one, on the statement's one counter of aliases.
    fn nested<'i, R>(&mut self, build: impl FnOnce(Query<'i>) -> Selected<'i, R>) -> ast::Select {
        let mut elsewhere = std::mem::take(&mut self.elsewhere);
        let outer = elsewhere.len();
        elsewhere.extend(self.select.from.iter().filter_map(known));
        let around = elsewhere.len();
        let Selected {
            select,
            mut elsewhere,
            ..
        } = build(Query {
            target: self.target,
            ..Query::new(elsewhere)
        });
        let select = bounded(select);
        elsewhere.drain(outer..around);
        elsewhere.extend(select.from.iter().filter_map(known));
        self.elsewhere = elsewhere;
        select
    }

    /// Ends the query with what to answer with; the row type follows from it.
    // In line, the query is not moved once more; each call is of a type of its own.
    #[inline(always)]
    pub fn select<R, S: Selection<'q, Row = R>>(mut self, selection: S) -> Selected<'q, R> {
        let mut items = Vec::with_capacity(selection.count());
        selection.push_to(&mut items);
        self.select.body = ast::Body::Data(Projection::List(items));
        self.select.filter = all_of(self.filters);
        Selected {
            select: self.select,
            elsewhere: self.elsewhere,
            marker: PhantomData,
        }
    }
}

fn known(item: &FromItem) -> Option<&'static TableInfo> {
    match &item.source {
        Source::Table(table) => table.info(),
        Source::Select(_) => Some(&derived::INFO),
    }
}

/// The select, or in its place one that cannot be written if it is too deep.
pub(super) fn bounded(select: ast::Select) -> ast::Select {
    if select.is_bounded() {
        return select;
    }
    ast::Expr::Select(Box::new(select)).dismantle();
    ast::Select::new(Projection::Single(ast::Expr::TooDeep.into()))
}

/// All of these conditions, or no condition.
fn all_of(mut filters: Vec<ast::Expr>) -> Option<ast::Expr> {
    match filters.len() {
        0 | 1 => filters.pop(),
        _ => Some(ast::Expr::Op(ast::Op::And, filters)),
    }
}

/// Adds a condition to those that are there, in one flat list.
pub(super) fn and(filter: &mut Option<ast::Expr>, condition: ast::Expr) {
    *filter = match filter.take() {
        Some(ast::Expr::Op(ast::Op::And, mut all)) => {
            all.push(condition);
            all_of(all)
        }
        Some(one) => all_of(vec![one, condition]),
        None => Some(condition),
    };
}

impl<'i, 'o: 'i> Nested<'i, 'o> {
    /// Ends the query; see [`Query::select`].
    pub fn select<R, S: Selection<'i, Row = R>>(self, selection: S) -> Selected<'i, R> {
        self.query.select(selection)
    }
}

impl<'i> Deref for Nested<'i, '_> {
    type Target = Query<'i>;

    fn deref(&self) -> &Query<'i> {
        &self.query
    }
}

impl DerefMut for Nested<'_, '_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.query
    }
}

impl<R> fmt::Debug for Selected<'_, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.select, f)
    }
}

impl fmt::Debug for Query<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Query").finish_non_exhaustive()
    }
}

impl fmt::Debug for Nested<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.query.fmt(f)
    }
}
