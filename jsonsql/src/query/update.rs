//! UPDATE.

use std::marker::PhantomData;

use super::statement::typed_statement;
use super::{Query, Selection, TableRef};
use crate::ast::{self, Name, TableName};
use crate::expr::Assignment;
use crate::expr::Qualifier;
use crate::schema::{Changeset, Table};

/// An UPDATE of table `T` that answers with rows of type `R`: the changed
/// rows' keys, unless [`returning`](Self::returning) says otherwise.
#[must_use = "a statement does nothing until it is sent"]
pub struct Update<T, R> {
    node: ast::Update,
    /// See [`is_plain`](super::fast_path::is_plain).
    plain: bool,
    marker: PhantomData<fn() -> (T, R)>,
}

typed_statement!([T, R] Update<T, R>: Update, R);

/// An UPDATE that does not say yet what to set: `Subscriber::update(…)`.
#[must_use = "say what to change: `.set(|s| s.disabled.to(true))`"]
pub struct Unset<T> {
    filter: Option<ast::Expr>,
    marker: PhantomData<fn() -> T>,
}

impl<T: Table> Unset<T> {
    /// Every row for which this is true; what `Subscriber::update(…)` calls.
    #[doc(hidden)]
    pub fn of_table(filter: Option<ast::Expr>) -> Self {
        Unset {
            filter,
            marker: PhantomData,
        }
    }

    /// Sets the columns to change: one assignment, or a tuple or `Vec` of them.
    ///
    /// ```
    /// # use jsonsql::prelude::*;
    /// # #[derive(Table)] struct Subscriber { #[column(key, generated)] id: i64, username: String, #[column(default)] disabled: bool, max_terminal: Option<i32> }
    /// let change = Subscriber::update(|s| s.username.eq("12345"))
    ///     .set(|s| (s.disabled.to(true), s.max_terminal.to(null())));
    /// assert_eq!(
    ///     format!("{change:#}"),
    ///     "UPDATE subscriber SET disabled = TRUE, max_terminal = NULL \
    ///      WHERE username = '12345' RETURNING id"
    /// );
    /// ```
    pub fn set<A: Assignments<'static>>(
        self,
        assignments: impl FnOnce(TableRef<'static, T>) -> A,
    ) -> Update<T, T::Key> {
        let mut set = Vec::new();
        assignments(TableRef::new(Qualifier::BARE)).push_to(&mut set);
        Update::new(ast::Update {
            table: TableName::known(T::INFO),
            set,
            from: Vec::new(),
            filter: self.filter,
            returning: Some(super::key_of::<T>(Qualifier::BARE)),
        })
    }

    /// Sets the columns that a changeset changes.
    ///
    /// An empty one is no statement: sending it is refused.
    ///
    /// ```
    /// # use jsonsql::prelude::*;
    /// # #[derive(Table)] struct Subscriber { #[column(key, generated)] id: i64, username: String, #[column(default)] disabled: bool, max_terminal: Option<i32> }
    /// #[derive(Changeset)]
    /// #[changeset(table = Subscriber)]
    /// struct Form {
    ///     disabled: Option<bool>,
    ///     max_terminal: Change<i32>,
    /// }
    ///
    /// let form = Form { disabled: None, max_terminal: Change::Null };
    /// let change = Subscriber::update(|s| s.id.eq(7)).set_changes(&form);
    /// assert_eq!(
    ///     format!("{change:#}"),
    ///     "UPDATE subscriber SET max_terminal = NULL WHERE id = 7 RETURNING id"
    /// );
    /// ```
    pub fn set_changes<C: Changeset<Table = T>>(self, changes: &C) -> Update<T, T::Key> {
        self.set(|_| changes.assignments())
    }
}

impl<T: Table> Update<T, T::Key> {
    /// Rows for which this is true with rows of other tables; what
    /// `Terminal::update_from(…)` calls.
    #[doc(hidden)]
    pub fn of_joined(
        build: impl for<'q> FnOnce(&mut Query<'q>, TableRef<'q, T>) -> Vec<Assignment<'q>>,
    ) -> Self {
        let mut query = Query::joined_to(T::INFO);
        let mut set = Vec::new();
        build(&mut query, TableRef::new(Qualifier::TABLE)).push_to(&mut set);
        let (from, filter) = query.into_joined();
        Update::new(ast::Update {
            table: TableName::known(T::INFO),
            set,
            returning: Some(super::key_of::<T>(super::qualifier(&from))),
            from,
            // Without a filter it is every row, and refused as such.
            filter: filter.or(Some(ast::Expr::Bool(true))),
        })
    }
}

