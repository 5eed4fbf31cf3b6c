//! `from`, and by the same grammar `using` and update's `from`.
//!
//! How the latter two are written, [`Joined`] decides.

use super::json::Json;
use super::parse::{At, Members, ParseError, identifier, one_or_more};
use super::write::{Write, WriteError, Writer, member};
use super::{Expr, Name, Select, TableName};
use crate::ast::TableInfo;
use crate::dialect::Joined;

/// One entry of FROM: a table or sub-select, its alias, and how it joins what
/// stands before it.
#[derive(Debug, Clone, PartialEq)]
pub struct FromItem {
    /// The source of the rows.
    pub source: Source,
    /// The alias, `"as"`.
    pub alias: Option<Name>,
    /// The join; `None` is a comma, the product of both.
    pub join: Option<Join>,
}

/// The source of the rows of a FROM entry.
#[derive(Debug, Clone, PartialEq)]
pub enum Source {
    /// A table.
    Table(TableName),
    /// A sub-select. Seen in one report from production, not in the vendor's texts.
    Select(Box<Select>),
}

/// The join of a FROM entry with what stands before it.
#[derive(Debug, Clone, PartialEq)]
pub struct Join {
    /// The rows that survive without a partner.
    pub kind: JoinKind,
    /// The condition, `"on"`; only a cross join has none.
    pub on: Option<Expr>,
}

/// The rows of a join that survive without a partner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum JoinKind {
    /// None (attested; also what a join without `join_type` means).
    Inner,
    /// Those on the left (attested).
    Left,
    /// Those on the right (not attested).
    Right,
    /// Those on either side (not attested).
    Full,
    /// There is no condition (not attested).
    Cross,
}

impl JoinKind {
    const ALL: [JoinKind; 5] = [
        JoinKind::Inner,
        JoinKind::Left,
        JoinKind::Right,
        JoinKind::Full,
        JoinKind::Cross,
    ];

    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            JoinKind::Inner => "inner",
            JoinKind::Left => "left",
            JoinKind::Right => "right",
            JoinKind::Full => "full",
            JoinKind::Cross => "cross",
        }
    }

    fn parse(json: Json, at: &At<'_>) -> Result<JoinKind, ParseError> {
        let name = identifier(json, at)?;
        JoinKind::ALL
            .into_iter()
            .find(|kind| kind.as_str() == name)
            .ok_or_else(|| {
                at.error("expected \"inner\", \"left\", \"right\", \"full\" or \"cross\"")
            })
    }
}

