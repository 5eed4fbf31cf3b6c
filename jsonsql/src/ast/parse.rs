//! From JSON to the grammar: where we are, and what went wrong there.

use std::fmt;

use super::json::Json;
use super::{Name, TableName};

/// The maximum depth to which a request may nest lists and objects.
///
/// The widest attested request nests 14 levels. The bound keeps every
/// recursive walk over a parsed request far from the end of the stack.
pub const MAX_DEPTH: usize = 96;

/// A JSON document that is not a JSONSQL request.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}, at {}", if pointer.is_empty() { "the top" } else { pointer })]
pub struct ParseError {
    pointer: String,
    message: String,
}

impl ParseError {
    /// Returns the place of the problem, as an RFC 6901 JSON pointer into the
    /// request's `params`.
    pub fn pointer(&self) -> &str {
        &self.pointer
    }

    /// Returns the problem, and what was expected instead.
    pub fn message(&self) -> &str {
        &self.message
    }
}

/// A place in the document, as a chain of borrowed steps: nothing is allocated
/// until something goes wrong.
#[derive(Clone, Copy)]
pub(crate) enum At<'a> {
    Root,
    Member(&'a At<'a>, &'a str),
    Item(&'a At<'a>, usize),
}

impl<'a> At<'a> {
    pub(crate) fn member(&'a self, name: &'a str) -> At<'a> {
        At::Member(self, name)
    }

    pub(crate) fn item(&'a self, index: usize) -> At<'a> {
        At::Item(self, index)
    }

    pub(crate) fn error(&self, message: impl Into<String>) -> ParseError {
        ParseError {
            pointer: self.to_string(),
            message: message.into(),
        }
    }

    pub(crate) fn expected(&self, what: &str, found: &Json) -> ParseError {
        self.error(format!("expected {what}, found {}", found.kind()))
    }

    fn depth(&self) -> usize {
        match self {
            At::Root => 0,
            At::Member(up, _) | At::Item(up, _) => up.depth() + 1,
        }
    }

    /// Refuses to go deeper than [`MAX_DEPTH`].
    pub(crate) fn bounded(&self) -> Result<(), ParseError> {
        if self.depth() <= MAX_DEPTH {
            return Ok(());
        }
        Err(self.error(format!("nested deeper than {MAX_DEPTH} levels")))
    }
}

impl fmt::Display for At<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            At::Root => Ok(()),
            At::Item(up, index) => write!(f, "{up}/{index}"),
            At::Member(up, name) if name.contains(['~', '/']) => {
                write!(f, "{up}/{}", name.replace('~', "~0").replace('/', "~1"))
            }
            At::Member(up, name) => write!(f, "{up}/{name}"),
        }
    }
}

/// The members of one JSON object, taken out by name; what is left at the end
/// was not expected.
pub(crate) struct Members<'a> {
    at: &'a At<'a>,
    left: Vec<(String, Json)>,
    known: &'static [&'static str],
}

impl<'a> Members<'a> {
    pub(crate) fn of(
        json: Json,
        at: &'a At<'a>,
        what: &str,
        known: &'static [&'static str],
    ) -> Result<Self, ParseError> {
        match json {
            Json::Object(left) => Ok(Members { at, left, known }),
            other => Err(at.expected(what, &other)),
        }
    }

    pub(crate) fn take(&mut self, name: &'static str) -> Option<Json> {
        debug_assert!(self.known.contains(&name));
        let index = self.left.iter().position(|(known, _)| known == name)?;
        Some(self.left.remove(index).1)
    }

    pub(crate) fn require(&mut self, name: &'static str) -> Result<Json, ParseError> {
        self.take(name)
            .ok_or_else(|| self.at.error(format!("member `{name}` is missing")))
    }

    /// Parses a member if it is there.
    ///
    /// A `null` is neither absent nor a value: no source says what a server
    /// makes of it, and a sender whose `where` came out empty would write every
    /// row, so it is refused.
    pub(crate) fn optional<T>(
        &mut self,
        name: &'static str,
        parse: impl FnOnce(Json, &At<'_>) -> Result<T, ParseError>,
    ) -> Result<Option<T>, ParseError> {
        match self.take(name) {
            None => Ok(None),
            Some(Json::Null) => Err(self.at.member(name).error(format!(
                "member `{name}` is null; leave it out if none is meant"
            ))),
            Some(json) => parse(json, &self.at.member(name)).map(Some),
        }
    }

    pub(crate) fn name(&mut self, name: &'static str) -> Result<Name, ParseError> {
        let json = self.require(name)?;
        identifier(json, &self.at.member(name))
    }

    pub(crate) fn table(&mut self, name: &'static str) -> Result<TableName, ParseError> {
        let json = self.require(name)?;
        TableName::parse(json, &self.at.member(name))
    }

    /// Refuses members nobody asked for: an unknown member is a condition the
    /// sender believes in and the server would drop.
    pub(crate) fn finish(self) -> Result<(), ParseError> {
        let Some((name, _)) = self.left.first() else {
            return Ok(());
        };
        let known: Vec<_> = self.known.iter().map(|name| format!("`{name}`")).collect();
        Err(self.at.error(format!(
            "unknown member `{name}`; expected one of {}",
            known.join(", ")
        )))
    }
}

/// The name of a table, column, function or alias.
pub(crate) fn identifier(json: Json, at: &At<'_>) -> Result<Name, ParseError> {
    match json {
        Json::String(name) if name.is_empty() => Err(at.error("expected a name, found \"\"")),
        Json::String(name) => Ok(Name::Owned(name)),
        other => Err(at.expected("a name", &other)),
    }
}

/// A list, each element parsed by `parse`.
pub(crate) fn list<T>(
    items: Vec<Json>,
    at: &At<'_>,
    parse: impl Fn(Json, &At<'_>) -> Result<T, ParseError>,
) -> Result<Vec<T>, ParseError> {
    items
        .into_iter()
        .enumerate()
        .map(|(index, item)| parse(item, &at.item(index)))
        .collect()
}

/// A list, or one element standing for a list of one.
pub(crate) fn one_or_more<T>(
    json: Json,
    at: &At<'_>,
    parse: impl Fn(Json, &At<'_>) -> Result<T, ParseError>,
) -> Result<Vec<T>, ParseError> {
    match json {
        Json::Array(items) => list(items, at, parse),
        one => Ok(vec![parse(one, at)?]),
    }
}
