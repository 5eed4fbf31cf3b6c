//! Values as PHP writes them.
//!
//! A number may be a text and a text a number; nothing may be `null`, `false`
//! or an empty text; a list whose indexes have gaps is an object.

use std::fmt;
use std::marker::PhantomData;

use jiff::civil::DateTime;
use serde::de::{
    self, DeserializeOwned, IgnoredAny, MapAccess, SeqAccess, Visitor,
    value::{MapAccessDeserializer, SeqAccessDeserializer},
};
use serde::{Deserialize, Deserializer};

/// A text, a number, or nothing.
pub(super) struct Scalar(Option<String>);

impl Scalar {
    pub(super) fn text(self) -> String {
        self.0.unwrap_or_default()
    }
}

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Scalar, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Scalar;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text or a number")
            }

            fn visit_str<E>(self, text: &str) -> Result<Scalar, E> {
                Ok(Scalar(Some(text.to_owned())))
            }

            fn visit_u64<E>(self, number: u64) -> Result<Scalar, E> {
                Ok(Scalar(Some(number.to_string())))
            }

            fn visit_i64<E>(self, number: i64) -> Result<Scalar, E> {
                Ok(Scalar(Some(number.to_string())))
            }

            fn visit_f64<E>(self, number: f64) -> Result<Scalar, E> {
                Ok(Scalar(Some(number.to_string())))
            }

            /// So a number arrives that is no integer, once a crate of the program
            /// has turned on `arbitrary_precision` of `serde_json`.
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Scalar, A::Error> {
                let number = serde_json::Number::deserialize(MapAccessDeserializer::new(map))?;
                Ok(Scalar(Some(number.to_string())))
            }

            fn visit_bool<E>(self, value: bool) -> Result<Scalar, E> {
                Ok(Scalar(value.then(|| "1".to_owned())))
            }

            fn visit_unit<E>(self) -> Result<Scalar, E> {
                Ok(Scalar(None))
            }
        }
        from.deserialize_any(Reader)
    }
}

pub(super) fn text<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    Ok(Scalar::deserialize(from)?.text())
}

/// `null` is nothing; an empty text is a text.
pub(super) fn nullable<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    Ok(Scalar::deserialize(from)?.0)
}

/// An empty text is nothing.
pub(super) fn filled<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    Ok(nullable(from)?.filter(|text| !text.is_empty()))
}

/// `0` and nothing are no, everything else is yes, as in PHP.
pub(super) fn flag<'de, D: Deserializer<'de>>(from: D) -> Result<bool, D::Error> {
    let text = text(from)?;
    Ok(!text.is_empty() && text != "0")
}

pub(super) fn known_flag<'de, D: Deserializer<'de>>(from: D) -> Result<Option<bool>, D::Error> {
    flag(from).map(Some)
}

/// 1 is connected; the documents have 2 for what the server answers 0 for.
pub(super) fn connected<'de, D: Deserializer<'de>>(from: D) -> Result<Option<bool>, D::Error> {
    Ok(Some(text(from)? == "1"))
}

/// A date that was never set is one of zeros.
pub(super) fn date<'de, D: Deserializer<'de>>(from: D) -> Result<Option<DateTime>, D::Error> {
    Ok(text(from)?.parse().ok())
}

pub(super) fn number<'de, D, T>(from: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: std::str::FromStr,
{
    match filled(from)? {
        None => Ok(None),
        Some(text) => text
            .parse()
            .map(Some)
            .map_err(|_| de::Error::custom("not a number")),
    }
}

/// Texts without the empty ones: what was cleared holds one empty text. One
/// text alone is a list of one.
pub(super) fn texts<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    let texts = list::<Scalar, D>(from)?.into_iter().map(Scalar::text);
    Ok(texts.filter(|text| !text.is_empty()).collect())
}

