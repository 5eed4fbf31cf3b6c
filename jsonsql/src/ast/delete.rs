//! `delete`.

use super::from::write_joined;
use super::json::Json;
use super::parse::{At, Members, ParseError};
use super::write::{Write, WriteError, Writer, member};
use super::{Expr, FromItem, Projection, TableName};

/// A DELETE.
#[derive(Debug, Clone, PartialEq)]
pub struct Delete {
    /// The table. No source gives it an alias.
    pub from: TableName,
    /// Further tables to join. Named in the document, never exemplified: see
    /// [`Joined`](crate::Joined).
    pub using: Vec<FromItem>,
    /// The condition on the rows to delete, `where`.
    pub filter: Option<Expr>,
    /// The expressions to return. What a server returns without them is unknown.
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

impl Write for Delete {
    fn write(&self, w: &mut Writer<'_>) -> Result<(), WriteError> {
        let object = w.open_object();
        member!(w, "from");
        w.text(&self.from);
        if !self.using.is_empty() {
            member!(w, "using");
            write_joined(&self.using, w.dialect.using, w)?;
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
