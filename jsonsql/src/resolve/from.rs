//! FROM: tables and sub-selects come into scope.

use crate::ast::{At, FromItem, Source};

use super::{Field, FindingKind, Relation, Resolver, Scope};

impl Resolver<'_> {
    /// The relations of a FROM, after those already there (an update's target).
    ///
    /// `outer` is what surrounds the whole statement: a sub-select in FROM does
    /// not see its neighbours.
    pub(super) fn from(
        &mut self,
        items: &mut [FromItem],
        mut relations: Vec<Relation>,
        outer: Option<&Scope<'_>>,
        at: &At<'_>,
    ) -> Vec<Relation> {
        let listed = is_list(items);
        let already = relations.len();
        for (index, item) in items.iter_mut().enumerate() {
            let entry = at.item(index);
            let at = if listed { &entry } else { at };
            let relation = self.relation(item, outer, at);
            if let Some(name) = &relation.name
                && relations
                    .iter()
                    .any(|other| other.name.as_ref() == Some(name))
            {
                let message = format!("table name \"{name}\" specified more than once");
                self.report(at, FindingKind::DuplicateAlias, message);
            }
            relations.push(relation);
        }
        // Conditions come last, so that a reference to a table that stands
        // further right is recognised as one.
        let mut chain = already;
        for (index, item) in items.iter_mut().enumerate() {
            let Some(join) = &mut item.join else {
                chain = already + index;
                continue;
            };
            let Some(on) = &mut join.on else { continue };
            let scope = Scope::narrowed(&relations, chain..already + index + 1, outer);
            let entry = at.item(index);
            self.expr(on, &scope, &entry.member("on"));
        }
        relations
    }

    /// The target of an insert, update or delete.
    pub(super) fn target(&mut self, table: &str, at: &At<'_>) -> Relation {
        match self.schema.table(table) {
            Some(table) => Relation::of_table(table, None),
            None => self.unknown_table(table, at),
        }
    }

    fn relation(
        &mut self,
        item: &mut FromItem,
        outer: Option<&Scope<'_>>,
        at: &At<'_>,
    ) -> Relation {
        let joined = item.join.is_some();
        match &mut item.source {
            Source::Table(name) => {
                if let Some(table) = self.schema.table(name) {
                    return Relation::of_table(table, item.alias.as_ref());
                }
                let member = match (joined, &item.alias) {
                    (true, _) => Some("join"),
                    (false, Some(_)) => Some("table"),
                    (false, None) => None,
                };
                let mut relation = match member {
                    Some(member) => self.unknown_table(name, &at.member(member)),
                    None => self.unknown_table(name, at),
                };
                if item.alias.is_some() {
                    relation.name.clone_from(&item.alias);
                }
                relation
            }
            Source::Select(select) => {
                let join = at.member("join");
                let at = if joined { &join } else { at };
                let fields = self.select(select, outer, &at.member("select"));
                Relation {
                    name: item.alias.clone(),
                    table: None,
                    fields,
                }
            }
        }
    }

    fn unknown_table(&mut self, table: &str, at: &At<'_>) -> Relation {
        let message = format!("relation \"{table}\" does not exist");
        self.report(at, FindingKind::UnknownTable, message);
        Relation {
            name: Some(table.to_owned().into()),
            table: Some(table.to_owned().into()),
            fields: None,
        }
    }
}

/// Returns `true` if a FROM is written as a list; see the writer of the grammar.
pub(super) fn is_list(items: &[FromItem]) -> bool {
    !matches!(
        items,
        [FromItem {
            source: Source::Table(_),
            join: None,
            ..
        }]
    )
}

/// All columns of these relations, what `*` stands for; `None` if one of the
/// tables is not known.
pub(super) fn star(relations: &[Relation]) -> Option<Vec<Field>> {
    let mut all = Vec::new();
    for relation in relations {
        all.extend_from_slice(relation.fields.as_ref()?);
    }
    Some(all)
}
