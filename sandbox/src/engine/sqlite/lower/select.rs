//! SELECT.

use jsonsql::ast::SqlKind;
use jsonsql::ast::{
    Body, Distinct, Expr, FromItem, Item, Join, JoinKind, Name, Op, Projection, Select, Source,
};
use jsonsql::resolve::{Field, Relation, Scope};

use super::assign::assign;
use super::typed::{Typed, unified};
use super::{Done, Lowering, Role, Selected};
use crate::engine::sqlite::row_security;
use crate::engine::{Fault, Unmatched};

/// One output of a select: its name in SQLite, and what it is.
pub(super) struct Output {
    pub(super) name: Name,
    pub(super) typed: Typed,
    /// The expression as it was sent; none for the columns of `*`.
    pub(super) source: Option<Expr>,
}

impl Lowering<'_> {
    pub(super) fn select(
        &mut self,
        select: &Select,
        outer: Option<&Scope<'_>>,
        role: Role<'_>,
    ) -> Done<Selected> {
        if let Body::Values(rows) = &select.body {
            return self.values(select, rows, outer, role);
        }
        let (from, relations) = self.from(&select.from, Vec::new(), outer)?;
        let scope = &Scope::new(&relations, outer);
        let Body::Data(projection) = &select.body else {
            unreachable!("values are handled above")
        };
        let outputs = self.outputs(projection, scope)?;
        let distinct = self.distinct(select.distinct.as_ref(), &outputs)?;
        let filter = match &select.filter {
            Some(filter) => Some(self.condition(filter, "WHERE", scope)?),
            None => None,
        };
        let group_by = self.group_by(&select.group_by, &outputs, scope)?;
        let having = match &select.having {
            Some(having) => Some(self.condition(having, "HAVING", scope)?),
            None => None,
        };
        let order_by = self.order_by(select, &outputs, scope)?;
        bounded(select.limit)?;
        bounded(select.offset)?;
        let (body, fields) = projected(outputs, role)?;
        let lowered = Select {
            distinct,
            body,
            from,
            filter,
            group_by,
            having,
            order_by,
            limit: select.limit,
            offset: select.offset,
        };
        Ok((lowered, fields))
    }

    /// The outputs, `*` spelled out, unknown literals still unknown.
    pub(super) fn outputs(
        &mut self,
        projection: &Projection,
        scope: &Scope<'_>,
    ) -> Done<Vec<Output>> {
        let mut outputs = Vec::new();
        for item in projection.items() {
            if item.expr == Expr::Star {
                for relation in scope.relations() {
                    self.star(relation, scope, &mut outputs)?;
                }
                continue;
            }
            let name = match (&item.alias, item.output_name(), &item.expr) {
                (Some(alias), _, _) => alias.clone(),
                (None, Some(name), _) => name.to_owned().into(),
                (None, None, Expr::Op(Op::Coalesce, _)) => "coalesce".into(),
                (None, None, Expr::Bool(_)) => "bool".into(),
                _ => "?column?".into(),
            };
            let typed = self.expr(&item.expr, scope)?;
            let source = Some(item.expr.clone());
            outputs.push(Output {
                name,
                typed,
                source,
            });
        }
        Ok(outputs)
    }

    fn star(
        &mut self,
        relation: &Relation,
        scope: &Scope<'_>,
        outputs: &mut Vec<Output>,
    ) -> Done<()> {
        let fields = relation.fields.as_deref().unwrap_or_default();
        let twice = |(index, field): (usize, &Field)| {
            fields[..index].iter().any(|other| other.name == field.name)
        };
        if fields.iter().enumerate().any(twice) {
            return Err(Fault::needs_postgres(
                Unmatched::StarOfTwins,
                "\"*\" over a sub-select with two columns of one name",
            ));
        }
        for field in fields {
            let column = match &relation.name {
                Some(table) => Expr::column(table.clone(), field.name.clone()),
                None => return Err(Fault::statement("subquery in FROM must have an alias")),
            };
            let typed = self.expr(&column, scope)?;
            let name = field.name.clone();
            outputs.push(Output {
                name,
                typed,
                source: None,
            });
        }
        Ok(())
    }

    pub(super) fn from(
        &mut self,
        items: &[FromItem],
        mut relations: Vec<Relation>,
        outer: Option<&Scope<'_>>,
    ) -> Done<(Vec<FromItem>, Vec<Relation>)> {
        let already = relations.len();
        let mut lowered = Vec::new();
        for item in items {
            let (source, relation) = self.source(item, outer)?;
            relations.push(relation);
            lowered.push(FromItem {
                source,
                // What stands for a table goes by the table's name.
                alias: item.visible_name().map(|name| name.to_owned().into()),
                join: None,
            });
        }
        let mut chain = already;
        for (index, item) in items.iter().enumerate() {
            let Some(join) = &item.join else {
                chain = already + index;
                continue;
            };
            let scope = Scope::narrowed(&relations, chain..already + index + 1, outer);
            let on = match &join.on {
                Some(on) => Some(self.condition(on, "JOIN/ON", &scope)?),
                None => None,
            };
            if join.kind == JoinKind::Full
                && !on
                    .as_ref()
                    .is_some_and(|on| splits(on, lowered[index].alias.as_ref()))
            {
                return Err(Fault::needs_postgres(
                    Unmatched::FullJoin,
                    "a FULL JOIN without an equality of both sides",
                ));
            }
            lowered[index].join = Some(Join {
                kind: join.kind,
                on,
            });
        }
        Ok((lowered, relations))
    }

    fn source(&mut self, item: &FromItem, outer: Option<&Scope<'_>>) -> Done<(Source, Relation)> {
        match &item.source {
            Source::Table(name) => {
                let mut relation = self.target(name)?;
                if item.alias.is_some() {
                    relation.name.clone_from(&item.alias);
                }
                let source = match self.reach.is_narrowed() {
                    true => row_security::source(self.catalog, self.table(name)?, self.domain),
                    false => item.source.clone(),
                };
                Ok((source, relation))
            }
            Source::Select(select) => {
                if item.alias.is_none() {
                    return Err(Fault::statement("subquery in FROM must have an alias"));
                }
                let (select, fields) = self.select(select, outer, Role::Part)?;
                let relation = Relation {
                    name: item.alias.clone(),
                    table: None,
                    fields: Some(fields),
                };
                Ok((Source::Select(Box::new(select)), relation))
            }
        }
    }

    fn distinct(
        &mut self,
        distinct: Option<&Distinct>,
        outputs: &[Output],
    ) -> Done<Option<Distinct>> {
        match distinct {
            None => Ok(None),
            Some(Distinct::On(_)) => {
                Err(Fault::needs_postgres(Unmatched::DistinctOn, "DISTINCT ON"))
            }
            // 1.5 and 1.50 are one row to PostgreSQL.
            Some(Distinct::Rows)
                if outputs
                    .iter()
                    .any(|output| output.typed.kind == Some(SqlKind::Numeric)) =>
            {
                Err(Fault::needs_postgres(
                    Unmatched::DistinctNumerics,
                    "DISTINCT over numerics",
                ))
            }
            Some(Distinct::Rows) => Ok(Some(Distinct::Rows)),
        }
    }

    fn values(
        &mut self,
        select: &Select,
        rows: &[Vec<Expr>],
        outer: Option<&Scope<'_>>,
        role: Role<'_>,
    ) -> Done<Selected> {
        let scope = &outer.cloned().unwrap_or(Scope::new(&[], None));
        let rows = rows
            .iter()
            .map(|row| self.exprs(row, scope))
            .collect::<Done<Vec<_>>>()?;
        let (rows, kinds) = match role {
            Role::Source(table, columns) => {
                let rows = rows
                    .into_iter()
                    .map(|row| assigned(row, table, columns))
                    .collect::<Done<Vec<_>>>()?;
                (rows, vec![SqlKind::Text; columns.len()])
            }
            Role::Top | Role::Part => columnwise(rows)?,
        };
        let named = |(index, kind): (usize, SqlKind)| Field {
            name: format!("column{}", index + 1).into(),
            kind: Some(kind),
            nullable: true,
        };
        let fields: Vec<Field> = kinds.into_iter().enumerate().map(named).collect();
        let outputs: Vec<Output> = fields
            .iter()
            .map(|field| Output {
                name: field.name.clone(),
                typed: Typed::known(
                    Expr::Column(jsonsql::ast::Column {
                        table: None,
                        name: field.name.clone(),
                    }),
                    super::kind_of(field),
                ),
                source: None,
            })
            .collect();
        bounded(select.limit)?;
        bounded(select.offset)?;
        let lowered = Select {
            order_by: self.order_by(select, &outputs, scope)?,
            body: Body::Values(rows),
            ..select.clone()
        };
        Ok((lowered, fields))
    }
}

