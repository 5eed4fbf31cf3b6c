//! Values of PHP: texts and arrays of them.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Error, MapAccess, SeqAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A value of PHP: a text or an array.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    Text(String),
    Array(Array),
}

/// An array of PHP: ordered, with keys that may leave gaps.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Array(Vec<(String, Value)>);

impl Value {
    /// Returns `true` if PHP's `empty` does: `"0"` is empty.
    pub(super) fn is_empty(&self) -> bool {
        match self {
            Value::Text(text) => text.is_empty() || text == "0",
            Value::Array(array) => array.is_empty(),
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

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn get(&self, key: &str) -> Option<&Value> {
        self.0.iter().find(|(k, _)| k == key).map(|(_, v)| v)
    }

    /// The bytes of a column that has the array serialized as PHP does, in base64.
    pub(super) fn stored_bytes(&self) -> usize {
        self.serialized_bytes().div_ceil(3) * 4
    }

    fn serialized_bytes(&self) -> usize {
        let digits = |number: usize| number.to_string().len();
        // `s:2:"ab";`
        let text = |text: &str| text.len() + digits(text.len()) + 6;
        let entry = |(key, value): &(String, Value)| {
            let key = match key.parse::<i64>() {
                // `i:2;`
                Ok(_) => key.len() + 3,
                Err(_) => text(key),
            };
            let value = match value {
                Value::Text(value) => text(value),
                Value::Array(array) => array.serialized_bytes(),
            };
            key + value
        };
        // `a:2:{…}`
        digits(self.0.len()) + 5 + self.0.iter().map(entry).sum::<usize>()
    }

    fn next_key(&self) -> String {
        let indexes = self.0.iter().filter_map(|(key, _)| key.parse::<u64>().ok());
        indexes
            .max()
            .map_or(0, |last| last.saturating_add(1))
            .to_string()
    }

    /// Writes a text where a name with these keys says; an empty key appends.
    pub(super) fn put(&mut self, path: &[Cow<'_, str>], text: String) {
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

/// Not by way of a JSON value, whose objects forget the order of their members.
impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(Read)
    }
}

struct Read;

impl<'de> Visitor<'de> for Read {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text or a list of texts")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
        Ok(Value::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut array = Array::default();
        while let Some(item) = items.next_element()? {
            array.0.push((array.0.len().to_string(), item));
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut array = Array::default();
        while let Some(member) = members.next_entry()? {
            array.0.push(member);
        }
        Ok(Value::Array(array))
    }
}
