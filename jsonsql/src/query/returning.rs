//! RETURNING.

use super::{Selection, TableRef};
use crate::ast::{self, Expr, FromItem, Item, Name, Projection};
use crate::expr::{Column, Expr as Typed, Node, Nullability, Qualifier};
use crate::schema::Table;

/// Returns the projection of a write for which nothing was requested: the key,
/// because what a server returns without `returning` is unknown.
pub(super) fn key_of<T: Table>(target: Qualifier) -> Projection {
    let mut items = Vec::new();
    for (index, column) in (0..).zip(T::INFO.columns) {
        if column.key {
            items.push(
                Column::new(T::INFO, target, index)
                    .into_built()
                    .into_ast()
                    .into(),
            );
        }
    }
    shaped(items)
}

/// Used by the derive: the predicate of an update or delete, whose columns
/// stand without an alias.
#[doc(hidden)]
pub fn predicate<T: Table, N: Nullability, K: Node>(
    condition: impl for<'q> FnOnce(TableRef<'q, T>) -> Typed<'q, bool, N, K>,
) -> Expr {
    condition(TableRef::new(Qualifier::BARE)).into_ast()
}

/// Returns the projection that the user requested.
pub(super) fn returning<T: Table, S: Selection<'static>>(
    target: Qualifier,
    selection: impl FnOnce(TableRef<'static, T>) -> S,
) -> Projection {
    let selection = selection(TableRef::new(target));
    let mut items = Vec::with_capacity(selection.count());
    selection.push_to(&mut items);
    for item in &mut items {
        qualify_named::<T>(item);
    }
    if S::SINGLE {
        shaped(items)
    } else {
        Projection::List(items)
    }
}

/// Returns the qualifier of a write's target: none while it is the only table, and
/// otherwise its name.
pub(super) fn qualifier(joined: &[FromItem]) -> Qualifier {
    if joined.is_empty() {
        Qualifier::BARE
    } else {
        Qualifier::TABLE
    }
}

/// One expression is sent without a list, `"returning": "id"`: the only
/// attested form.
fn shaped(mut items: Vec<Item>) -> Projection {
    match items.len() {
        1 => Projection::Single(items.remove(0)),
        _ => Projection::List(items),
    }
}

/// Writes a column under an output name with its table, `{"package": "id",
/// "as": "package_id"}`: a bare one has no form that carries a name.
fn qualify_named<T: Table>(item: &mut Item) {
    if let Item {
        expr: Expr::Column(ast::Column { table, .. }),
        alias: Some(_),
    } = item
    {
        table.get_or_insert(Name::Borrowed(T::INFO.name));
    }
}
