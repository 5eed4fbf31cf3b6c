//! Nested queries that differ in nothing but their aliases.
//!
//! A statement gives each table an alias of its own, so that a query used twice,
//! as in `a or not a`, is no longer equal to itself.

use crate::ast::{Column, Expr, Name, Select};

/// The condition with its nested queries counting their aliases alike; `None`
/// if it has not two of them.
pub(super) fn alike(condition: &Expr) -> Option<Expr> {
    let mut queries = 0;
    condition.deep(&mut |expr| queries += usize::from(matches!(expr, Expr::Select(_))));
    if queries < 2 {
        return None;
    }
    let mut condition = condition.clone();
    condition.deep_mut(&mut |expr| {
        if let Expr::Select(select) = expr {
            count_aliases(select, &mut 0);
        }
    });
    Some(condition)
}

fn count_aliases(select: &mut Select, counted: &mut usize) {
    let mut renamed = Vec::new();
    for alias in select
        .from
        .iter_mut()
        .filter_map(|item| item.alias.as_mut())
    {
        // No table and no alias has such a name.
        let new = Name::Owned(format!("\0{counted}"));
        *counted += 1;
        renamed.push((std::mem::replace(alias, new.clone()), new));
    }
    for (old, new) in renamed {
        select.roots_mut(&mut |_, root| rename(root, &old, &new));
    }
    select.selects_mut(&mut |nested| count_aliases(nested, counted));
}

/// Gives the columns of a table another qualifier, but where a query nested in
/// the expression has a table of the old name itself.
pub(super) fn rename(root: &mut Expr, old: &Name, new: &Name) {
    root.deep_mut(&mut |expr| match expr {
        Expr::Column(Column {
            table: Some(table), ..
        }) if table == old => table.clone_from(new),
        Expr::Select(nested) => {
            let hides = nested
                .from
                .iter()
                .any(|item| item.visible_name() == Some(old));
            if !hides {
                nested.roots_mut(&mut |_, root| rename(root, old, new));
            }
        }
        _ => {}
    });
}
