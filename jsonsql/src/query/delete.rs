//! DELETE.

use std::marker::PhantomData;

use super::statement::typed_statement;
use super::{Query, Selection, TableRef};
use crate::ast::{self, TableName};
use crate::expr::Qualifier;
use crate::schema::Table;

/// A DELETE from table `T` that answers with rows of type `R`: the deleted
/// rows' keys, unless [`returning`](Self::returning) says otherwise.
#[must_use = "a statement does nothing until it is sent"]
pub struct Delete<T, R> {
    node: ast::Delete,
    /// See [`is_plain`](super::fast_path::is_plain).
    plain: bool,
    marker: PhantomData<fn() -> (T, R)>,
}

typed_statement!([T, R] Delete<T, R>: Delete, R);

impl<T: Table> Delete<T, T::Key> {
    /// Every row for which this is true; what `Subscriber::delete(…)` calls.
    #[doc(hidden)]
    pub fn of_table(filter: Option<ast::Expr>) -> Self {
        Delete::new(ast::Delete {
            from: TableName::known(T::INFO),
            using: Vec::new(),
            filter,
            returning: Some(super::key_of::<T>(Qualifier::BARE)),
        })
    }

    /// Rows for which this is true with rows of other tables; what
    /// `Terminal::delete_using(…)` calls.
    #[doc(hidden)]
    pub fn of_joined(build: impl for<'q> FnOnce(&mut Query<'q>, TableRef<'q, T>)) -> Self {
        let mut query = Query::joined_to(T::INFO);
        build(&mut query, TableRef::new(Qualifier::TABLE));
        let (using, filter) = query.into_joined();
        Delete::new(ast::Delete {
            from: TableName::known(T::INFO),
            returning: Some(super::key_of::<T>(super::qualifier(&using))),
            using,
            // Without a filter it is every row, and refused as such.
            filter: filter.or(Some(ast::Expr::Bool(true))),
        })
    }
}

impl<T: Table, R> Delete<T, R> {
    /// Answers with this of every deleted row, instead of its key.
    ///
    /// ```
    /// # use jsonsql::prelude::*;
    /// # #[derive(Table)] struct Terminal { #[column(key, generated)] id: i64, subscriber_id: Option<i64>, mac_addr: MacAddr, #[column(default)] registered: bool }
    /// let gone = Terminal::delete(|t| t.subscriber_id.eq(7)).returning(|t| t.mac_addr);
    /// assert_eq!(
    ///     format!("{gone:#}"),
    ///     "DELETE FROM terminal WHERE subscriber_id = 7 RETURNING mac_addr"
    /// );
    /// ```
    pub fn returning<S: Selection<'static>>(
        self,
        selection: impl FnOnce(TableRef<'static, T>) -> S,
    ) -> Delete<T, S::Row> {
        let mut delete = self.node;
        let target = super::qualifier(&delete.using);
        delete.returning = Some(super::returning(target, selection));
        Delete::new(delete)
    }
}
