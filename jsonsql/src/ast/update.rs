//! `update`.

use serde::ser::{Error as _, Serialize, SerializeMap, Serializer};

use super::from::JoinedTables;
use super::json::Json;
use super::parse::{At, Members, ParseError};
use super::write::Wire;
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
    /// Which rows to change, `where`.
    pub filter: Option<Expr>,
    /// What to answer with. What a server answers without it is unknown.
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

impl Serialize for Wire<'_, Update> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let update = self.node;
        let mut map = s.serialize_map(None)?;
        map.serialize_entry("table", &update.table)?;
        map.serialize_entry("set", &self.of(&Set(&update.set)))?;
        if !update.from.is_empty() {
            let tables = JoinedTables {
                items: self.of(update.from.as_slice()),
                form: self.dialect.update_from,
            };
            map.serialize_entry("from", &tables)?;
        }
        if let Some(filter) = &update.filter {
            self.of(filter).condition(&mut map, "where")?;
        }
        if let Some(returning) = &update.returning {
            map.serialize_entry("returning", &self.of(returning))?;
        }
        map.end()
    }
}

/// The assignments, as an object.
struct Set<'a>(&'a [(Name, Expr)]);

impl Serialize for Wire<'_, Set<'_>> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let set = self.node.0;
        if set.is_empty() {
            return Err(S::Error::custom("`set` sets nothing"));
        }
        let mut map = s.serialize_map(Some(set.len()))?;
        for (index, (column, value)) in set.iter().enumerate() {
            if set[..index].iter().any(|(known, _)| known == column) {
                return Err(S::Error::custom(format_args!(
                    "the column `{column}` is set twice"
                )));
            }
            map.serialize_entry(column, &self.of(value))?;
        }
        map.end()
    }
}
