//! Nested queries that are finished.

use std::fmt;

use crate::Brand;
use crate::ast;
use crate::expr::{Built, Expr, Null};
use crate::types::SqlType;

/// A finished nested query, to be used in the query around it.
#[must_use = "a query does nothing until it is used"]
pub struct Subquery<'q, R> {
    pub(super) select: ast::Select,
    pub(super) marker: Brand<'q, R>,
}

impl<'q, T: SqlType> Subquery<'q, T> {
    /// The query's one value, NULL if it has no row. More than one row is an
    /// error of the statement. A sub-select outside `in` is not attested.
    pub fn scalar(self) -> Expr<'q, T, Null> {
        Expr::new(Built::measured(ast::Expr::Select(Box::new(self.select))))
    }
}

impl<'q, T: SqlType> Subquery<'q, Option<T>> {
    /// The query's one value, NULL if it is NULL or there is no row. See
    /// [`scalar`](Subquery::scalar) of a query that selects a value.
    ///
    /// ```
    /// # mod tables { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/tables/mod.rs")); }
    /// # use tables::*;
    /// use jsonsql::prelude::*;
    ///
    /// let query = select(|mut q| {
    ///     let s = q.from(Subscriber);
    ///     let newest = q.subquery(|mut q| {
    ///         let t = q.from(Terminal);
    ///         q.filter(t.subscriber_id.eq(s.id));
    ///         q.select(max(t.id))
    ///     });
    ///     q.select((s.username, newest.scalar()))
    /// });
    /// assert_eq!(
    ///     format!("{query:#}"),
    ///     "SELECT s.username, (SELECT max(t.id) FROM terminal AS t \
    ///      WHERE t.subscriber_id = s.id) FROM subscriber AS s"
    /// );
    /// ```
    pub fn scalar(self) -> Expr<'q, T, Null> {
        Expr::new(Built::measured(ast::Expr::Select(Box::new(self.select))))
    }
}

impl<'q, R> Subquery<'q, R> {
    /// Returns `true` if the query has a row: SQL's EXISTS, never NULL.
    ///
    /// The protocol has no EXISTS, so it is sent as `1 IN (SELECT 1 …)` (`in`
    /// of a sub-select is evidence grade A, a literal in `data` too); a query
    /// with groups, aggregates or DISTINCT becomes a sub-select in its FROM.
    ///
    /// ```
    /// # mod tables { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/tables/mod.rs")); }
    /// # use tables::*;
    /// use jsonsql::prelude::*;
    ///
    /// let without_terminal = select(|mut q| {
    ///     let s = q.from(Subscriber);
    ///     let terminals = q.subquery(|mut q| {
    ///         let t = q.from(Terminal);
    ///         q.filter(t.subscriber_id.eq(s.id));
    ///         q.select(t.id)
    ///     });
    ///     q.filter(!terminals.exists());
    ///     q.select(s.username)
    /// });
    /// assert_eq!(
    ///     format!("{without_terminal:#}"),
    ///     "SELECT s.username FROM subscriber AS s WHERE NOT (1 IN (SELECT 1 \
    ///      FROM terminal AS t WHERE t.subscriber_id = s.id))"
    /// );
    /// ```
    pub fn exists(self) -> Expr<'q, bool> {
        Expr::new(Built::measured(ast::Expr::exists(self.select)))
    }

    pub(crate) fn into_ast(self) -> ast::Select {
        self.select
    }
}

impl<R> fmt::Debug for Subquery<'_, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.select, f)
    }
}
