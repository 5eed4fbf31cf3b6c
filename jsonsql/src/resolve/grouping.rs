//! The expressions that may stand beside an aggregate.
//!
//! Some engines answer an ungrouped column with the value of any row. The
//! vendor's server, like every PostgreSQL, refuses; so it is found here.

use crate::ast::{
    AGGREGATES, At, Body, Column, Direction, Distinct, Expr, FromItem, InsertSource, Projection,
    Select, Source, Statement,
};

use super::select::{fields, output_name};
use super::{Finding, FindingKind, Lookup, Relation, Schema, Scope};

/// Checks a resolved statement without other findings.
pub(super) fn check(statement: &Statement, schema: &Schema) -> Vec<Finding> {
    let mut checker = Checker {
        schema,
        findings: Vec::new(),
    };
    checker.statement(statement);
    checker.findings
}

struct Checker<'s> {
    schema: &'s Schema,
    findings: Vec<Finding>,
}

/// The place an expression stands in.
#[derive(Clone, Copy)]
struct Place<'a> {
    scope: &'a Scope<'a>,
    rule: Rule<'a>,
    outer: Option<&'a Place<'a>>,
}

/// The rule for aggregates and columns in that place.
#[derive(Clone, Copy)]
enum Rule<'a> {
    /// No aggregates; the clause's name.
    RowOf(&'static str),
    /// Aggregates are fine, and so are these expressions, made of groups only.
    Grouped(&'a [Expr]),
    /// The argument of an aggregate.
    Aggregated,
}

impl Checker<'_> {
    fn statement(&mut self, statement: &Statement) {
        let at = &At::Root;
        // A write groups nothing, so that its own columns may stand anywhere.
        let nothing = &Scope::new(&[], None);
        match statement {
            Statement::Select(select) => self.select(select, None, at),
            Statement::Insert(insert) => {
                match &insert.source {
                    InsertSource::Values(rows) => {
                        let place = Place::row(nothing, "VALUES");
                        for (column, expr) in
                            rows.iter().flat_map(|row| insert.columns.iter().zip(row))
                        {
                            self.visit(expr, &place, &at.member("values").member(column));
                        }
                    }
                    InsertSource::Select(select) => self.select(select, None, &at.member("select")),
                }
                self.returning(insert.returning.as_ref(), nothing);
            }
            Statement::Update(update) => {
                self.from(&update.from, &[], None, &at.member("from"));
                for (column, value) in &update.set {
                    let place = Place::row(nothing, "UPDATE");
                    self.visit(value, &place, &at.member("set").member(column));
                }
                if let Some(filter) = &update.filter {
                    self.visit(filter, &Place::row(nothing, "WHERE"), &at.member("where"));
                }
                self.returning(update.returning.as_ref(), nothing);
            }
            Statement::Delete(delete) => {
                self.from(&delete.using, &[], None, &at.member("using"));
                if let Some(filter) = &delete.filter {
                    self.visit(filter, &Place::row(nothing, "WHERE"), &at.member("where"));
                }
                self.returning(delete.returning.as_ref(), nothing);
            }
        }
    }

    fn returning(&mut self, returning: Option<&Projection>, scope: &Scope<'_>) {
        if let Some(projection) = returning {
            let place = Place::row(scope, "RETURNING");
            self.projection(projection, &place, &At::Root.member("returning"));
        }
    }

    fn select(&mut self, select: &Select, outer: Option<&Place<'_>>, at: &At<'_>) {
        let around = outer.map(|place| place.scope);
        let relations = self.relations(&select.from, around);
        let scope = &Scope::new(&relations, around);
        self.from(&select.from, &relations, outer, &at.member("from"));

        let row = |clause| Place {
            scope,
            rule: Rule::RowOf(clause),
            outer,
        };
        if let Some(filter) = &select.filter {
            self.visit(filter, &row("WHERE"), &at.member("where"));
        }
        let several = select.group_by.len() > 1;
        for (index, expr) in select.group_by.iter().enumerate() {
            let group = at.member("group_by");
            let entry = group.item(index);
            self.visit(
                expr,
                &row("GROUP BY"),
                if several { &entry } else { &group },
            );
        }

        let groups = groups(select, scope);
        let place = Place {
            scope,
            rule: match &groups {
                Some(groups) => Rule::Grouped(groups),
                // Without aggregates there is nothing to forbid either.
                None => Rule::RowOf("this place"),
            },
            outer,
        };
        match &select.body {
            Body::Data(projection) => self.projection(projection, &place, &at.member("data")),
            Body::Values(rows) => {
                let at = at.member("values");
                for (index, values) in rows.iter().enumerate() {
                    for (column, expr) in values.iter().enumerate() {
                        let at = at.item(index);
                        self.visit(expr, &row("VALUES"), &at.item(column));
                    }
                }
            }
        }
        if let Some(having) = &select.having {
            self.visit(having, &place, &at.member("having"));
        }
        if let Some(Distinct::On(on)) = &select.distinct {
            for (index, expr) in on.iter().enumerate() {
                self.output_or(expr, select, &place, &at.member("distinct").item(index));
            }
        }
        let several = select.order_by.len() > 1;
        for (index, order) in select.order_by.iter().enumerate() {
            let terms = at.member("order_by");
            let entry = terms.item(index);
            let at = if several { &entry } else { &terms };
            let first = at.item(0);
            let at = match order.direction {
                Direction::Ascending => at,
                Direction::Descending => &first,
            };
            self.output_or(&order.expr, select, &place, at);
        }
    }

    /// An output name has been checked where it is an output.
    fn output_or(&mut self, expr: &Expr, select: &Select, place: &Place<'_>, at: &At<'_>) {
        if output_of(expr, select).is_none() {
            self.visit(expr, place, at);
        }
    }

    fn from(
        &mut self,
        items: &[FromItem],
        relations: &[Relation],
        outer: Option<&Place<'_>>,
        at: &At<'_>,
    ) {
        let scope = &Scope::new(relations, outer.map(|place| place.scope));
        for (index, item) in items.iter().enumerate() {
            let at = at.item(index);
            if let Source::Select(select) = &item.source {
                let join = at.member("join");
                let at = if item.join.is_some() { &join } else { &at };
                self.select(select, outer, &at.member("select"));
            }
            if let Some(on) = item.join.as_ref().and_then(|join| join.on.as_ref()) {
                let place = Place {
                    scope,
                    rule: Rule::RowOf("JOIN conditions"),
                    outer,
                };
                self.visit(on, &place, &at.member("on"));
            }
        }
    }

    fn projection(&mut self, projection: &Projection, place: &Place<'_>, at: &At<'_>) {
        let listed = matches!(projection, Projection::List(_));
        for (index, item) in projection.items().iter().enumerate() {
            let entry = at.item(index);
            let at = if listed { &entry } else { at };
            if item.expr != Expr::Star {
                self.visit(&item.expr, place, at);
                continue;
            }
            // `*` is every column, and each must be grouped by.
            for relation in place.scope.relations() {
                for field in relation.fields.iter().flatten() {
                    if let Some(table) = &relation.name {
                        let column = Expr::column(table.clone(), field.name.clone());
                        self.visit(&column, place, at);
                    }
                }
            }
        }
    }

    fn visit(&mut self, expr: &Expr, place: &Place<'_>, at: &At<'_>) {
        if let Rule::Grouped(groups) = place.rule
            && groups.contains(&canonical(expr, place.scope))
        {
            return;
        }
        match expr {
            Expr::Column(column) => self.column(column, place, at),
            Expr::Op(op, args) => {
                let at = at.member(op.name());
                self.list(args, place, &at);
            }
            Expr::Call { function, args } if is_aggregate(function) => {
                self.aggregate(place, at);
                let inner = Place {
                    rule: Rule::Aggregated,
                    ..*place
                };
                self.list(args, &inner, &at.member("args"));
            }
            Expr::Call { args, .. } => self.list(args, place, &at.member("args")),
            Expr::Select(select) => self.select(select, Some(place), &at.member("select")),
            Expr::Values(rows) => {
                let at = at.member("values");
                for (index, row) in rows.iter().enumerate() {
                    self.list(row, place, &at.item(index));
                }
            }
            _ => {}
        }
    }

    fn list(&mut self, exprs: &[Expr], place: &Place<'_>, at: &At<'_>) {
        for (index, expr) in exprs.iter().enumerate() {
            let entry = at.item(index);
            self.visit(expr, place, if exprs.len() == 1 { at } else { &entry });
        }
    }

    fn aggregate(&mut self, place: &Place<'_>, at: &At<'_>) {
        let message = match place.rule {
            Rule::Grouped(_) => return,
            Rule::RowOf(clause) => format!("aggregate functions are not allowed in {clause}"),
            Rule::Aggregated => "aggregate function calls cannot be nested".to_owned(),
        };
        self.findings
            .push(Finding::new(at, FindingKind::MisplacedAggregate, message));
    }

    fn column(&mut self, column: &Column, place: &Place<'_>, at: &At<'_>) {
        let Lookup::Found {
            depth,
            relation,
            field,
        } = lookup(column, place.scope)
        else {
            return;
        };
        let mut home = place;
        for _ in 0..depth {
            let Some(outer) = home.outer else { return };
            home = outer;
        }
        let Rule::Grouped(groups) = home.rule else {
            return;
        };
        let Some(table) = &relation.name else { return };
        let name = &field.name;
        let grouped =
            |name: &_| groups.contains(&Expr::column(table.clone(), crate::ast::Name::clone(name)));
        let key = relation
            .table
            .as_ref()
            .and_then(|table| self.schema.table(table))
            .map_or(&[][..], |table| &table.key);
        if grouped(name) || (!key.is_empty() && key.iter().all(grouped)) {
            return;
        }
        let message = if depth == 0 {
            format!(
                "column \"{table}.{name}\" must appear in the GROUP BY clause \
                 or be used in an aggregate function"
            )
        } else {
            format!("subquery uses ungrouped column \"{table}.{name}\" from outer query")
        };
        self.findings
            .push(Finding::new(at, FindingKind::NotGrouped, message));
    }

    fn relations(&self, items: &[FromItem], outer: Option<&Scope<'_>>) -> Vec<Relation> {
        let relation = |item: &FromItem| match &item.source {
            Source::Table(name) => {
                let table = self.schema.table(name)?;
                Some(Relation::of_table(table, item.alias.as_ref()))
            }
            Source::Select(select) => {
                let inner = self.relations(&select.from, outer);
                Some(Relation {
                    name: item.alias.clone(),
                    table: None,
                    fields: fields(&select.body, &inner, &Scope::new(&inner, outer)),
                })
            }
        };
        items.iter().filter_map(relation).collect()
    }
}

