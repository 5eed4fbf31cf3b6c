//! Aliases: no two alike in a statement, and none that reads like a text in it.

use crate::ast::{Column, Expr, Name, Select, Statement};

/// Renames aliases where a closed query was embedded that uses the same ones,
/// or where a text of the statement is spelt like one: a bare `"s"` beside an
/// alias `s` is a row to PostgreSQL, not a text.
pub(super) fn settle(statement: &mut Statement) {
    if is_settled(statement) {
        return;
    }
    let mut texts = Vec::new();
    statement.texts(&mut |_, text| texts.push(text.to_owned()));
    let mut taken = Vec::new();
    statement.selects_mut(&mut |select| settle_select(select, &texts, &mut taken));
}

/// Whether there is nothing to do: the aliases of one query are distinct as it
/// is built, so only a nested query or a text of two letters can be in the way.
fn is_settled(statement: &Statement) -> bool {
    let mut settled = true;
    statement.selects(&mut |select| {
        select.selects(&mut |_| settled = false);
        statement.texts(&mut |_, text| {
            settled &= !select
                .from
                .iter()
                .any(|item| item.alias.as_deref() == Some(text));
        });
    });
    settled
}

fn settle_select(select: &mut Select, texts: &[String], taken: &mut Vec<Name>) {
    for index in 0..select.from.len() {
        let Some(alias) = select.from[index].alias.clone() else {
            continue;
        };
        let is_free = |name: &str, taken: &[Name]| {
            !taken.iter().any(|known| known == name) && !texts.iter().any(|text| text == name)
        };
        let fresh = if is_free(&alias, taken) {
            alias
        } else {
            let stem = alias.trim_end_matches(|c: char| c.is_ascii_digit());
            let fresh = (2u32..)
                .map(|number| Name::Owned(format!("{stem}{number}")))
                .find(|name| is_free(name, taken) && !defines(select, name))
                .unwrap_or_else(|| alias.clone());
            rename(select, &alias, &fresh);
            select.from[index].alias = Some(fresh.clone());
            fresh
        };
        taken.push(fresh);
    }
    select.selects_mut(&mut |nested| settle_select(nested, texts, taken));
}

/// Whether this select or one nested in it has a table of this alias.
fn defines(select: &Select, alias: &str) -> bool {
    let mut found = select
        .from
        .iter()
        .any(|item| item.alias.as_deref() == Some(alias));
    select.selects(&mut |nested| found |= defines(nested, alias));
    found
}

fn rename(select: &mut Select, old: &Name, new: &Name) {
    select.roots_mut(&mut |_, root| {
        root.deep_mut(&mut |expr| match expr {
            Expr::Column(Column {
                table: Some(table), ..
            }) if table == old => {
                *table = new.clone();
            }
            // An alias of the same name inside hides ours there.
            Expr::Select(nested)
                if !nested
                    .from
                    .iter()
                    .any(|item| item.alias.as_ref() == Some(old)) =>
            {
                rename(nested, old, new);
            }
            _ => {}
        });
    });
}
