//! Sub-selects as values, and selects of our own around them.

use jsonsql::ast::{Body, Expr, FromItem, Item, Projection, Select, Source};
use jsonsql::resolve::{Field, Scope};

use super::typed::{Typed, call};
use super::{Done, Lowering, Role};
use crate::engine::Fault;

impl Lowering<'_> {
    /// A sub-select as one value. SQLite takes the first of several rows where
    /// PostgreSQL refuses, so an aggregate counts them.
    pub(super) fn scalar(&mut self, select: &Select, scope: &Scope<'_>) -> Done<Typed> {
        let (select, fields) = self.select(select, Some(scope), Role::Part)?;
        let [field] = fields.as_slice() else {
            return Err(Fault::statement("subquery must return only one column"));
        };
        let kind = super::kind_of(field);
        let one = self.around(select, &fields, |column| Ok(call("pg_only", [column.expr])))?;
        Ok(Typed::known(Expr::Select(Box::new(one)), kind))
    }

    /// `SELECT what(column) FROM (select)`, of a select of one column.
    pub(super) fn around(
        &mut self,
        select: Select,
        fields: &[Field],
        what: impl FnOnce(Typed) -> Done<Expr>,
    ) -> Done<Select> {
        let alias = self.alias();
        let column = Expr::column(alias.clone(), fields[0].name.clone());
        let expr = what(Typed::known(column, super::kind_of(&fields[0])))?;
        let mut around = Select::new(Projection::List(vec![Item::from(expr)]));
        around.from.push(FromItem {
            source: Source::Select(Box::new(select)),
            alias: Some(alias),
            join: None,
        });
        Ok(around)
    }
}

/// A select of constant rows.
pub(super) fn of_values(rows: Vec<Vec<Expr>>) -> Select {
    Select {
        body: Body::Values(rows),
        ..Select::new(Projection::List(Vec::new()))
    }
}
