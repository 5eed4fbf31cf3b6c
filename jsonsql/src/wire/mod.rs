//! From a statement to the bytes that are sent.

use serde::ser::{
    Error as _, Impossible, Serialize, SerializeMap, SerializeSeq, SerializeStruct, Serializer,
};
use serde_json::{Error, Result};

mod text;

/// Appends a statement to `out`, byte for byte as `serde_json` writes it.
///
/// It is the faster, because it knows what statements are
/// made of: short texts that seldom have anything to escape, in lists and
/// objects. Numbers and texts to escape are left to `serde_json`.
///
/// # Errors
///
/// What the statement says of itself that it cannot be written.
pub(crate) fn write<T: Serialize + ?Sized>(value: &T, out: &mut Vec<u8>) -> Result<()> {
    value.serialize(&mut Json::<false> { out })
}

/// A serializer of what statements are made of; anything else is an error.
///
/// A comma goes before whatever does not follow an opening bracket, so there is
/// nothing to remember. The `NAME` of a member ends in a colon.
struct Json<'a, const NAME: bool> {
    out: &'a mut Vec<u8>,
}

/// Numbers, which `serde_json` writes.
macro_rules! numbers {
    ($($method:ident $type:ty;)*) => {$(
        fn $method(self, number: $type) -> Result<()> {
            serde_json::to_writer(&mut *self.out, &number)
        }
    )*};
}

/// What no statement has.
macro_rules! refused {
    ($($method:ident$(<$generic:ident>)?($($type:ty),*) -> $ok:ty;)*) => {$(
        fn $method$(<$generic: Serialize + ?Sized>)?(self, $(_: $type),*) -> Result<$ok> {
            Err(Error::custom(concat!(stringify!($method), ": no statement has that")))
        }
    )*};
}

type Never = Impossible<(), Error>;
type Name = &'static str;

impl<const NAME: bool> Serializer for &mut Json<'_, NAME> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Self;
    type SerializeMap = Self;
    type SerializeStruct = Self;
    type SerializeTuple = Never;
    type SerializeTupleStruct = Never;
    type SerializeTupleVariant = Never;
    type SerializeStructVariant = Never;

    #[inline(always)]
    fn serialize_str(self, text: &str) -> Result<()> {
        text::write::<NAME>(text, self.out)
    }

    fn serialize_bool(self, value: bool) -> Result<()> {
        let word: &[u8] = if value { b"true" } else { b"false" };
        self.out.extend_from_slice(word);
        Ok(())
    }

    fn serialize_unit(self) -> Result<()> {
        self.out.extend_from_slice(b"null");
        Ok(())
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Self> {
        self.out.push(b'[');
        Ok(self)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self> {
        self.out.push(b'{');
        Ok(self)
    }

    fn serialize_struct(self, name: Name, _: usize) -> Result<Self> {
        if name == RAW || name == DIGITS {
            return Ok(self);
        }
        Err(Error::custom("serialize_struct: no statement has that"))
    }

    numbers! {
        serialize_i64 i64;
        serialize_u64 u64;
        serialize_f64 f64;
    }

    refused! {
        serialize_i8(i8) -> ();
        serialize_i16(i16) -> ();
        serialize_i32(i32) -> ();
        serialize_u8(u8) -> ();
        serialize_u16(u16) -> ();
        serialize_u32(u32) -> ();
        serialize_f32(f32) -> ();
        serialize_char(char) -> ();
        serialize_bytes(&[u8]) -> ();
        serialize_none() -> ();
        serialize_some<T>(&T) -> ();
        serialize_unit_struct(Name) -> ();
        serialize_unit_variant(Name, u32, Name) -> ();
        serialize_newtype_struct<T>(Name, &T) -> ();
        serialize_newtype_variant<T>(Name, u32, Name, &T) -> ();
        serialize_tuple(usize) -> Never;
        serialize_tuple_struct(Name, usize) -> Never;
        serialize_tuple_variant(Name, u32, Name, usize) -> Never;
        serialize_struct_variant(Name, u32, Name, usize) -> Never;
    }
}

impl<const NAME: bool> SerializeSeq for &mut Json<'_, NAME> {
    type Ok = ();
    type Error = Error;

    #[inline(always)]
    fn serialize_element<T: Serialize + ?Sized>(&mut self, element: &T) -> Result<()> {
        if self.out.last() != Some(&b'[') {
            self.out.push(b',');
        }
        element.serialize(&mut **self)
    }

    fn end(self) -> Result<()> {
        self.out.push(b']');
        Ok(())
    }
}

