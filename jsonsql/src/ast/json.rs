//! A JSON document as it was sent: members in order, none of them twice.

use memchr::memchr2;
use serde::de::{Deserialize, Deserializer, Error as _};
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
        let at = At::Root;
        let json: &RawValue = serde_json::from_slice(json)
            .map_err(|error| at.error(format!("cannot be read: {error}")))?;
        Rest(json.get()).value(&at)
    }
}

/// What is left of a document whose syntax is known to be right, but for its texts: it
/// is read in one pass.
struct Rest<'a>(&'a str);

impl Rest<'_> {
    /// Reads the value that comes next.
    fn value(&mut self, at: &At<'_>) -> Result<Json, ParseError> {
        if self.take(b'[') {
            at.bounded()?;
            return self.items(at).map(Json::Array);
        }
        if self.take(b'{') {
            at.bounded()?;
            return self.members(at).map(Json::Object);
        }
        if self.0.starts_with('"') {
            return self.text(at).map(Json::String);
        }
        let ends = |c: char| matches!(c, ',' | ']' | '}') || c.is_ascii_whitespace();
        let (word, rest) = self.0.split_at(self.0.find(ends).unwrap_or(self.0.len()));
        self.0 = rest;
        match word {
            "null" => Ok(Json::Null),
            "true" => Ok(Json::Bool(true)),
            "false" => Ok(Json::Bool(false)),
            number => number
                .parse()
                .map(Json::Number)
                .map_err(|error| at.error(format!("cannot be read: {error}"))),
        }
    }

    fn items(&mut self, at: &At<'_>) -> Result<Vec<Json>, ParseError> {
        let mut items = Vec::new();
        while !self.take(b']') {
            items.push(self.value(&at.item(items.len()))?);
            self.take(b',');
        }
        Ok(items)
    }

    fn members(&mut self, at: &At<'_>) -> Result<Vec<(String, Json)>, ParseError> {
        let mut members: Vec<(String, Json)> = Vec::new();
        while !self.take(b'}') {
            let name = self.text(at)?;
            if members.iter().any(|(known, _)| *known == name) {
                return Err(at.error(format!("member `{name}` stands twice in one object")));
            }
            self.take(b':');
            let value = self.value(&at.member(&name))?;
            members.push((name, value));
            self.take(b',');
        }
        Ok(members)
    }

    /// Reads the text that comes next, whose escapes nobody has looked at yet. The
    /// position in `serde_json`'s message is one in the text alone, so it is left out.
    fn text(&mut self, at: &At<'_>) -> Result<String, ParseError> {
        let bytes = self.0.as_bytes();
        let mut end = 1;
        let mut is_plain = true;
        loop {
            let rest = bytes.get(end..).unwrap_or_default();
            match memchr2(b'"', b'\\', rest) {
                Some(length) if rest[length] == b'"' => {
                    end += length + 1;
                    break;
                }
                Some(length) => {
                    is_plain = false;
                    end += length + 2;
                }
                None => {
                    end = bytes.len();
                    break;
                }
            }
        }
        let (text, rest) = self.0.split_at(end);
        self.0 = rest;
        match text
            .strip_prefix('"')
            .and_then(|text| text.strip_suffix('"'))
        {
            Some(text) if is_plain => Ok(text.to_owned()),
            _ => serde_json::from_str(text).map_err(|_| {
                at.error("cannot be read: a string with an escape that is no character")
            }),
        }
    }

    /// Passes over white space, and over this sign if it comes next.
    fn take(&mut self, sign: u8) -> bool {
        self.0 = self.0.trim_ascii_start();
        let is_next = self.0.as_bytes().first() == Some(&sign);
        if is_next {
            self.0 = &self.0[1..];
        }
        is_next
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
        Rest(json.get()).value(&At::Root).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_what_another_reader_makes_of_it() {
        let documents = [
            r#" { "a" : [ 1 , -25 , true , false , null , [ ] , { } ] , "b" : "" } "#,
            r#"{"\"":"\\","\\\"":"\\\\\"","é\u00e9\n":"[1,{\"a\":2}]","\ud83d\ude00":"😀\\"}"#,
            "[\t[[\"]\",\"}\"],\r\n{\"{\":\"[\"}]\n, 0.5]",
            r#""\\""#,
        ];
        for document in documents {
            let read = Json::from_slice(document.as_bytes()).expect("a document");
            let other: serde_json::Value = serde_json::from_str(document).expect("a document");
            assert_eq!(
                serde_json::to_value(read).expect("JSON"),
                other,
                "{document}"
            );
        }
    }

    #[test]
    fn no_document_is_read_beyond_its_end() {
        for document in ["[", "{\"a\"", "\"\\", "[1,", "{\"a\":}", "", "é", "\"\\é"] {
            assert!(Json::from_slice(document.as_bytes()).is_err(), "{document}");
            let read = Rest(document).value(&At::Root);
            assert!(read.is_err(), "{document}: {read:?}");
        }
    }
}