/// Returns `true` if a condition has an equality with this relation on one side
/// and only others on the other side, without which PostgreSQL does no FULL JOIN.
fn splits(on: &Expr, joined: Option<&Name>) -> bool {
    fn mentions(expr: &Expr, of: &mut dyn FnMut(Option<&Name>)) {
        match expr {
            Expr::Column(column) => of(column.table.as_ref()),
            // Whatever is in a sub-select, it is no plain side.
            Expr::Select(_) | Expr::Values(_) => of(None),
            Expr::Op(_, args) | Expr::Call { args, .. } => {
                args.iter().for_each(|arg| mentions(arg, of));
            }
            _ => {}
        }
    }
    match on {
        Expr::Op(Op::And, sides) => sides.iter().any(|side| splits(side, joined)),
        Expr::Op(Op::Eq, sides) => {
            let sides = sides.iter().map(|side| {
                let (mut inside, mut outside) = (false, false);
                mentions(side, &mut |table| {
                    let ours = table == joined;
                    inside |= ours || table.is_none();
                    outside |= !ours;
                });
                (inside, outside)
            });
            let sides: Vec<_> = sides.collect();
            sides == [(true, false), (false, true)] || sides == [(false, true), (true, false)]
        }
        _ => false,
    }
}

/// Cells brought to one type per column.
fn columnwise(rows: Vec<Vec<Typed>>) -> Done<(Vec<Vec<Expr>>, Vec<SqlKind>)> {
    let width = rows.first().map_or(0, Vec::len);
    let height = rows.len();
    let mut columns: Vec<Vec<Typed>> = (0..width).map(|_| Vec::with_capacity(height)).collect();
    for row in rows {
        for (column, cell) in columns.iter_mut().zip(row) {
            column.push(cell);
        }
    }
    let mut kinds = Vec::new();
    let mut rows: Vec<Vec<Expr>> = (0..height).map(|_| Vec::with_capacity(width)).collect();
    for column in columns {
        let (cells, kind) = unified(column, "VALUES")?;
        kinds.push(kind);
        for (row, cell) in rows.iter_mut().zip(cells) {
            row.push(cell.expr);
        }
    }
    Ok((rows, kinds))
}

