//! `update`.

use super::from::write_joined;
use super::json::Json;
use super::parse::{At, Members, ParseError};
use super::write::{Write, WriteError, Writer, member};
use super::{Expr, FromItem, Name, Projection, TableName};

/// An UPDATE.
#[derive(Debug, Clone, PartialEq)]
pub struct Update {
    /// The table. No source gives it an alias.
    pub table: TableName,
    /// The columns to change and their new values, in order.
    pub set: Vec<(Name, Expr)>,
    /// Further tables to join. Named in the document, never exemplified: see
    /// [`Joined`](crate::Joined).
    pub from: Vec<FromItem>,
    /// The condition on the rows to change, `where`.
    pub filter: Option<Expr>,
    /// The expressions to return. What a server returns without them is unknown.
    pub returning: Option<Projection>,
}

impl Update {
    const MEMBERS: &'static [&'static str] = &["table", "set", "from", "where", "returning"];

    pub(crate) fn parse(json: Json, at: &At<'_>) -> Result<Update, ParseError> {
        let mut members = Members::of(json, at, "an update, an object", Update::MEMBERS)?;
        let update = Update {
            table: members.table("table")?,
            set: set(members.require("set")?, &at.member("set"))?,
            from: members
                .optional("from", FromItem::parse_list)?
                .unwrap_or_default(),
            filter: members.optional("where", Expr::parse)?,
            returning: members.optional("returning", Projection::parse)?,
        };
        members.finish()?;
        Ok(update)
    }
}

fn set(json: Json, at: &At<'_>) -> Result<Vec<(Name, Expr)>, ParseError> {
    match json {
        Json::Object(members) if members.is_empty() => {
            Err(at.error("expected at least one column to set, found {}"))
        }
        Json::Object(members) => members
            .into_iter()
            .map(|(name, value)| {
                let value = Expr::parse(value, &at.member(&name))?;
                Ok((Name::Owned(name), value))
            })
            .collect(),
        other => Err(at.expected("an object of columns and values", &other)),
    }
}

impl Write for Update {
    fn write(&self, w: &mut Writer<'_>) -> Result<(), WriteError> {
        let object = w.open_object();
        member!(w, "table");
        w.text(&self.table);
        member!(w, "set");
        write_set(&self.set, w)?;
        if !self.from.is_empty() {
            member!(w, "from");
            write_joined(&self.from, w.dialect.update_from, w)?;
        }
        if let Some(filter) = &self.filter {
            member!(w, "where");
            w.condition("where", filter)?;
        }
        if let Some(returning) = &self.returning {
            member!(w, "returning");
            returning.write(w)?;
        }
        w.close(object);
        Ok(())
    }
}

/// Writes the assignments as an object.
fn write_set(set: &[(Name, Expr)], w: &mut Writer<'_>) -> Result<(), WriteError> {
    if set.is_empty() {
        return Err(WriteError::new("`set` sets nothing"));
    }
    let object = w.open_object();
    for (index, (column, value)) in set.iter().enumerate() {
        if set[..index].iter().any(|(known, _)| known == column) {
            return Err(WriteError::new(format!(
                "the column `{column}` is set twice"
            )));
        }
        w.member(column);
        value.write(w)?;
    }
    w.close(object);
    Ok(())
}
