//! The names and values that a set of settings can be read from, for `--help` and
//! for options of the form NAME=VALUE: from the types that read them.

use serde::de::value::{Error, StrDeserializer};
use serde::de::{DeserializeOwned, DeserializeSeed, Error as _, MapAccess, Visitor};
use serde::{Deserializer, forward_to_deserialize_any};
use serde_json::Value;

/// The number of a setting that is one.
pub(crate) const NUMBER: &str = "NUMBER";

/// Returns the name of each setting, and what it can be: values with `|` between
/// them, [`NUMBER`] for any number.
pub(crate) fn settings<T: DeserializeOwned>() -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    // Reading stops at the end of the settings, and what was read is not kept.
    let _ = T::deserialize(Settings(&mut found));
    found
}

/// A line for each setting: its name, and what it can be.
#[cfg(feature = "cli")]
pub(crate) fn lines<T: DeserializeOwned>() -> String {
    let found = settings::<T>();
    let lines = found
        .iter()
        .map(|(name, values)| format!("  {name}={values}"));
    lines.collect::<Vec<_>>().join("\n")
}

/// Reads the value of a setting: the name of a choice, or else JSON (a number,
/// true, null, a list). `check` refuses what the setting cannot be.
pub(crate) fn read(
    text: &str,
    check: impl Fn(&Value) -> Result<(), String>,
) -> Result<Value, String> {
    let choice = Value::from(text);
    let Err(no_choice) = check(&choice) else {
        return Ok(choice);
    };
    let Ok(json) = serde_json::from_str::<Value>(text) else {
        return Err(no_choice);
    };
    match check(&json) {
        Ok(()) => Ok(json),
        // This one names the right values.
        Err(_) if no_choice.starts_with("unknown ") => Err(no_choice),
        Err(error) => Err(error),
    }
}

/// Notes the names of settings and what each is read from.
struct Settings<'f>(&'f mut Vec<(&'static str, String)>);

impl<'de> Deserializer<'de> for Settings<'_> {
    type Error = Error;

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_map(Fields {
            left: fields,
            found: self.0,
        })
    }

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Error> {
        Err(Error::custom("settings are a struct"))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit
        unit_struct newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

struct Fields<'f> {
    left: &'static [&'static str],
    found: &'f mut Vec<(&'static str, String)>,
}

impl<'de> MapAccess<'de> for Fields<'_> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Error> {
        let Some((name, left)) = self.left.split_first() else {
            return Ok(None);
        };
        self.left = left;
        self.found.push((name, String::new()));
        seed.deserialize(StrDeserializer::new(name)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        let values = &mut self.found.last_mut().expect("a key comes first").1;
        seed.deserialize(Setting(values))
    }
}

/// Notes what a setting is read from, and reads the first of it.
struct Setting<'f>(&'f mut String);

impl<'de> Deserializer<'de> for Setting<'_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Error> {
        Err(Error::custom(
            "a setting is a choice, a number, a flag or a list",
        ))
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.0.push_str("true|false");
        visitor.visit_bool(true)
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.0.push_str(NUMBER);
        visitor.visit_u64(0)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.0.push_str("null|");
        visitor.visit_some(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.0.push_str("[\"TEXT\",…]");
        visitor.visit_seq(serde::de::value::SeqDeserializer::<_, Error>::new(
            std::iter::empty::<u8>(),
        ))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.0.push_str(&variants.join("|"));
        visitor.visit_enum(StrDeserializer::new(variants[0]))
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i64 u8 u16 u32 f32 f64 char str string bytes byte_buf unit unit_struct
        newtype_struct tuple tuple_struct map struct identifier ignored_any
    }
}

#[cfg(all(test, feature = "cli"))]
mod tests {
    use crate::ministra::MinistraOptions;
    use crate::tvip::TvipBehavior;
    use serde_json::Map;

    use super::*;

    /// Every value that the help prints is read, as the value it is.
    #[test]
    fn what_help_lists_is_read() {
        let read_as = |name: &str, text: &str| {
            read(text, |value| {
                let pair = Map::from_iter([(name.to_owned(), value.clone())]);
                let read = serde_json::from_value::<TvipBehavior>(pair.into());
                read.map(drop).map_err(|error| error.to_string())
            })
        };
        for line in lines::<TvipBehavior>().lines() {
            let (name, values) = line.trim().split_once('=').unwrap();
            for value in values.replace("NUMBER", "7").split('|') {
                read_as(name, value).unwrap();
            }
        }
        assert_eq!(lines::<TvipBehavior>().lines().count(), 22);
        assert_eq!(read_as("pin_md5", "null"), Ok(Value::from("null")));
        assert_eq!(read_as("default_limit", "null"), Ok(Value::Null));
        assert!(
            lines::<MinistraOptions>().contains("  php_warnings=hidden|shown|always|after_body")
        );
        assert!(lines::<MinistraOptions>().contains("  enable_api=true|false"));
    }
}