impl<const NAME: bool> SerializeMap for &mut Json<'_, NAME> {
    type Ok = ();
    type Error = Error;

    #[inline(always)]
    fn serialize_key<T: Serialize + ?Sized>(&mut self, name: &T) -> Result<()> {
        if self.out.last() != Some(&b'{') {
            self.out.push(b',');
        }
        name.serialize(&mut Json::<true> { out: self.out })?;
        if self.out.last() != Some(&b':') {
            return Err(Error::custom("the name of a member is a text"));
        }
        Ok(())
    }

    #[inline(always)]
    fn serialize_entry<K: Serialize + ?Sized, V: Serialize + ?Sized>(
        &mut self,
        key: &K,
        value: &V,
    ) -> Result<()> {
        self.serialize_key(key)?;
        self.serialize_value(value)
    }

    #[inline(always)]
    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<()> {
        value.serialize(&mut **self)
    }

    fn end(self) -> Result<()> {
        self.out.push(b'}');
        Ok(())
    }
}

/// What `serde_json` calls JSON that is written as it is, as a struct of one
/// text: a number with more digits than a float has is that.
const RAW: &str = "$serde_json::private::RawValue";

/// What it calls one of its own numbers once a crate of the program has turned
/// on `arbitrary_precision`.
const DIGITS: &str = "$serde_json::private::Number";

impl<const NAME: bool> SerializeStruct for &mut Json<'_, NAME> {
    type Ok = ();
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, _: Name, digits: &T) -> Result<()> {
        let quoted = serde_json::to_string(digits)?;
        self.out
            .extend_from_slice(quoted.trim_matches('"').as_bytes());
        Ok(())
    }

    fn end(self) -> Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::json;

    use super::*;

    fn written<T: Serialize + ?Sized>(value: &T) -> Result<String> {
        let mut out = Vec::new();
        write(value, &mut out)?;
        Ok(String::from_utf8(out).unwrap())
    }

    #[test]
    fn lists_and_objects_have_their_commas() {
        let value = json!([
            [], {}, [[]], [{}], [[], []], {"a": []}, {"a": {}, "b": [[1], [2, "]"]]},
            ["[", "x", "{", ","], {"{": "{", ",": ",", ":": ":"}, null, true, false,
        ]);
        assert_eq!(written(&value).unwrap(), value.to_string());
    }

    #[test]
    fn what_no_statement_has_is_refused() {
        let refused = |error: Result<String>| error.unwrap_err().to_string();
        assert_eq!(
            refused(written(&1_u8)),
            "serialize_u8: no statement has that"
        );
        assert_eq!(
            refused(written(&Some(1_u64))),
            "serialize_some: no statement has that"
        );
        assert_eq!(
            refused(written(&(1_u64, 2_u64))),
            "serialize_tuple: no statement has that"
        );
        assert_eq!(
            refused(written(&BTreeMap::from([(1_u64, 1_u64)]))),
            "the name of a member is a text"
        );
    }

    /// As a number is serialized when `serde_json` keeps digits.
    struct Kept(&'static str);

    impl Serialize for Kept {
        fn serialize<S: Serializer>(&self, s: S) -> std::result::Result<S::Ok, S::Error> {
            let mut number = s.serialize_struct(DIGITS, 1)?;
            number.serialize_field(DIGITS, self.0)?;
            number.end()
        }
    }

    #[test]
    fn digits_are_written_as_they_are() {
        let digits = "-123456789012345678901234567890.10e7";
        let json = written(&[Kept(digits), Kept("0")][..]).unwrap();
        assert_eq!(json, format!("[{digits},0]"));
        let number: crate::ast::Number = digits.parse().unwrap();
        assert_eq!(written(&[number][..]).unwrap(), format!("[{digits}]"));
    }
}
