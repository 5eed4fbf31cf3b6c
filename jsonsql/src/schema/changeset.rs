//! Structs that say what to change in a row.

use super::{Table, Value};
use crate::ast;
use crate::expr::Assignment;
use crate::expr::{NotNull, Null};

/// A Rust struct whose fields say what to change in a row of a table; derive
/// it with `#[derive(Changeset)]` and `#[changeset(table = Subscriber)]`.
///
/// A field for a NOT NULL column is an `Option`: `None` leaves the column as it
/// is. A field for a nullable column is a [`Change`], since there leaving it
/// and making it NULL are two things.
///
/// ```
/// # mod tables { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/tables/mod.rs")); }
/// # use tables::*;
/// use jsonsql::prelude::*;
///
/// #[derive(Default, Changeset)]
/// #[changeset(table = Subscriber)]
/// struct Patch<'a> {
///     disabled: Option<bool>,
///     password: Change<&'a str>,
///     max_terminal: Change<i32>,
/// }
///
/// let patch = Patch { disabled: Some(false), max_terminal: Change::Null, ..Patch::default() };
/// let update = Subscriber::update(|s| s.username.eq("12345")).set_changes(&patch);
/// assert_eq!(
///     format!("{update:#}"),
///     "UPDATE subscriber SET disabled = FALSE, max_terminal = NULL \
///      WHERE username = '12345' RETURNING id"
/// );
///
/// let nothing = Subscriber::update(|s| s.username.eq("12345")).set_changes(&Patch::default());
/// assert_eq!(nothing.to_json().unwrap_err().to_string(), "an update of `subscriber` that sets nothing");
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a changeset",
    label = "not a changeset",
    note = "put `#[derive(Changeset)]` and `#[changeset(table = …)]` on the struct"
)]
pub trait Changeset {
    /// The table whose rows it changes.
    type Table: Table;
    #[doc(hidden)]
    fn assignments(&self) -> Vec<Assignment<'static>>;
}

/// A change to a nullable column.
///
/// ```
/// use jsonsql::Change;
///
/// // The three states of a nullable column in a change.
/// let states: [Change<i32>; 3] = [Change::Keep, Change::Null, Change::To(3)];
/// assert_eq!(states[0], Change::default());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Change<V> {
    /// Leave it as it is.
    #[default]
    Keep,
    /// Make it NULL.
    Null,
    /// Give it this value.
    To(V),
}

/// A field of a changeset for a column of type `T` and nullability `N`.
#[diagnostic::on_unimplemented(
    message = "a changeset's field for a column of type `{T}` ({N}) cannot be `{Self}`",
    label = "expected `Option<{T}>` for a NOT NULL column, `Change<{T}>` for a nullable one",
    note = "an `Option` cannot say both \"leave it\" and \"make it NULL\""
)]
pub trait ChangeFor<T, N> {
    #[doc(hidden)]
    fn new_value(&self) -> Option<ast::Expr>;
}

impl<T, V: Value<T, NotNull>> ChangeFor<T, NotNull> for Option<V> {
    fn new_value(&self) -> Option<ast::Expr> {
        self.as_ref().map(Value::to_ast)
    }
}

impl<T, V: Value<T, NotNull>> ChangeFor<T, Null> for Change<V> {
    fn new_value(&self) -> Option<ast::Expr> {
        match self {
            Change::Keep => None,
            Change::Null => Some(ast::Expr::Null),
            Change::To(value) => Some(value.to_ast()),
        }
    }
}
