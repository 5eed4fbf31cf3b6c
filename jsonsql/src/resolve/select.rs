//! SELECT: its clauses, each in its scope.

use crate::ast::{At, Body, Column, Distinct, Expr, Item, Op, Order, Projection, Select};
use crate::ast::{Direction, Name};

use super::expr::bare_column;
use super::from::star;
use super::{Field, FindingKind, Lookup, Relation, Resolver, Scope};

impl Resolver<'_> {
    /// Resolves a select and says which columns it has, if that can be known.
    pub(super) fn select(
        &mut self,
        select: &mut Select,
        outer: Option<&Scope<'_>>,
        at: &At<'_>,
    ) -> Option<Vec<Field>> {
        let relations = self.from(&mut select.from, Vec::new(), outer, &at.member("from"));
        let scope = &Scope::new(&relations, outer);
        match &mut select.body {
            Body::Data(projection) => self.projection(projection, scope, &at.member("data")),
            Body::Values(rows) => {
                // Constant rows stand in no FROM; they see what is around.
                let around = outer.cloned().unwrap_or(Scope::new(&[], None));
                self.rows(rows, &around, &at.member("values"));
                if rows.is_empty() {
                    let message = "expected at least one row, found []";
                    self.report(&at.member("values"), FindingKind::Shape, message);
                }
            }
        }
        if let Some(filter) = &mut select.filter {
            self.expr(filter, scope, &at.member("where"));
            self.advise_condition(select, at);
        }
        let outputs = outputs(&select.body);
        let group_at = &at.member("group_by");
        match select.group_by.as_mut_slice() {
            [one] => self.group(one, &outputs, scope, group_at),
            several => {
                for (index, expr) in several.iter_mut().enumerate() {
                    self.group(expr, &outputs, scope, &group_at.item(index));
                }
            }
        }
        if let Some(having) = &mut select.having {
            self.expr(having, scope, &at.member("having"));
        }
        if let Some(Distinct::On(on)) = &mut select.distinct {
            let at = &at.member("distinct");
            for (index, expr) in on.iter_mut().enumerate() {
                self.output_or_column(expr, &outputs, "DISTINCT ON", scope, &at.item(index));
            }
        }
        self.order_by(
            &mut select.order_by,
            &outputs,
            scope,
            &at.member("order_by"),
        );
        fields(&select.body, &relations, scope)
    }

    pub(super) fn projection(
        &mut self,
        projection: &mut Projection,
        scope: &Scope<'_>,
        at: &At<'_>,
    ) {
        let listed = matches!(projection, Projection::List(_));
        for (index, item) in projection.items_mut().iter_mut().enumerate() {
            let entry = at.item(index);
            let at = if listed { &entry } else { at };
            if item.expr == Expr::Star && scope.relations().is_empty() {
                let message = "SELECT * with no tables specified is not valid";
                self.report(at, FindingKind::Star, message);
            }
            self.expr(&mut item.expr, scope, at);
        }
    }

    /// GROUP BY prefers a column to an output name.
    fn group(&mut self, expr: &mut Expr, outputs: &[Output], scope: &Scope<'_>, at: &At<'_>) {
        self.advise_position(expr, at);
        if let Some(name) = bare_name(expr)
            && matches!(scope.column(name), Lookup::NoColumn)
            && outputs.iter().any(|output| output.name == *name)
        {
            *expr = bare_column(name.clone());
            return;
        }
        self.expr(expr, scope, at);
    }

    /// ORDER BY and DISTINCT ON prefer an output name to a column.
    fn output_or_column(
        &mut self,
        expr: &mut Expr,
        outputs: &[Output],
        clause: &str,
        scope: &Scope<'_>,
        at: &At<'_>,
    ) {
        self.advise_position(expr, at);
        let Some(name) = bare_name(expr) else {
            return self.expr(expr, scope, at);
        };
        let mut named = outputs.iter().filter(|output| output.name == *name);
        let Some(first) = named.next() else {
            return self.expr(expr, scope, at);
        };
        if named.any(|other| other.expr != first.expr) {
            let message = format!("{clause} \"{name}\" is ambiguous");
            self.report(at, FindingKind::AmbiguousColumn, message);
        }
        *expr = bare_column(name.clone());
    }

    fn order_by(
        &mut self,
        order_by: &mut [Order],
        outputs: &[Output],
        scope: &Scope<'_>,
        at: &At<'_>,
    ) {
        let listed = order_by.len() > 1;
        for (index, order) in order_by.iter_mut().enumerate() {
            let entry = at.item(index);
            let at = if listed { &entry } else { at };
            // Descending terms are written as a pair.
            let first = at.item(0);
            let at = match order.direction {
                Direction::Ascending => at,
                Direction::Descending => &first,
            };
            self.output_or_column(&mut order.expr, outputs, "ORDER BY", scope, at);
        }
    }
}

/// A named expression that a select answers with.
struct Output {
    name: Name,
    expr: Expr,
}

fn outputs(body: &Body) -> Vec<Output> {
    match body {
        Body::Data(projection) => projection
            .items()
            .iter()
            .filter_map(|item| {
                Some(Output {
                    name: output_name(item)?,
                    expr: item.expr.clone(),
                })
            })
            .collect(),
        Body::Values(rows) => (1..=rows.first().map_or(0, Vec::len))
            .map(|index| Output {
                name: format!("column{index}").into(),
                expr: Expr::Null,
            })
            .collect(),
    }
}

/// The name PostgreSQL gives an expression, if it gives it one.
pub(super) fn output_name(item: &Item) -> Option<Name> {
    if let Some(alias) = &item.alias {
        return Some(alias.clone());
    }
    match &item.expr {
        Expr::Op(Op::Coalesce, _) => Some("coalesce".into()),
        Expr::Bool(_) => Some("bool".into()),
        Expr::Select(inner) => match &inner.body {
            Body::Data(projection) => output_name(projection.items().first()?),
            Body::Values(_) => Some("column1".into()),
        },
        _ => item.output_name().map(|name| Name::Owned(name.to_owned())),
    }
}

/// The columns a select has for the statement around it.
pub(super) fn fields(body: &Body, relations: &[Relation], scope: &Scope<'_>) -> Option<Vec<Field>> {
    let Body::Data(projection) = body else {
        let named = |output: Output| Field {
            name: output.name,
            kind: None,
            nullable: true,
        };
        return Some(outputs(body).into_iter().map(named).collect());
    };
    let mut fields = Vec::new();
    for item in projection.items() {
        if item.expr == Expr::Star {
            fields.extend(star(relations)?);
            continue;
        }
        let (kind, nullable) = match &item.expr {
            Expr::Column(column) => kind_of(column, scope),
            _ => (None, true),
        };
        let name = output_name(item).unwrap_or("?column?".into());
        fields.push(Field {
            name,
            kind,
            nullable,
        });
    }
    Some(fields)
}

fn kind_of(column: &Column, scope: &Scope<'_>) -> (Option<crate::ast::SqlKind>, bool) {
    let lookup = match &column.table {
        Some(table) => scope.qualified(table, &column.name),
        None => scope.column(&column.name),
    };
    match lookup {
        Lookup::Found { field, .. } => (field.kind, field.nullable),
        _ => (None, true),
    }
}

fn bare_name(expr: &Expr) -> Option<&Name> {
    match expr {
        Expr::Bare(name) | Expr::Column(Column { table: None, name }) => Some(name),
        _ => None,
    }
}
