//! `delete`.

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::from::JoinedTables;
use super::json::Json;
use super::parse::{At, Members, ParseError};
use super::write::Wire;
use super::{Expr, FromItem, Projection, TableName};

/// A DELETE.
#[derive(Debug, Clone, PartialEq)]
pub struct Delete {
    /// The table. No source gives it an alias.
    pub from: TableName,
    /// Further tables to join. Named in the document, never exemplified: see
    /// [`Joined`](crate::Joined).
    pub using: Vec<FromItem>,
    /// Which rows to delete, `where`.
    pub filter: Option<Expr>,
    /// What to answer with. What a server answers without it is unknown.
    pub returning: Option<Projection>,
}

impl Delete {
    const MEMBERS: &'static [&'static str] = &["from", "using", "where", "returning"];

    pub(crate) fn parse(json: Json, at: &At<'_>) -> Result<Delete, ParseError> {
        let mut members = Members::of(json, at, "a delete, an object", Delete::MEMBERS)?;
        let delete = Delete {
            from: members.table("from")?,
            using: members
                .optional("using", FromItem::parse_list)?
                .unwrap_or_default(),
            filter: members.optional("where", Expr::parse)?,
            returning: members.optional("returning", Projection::parse)?,
        };
        members.finish()?;
        Ok(delete)
    }
}

impl Serialize for Wire<'_, Delete> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        let delete = self.node;
        let mut map = s.serialize_map(None)?;
        map.serialize_entry("from", &delete.from)?;
        if !delete.using.is_empty() {
            let tables = JoinedTables {
                items: self.of(delete.using.as_slice()),
                form: self.dialect.using,
            };
            map.serialize_entry("using", &tables)?;
        }
        if let Some(filter) = &delete.filter {
            self.of(filter).condition(&mut map, "where")?;
        }
        if let Some(returning) = &delete.returning {
            map.serialize_entry("returning", &self.of(returning))?;
        }
        map.end()
    }
}
