//! Names: folded as PostgreSQL does, and never a word of the language.

use sqlparser::ast as sp;
use sqlparser::tokenizer::Location;

use super::error::{Read, refuse};
use super::place::at_or;
use super::reader::Reader;
use crate::ast::Name;
use crate::sql::name::is_reserved;

/// The number of bytes of a name that PostgreSQL keeps.
const MAX_NAME: usize = 63;

/// Words that an output name may be only behind AS, PostgreSQL 15's
/// `pg_get_keywords()`, those whose `barelabel` is false.
const NEED_AS: &[&str] = &[
    "array",
    "as",
    "char",
    "character",
    "create",
    "day",
    "except",
    "fetch",
    "filter",
    "for",
    "from",
    "grant",
    "group",
    "having",
    "hour",
    "intersect",
    "into",
    "isnull",
    "limit",
    "minute",
    "month",
    "notnull",
    "offset",
    "on",
    "order",
    "over",
    "overlaps",
    "precision",
    "returning",
    "second",
    "to",
    "union",
    "varying",
    "where",
    "window",
    "with",
    "within",
    "without",
    "year",
];

/// A name as it is sent.
pub(super) fn name(ident: &sp::Ident) -> Read<Name> {
    let folded = label(ident)?;
    if ident.quote_style.is_none() && is_reserved(&folded) {
        let message = match folded.as_ref() {
            "default" => "DEFAULT has no form in the protocol: leave the column out".to_owned(),
            "current_date" | "localtime" | "localtimestamp" | "current_time" => format!(
                "{} has no form in the protocol: write `now()`, or send the time as a text",
                folded.to_ascii_uppercase()
            ),
            _ => format!("`{folded}` is a word of SQL here: in double quotes it is a name"),
        };
        return refuse(ident.span.start, message);
    }
    Ok(folded)
}

/// An output name behind AS, which may be any word.
fn label(ident: &sp::Ident) -> Read<Name> {
    let sp::Ident {
        value,
        quote_style,
        span,
    } = ident;
    let name = match quote_style {
        None => value.to_ascii_lowercase(),
        Some('"') => value.clone(),
        Some(_) => return refuse(span.start, "a name is in double quotes, or in none"),
    };
    if name.is_empty() || name.contains('\0') {
        return refuse(span.start, "a name has at least one character, and no NUL");
    }
    if name.len() > MAX_NAME {
        let message = format!("PostgreSQL keeps {MAX_NAME} bytes of a name: this one is longer");
        return refuse(span.start, message);
    }
    Ok(name.into())
}

impl Reader<'_> {
    /// The name of a column, table or alias.
    pub(super) fn name(&mut self, ident: &sp::Ident) -> Read<Name> {
        self.see(ident.span.start);
        name(ident)
    }

    /// The name of a table, which has no schema.
    pub(super) fn table_name(
        &mut self,
        object: &sp::ObjectName,
        otherwise: Location,
    ) -> Read<(Location, Name)> {
        let sp::ObjectName(parts) = object;
        match parts.as_slice() {
            [sp::ObjectNamePart::Identifier(ident)] => Ok((ident.span.start, self.name(ident)?)),
            [sp::ObjectNamePart::Identifier(schema), ..] => refuse(
                schema.span.start,
                "the protocol's tables have no schema: write the table's name alone",
            ),
            _ => refuse(at_or(object, otherwise), "expected the name of a table"),
        }
    }

    /// The column that a write gives a value.
    pub(super) fn target_column(
        &mut self,
        object: &sp::ObjectName,
        otherwise: Location,
    ) -> Read<(Location, Name)> {
        let sp::ObjectName(parts) = object;
        match parts.as_slice() {
            [sp::ObjectNamePart::Identifier(ident)] => Ok((ident.span.start, self.name(ident)?)),
            [.., sp::ObjectNamePart::Identifier(_)] => refuse(
                at_or(object, otherwise),
                "a column that is written is named alone, without its table",
            ),
            _ => refuse(at_or(object, otherwise), "expected the name of a column"),
        }
    }

    /// An output name; a text in its place has no place of its own.
    pub(super) fn output_name(&mut self, ident: &sp::Ident, at: Location) -> Read<Name> {
        if !matches!(ident.quote_style, None | Some('"')) {
            return refuse(at, "an output name is in double quotes, or in none");
        }
        self.see(ident.span.start);
        let name = label(ident)?;
        let bare = ident.quote_style.is_none() && !self.places.follows_as(ident.span);
        if bare && NEED_AS.contains(&name.as_ref()) {
            let message = match name.as_ref() {
                "isnull" => "write `IS NULL`".to_owned(),
                "notnull" => "write `IS NOT NULL`".to_owned(),
                _ => format!("write AS before the output name `{name}`"),
            };
            return refuse(ident.span.start, message);
        }
        self.note_name(&name);
        Ok(name)
    }

    /// The name of a FROM entry.
    pub(super) fn table_alias(&mut self, alias: &sp::TableAlias) -> Read<Name> {
        let sp::TableAlias {
            explicit: _,
            name,
            columns,
            at,
        } = alias;
        if let Some(first) = columns.first() {
            return refuse(
                first.name.span.start,
                "names of columns behind an alias have no form in the protocol: \
                 name what is selected, `SELECT a AS b`",
            );
        }
        if let Some(at) = at {
            return refuse(at.span.start, "AT has no form in the protocol");
        }
        let alias = self.name(name)?;
        self.note_name(&alias);
        Ok(alias)
    }
}

/// Two parts of a name, or one: `t.a`, `a`.
pub(super) fn column_parts(parts: &[sp::Ident]) -> Read<(Option<&sp::Ident>, &sp::Ident)> {
    match parts {
        [name] => Ok((None, name)),
        [table, name] => Ok((Some(table), name)),
        [first, ..] => refuse(
            first.span.start,
            "a column is named by its table and its name: the protocol has no schemas",
        ),
        [] => refuse(Location::new(1, 1), "expected the name of a column"),
    }
}
