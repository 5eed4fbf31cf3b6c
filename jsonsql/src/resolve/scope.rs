//! The columns that a name can mean at one place of a statement.

use std::ops::Range;

use crate::ast::Name;

use super::Table;
use crate::ast::SqlKind;

/// The columns that one entry of FROM brings into scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relation {
    /// The qualifier of its columns; a sub-select without an alias has none.
    pub name: Option<Name>,
    /// The table behind it, unless it is a sub-select.
    pub table: Option<Name>,
    /// Its columns; `None` when the table is not known, and everything may be
    /// a column of it.
    pub fields: Option<Vec<Field>>,
}

/// One column in scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: Name,
    /// The type of its values, if it is known without looking into expressions.
    pub kind: Option<SqlKind>,
    /// `true` if it may be NULL, or if that is not known.
    pub nullable: bool,
}

impl Relation {
    /// A table under its own name or an alias.
    pub fn of_table(table: &Table, alias: Option<&Name>) -> Relation {
        let fields = table.columns.iter().map(|column| Field {
            name: column.name.clone(),
            kind: Some(column.kind),
            nullable: column.nullable,
        });
        Relation {
            name: Some(alias.unwrap_or(&table.name).clone()),
            table: Some(table.name.clone()),
            fields: Some(fields.collect()),
        }
    }
}

/// The relations of one select or change, as far as they are visible from one
/// place, and around them those of the statement it stands in.
#[derive(Debug, Clone)]
pub struct Scope<'a> {
    relations: &'a [Relation],
    visible: Range<usize>,
    outer: Option<&'a Scope<'a>>,
}

/// The meaning of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lookup<'a> {
    /// This column of this relation, `depth` statements further out.
    Found {
        /// 0 for the innermost statement.
        depth: usize,
        /// The relation.
        relation: &'a Relation,
        /// Its column.
        field: &'a Field,
    },
    /// A column of two relations of the same FROM.
    Ambiguous,
    /// The relation is in scope, and has no such column.
    NoColumn,
    /// No relation in scope goes by that name.
    NoRelation,
    /// A relation that goes by that name is part of the statement, but not
    /// visible from here, or hidden behind its alias.
    OutOfReach,
    /// It may be a column of a table that is itself not known.
    Unknown,
}

impl<'a> Scope<'a> {
    /// A scope in which all of these relations are visible.
    pub fn new(relations: &'a [Relation], outer: Option<&'a Scope<'a>>) -> Scope<'a> {
        Scope {
            relations,
            visible: 0..relations.len(),
            outer,
        }
    }

    /// A scope in which only some of these relations are visible, as in ON.
    pub fn narrowed(
        relations: &'a [Relation],
        visible: Range<usize>,
        outer: Option<&'a Scope<'a>>,
    ) -> Scope<'a> {
        Scope {
            relations,
            visible,
            outer,
        }
    }

    /// The relations visible without looking further out.
    pub fn relations(&self) -> &'a [Relation] {
        self.relations.get(self.visible.clone()).unwrap_or_default()
    }

    fn levels(&self) -> impl Iterator<Item = &Scope<'a>> {
        std::iter::successors(Some(self), |scope| scope.outer)
    }

    /// The names of all columns in scope.
    pub(super) fn columns(&self) -> impl Iterator<Item = &Name> {
        self.levels()
            .flat_map(Scope::relations)
            .filter_map(|relation| relation.fields.as_ref())
            .flatten()
            .map(|field| &field.name)
    }

    /// Looks up a name without a qualifier.
    pub fn column(&self, name: &str) -> Lookup<'a> {
        let mut unknown = false;
        for (depth, scope) in self.levels().enumerate() {
            let mut found = None;
            for relation in scope.relations() {
                let Some(fields) = &relation.fields else {
                    unknown = true;
                    continue;
                };
                for field in fields.iter().filter(|field| field.name == name) {
                    if found.is_some() {
                        return Lookup::Ambiguous;
                    }
                    found = Some(Lookup::Found {
                        depth,
                        relation,
                        field,
                    });
                }
            }
            if let Some(found) = found {
                return found;
            }
        }
        if unknown {
            Lookup::Unknown
        } else {
            Lookup::NoColumn
        }
    }

    /// Looks up a qualified name.
    pub fn qualified(&self, table: &str, name: &str) -> Lookup<'a> {
        for (depth, scope) in self.levels().enumerate() {
            let relation = scope
                .relations()
                .iter()
                .find(|relation| relation.name.as_deref() == Some(table));
            let Some(relation) = relation else {
                continue;
            };
            let Some(fields) = &relation.fields else {
                return Lookup::Unknown;
            };
            let mut fields = fields.iter().filter(|field| field.name == name);
            return match (fields.next(), fields.next()) {
                (None, _) => Lookup::NoColumn,
                (Some(field), None) => Lookup::Found {
                    depth,
                    relation,
                    field,
                },
                (Some(_), Some(_)) => Lookup::Ambiguous,
            };
        }
        let named = |relation: &Relation| {
            relation.name.as_deref() == Some(table) || relation.table.as_deref() == Some(table)
        };
        if self.levels().any(|scope| scope.relations.iter().any(named)) {
            Lookup::OutOfReach
        } else {
            Lookup::NoRelation
        }
    }
}
