//! `data` and `returning`: what a statement answers with.

use super::json::Json;
use super::parse::{At, ParseError, identifier, list};
use super::write::{Write, WriteError, Writer, member};
use super::{Column, Expr, Name};

/// The expressions that a statement returns, and the shape of the response.
#[derive(Debug, Clone, PartialEq)]
pub enum Projection {
    /// One expression, not in a list: the answer is a flat list of values.
    Single(Item),
    /// A list: the answer is a list of rows, each a list of values.
    List(Vec<Item>),
}

/// One expression to answer with, and its output name.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// The expression.
    pub expr: Expr,
    /// The output name, `"as"`. Only expressions written as objects can carry
    /// one: no form is attested for a bare column or a literal.
    pub alias: Option<Name>,
}

impl From<Expr> for Item {
    fn from(expr: Expr) -> Item {
        Item { expr, alias: None }
    }
}

impl Projection {
    /// The expressions, in order.
    pub fn items(&self) -> &[Item] {
        match self {
            Projection::Single(item) => std::slice::from_ref(item),
            Projection::List(items) => items,
        }
    }

    /// The expressions, to change.
    pub fn items_mut(&mut self) -> &mut [Item] {
        match self {
            Projection::Single(item) => std::slice::from_mut(item),
            Projection::List(items) => items,
        }
    }

    pub(crate) fn parse(json: Json, at: &At<'_>) -> Result<Projection, ParseError> {
        match json {
            Json::Array(items) if items.is_empty() => {
                Err(at.error("expected at least one expression, found []"))
            }
            Json::Array(items) => list(items, at, Item::parse).map(Projection::List),
            one => Item::parse(one, at).map(Projection::Single),
        }
    }
}

impl Item {
    /// The name of the output column, as SQL would give it.
    pub fn output_name(&self) -> Option<&str> {
        match (&self.alias, &self.expr) {
            (Some(alias), _) => Some(alias),
            (None, Expr::Column(Column { name, .. })) => Some(name),
            (None, Expr::Call { function, .. }) => Some(function),
            _ => None,
        }
    }

    fn parse(json: Json, at: &At<'_>) -> Result<Item, ParseError> {
        let Json::Object(mut members) = json else {
            return Ok(Expr::parse_or_star(json, at)?.into());
        };
        // An object of `as` alone is the column of a table called "as": let
        // the expression parser say what it makes of it.
        let alias = match members.iter().position(|(name, _)| name == "as") {
            Some(index) if members.len() > 1 => {
                let (name, json) = members.remove(index);
                Some(identifier(json, &at.member(&name))?)
            }
            _ => None,
        };
        let expr = Expr::parse_object(members, at)?;
        Ok(Item { expr, alias })
    }
}

impl Write for Item {
    fn write(&self, w: &mut Writer<'_>) -> Result<(), WriteError> {
        let Some(alias) = &self.alias else {
            return self.expr.write(w);
        };
        if !self.expr.is_object() {
            return Err(WriteError::new(format!(
                "no form is known for the output name `{alias}` on a bare column or a literal"
            )));
        }
        if self.expr.member() == Some("as") {
            return Err(WriteError::new(format!(
                "the output name `{alias}` stands beside another `as` in one object"
            )));
        }
        let object = w.open_object();
        self.expr.write_members(w)?;
        member!(w, "as");
        w.text(alias);
        w.close(object);
        Ok(())
    }
}

impl Write for Projection {
    fn write(&self, w: &mut Writer<'_>) -> Result<(), WriteError> {
        match self {
            Projection::Single(Item {
                expr: Expr::Null,
                alias: None,
            }) => Err(WriteError::new(
                "NULL alone is nothing to answer with; select it in a list",
            )),
            Projection::Single(item) => item.write(w),
            Projection::List(items) => w.list(items),
        }
    }
}