impl FromItem {
    /// The members of its objects.
    pub(crate) const MEMBERS: &'static [&'static str] =
        &["table", "select", "join", "join_type", "as", "on"];

    /// A table under an alias.
    pub fn table(table: impl Into<TableName>, alias: impl Into<Name>) -> FromItem {
        FromItem {
            source: Source::Table(table.into()),
            alias: Some(alias.into()),
            join: None,
        }
    }

    /// Returns the program's description of the table, if the source is a table.
    pub(crate) fn info(&self) -> Option<&'static TableInfo> {
        match &self.source {
            Source::Table(table) => table.info(),
            Source::Select(_) => None,
        }
    }

    /// The name its columns are qualified with: the alias, or else the table.
    pub fn visible_name(&self) -> Option<&str> {
        match (&self.alias, &self.source) {
            (Some(alias), _) => Some(alias),
            (None, Source::Table(table)) => Some(table),
            (None, Source::Select(_)) => None,
        }
    }

    pub(crate) fn parse_list(json: Json, at: &At<'_>) -> Result<Vec<FromItem>, ParseError> {
        one_or_more(json, at, FromItem::parse)
    }

    fn parse(json: Json, at: &At<'_>) -> Result<FromItem, ParseError> {
        let members = match json {
            Json::String(_) => {
                return Ok(FromItem {
                    source: Source::Table(TableName::parse(json, at)?),
                    alias: None,
                    join: None,
                });
            }
            Json::Object(members) => members,
            other => return Err(at.expected("a table name or an object", &other)),
        };
        let has = |name: &str| members.iter().any(|(known, _)| known == name);
        if has("join") {
            FromItem::parse_join(Json::Object(members), at)
        } else if has("select") {
            FromItem::parse_select(Json::Object(members), at)
        } else {
            let mut table = Members::of(Json::Object(members), at, "a table", &["table", "as"])?;
            let source = Source::Table(table.table("table")?);
            let alias = table.optional("as", identifier)?;
            table.finish()?;
            Ok(FromItem {
                source,
                alias,
                join: None,
            })
        }
    }

    fn parse_select(json: Json, at: &At<'_>) -> Result<FromItem, ParseError> {
        let mut entry = Members::of(json, at, "a sub-select", &["select", "as"])?;
        let select = Select::parse(entry.require("select")?, &at.member("select"))?;
        let alias = Some(entry.name("as")?);
        entry.finish()?;
        let source = Source::Select(Box::new(select));
        Ok(FromItem {
            source,
            alias,
            join: None,
        })
    }

    fn parse_join(json: Json, at: &At<'_>) -> Result<FromItem, ParseError> {
        let mut entry = Members::of(json, at, "a join", &["join", "join_type", "as", "on"])?;
        let source = match entry.require("join")? {
            Json::Object(members) => {
                let at = &at.member("join");
                let mut inner = Members::of(Json::Object(members), at, "a join", &["select"])?;
                let select = Select::parse(inner.require("select")?, &at.member("select"))?;
                inner.finish()?;
                Source::Select(Box::new(select))
            }
            name => Source::Table(TableName::parse(name, &at.member("join"))?),
        };
        let kind = entry
            .optional("join_type", JoinKind::parse)?
            .unwrap_or(JoinKind::Inner);
        let alias = entry.optional("as", identifier)?;
        let on = entry.optional("on", Expr::parse)?;
        entry.finish()?;
        match (kind, &on) {
            (JoinKind::Cross, Some(_)) => {
                return Err(at.member("on").error("a cross join has no condition"));
            }
            (JoinKind::Cross, None) | (_, Some(_)) => {}
            (_, None) => return Err(at.error("member `on` is missing: a join needs a condition")),
        }
        let join = Some(Join { kind, on });
        Ok(FromItem {
            source,
            alias,
            join,
        })
    }
}

impl Write for FromItem {
    fn write(&self, w: &mut Writer<'_>) -> Result<(), WriteError> {
        let FromItem {
            source,
            alias,
            join,
        } = self;
        let object = w.open_object();
        match (join, source) {
            (None, Source::Table(table)) => {
                member!(w, "table");
                w.text(table);
            }
            (None, Source::Select(select)) => {
                member!(w, "select");
                select.write(w)?;
            }
            (Some(_), Source::Table(table)) => {
                member!(w, "join");
                w.text(table);
            }
            (Some(_), Source::Select(select)) => {
                member!(w, "join");
                let inner = w.open_object();
                member!(w, "select");
                select.write(w)?;
                w.close(inner);
            }
        }
        if let Some(join) = join {
            member!(w, "join_type");
            w.text(join.kind.as_str());
        }
        if let Some(alias) = alias {
            member!(w, "as");
            w.text(alias);
        }
        if let Some(on) = join.as_ref().and_then(|join| join.on.as_ref()) {
            member!(w, "on");
            w.condition("on", on)?;
        }
        w.close(object);
        Ok(())
    }
}

/// Writes the tables that a write joins.
pub(super) fn write_joined(
    items: &[FromItem],
    form: Joined,
    w: &mut Writer<'_>,
) -> Result<(), WriteError> {
    match form {
        Joined::LikeFrom => write_from(items, w),
        Joined::List => w.list(items),
    }
}

/// Writes `from`: one table in the short forms of the vendor's texts.
pub(super) fn write_from(items: &[FromItem], w: &mut Writer<'_>) -> Result<(), WriteError> {
    match items {
        [
            one @ FromItem {
                source: Source::Table(table),
                alias,
                join: None,
            },
        ] => match alias {
            None => {
                w.text(table);
                Ok(())
            }
            Some(_) => one.write(w),
        },
        several => w.list(several),
    }
}
