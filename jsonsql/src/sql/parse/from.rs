//! FROM, USING and the tables of an update: tables, sub-selects, joins.

use sqlparser::ast as sp;
use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::Location;

use super::alias;
use super::error::{Read, refuse};
use super::place::at_or;
use super::query::Role;
use super::reader::{Reader, Scope, sendable_qualifier};
use crate::ast::{FromItem, Join, JoinKind, Name, Source};

impl<'a> Reader<'a> {
    /// Brings the tables into scope, before anything that names their columns.
    pub(super) fn open_scope(&mut self, from: &'a [sp::TableWithJoins]) -> Read<()> {
        let tables = self.visible_names(from)?;
        self.scopes.push(Scope {
            tables,
            target: None,
        });
        Ok(())
    }

    /// The names by which the tables go, each once.
    pub(super) fn visible_names(&mut self, from: &'a [sp::TableWithJoins]) -> Read<Vec<Name>> {
        let mut names: Vec<Name> = Vec::new();
        self.bounded(from)?;
        for entry in from {
            self.bounded(&entry.joins)?;
        }
        let factors = from.iter().flat_map(|entry| {
            let sp::TableWithJoins { relation, joins } = entry;
            std::iter::once(relation).chain(joins.iter().map(|join| &join.relation))
        });
        for factor in factors {
            let (at, name) = match factor {
                sp::TableFactor::Table {
                    alias: Some(alias), ..
                }
                | sp::TableFactor::Derived {
                    alias: Some(alias), ..
                } => (alias.name.span.start, self.table_alias(alias)?),
                sp::TableFactor::Table {
                    name, alias: None, ..
                } => self.table_name(name, self.at)?,
                _ => continue,
            };
            if names.contains(&name) {
                let message = format!("two tables go by the name `{name}`: give one an alias");
                return refuse(at, message);
            }
            names.push(name);
        }
        Ok(names)
    }

    /// The entries, whose names are in scope.
    pub(super) fn from(&mut self, from: &'a [sp::TableWithJoins]) -> Read<Vec<FromItem>> {
        let mut items: Vec<FromItem> = Vec::new();
        for entry in from {
            let sp::TableWithJoins { relation, joins } = entry;
            let begin = items.len();
            let (source, alias) = self.source(relation)?;
            items.push(FromItem {
                source,
                alias,
                join: None,
            });
            for join in joins {
                let sp::Join {
                    relation,
                    global,
                    join_operator,
                } = join;
                let at = at_or(relation, self.at);
                if *global {
                    return refuse(at, "GLOBAL is not of PostgreSQL");
                }
                let (source, alias) = self.source(relation)?;
                let (kind, constraint) = kind(join_operator, at)?;
                let elsewhere: Vec<Name> = items[..begin].iter().filter_map(visible).collect();
                let on = self.on(kind, constraint, &elsewhere, at)?;
                items.push(FromItem {
                    source,
                    alias,
                    join: Some(Join { kind, on }),
                });
            }
        }
        Ok(items)
    }

    fn on(
        &mut self,
        kind: JoinKind,
        constraint: &'a sp::JoinConstraint,
        elsewhere: &[Name],
        at: Location,
    ) -> Read<Option<crate::ast::Expr>> {
        match (kind, constraint) {
            (JoinKind::Cross, sp::JoinConstraint::None) => Ok(None),
            (JoinKind::Cross, _) => refuse(at, "a CROSS JOIN has no condition"),
            (_, sp::JoinConstraint::On(on)) => {
                // A condition sees its own chain of joins, not what a comma parts from it.
                let out_of_reach = elsewhere.to_vec();
                if let Some((at, name)) = first_of(on, &out_of_reach) {
                    let message = format!(
                        "`{name}` is not in reach of this ON, because a comma stands between: \
                         write CROSS JOIN for the comma, or put the condition into WHERE"
                    );
                    return refuse(at, message);
                }
                self.condition(Some(on))
            }
            (_, sp::JoinConstraint::Using(_)) => refuse(
                self.places.word(at, &[Keyword::USING]),
                "USING has no form in the protocol: write `ON a.x = b.x`, and name a column with its table",
            ),
            (_, sp::JoinConstraint::Natural) => refuse(
                at,
                "NATURAL JOIN has no form in the protocol: write the condition, `ON a.x = b.x`",
            ),
            (_, sp::JoinConstraint::None) => {
                refuse(at, "this join has no condition: write ON, or CROSS JOIN")
            }
        }
    }

