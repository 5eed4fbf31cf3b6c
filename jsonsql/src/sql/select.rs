//! SELECT.

use crate::ast::{Body, Direction, Distinct, Expr, Item, Order, Projection, Select};

use super::writer::{Style, Writer, Written};
use super::{Flavor, SqlError};

impl Writer<'_> {
    pub(super) fn select(&mut self, select: &Select) -> Written {
        match &select.body {
            Body::Data(projection) => {
                self.push("SELECT ");
                self.distinct(select.distinct.as_ref())?;
                self.projection(projection)?;
            }
            Body::Values(rows) => self.values_body(select, rows)?,
        }
        self.from(" FROM ", &select.from)?;
        self.filter(" WHERE ", select.filter.as_ref())?;
        if !select.group_by.is_empty() {
            self.push(" GROUP BY ");
            self.separated(&select.group_by, ", ", Writer::expr)?;
        }
        self.filter(" HAVING ", select.having.as_ref())?;
        self.order_by(&select.order_by)?;
        self.bounds(select);
        Ok(())
    }

    pub(super) fn projection(&mut self, projection: &Projection) -> Written {
        self.separated(projection.items(), ", ", Writer::item)
    }

    pub(super) fn filter(&mut self, keyword: &str, filter: Option<&Expr>) -> Written {
        let Some(filter) = filter else {
            return Ok(());
        };
        self.push(keyword);
        self.expr(filter)
    }

    fn values_body(&mut self, select: &Select, rows: &[Vec<Expr>]) -> Written {
        let alone = select.from.is_empty()
            && select.filter.is_none()
            && select.group_by.is_empty()
            && select.having.is_none()
            && select.distinct.is_none();
        if !alone {
            self.refuse(SqlError::Clause(
                "a select of values takes only order_by, limit and offset",
            ))?;
        }
        let plain = select.order_by.is_empty() && select.limit.is_none() && select.offset.is_none();
        if plain || self.style != Style::Engine(Flavor::Sqlite) {
            return self.values(rows);
        }
        // SQLite orders and limits a SELECT, not a VALUES.
        self.push("SELECT * FROM (");
        self.values(rows)?;
        self.push(")");
        Ok(())
    }

    fn distinct(&mut self, distinct: Option<&Distinct>) -> Written {
        match distinct {
            None => Ok(()),
            Some(Distinct::Rows) => {
                self.push("DISTINCT ");
                Ok(())
            }
            Some(Distinct::On(on)) => {
                self.refuse_on(Flavor::Sqlite, "SQLite has no DISTINCT ON")?;
                self.push("DISTINCT ON (");
                self.separated(on, ", ", Writer::expr)?;
                self.push(") ");
                Ok(())
            }
        }
    }

    fn item(&mut self, item: &Item) -> Written {
        self.expr_or_star(&item.expr)?;
        if let Some(alias) = &item.alias {
            self.push(" AS ");
            self.name(alias);
        }
        Ok(())
    }

    fn order_by(&mut self, order_by: &[Order]) -> Written {
        // To order by a text constant means nothing and is an error in
        // PostgreSQL. What the vendor's server does is unknown; a hint says
        // that it tolerates unknown names, so engines are not shown them.
        let engine = self.style != Style::Reading;
        let terms: Vec<&Order> = order_by
            .iter()
            .filter(|order| !(engine && matches!(order.expr, Expr::Text(_))))
            .collect();
        if terms.is_empty() {
            return Ok(());
        }
        self.push(" ORDER BY ");
        self.separated(terms, ", ", Writer::order)
    }

    fn order(&mut self, order: &Order) -> Written {
        self.expr(&order.expr)?;
        let sqlite = self.style == Style::Engine(Flavor::Sqlite);
        // NULL counts as larger than everything in PostgreSQL, as smaller in SQLite.
        self.push(match (order.direction, sqlite) {
            (Direction::Ascending, false) => "",
            (Direction::Descending, false) => " DESC",
            (Direction::Ascending, true) => " NULLS LAST",
            (Direction::Descending, true) => " DESC NULLS FIRST",
        });
        Ok(())
    }

    fn bounds(&mut self, select: &Select) {
        match (select.limit, select.offset) {
            (Some(limit), _) => self.push(&format!(" LIMIT {limit}")),
            // SQLite has no OFFSET without LIMIT.
            (None, Some(_)) if self.style == Style::Engine(Flavor::Sqlite) => {
                self.push(" LIMIT -1");
            }
            (None, _) => {}
        }
        if let Some(offset) = select.offset {
            self.push(&format!(" OFFSET {offset}"));
        }
    }
}
