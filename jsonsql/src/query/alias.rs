//! Aliases: no two alike in a statement, and none that reads like a text in it.

use super::sql_name::SqlName;
use super::target;
use crate::ast::{Column, Expr, FromItem, Name, Select, StatementMut};

/// Renames aliases where a closed query was embedded that uses the same ones,
/// or where a text of the statement is spelt like one: a bare `"s"` beside an
/// alias `s` is a row to PostgreSQL, not a text. A text in another spelling of
/// the alias (`"S"`) counts too, whatever the dialect: another alias costs nothing.
pub(super) fn settle(statement: &mut StatementMut<'_>) {
    let mut names = Names::default();
    // The target goes by its own name.
    names
        .taken
        .extend(target::target(statement.by_ref()).map(|name| Name::Owned(name.to_owned())));
    names.used.clone_from(&names.taken);
    statement
        .by_ref()
        .texts(&mut |_, text| names.texts.push(text.to_owned()));
    names.used.extend(aliases(joined_mut(statement)));
    statement
        .by_ref()
        .selects(&mut |select| names.collect(select));
    for (old, new) in names.settle(joined_mut(statement)) {
        statement.roots_mut(&mut |_, root| rename_in(root, &old, &new));
    }
    statement.selects_mut(&mut |select| settle_select(select, &mut names));
}

/// The names of a statement that an alias has to keep clear of.
#[derive(Default)]
struct Names {
    texts: Vec<String>,
    /// Aliases anywhere in the statement: a fresh one is none of them, for
    /// those further inside are looked at later.
    used: Vec<Name>,
    /// Aliases that are settled.
    taken: Vec<Name>,
}

impl Names {
    fn collect(&mut self, select: &Select) {
        self.used.extend(aliases(&select.from));
        select.selects(&mut |nested| self.collect(nested));
    }

    /// Gives the tables of one FROM aliases that nothing else has, and tells
    /// what has been renamed.
    fn settle(&mut self, items: &mut [FromItem]) -> Vec<(Name, Name)> {
        let mut renamed = Vec::new();
        for alias in items.iter_mut().filter_map(|item| item.alias.as_mut()) {
            if self.taken.contains(alias) || self.is_text(alias) {
                let fresh = self.fresh(alias);
                self.used.push(fresh.clone());
                renamed.push((std::mem::replace(alias, fresh.clone()), fresh));
            }
            self.taken.push(alias.clone());
        }
        renamed
    }

    fn fresh(&self, alias: &Name) -> Name {
        let stem = alias.trim_end_matches(|c: char| c.is_ascii_digit());
        (2u64..)
            .map(|number| Name::Owned(format!("{stem}{number}")))
            .find(|name| !self.used.contains(name) && !self.is_text(name))
            .unwrap_or_else(|| alias.clone())
    }

    fn is_text(&self, name: &Name) -> bool {
        self.texts.iter().any(|text| SqlName::new(text).is(name))
    }
}

fn aliases(items: &[FromItem]) -> impl Iterator<Item = Name> {
    items.iter().filter_map(|item| item.alias.clone())
}

/// The tables that an update or delete joins.
fn joined_mut<'a>(statement: &'a mut StatementMut<'_>) -> &'a mut [FromItem] {
    match statement {
        StatementMut::Update(update) => &mut update.from,
        StatementMut::Delete(delete) => &mut delete.using,
        StatementMut::Select(_) | StatementMut::Insert(_) => &mut [],
    }
}

fn settle_select(select: &mut Select, names: &mut Names) {
    for (old, new) in names.settle(&mut select.from) {
        select.roots_mut(&mut |_, root| rename_in(root, &old, &new));
    }
    select.selects_mut(&mut |nested| settle_select(nested, names));
}

fn rename_in(root: &mut Expr, old: &Name, new: &Name) {
    root.deep_mut(&mut |expr| match expr {
        Expr::Column(Column {
            table: Some(table), ..
        }) if table == old => {
            table.clone_from(new);
        }
        // An alias of the same name inside hides ours there.
        Expr::Select(nested) if !defines(nested, old) => {
            nested.roots_mut(&mut |_, root| rename_in(root, old, new));
        }
        _ => {}
    });
}

fn defines(select: &Select, alias: &Name) -> bool {
    select
        .from
        .iter()
        .any(|item| item.alias.as_ref() == Some(alias))
}