/// Ids, of which one that is empty is none.
pub(super) fn ids<'de, D, T>(from: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: std::str::FromStr,
{
    let ids = texts(from)?.into_iter().map(|text| text.parse());
    ids.collect::<Result<_, _>>()
        .map_err(|_| de::Error::custom("not an id"))
}

fn list<'de, T: Deserialize<'de>, D: Deserializer<'de>>(from: D) -> Result<Vec<T>, D::Error> {
    let Listed(list) = Listed::deserialize(from)?;
    Ok(list)
}

/// A list, or the one thing that should be in it.
struct Listed<T>(Vec<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Listed<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Listed<T>, D::Error> {
        struct Reader<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Reader<T> {
            type Value = Listed<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Listed<T>, A::Error> {
                Vec::deserialize(SeqAccessDeserializer::new(list)).map(Listed)
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Listed<T>, A::Error> {
                values(map).map(Listed)
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Listed<T>, E> {
                let one = T::deserialize(de::value::StrDeserializer::new(text))?;
                Ok(Listed(vec![one]))
            }

            fn visit_bool<E: de::Error>(self, value: bool) -> Result<Listed<T>, E> {
                match value {
                    false => Ok(Listed(Vec::new())),
                    true => Err(E::invalid_type(de::Unexpected::Bool(true), &self)),
                }
            }

            fn visit_unit<E>(self) -> Result<Listed<T>, E> {
                Ok(Listed(Vec::new()))
            }
        }
        from.deserialize_any(Reader(PhantomData))
    }
}

fn values<'de, T: Deserialize<'de>, A: MapAccess<'de>>(mut map: A) -> Result<Vec<T>, A::Error> {
    let mut values = Vec::new();
    while let Some((IgnoredAny, value)) = map.next_entry()? {
        values.push(value);
    }
    Ok(values)
}

/// Rows, or none because `results` is false.
pub(super) struct Rows<T>(pub(super) Option<Vec<T>>);

impl<'de, T: DeserializeOwned> Deserialize<'de> for Rows<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Rows<T>, D::Error> {
        struct Reader<T>(PhantomData<T>);
        impl<'de, T: DeserializeOwned> Visitor<'de> for Reader<T> {
            type Value = Rows<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of rows")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Rows<T>, A::Error> {
                Vec::deserialize(SeqAccessDeserializer::new(list)).map(|rows| Rows(Some(rows)))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Rows<T>, A::Error> {
                values(map).map(|rows| Rows(Some(rows)))
            }

            fn visit_bool<E: de::Error>(self, value: bool) -> Result<Rows<T>, E> {
                match value {
                    false => Ok(Rows(None)),
                    true => Err(E::invalid_type(de::Unexpected::Bool(true), &self)),
                }
            }
        }
        from.deserialize_any(Reader(PhantomData))
    }
}

/// One row, or none: `null`, `false` and an empty list are that.
pub(super) struct One<T>(pub(super) Option<T>);

impl<'de, T: DeserializeOwned> Deserialize<'de> for One<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<One<T>, D::Error> {
        struct Reader<T>(PhantomData<T>);
        impl<'de, T: DeserializeOwned> Visitor<'de> for Reader<T> {
            type Value = One<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("one row")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<One<T>, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(|row| One(Some(row)))
            }

            // With rows in it, it is an answer to another question: all there are.
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<One<T>, A::Error> {
                match list.next_element::<IgnoredAny>()? {
                    None => Ok(One(None)),
                    Some(_) => Err(de::Error::invalid_type(de::Unexpected::Seq, &self)),
                }
            }

            fn visit_bool<E: de::Error>(self, value: bool) -> Result<One<T>, E> {
                match value {
                    false => Ok(One(None)),
                    true => Err(E::invalid_type(de::Unexpected::Bool(true), &self)),
                }
            }

            fn visit_unit<E>(self) -> Result<One<T>, E> {
                Ok(One(None))
            }
        }
        from.deserialize_any(Reader(PhantomData))
    }
}
