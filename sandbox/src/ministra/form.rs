//! Form bodies, as PHP's `parse_str` reads them.

use std::borrow::Cow;

use percent_encoding::percent_decode;
use serde::de::Error as _;
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// How deep PHP lets arrays be.
const DEEPEST: usize = 64;

/// The fields of a body.
#[derive(Debug, Default)]
pub(super) struct Form {
    fields: Array,
    /// How many fields were allowed, when there were more.
    cut_at: Option<usize>,
}

/// A value of PHP: a text or an array.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    Text(String),
    Array(Array),
}

/// An array of PHP: ordered, with keys that may leave gaps.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Array(Vec<(String, Value)>);

impl Form {
    /// Reads no more than `max_input_vars` fields, whatever the content type.
    pub(super) fn parse(body: &[u8], max_input_vars: usize) -> Form {
        let mut form = Form::default();
        let pairs = body.split(|byte| *byte == b'&').filter(|p| !p.is_empty());
        for (count, pair) in pairs.enumerate() {
            if count == max_input_vars {
                form.cut_at = Some(max_input_vars);
                break;
            }
            let equals = pair.iter().position(|byte| *byte == b'=');
            let (name, value) = match equals {
                Some(at) => (&pair[..at], &pair[at + 1..]),
                None => (pair, &[][..]),
            };
            if let Some(path) = path(&decode_bytes(name)) {
                form.fields.put(&path, decode_bytes(value));
            }
        }
        form
    }

    pub(super) fn is_empty(&self) -> bool {
        self.fields.0.is_empty()
    }

    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.fields.get(name)
    }

    /// The field, unless PHP finds it empty.
    pub(super) fn filled(&self, name: &str) -> Option<&Value> {
        self.get(name).filter(|value| !value.is_empty())
    }

    /// What PHP says when it cut the body.
    pub(super) fn warning(&self) -> Option<String> {
        let most = self.cut_at?;
        Some(format!(
            "parse_str(): Input variables exceeded {most}. To increase the limit change \
             max_input_vars in php.ini."
        ))
    }

    pub(super) fn has_any(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.get(name).is_some())
    }
}

impl Value {
    /// What PHP's `empty` says: `"0"` is empty.
    pub(super) fn is_empty(&self) -> bool {
        match self {
            Value::Text(text) => text.is_empty() || text == "0",
            Value::Array(array) => array.0.is_empty(),
        }
    }

    pub(super) fn text(&self) -> &str {
        match self {
            Value::Text(text) => text,
            // So PHP spells any array.
            Value::Array(_) => "Array",
        }
    }
}

impl Value {
    /// The same without this text among its entries.
    pub(super) fn without(self, text: &str) -> Value {
        match self {
            Value::Array(array) if array.texts().any(|entry| entry == text) => {
                Value::Array(Array::list(array.texts().filter(|entry| *entry != text)))
            }
            other => other,
        }
    }
}

impl Array {
    /// The array with these texts, in this order.
    pub(super) fn list<'a>(texts: impl IntoIterator<Item = &'a str>) -> Array {
        let mut array = Array::default();
        for text in texts {
            let key = array.next_key();
            array.0.push((key, Value::Text(text.to_owned())));
        }
        array
    }

    pub(super) fn texts(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(_, value)| value.text())
    }

    fn get(&self, key: &str) -> Option<&Value> {
        self.0.iter().find(|(k, _)| k == key).map(|(_, v)| v)
    }

    fn next_key(&self) -> String {
        let indexes = self.0.iter().filter_map(|(key, _)| key.parse::<u64>().ok());
        indexes
            .max()
            .map_or(0, |last| last.saturating_add(1))
            .to_string()
    }

    fn put(&mut self, path: &[Cow<'_, str>], text: String) {
        let [key, rest @ ..] = path else { return };
        let key = if key.is_empty() {
            self.next_key()
        } else {
            key.to_string()
        };
        let at = self
            .0
            .iter()
            .position(|(k, _)| *k == key)
            .unwrap_or_else(|| {
                self.0.push((key, Value::Text(String::new())));
                self.0.len() - 1
            });
        let slot = &mut self.0[at].1;
        if rest.is_empty() {
            *slot = Value::Text(text);
            return;
        }
        if let Value::Text(_) = slot {
            *slot = Value::Array(Array::default());
        }
        if let Value::Array(array) = slot {
            array.put(rest, text);
        }
    }
}

/// `name[a][]` as the name and its keys; none for a name PHP drops.
fn path(name: &str) -> Option<Vec<Cow<'_, str>>> {
    let name = name.trim_start_matches(' ');
    let name = name.split('\0').next().unwrap_or_default();
    let (base, mut rest) = match name.find('[') {
        Some(at) if at > 0 && name[at..].contains(']') => name.split_at(at),
        _ => (name, ""),
    };
    if base.is_empty() {
        return None;
    }
    let mut path = vec![Cow::Owned(base.replace(['.', ' ', '['], "_"))];
    while let Some((key, after)) = rest.strip_prefix('[').and_then(|r| r.split_once(']')) {
        path.push(Cow::Borrowed(key));
        rest = after;
    }
    (path.len() <= DEEPEST).then_some(path)
}

/// Percent signs and pluses read; what is not UTF-8 replaced.
pub(super) fn decode(text: &str) -> String {
    decode_bytes(text.as_bytes())
}

fn decode_bytes(bytes: &[u8]) -> String {
    let spaced: Vec<u8> = bytes
        .iter()
        .map(|byte| if *byte == b'+' { b' ' } else { *byte })
        .collect();
    percent_decode(&spaced).decode_utf8_lossy().into_owned()
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Value::Text(text) => serializer.serialize_str(text),
            Value::Array(array) => array.serialize(serializer),
        }
    }
}

/// A list where the keys count from 0, an object where they do not.
impl Serialize for Array {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut keys = self.0.iter().enumerate();
        if keys.all(|(at, (key, _))| *key == at.to_string()) {
            return serializer.collect_seq(self.0.iter().map(|(_, value)| value));
        }
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (key, value) in &self.0 {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
        let json = serde_json::Value::deserialize(deserializer)?;
        from_json(json).ok_or_else(|| D::Error::custom("expected a text or a list of texts"))
    }
}

fn from_json(json: serde_json::Value) -> Option<Value> {
    use serde_json::Value as Json;
    let entries: Vec<(String, Json)> = match json {
        Json::String(text) => return Some(Value::Text(text)),
        Json::Array(items) => {
            let keyed = items.into_iter().enumerate();
            keyed.map(|(at, item)| (at.to_string(), item)).collect()
        }
        Json::Object(map) => map.into_iter().collect(),
        _ => return None,
    };
    let entries = entries
        .into_iter()
        .map(|(key, item)| Some((key, from_json(item)?)));
    Some(Value::Array(Array(entries.collect::<Option<_>>()?)))
}