impl<'a> Place<'a> {
    fn row(scope: &'a Scope<'a>, clause: &'static str) -> Place<'a> {
        Place {
            scope,
            rule: Rule::RowOf(clause),
            outer: None,
        }
    }
}

/// Returns the expressions that a select groups by; `None` if it does not group.
fn groups(select: &Select, scope: &Scope<'_>) -> Option<Vec<Expr>> {
    let aggregates = match &select.body {
        Body::Data(projection) => projection.items().iter().any(|item| aggregated(&item.expr)),
        Body::Values(_) => false,
    };
    let ordered = select.order_by.iter().any(|order| aggregated(&order.expr));
    if select.group_by.is_empty() && select.having.is_none() && !aggregates && !ordered {
        return None;
    }
    // PostgreSQL prefers the columns in FROM to the outputs, and these to the
    // columns of the queries around.
    let own = Scope::new(scope.relations(), None);
    let group = |expr: &Expr| {
        let by_name =
            matches!(expr, Expr::Column(column) if lookup(column, &own) == Lookup::NoColumn);
        let output = match expr {
            Expr::Number(_) => output_of(expr, select),
            _ if by_name => output_of(expr, select),
            _ => None,
        };
        canonical(output.unwrap_or(expr), scope)
    };
    Some(select.group_by.iter().map(group).collect())
}

/// The output an ORDER BY or GROUP BY term names, by name or by position.
fn output_of<'a>(expr: &Expr, select: &'a Select) -> Option<&'a Expr> {
    let items = select.projection()?.items();
    match expr {
        Expr::Number(position) => {
            let index = usize::try_from(position.as_u64()?).ok()?.checked_sub(1)?;
            items.get(index).map(|item| &item.expr)
        }
        Expr::Column(Column { table: None, name }) => items
            .iter()
            .find(|item| output_name(item).as_ref() == Some(name))
            .map(|item| &item.expr),
        _ => None,
    }
}

