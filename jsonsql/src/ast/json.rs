//! A JSON document as it was sent: members in order, none of them twice.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, Visitor};
use serde::ser::{Serialize, Serializer};
use serde_json::value::RawValue;

use super::{At, Number, ParseError};

/// A parsed JSON document.
///
/// `serde_json::Value` forgets the order of members and keeps the last of two
/// equal ones; `set` needs the order, and a request with a member twice has no
/// one meaning, so it is refused. It also rounds numbers, or reads them as
/// objects, by a feature that any crate of a program can turn on; so each
/// number is taken from the text of the document.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Json {
    Null,
    Bool(bool),
    Number(Number),
    String(String),
    Array(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl Json {
    /// Returns the name of this kind of value in messages. It never contains the
    /// value itself, which may be a subscriber's password.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Json::Null => "null",
            Json::Bool(_) => "a boolean",
            Json::Number(_) => "a number",
            Json::String(_) => "a string",
            Json::Array(_) => "a list",
            Json::Object(_) => "an object",
        }
    }

    /// Reads a whole document.
    pub(crate) fn from_slice(json: &[u8]) -> Result<Json, ParseError> {
        let json = serde_json::from_slice(json).map_err(|error| unreadable(&At::Root, &error))?;
        Json::read(json, &At::Root)
    }

    /// Reads a value whose syntax is known to be right, but for its texts. It
    /// is looked at once for each level it stands on, of which the
    /// [limit](super::MAX_DEPTH) on levels makes few.
    fn read(json: &RawValue, at: &At<'_>) -> Result<Json, ParseError> {
        let text = json.get();
        match text.as_bytes().first() {
            Some(b'n') => Ok(Json::Null),
            Some(b't') => Ok(Json::Bool(true)),
            Some(b'f') => Ok(Json::Bool(false)),
            Some(b'"') => string(text, at).map(Json::String),
            Some(b'[') => {
                at.bounded()?;
                let items: Vec<&RawValue> = reread(text, at)?;
                let items = items.into_iter().enumerate();
                let read = items.map(|(index, item)| Json::read(item, &at.item(index)));
                read.collect::<Result<_, _>>().map(Json::Array)
            }
            Some(b'{') => {
                at.bounded()?;
                object(reread(text, at)?, at).map(Json::Object)
            }
            _ => {
                let number = text.parse();
                number
                    .map(Json::Number)
                    .map_err(|error| at.error(format!("cannot be read: {error}")))
            }
        }
    }
}

fn object(members: Members<'_>, at: &At<'_>) -> Result<Vec<(String, Json)>, ParseError> {
    let mut read: Vec<(String, Json)> = Vec::with_capacity(members.0.len());
    for (name, value) in members.0 {
        let name = string(name.get(), at)?;
        if read.iter().any(|(known, _)| *known == name) {
            return Err(at.error(format!("member `{name}` stands twice in one object")));
        }
        let value = Json::read(value, &at.member(&name))?;
        read.push((name, value));
    }
    Ok(read)
}

/// A text, whose escapes nobody has looked at yet. The position in
/// `serde_json`'s message is one in the text alone, so it is left out.
fn string(json: &str, at: &At<'_>) -> Result<String, ParseError> {
    serde_json::from_str(json)
        .map_err(|_| at.error("cannot be read: a string with an escape that is no character"))
}

fn reread<'a, T: Deserialize<'a>>(json: &'a str, at: &At<'_>) -> Result<T, ParseError> {
    serde_json::from_str(json).map_err(|error| unreadable(at, &error))
}

fn unreadable(at: &At<'_>, error: &serde_json::Error) -> ParseError {
    at.error(format!("cannot be read: {error}"))
}

/// The members of one object, as they stand.
struct Members<'a>(Vec<(&'a RawValue, &'a RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Members(members))
    }
}

/// Into any format: members keep their order, numbers their digits.
impl Serialize for Json {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self {
            Json::Null => s.serialize_unit(),
            Json::Bool(value) => s.serialize_bool(*value),
            Json::Number(value) => value.serialize(s),
            Json::String(text) => s.serialize_str(text),
            Json::Array(items) => s.collect_seq(items),
            Json::Object(members) => {
                s.collect_map(members.iter().map(|(name, value)| (name, value)))
            }
        }
    }
}

/// From JSON only, and not from a copy that serde has made of it (`flatten`,
/// untagged enums): the digits of numbers are in the text.
impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = Box::<RawValue>::deserialize(deserializer)?;
        Json::read(&json, &At::Root).map_err(D::Error::custom)
    }
}
