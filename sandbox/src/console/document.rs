//! JSON as it was sent: members in their order, numbers in their spelling.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::visible::is_hidden;

/// The depth to which documents are read.
const DEEPEST: usize = 128;

/// The length up to which a list or an object stands in one line.
const WIDEST: usize = 60;

/// A JSON value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Json {
    /// A number, true, false or null, as it was spelt.
    Plain(String),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl Json {
    /// Reads a document; none if it is no JSON, or nests too deep.
    pub(super) fn parse(text: &str) -> Option<Json> {
        let whole: &RawValue = serde_json::from_str(text).ok()?;
        parse(whole.get(), DEEPEST)
    }

    pub(super) fn member(&self, name: &str) -> Option<&Json> {
        match self {
            Json::Object(members) => members
                .iter()
                .find(|(member, _)| member == name)
                .map(|(_, value)| value),
            _ => None,
        }
    }

    /// The part that a JSON pointer names.
    pub(super) fn part(&self, pointer: &str) -> Option<&Json> {
        pointer
            .split('/')
            .skip(1)
            .try_fold(self, |part, token| match part {
                Json::List(items) => items.get(token.parse::<usize>().ok()?),
                _ => part.member(&token.replace("~1", "/").replace("~0", "~")),
            })
    }

    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Json::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn list(&self) -> Option<&[Json]> {
        match self {
            Json::List(items) => Some(items),
            _ => None,
        }
    }

    /// The document in one line. Characters that are not seen are escaped.
    pub(super) fn compact(&self) -> String {
        let mut text = String::new();
        self.write_compact(&mut text);
        text
    }

    fn write_compact(&self, text: &mut String) {
        match self {
            Json::Plain(plain) => text.push_str(plain),
            Json::Text(content) => text.push_str(&quoted(content)),
            Json::List(items) => {
                text.push('[');
                for (index, item) in items.iter().enumerate() {
                    text.push_str(if index == 0 { "" } else { ", " });
                    item.write_compact(text);
                }
                text.push(']');
            }
            Json::Object(members) => {
                text.push('{');
                for (index, (name, value)) in members.iter().enumerate() {
                    text.push_str(if index == 0 { "" } else { ", " });
                    text.push_str(&quoted(name));
                    text.push_str(": ");
                    value.write_compact(text);
                }
                text.push('}');
            }
        }
    }

    /// The document in lines.
    pub(super) fn lines(&self) -> Lines {
        let mut lines = Lines {
            lines: vec![String::new()],
            places: Vec::new(),
        };
        lines.write(self, "", 0);
        lines
    }

    /// The document in lines, as one text.
    pub(super) fn pretty(&self) -> String {
        self.lines().lines.join("\n")
    }
}

/// A document in lines, and the line on which each part of it begins.
pub(super) struct Lines {
    pub(super) lines: Vec<String>,
    /// JSON pointers (RFC 6901) and the indexes of lines.
    places: Vec<(String, usize)>,
}