    fn source(&mut self, factor: &'a sp::TableFactor) -> Read<(Source, Option<Name>)> {
        let at = at_or(factor, self.at);
        match factor {
            sp::TableFactor::Table {
                name,
                alias,
                args,
                with_hints,
                version,
                with_ordinality,
                partitions,
                json_path,
                sample,
                index_hints,
            } => {
                if args.is_some() || *with_ordinality {
                    return refuse(at, "functions in FROM have no form in the protocol");
                }
                if sample.is_some() {
                    return refuse(at, "TABLESAMPLE has no form in the protocol: write LIMIT");
                }
                let foreign = !with_hints.is_empty()
                    || version.is_some()
                    || !partitions.is_empty()
                    || json_path.is_some()
                    || !index_hints.is_empty();
                if foreign {
                    return refuse(at, "something behind this table is not of PostgreSQL");
                }
                let (at, table) = self.table_name(name, at)?;
                let alias = alias
                    .as_ref()
                    .map(|alias| self.table_alias(alias))
                    .transpose()?;
                sendable_qualifier(at, alias.as_ref().unwrap_or(&table))?;
                if let Some(select) = self.query_of_with(&table)? {
                    let alias = alias.unwrap_or(table);
                    return Ok((Source::Select(Box::new(select)), Some(alias)));
                }
                self.note_name(&table);
                Ok((Source::Table(table.into()), alias))
            }
            sp::TableFactor::Derived {
                lateral,
                subquery,
                alias,
                sample,
            } => {
                if *lateral {
                    return refuse(
                        self.places.word(self.at, &[Keyword::LATERAL]),
                        "LATERAL has no form in the protocol: write the sub-select into the \
                         select list or a condition",
                    );
                }
                if sample.is_some() {
                    return refuse(at, "TABLESAMPLE has no form in the protocol: write LIMIT");
                }
                let Some(alias) = alias else {
                    return refuse(
                        at,
                        "a sub-select in FROM needs a name: write `AS q` behind it",
                    );
                };
                let name = self.table_alias(alias)?;
                sendable_qualifier(at, &name)?;
                // It does not see its neighbours.
                let neighbours = self.scopes.pop();
                let select = self.query(subquery, Role::Rows)?;
                self.scopes.extend(neighbours);
                Ok((Source::Select(Box::new(select)), Some(name)))
            }
            sp::TableFactor::NestedJoin { .. } => refuse(
                at,
                "a join in parentheses has no form in the protocol: write the joins one after another",
            ),
            sp::TableFactor::TableFunction { .. }
            | sp::TableFactor::Function { .. }
            | sp::TableFactor::UNNEST { .. }
            | sp::TableFactor::JsonTable { .. }
            | sp::TableFactor::OpenJsonTable { .. }
            | sp::TableFactor::XmlTable { .. } => {
                refuse(at, "functions in FROM have no form in the protocol")
            }
            sp::TableFactor::Pivot { .. }
            | sp::TableFactor::Unpivot { .. }
            | sp::TableFactor::UnpivotExpr { .. }
            | sp::TableFactor::MatchRecognize { .. }
            | sp::TableFactor::SemanticView { .. } => {
                refuse(at, "PostgreSQL does not have this in FROM")
            }
        }
    }
}

fn visible(item: &FromItem) -> Option<Name> {
    item.visible_name().map(|name| Name::Owned(name.to_owned()))
}

fn kind(operator: &sp::JoinOperator, at: Location) -> Read<(JoinKind, &sp::JoinConstraint)> {
    Ok(match operator {
        sp::JoinOperator::Join(on) | sp::JoinOperator::Inner(on) => (JoinKind::Inner, on),
        sp::JoinOperator::Left(on) | sp::JoinOperator::LeftOuter(on) => (JoinKind::Left, on),
        sp::JoinOperator::Right(on) | sp::JoinOperator::RightOuter(on) => (JoinKind::Right, on),
        sp::JoinOperator::FullOuter(on) => (JoinKind::Full, on),
        sp::JoinOperator::CrossJoin(on) => (JoinKind::Cross, on),
        sp::JoinOperator::Semi(_)
        | sp::JoinOperator::LeftSemi(_)
        | sp::JoinOperator::RightSemi(_)
        | sp::JoinOperator::Anti(_)
        | sp::JoinOperator::LeftAnti(_)
        | sp::JoinOperator::RightAnti(_) => {
            return refuse(
                at,
                "PostgreSQL does not have this join: write IN or NOT IN (SELECT …)",
            );
        }
        sp::JoinOperator::CrossApply
        | sp::JoinOperator::OuterApply
        | sp::JoinOperator::AsOf { .. }
        | sp::JoinOperator::StraightJoin(_)
        | sp::JoinOperator::ArrayJoin
        | sp::JoinOperator::LeftArrayJoin
        | sp::JoinOperator::InnerArrayJoin => {
            return refuse(at, "PostgreSQL does not have this join");
        }
    })
}

/// The first column of one of these tables in a condition without sub-selects.
fn first_of(on: &sp::Expr, tables: &[Name]) -> Option<(Location, Name)> {
    if tables.is_empty() {
        return None;
    }
    let mut rest = vec![on];
    while let Some(expr) = rest.pop() {
        match expr {
            sp::Expr::CompoundIdentifier(parts) => {
                if let [table, _] = parts.as_slice() {
                    let name = alias::name(table).ok()?;
                    if tables.contains(&name) {
                        return Some((table.span.start, name));
                    }
                }
            }
            sp::Expr::BinaryOp { left, right, .. } => rest.extend([&**right, &**left]),
            sp::Expr::Nested(inner)
            | sp::Expr::UnaryOp { expr: inner, .. }
            | sp::Expr::IsNull(inner)
            | sp::Expr::IsNotNull(inner)
            | sp::Expr::IsTrue(inner)
            | sp::Expr::IsFalse(inner)
            | sp::Expr::InSubquery { expr: inner, .. } => rest.push(inner),
            sp::Expr::InList { expr, list, .. } => {
                rest.push(expr);
                rest.extend(list);
            }
            sp::Expr::Between {
                expr, low, high, ..
            } => rest.extend([&**expr, &**low, &**high]),
            sp::Expr::Like { expr, pattern, .. } | sp::Expr::ILike { expr, pattern, .. } => {
                rest.extend([&**expr, &**pattern]);
            }
            _ => {}
        }
    }
    None
}
