//! SELECT: what its tables bring into scope, and which columns it gives.

use crate::ast::{
    At, Body, Column, Direction, Distinct, Expr, FromItem, Item, JoinKind, Projection, Select,
    Source,
};

use super::super::from::{is_list, star};
use super::super::select::output_name;
use super::super::{Field, Relation, Scope};
use super::{Gives, Typer};
use crate::ast::SqlKind;

impl Typer<'_> {
    /// The columns of a select; `None` if it selects `*` of an unknown table.
    #[inline(never)]
    pub(super) fn select(
        &mut self,
        select: &Select,
        outer: Option<&Scope<'_>>,
        at: &At<'_>,
    ) -> Option<Vec<Field>> {
        let relations = self.from(&select.from, Vec::new(), outer, &at.member("from"));
        let scope = &Scope::new(&relations, outer);
        let fields = match &select.body {
            Body::Data(projection) => self.projection(projection, scope, &at.member("data")),
            Body::Values(rows) => {
                let around = outer.cloned().unwrap_or(Scope::new(&[], None));
                let columns = self.rows(rows, &around, &at.member("values"));
                let named = |(index, cells): (usize, Vec<_>)| {
                    let kind = self.common(&cells);
                    self.meet(&cells, kind);
                    Field {
                        name: format!("column{}", index + 1).into(),
                        kind: kind.or(Some(SqlKind::Text)),
                        nullable: super::any_nullable(&cells),
                    }
                };
                Some(columns.into_iter().enumerate().map(named).collect())
            }
        };
        let bool = Some(SqlKind::Bool);
        if let Some(filter) = &select.filter {
            self.expr_as(filter, bool, scope, &at.member("where"));
        }
        let outputs = fields.as_deref().unwrap_or_default();
        let group_at = &at.member("group_by");
        match select.group_by.as_slice() {
            // NULL alone is written in a list.
            [one] if *one != Expr::Null => self.named(one, outputs, false, scope, group_at),
            several => {
                for (index, expr) in several.iter().enumerate() {
                    self.named(expr, outputs, false, scope, &group_at.item(index));
                }
            }
        }
        if let Some(having) = &select.having {
            self.expr_as(having, bool, scope, &at.member("having"));
        }
        if let Some(Distinct::On(on)) = &select.distinct {
            let at = &at.member("distinct");
            for (index, expr) in on.iter().enumerate() {
                self.named(expr, outputs, true, scope, &at.item(index));
            }
        }
        let order_at = &at.member("order_by");
        let listed = match select.order_by.as_slice() {
            [one] => one.expr == Expr::Null && one.direction == Direction::Ascending,
            _ => true,
        };
        for (index, order) in select.order_by.iter().enumerate() {
            let entry = order_at.item(index);
            let at = if listed { &entry } else { order_at };
            // Descending terms are written as a pair.
            let first = at.item(0);
            let at = match order.direction {
                Direction::Ascending => at,
                Direction::Descending => &first,
            };
            self.named(&order.expr, outputs, true, scope, at);
        }
        fields
    }

    /// A term that may name an output: before a column, or where there is none.
    fn named(
        &mut self,
        expr: &Expr,
        outputs: &[Field],
        first: bool,
        scope: &Scope<'_>,
        at: &At<'_>,
    ) {
        let output = match expr {
            Expr::Column(Column { table: None, name }) => {
                outputs.iter().find(|field| field.name == *name)
            }
            _ => None,
        };
        match output {
            Some(field) if first || !is_column(expr, scope) => {
                self.noted(expr, at, |_| Gives(field.kind, field.nullable));
            }
            _ => {
                self.expr(expr, scope, at);
            }
        }
    }

    /// The columns that `data` or `returning` gives.
    pub(super) fn projection(
        &mut self,
        projection: &Projection,
        scope: &Scope<'_>,
        at: &At<'_>,
    ) -> Option<Vec<Field>> {
        let listed = matches!(projection, Projection::List(_));
        let mut fields = Some(Vec::new());
        for (index, item) in projection.items().iter().enumerate() {
            let entry = at.item(index);
            let at = if listed { &entry } else { at };
            let given = self.item(item, scope, at);
            fields = fields.zip(given).map(|(mut fields, given)| {
                fields.extend(given);
                fields
            });
        }
        fields
    }

    fn item(&mut self, item: &Item, scope: &Scope<'_>, at: &At<'_>) -> Option<Vec<Field>> {
        let typed = self.expr(&item.expr, scope, at);
        if item.expr == Expr::Star {
            return star(scope.relations());
        }
        Some(vec![Field {
            name: output_name(item).unwrap_or("?column?".into()),
            // A text that has met nothing is one.
            kind: match item.expr {
                Expr::Text(_) | Expr::Null => Some(SqlKind::Text),
                _ => typed.kind,
            },
            nullable: typed.nullable,
        }])
    }

    /// The relations of a FROM behind those already there.
    pub(super) fn from(
        &mut self,
        items: &[FromItem],
        mut relations: Vec<Relation>,
        outer: Option<&Scope<'_>>,
        at: &At<'_>,
    ) -> Vec<Relation> {
        let listed = is_list(items);
        let already = relations.len();
        let mut chain = already;
        for (index, item) in items.iter().enumerate() {
            let entry = at.item(index);
            let at = if listed { &entry } else { at };
            let mut relation = self.relation(item, outer, at);
            let kind = item.join.as_ref().map(|join| join.kind);
            if kind.is_none() {
                chain = already + index;
            }
            if matches!(kind, Some(JoinKind::Left | JoinKind::Full)) {
                may_be_missing(&mut relation);
            }
            if matches!(kind, Some(JoinKind::Right | JoinKind::Full)) {
                relations[chain..].iter_mut().for_each(may_be_missing);
            }
            relations.push(relation);
        }
        let mut chain = already;
        for (index, item) in items.iter().enumerate() {
            let Some(join) = &item.join else {
                chain = already + index;
                continue;
            };
            let Some(on) = &join.on else { continue };
            let scope = Scope::narrowed(&relations, chain..already + index + 1, outer);
            self.expr_as(
                on,
                Some(SqlKind::Bool),
                &scope,
                &at.item(index).member("on"),
            );
        }
        relations
    }

    fn relation(&mut self, item: &FromItem, outer: Option<&Scope<'_>>, at: &At<'_>) -> Relation {
        match &item.source {
            Source::Table(name) => match self.schema.table(name) {
                Some(table) => Relation::of_table(table, item.alias.as_ref()),
                None => Relation {
                    name: Some(
                        item.alias
                            .clone()
                            .unwrap_or_else(|| name.to_string().into()),
                    ),
                    table: Some(name.to_string().into()),
                    fields: None,
                },
            },
            Source::Select(select) => {
                let join = at.member("join");
                let at = if item.join.is_some() { &join } else { at };
                Relation {
                    name: item.alias.clone(),
                    table: None,
                    fields: self.select(select, outer, &at.member("select")),
                }
            }
        }
    }
}

fn is_column(expr: &Expr, scope: &Scope<'_>) -> bool {
    use super::super::Lookup;
    match expr {
        Expr::Column(Column { table: None, name }) => scope.column(name) != Lookup::NoColumn,
        _ => true,
    }
}

/// Makes every column nullable: an outer join without a partner leaves NULL in all
/// of them.
fn may_be_missing(relation: &mut Relation) {
    for field in relation.fields.iter_mut().flatten() {
        field.nullable = true;
    }
}