/// Holds for no type: its message says what is called too early.
#[diagnostic::on_unimplemented(
    message = "this update does not say yet what to change",
    label = "write `.set(|s| s.disabled.to(true))` before this"
)]
pub trait SetFirst {}

/// The methods of an update, which cannot be called before there is something to set.
///
/// ```
/// # use jsonsql::prelude::*;
/// # #[derive(Table)] struct Subscriber { #[column(key, generated)] id: i64, username: String, #[column(default)] disabled: bool, max_terminal: Option<i32> }
/// let change = Subscriber::update(|s| s.id.eq(7))
///     .set(|s| s.disabled.to(true))
///     .returning(|s| (s.id, s.username));
/// assert!(change.to_string().ends_with("RETURNING id, username"));
/// ```
impl<T> Unset<T> {
    #[doc(hidden)]
    pub fn at_most(self, _: u64)
    where
        Self: SetFirst,
    {
    }

    #[doc(hidden)]
    pub fn returning<S>(self, _: impl FnOnce(TableRef<'static, T>) -> S)
    where
        Self: SetFirst,
        T: Table,
    {
    }

    #[doc(hidden)]
    pub fn to_json(&self)
    where
        Self: SetFirst,
    {
    }
}

impl<T> std::fmt::Debug for Unset<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Unset").finish_non_exhaustive()
    }
}

impl<T: Table, R> Update<T, R> {
    /// Further changes. Two to one column are refused when it is sent.
    ///
    /// ```
    /// # use jsonsql::prelude::*;
    /// # #[derive(Table)] struct Subscriber { #[column(key, generated)] id: i64, username: String, #[column(default)] disabled: bool, max_terminal: Option<i32> }
    /// let mut change = Subscriber::update(|s| s.id.eq(7)).set(|s| s.disabled.to(false));
    /// let terminals = Some(3); // what a form may leave empty
    /// if let Some(terminals) = terminals {
    ///     change = change.set(|s| s.max_terminal.to(terminals));
    /// }
    /// assert_eq!(
    ///     format!("{change:#}"),
    ///     "UPDATE subscriber SET disabled = FALSE, max_terminal = 3 WHERE id = 7 RETURNING id"
    /// );
    /// ```
    pub fn set<A: Assignments<'static>>(
        self,
        assignments: impl FnOnce(TableRef<'static, T>) -> A,
    ) -> Self {
        let mut update = self.node;
        let target = super::qualifier(&update.from);
        assignments(TableRef::new(target)).push_to(&mut update.set);
        Update::new(update)
    }

    /// Answers with this of every changed row, instead of its key.
    pub fn returning<S: Selection<'static>>(
        self,
        selection: impl FnOnce(TableRef<'static, T>) -> S,
    ) -> Update<T, S::Row> {
        let mut update = self.node;
        let target = super::qualifier(&update.from);
        update.returning = Some(super::returning(target, selection));
        Update::new(update)
    }
}

/// One or more assignments: an [`Assignment`], a tuple, a `Vec` or an array of them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not set a column",
    note = "write `.set(|s| s.disabled.to(true))`, or a tuple of such assignments"
)]
pub trait Assignments<'q> {
    #[doc(hidden)]
    fn push_to(self, set: &mut Vec<(Name, ast::Expr)>);
}

impl<'q> Assignments<'q> for Assignment<'q> {
    fn push_to(self, set: &mut Vec<(Name, ast::Expr)>) {
        set.push((self.column, self.value));
    }
}

impl<'q> Assignments<'q> for Vec<Assignment<'q>> {
    fn push_to(self, set: &mut Vec<(Name, ast::Expr)>) {
        self.into_iter()
            .for_each(|assignment| assignment.push_to(set));
    }
}

impl<'q, const COUNT: usize> Assignments<'q> for [Assignment<'q>; COUNT] {
    fn push_to(self, set: &mut Vec<(Name, ast::Expr)>) {
        self.into_iter()
            .for_each(|assignment| assignment.push_to(set));
    }
}

macro_rules! assignments {
    ($($($name:ident)+;)*) => {$(
        impl<'q, $($name: Assignments<'q>),+> Assignments<'q> for ($($name,)+) {
            #[allow(non_snake_case, reason = "one binding per type parameter")]
            fn push_to(self, set: &mut Vec<(Name, ast::Expr)>) {
                let ($($name,)+) = self;
                $($name.push_to(set);)+
            }
        }
    )*};
}

assignments! {
    A; A B; A B C; A B C D; A B C D E; A B C D E F; A B C D E F G; A B C D E F G H;
    A B C D E F G H I; A B C D E F G H I J; A B C D E F G H I J K; A B C D E F G H I J K L;
}
