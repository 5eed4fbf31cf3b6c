//! `order_by`: expressions and their directions.

use super::json::Json;
use super::parse::{At, ParseError, list};
use super::write::{Write, WriteError, Writer, member};
use super::{Expr, Name};
use crate::dialect::Descending;

/// One term of `order_by`.
#[derive(Debug, Clone, PartialEq)]
pub struct Order {
    /// The expression to order by.
    pub expr: Expr,
    /// The direction.
    pub direction: Direction,
}

/// The direction of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Smallest first; the only direction with an attested form.
    Ascending,
    /// Largest first. No vendor text shows a form: see [`Descending`].
    Descending,
}

impl Direction {
    fn word(text: &str) -> Option<Direction> {
        if text.eq_ignore_ascii_case("asc") {
            Some(Direction::Ascending)
        } else if text.eq_ignore_ascii_case("desc") {
            Some(Direction::Descending)
        } else {
            None
        }
    }
}

impl Order {
    /// Terms of `order_by`: one, a list, and every spelling of [`Descending`].
    pub(crate) fn parse_list(json: Json, at: &At<'_>) -> Result<Vec<Order>, ParseError> {
        match json {
            Json::Array(items) if is_pair(&items) => Ok(vec![Order::pair(items, at)?]),
            Json::Array(items) => list(items, at, Order::parse),
            one => Ok(vec![Order::parse(one, at)?]),
        }
    }

    fn parse(json: Json, at: &At<'_>) -> Result<Order, ParseError> {
        match json {
            Json::Array(items) if is_pair(&items) => Order::pair(items, at),
            Json::Array(_) => Err(at.error("expected an expression or [expression, \"DESC\"]")),
            Json::String(text) => Ok(Order::suffixed(text)),
            // Before the expression parser, to which `{"desc": "name"}` is a
            // column of a table called "desc".
            Json::Object(mut members) if is_directed(&members) => {
                let (word, json) = members.remove(0);
                Ok(Order {
                    expr: Expr::parse(json, &at.member(&word))?,
                    direction: Direction::word(&word).unwrap_or(Direction::Ascending),
                })
            }
            other => Ok(Order {
                expr: Expr::parse(other, at)?,
                direction: Direction::Ascending,
            }),
        }
    }

    fn pair(mut items: Vec<Json>, at: &At<'_>) -> Result<Order, ParseError> {
        let direction = match items.pop() {
            Some(Json::String(word)) => Direction::word(&word),
            _ => None,
        };
        Ok(Order {
            expr: Expr::parse(items.remove(0), &at.item(0))?,
            direction: direction.unwrap_or(Direction::Ascending),
        })
    }

    /// `"name DESC"`: no column has a space in its name, and ordering by a
    /// constant means nothing, so this can only be a direction.
    fn suffixed(text: String) -> Order {
        let (name, direction) = match text.rsplit_once(' ') {
            Some((name, word)) if Direction::word(word).is_some() => {
                (name.trim_end().to_owned(), Direction::word(word))
            }
            _ => (text, None),
        };
        Order {
            expr: Expr::Bare(Name::Owned(name)),
            direction: direction.unwrap_or(Direction::Ascending),
        }
    }

    /// The name of an order term that is a column without qualifier: it has no
    /// space in it, at which the direction would be taken off again.
    fn bare_name(&self) -> Option<&str> {
        let name = match &self.expr {
            Expr::Bare(name) | Expr::Text(name) => name,
            Expr::Column(column) if column.table.is_none() => &column.name,
            _ => return None,
        };
        (!name.is_empty() && !name.contains(char::is_whitespace)).then_some(name)
    }
}

fn is_pair(items: &[Json]) -> bool {
    matches!(items, [_, Json::String(word)] if Direction::word(word).is_some())
}

fn is_directed(members: &[(String, Json)]) -> bool {
    matches!(members, [(word, _)] if Direction::word(word).is_some())
}

impl Write for Order {
    fn write(&self, w: &mut Writer<'_>) -> Result<(), WriteError> {
        let Order { expr, direction } = self;
        if *direction == Direction::Ascending {
            return expr.write(w);
        }
        match (w.dialect.descending, self.bare_name()) {
            (Descending::Suffix, Some(name)) => w.text(&format!("{name} DESC")),
            (Descending::Operator, _) => {
                let object = w.open_object();
                member!(w, "desc");
                expr.write(w)?;
                w.close(object);
            }
            // A suffix fits only a string; the pair is the next best guess.
            (Descending::Pair | Descending::Suffix, _) => {
                let list = w.open_list();
                w.element();
                expr.write(w)?;
                w.element();
                w.text("DESC");
                w.close(list);
            }
        }
        Ok(())
    }
}

/// Writes `order_by`: one term alone, several as a list.
pub(super) fn write_orders(orders: &[Order], w: &mut Writer<'_>) -> Result<(), WriteError> {
    match orders {
        // NULL alone would be a member that is null.
        [one] if one.expr != Expr::Null || one.direction == Direction::Descending => one.write(w),
        several => w.list(several),
    }
}