impl Lines {
    /// The index of the line of what a JSON pointer names, or of the part around
    /// it that has one.
    pub(super) fn line_of(&self, pointer: &str) -> usize {
        let around = |place: &str| {
            pointer
                .strip_prefix(place)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let places = self.places.iter().filter(|(place, _)| around(place));
        let nearest = places.max_by_key(|(place, _)| place.len());
        nearest.map_or(0, |(_, line)| *line)
    }

    fn write(&mut self, json: &Json, pointer: &str, depth: usize) {
        self.places.push((pointer.to_owned(), self.lines.len() - 1));
        let compact = json.compact();
        let count = match json {
            Json::List(items) => items.len(),
            Json::Object(members) => members.len(),
            _ => 0,
        };
        if count == 0 || depth > 0 && compact.chars().count() <= WIDEST {
            self.add(&compact);
            return;
        }
        match json {
            Json::List(items) => {
                self.add("[");
                for (index, item) in items.iter().enumerate() {
                    self.begin(depth + 1);
                    self.write(item, &format!("{pointer}/{index}"), depth + 1);
                    self.add(if index + 1 < count { "," } else { "" });
                }
                self.begin(depth);
                self.add("]");
            }
            Json::Object(members) => {
                self.add("{");
                for (index, (name, value)) in members.iter().enumerate() {
                    self.begin(depth + 1);
                    self.add(&format!("{}: ", quoted(name)));
                    let token = name.replace('~', "~0").replace('/', "~1");
                    self.write(value, &format!("{pointer}/{token}"), depth + 1);
                    self.add(if index + 1 < count { "," } else { "" });
                }
                self.begin(depth);
                self.add("}");
            }
            Json::Plain(_) | Json::Text(_) => {}
        }
    }

    fn begin(&mut self, depth: usize) {
        self.lines.push("  ".repeat(depth));
    }

    fn add(&mut self, text: &str) {
        if let Some(line) = self.lines.last_mut() {
            line.push_str(text);
        }
    }
}

/// A JSON string in which characters that are not seen are escaped.
fn quoted(text: &str) -> String {
    let json = serde_json::to_string(text).unwrap_or_default();
    let mut quoted = String::with_capacity(json.len());
    for c in json.chars() {
        match is_hidden(c) {
            true => {
                let mut units = [0; 2];
                for unit in c.encode_utf16(&mut units) {
                    quoted.push_str(&format!("\\u{unit:04x}"));
                }
            }
            false => quoted.push(c),
        }
    }
    quoted
}

fn parse(text: &str, left: usize) -> Option<Json> {
    let left = left.checked_sub(1)?;
    match text.as_bytes().first()? {
        b'"' => serde_json::from_str(text).ok().map(Json::Text),
        b'[' => {
            let items: Vec<&RawValue> = serde_json::from_str(text).ok()?;
            let items = items.into_iter().map(|item| parse(item.get(), left));
            items.collect::<Option<_>>().map(Json::List)
        }
        b'{' => {
            let members = members(text)?
                .into_iter()
                .map(|(name, value)| Some((name, parse(value.get(), left)?)));
            members.collect::<Option<_>>().map(Json::Object)
        }
        _ => Some(Json::Plain(text.to_owned())),
    }
}

/// The members of an object in their order; none of anything else.
pub(super) fn members(text: &str) -> Option<Vec<(String, &RawValue)>> {
    let Members(members) = serde_json::from_str(text).ok()?;
    Some(members)
}

struct Members<'t>(Vec<(String, &'t RawValue)>);

impl<'de: 't, 't> Deserialize<'de> for Members<'t> {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        struct Read;
        impl<'de> Visitor<'de> for Read {
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
        json.deserialize_map(Read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_spelling_and_hidden_characters_are_kept() {
        let text = "{\"z\": 1.10, \"a\": [true, null], \"a\": \"\u{202e}\\ud83d\\ude00\"}";
        let json = Json::parse(text).unwrap();
        assert_eq!(
            json.compact(),
            "{\"z\": 1.10, \"a\": [true, null], \"a\": \"\\u202e😀\"}"
        );
        assert_eq!(Json::parse(&json.compact()), Some(json));
        assert_eq!(Json::parse("{"), None);
        assert_eq!(Json::parse(&"[".repeat(100_000)), None);
        let deep = format!("{}{}", "[".repeat(1000), "]".repeat(1000));
        assert_eq!(Json::parse(&deep), None);
    }

    #[test]
    fn parts_are_found_on_their_lines() {
        let long = "x".repeat(50);
        let text = format!(r#"{{"data": ["id"], "where": {{"eq": ["a", "{long}"], "b": 1}}}}"#);
        let lines = Json::parse(&text).unwrap().lines();
        assert_eq!(lines.lines[1], "  \"data\": [\"id\"],");
        assert_eq!(lines.line_of("/data/0"), 1);
        assert_eq!(
            lines.line_of("/where/eq/1"),
            3 + usize::from(lines.lines[3].ends_with('[')) * 2
        );
        assert_eq!(lines.line_of("/where/b"), lines.lines.len() - 3);
        assert_eq!(lines.line_of("/nothing"), 0);
    }
}
