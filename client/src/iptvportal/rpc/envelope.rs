//! The members of an answer, before anything is concluded from them.

use std::borrow::Cow;
use std::fmt;

use jsonsql::row::Scalar;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::member::{ErrorMember, MaybeError};

/// The members of an answer.
#[derive(Default)]
pub(super) struct Envelope<'a> {
    /// `None` without the member.
    pub(super) id: Option<Id>,
    /// `true` if `jsonrpc` is `"2.0"`.
    pub(super) version: bool,
    /// As it stands; the inner `None` is a `null`.
    pub(super) result: Option<Option<&'a RawValue>>,
    pub(super) error: Option<ErrorMember>,
    /// A member that is there twice: which of the two was meant is a guess.
    pub(super) repeated: Option<&'static str>,
}

/// The reason why a text is not one answer.
pub(super) enum Unread {
    NoObject,
    Json(serde_json::Error),
}

impl<'a> Envelope<'a> {
    /// Reads one answer, and nothing else.
    pub(super) fn read(document: &'a [u8]) -> Result<Envelope<'a>, Unread> {
        if document.first() != Some(&b'{') {
            return Err(Unread::NoObject);
        }
        let mut json = serde_json::Deserializer::from_slice(document);
        json.deserialize_map(EnvelopeVisitor)
            .and_then(|envelope| json.end().map(|()| envelope))
            .map_err(Unread::Json)
    }
}

/// The `id` of an answer.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Id {
    /// `null`, as JSON-RPC answers what it could not read.
    Null,
    Number(u64),
    /// No value that this client sends.
    Foreign,
}

impl Id {
    /// The same number in another spelling is the same id: JSON has one kind of
    /// number, and PHP and Perl turn numbers into texts and back.
    pub(super) fn new(scalar: &Scalar<'_>) -> Id {
        match scalar {
            Scalar::Null => Id::Null,
            Scalar::Number(digits) => whole(digits).map_or(Id::Foreign, Id::Number),
            // Not `+7` nor `007`, which Rust reads too.
            Scalar::Text(text) => match text.parse::<u64>() {
                Ok(id) if id.to_string() == *text => Id::Number(id),
                _ => Id::Foreign,
            },
            _ => Id::Foreign,
        }
    }
}

/// A number without a fraction, in any of JSON's spellings: `2`, `2.0`, `0.2e1`.
fn whole(digits: &str) -> Option<u64> {
    /// A decimal of so many digits is a double that no other such decimal is.
    const EXACT: usize = 15;
    if digits.contains(['e', 'E']) {
        let id: f64 = digits.parse().ok()?;
        let is_exact = digits.len() <= EXACT && (0.0..1e15).contains(&id) && id.fract() == 0.0;
        return is_exact.then_some(id as u64);
    }
    match digits.split_once('.') {
        Some((whole, fraction)) if fraction.bytes().all(|digit| digit == b'0') => {
            whole.parse().ok()
        }
        Some(_) => None,
        None => digits.parse().ok(),
    }
}

/// Reads the members in any order.
struct EnvelopeVisitor;

/// Members that may be there once.
const MEMBERS: [&str; 4] = ["jsonrpc", "id", "result", "error"];

impl<'de> Visitor<'de> for EnvelopeVisitor {
    type Value = Envelope<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an answer")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Envelope<'de>, A::Error> {
        let mut envelope = Envelope::default();
        let mut seen = [false; MEMBERS.len()];
        while let Some(name) = map.next_key::<Cow<'de, str>>()? {
            let Some(member) = MEMBERS.iter().position(|known| *known == name) else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            if std::mem::replace(&mut seen[member], true) {
                envelope.repeated = Some(MEMBERS[member]);
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            match MEMBERS[member] {
                "jsonrpc" => {
                    envelope.version =
                        matches!(map.next_value()?, Scalar::Text(version) if version == "2.0");
                }
                "id" => envelope.id = Some(Id::new(&map.next_value()?)),
                "error" => envelope.error = map.next_value::<MaybeError>()?.0,
                _ => envelope.result = Some(map.next_value()?),
            }
        }
        Ok(envelope)
    }
}

#[cfg(test)]
mod tests {
    use super::whole;

    #[test]
    fn a_number_is_an_id_in_every_spelling_of_it_and_no_other_number_is() {
        for digits in [
            "2",
            "2.0",
            "2.000000000000000000000000",
            "2e0",
            "0.2E+1",
            "20e-1",
        ] {
            assert_eq!(whole(digits), Some(2), "{digits}");
        }
        assert_eq!(whole("18446744073709551615"), Some(u64::MAX));
        for digits in [
            "-2",
            "2.5",
            "2.0000000000000000000000001",
            "2.0000000000000000000000001e0",
            "18446744073709551616",
            "1e400",
            "-1e-400",
            "1e16",
        ] {
            assert_ne!(whole(digits), Some(2), "{digits}");
            assert!(matches!(whole(digits), None | Some(0)), "{digits}");
        }
    }
}