/// One row, each cell as its column takes it.
pub(super) fn assigned(
    row: Vec<Typed>,
    table: &crate::schema::Table,
    columns: &[Name],
) -> Done<Vec<Expr>> {
    row.into_iter()
        .zip(columns)
        .map(|(value, name)| match table.column(name) {
            Some(column) => assign(value, column, table),
            None => Err(Fault::statement(format!(
                "column \"{name}\" does not exist"
            ))),
        })
        .collect()
}

/// The projection for its role. Parts name every output, since what surrounds
/// them refers to it.
pub(super) fn projected(outputs: Vec<Output>, role: Role<'_>) -> Done<(Body, Vec<Field>)> {
    let mut items = Vec::new();
    let mut fields = Vec::new();
    for (index, Output { name, typed, .. }) in outputs.into_iter().enumerate() {
        let (expr, kind) = match role {
            Role::Source(table, columns) => {
                let kind = typed.kind;
                let column = columns.get(index).and_then(|name| table.column(name));
                let Some(column) = column else {
                    return Err(Fault::statement(
                        "INSERT has more expressions than target columns",
                    ));
                };
                (assign(typed, column, table)?, kind)
            }
            Role::Top | Role::Part => {
                let settled = typed.settled();
                (settled.expr, settled.kind)
            }
        };
        let alias = matches!(role, Role::Part).then(|| name.clone());
        items.push(Item { expr, alias });
        fields.push(Field {
            name,
            kind: Some(kind.unwrap_or(SqlKind::Text)),
            nullable: true,
        });
    }
    Ok((Body::Data(Projection::List(items)), fields))
}

fn bounded(count: Option<u64>) -> Done<()> {
    match count {
        Some(count) if i64::try_from(count).is_err() => {
            Err(Fault::statement("bigint out of range"))
        }
        _ => Ok(()),
    }
}