/// The expression with every column of this scope qualified, so that two
/// spellings of one thing are equal.
pub(super) fn canonical(expr: &Expr, scope: &Scope<'_>) -> Expr {
    match expr {
        Expr::Column(column) => match lookup(column, scope) {
            Lookup::Found {
                depth: 0,
                relation,
                field,
            } => Expr::Column(Column {
                table: relation.name.clone(),
                name: field.name.clone(),
            }),
            _ => expr.clone(),
        },
        Expr::Op(op, args) => Expr::Op(
            op.clone(),
            args.iter().map(|arg| canonical(arg, scope)).collect(),
        ),
        Expr::Call { function, args } => Expr::Call {
            function: function.clone(),
            args: args.iter().map(|arg| canonical(arg, scope)).collect(),
        },
        other => other.clone(),
    }
}

fn aggregated(expr: &Expr) -> bool {
    match expr {
        Expr::Op(_, args) => args.iter().any(aggregated),
        Expr::Call { function, args } => is_aggregate(function) || args.iter().any(aggregated),
        // What is aggregated within a sub-select is its own affair.
        _ => false,
    }
}

fn is_aggregate(function: &str) -> bool {
    AGGREGATES
        .iter()
        .any(|name| name.eq_ignore_ascii_case(function))
}

fn lookup<'a>(column: &Column, scope: &Scope<'a>) -> Lookup<'a> {
    match &column.table {
        Some(table) => scope.qualified(table, &column.name),
        None => scope.column(&column.name),
    }
}
