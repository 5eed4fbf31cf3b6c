//! Numbers as they are written in JSON, digit for digit.

use std::fmt;
use std::str::FromStr;

use serde::ser::{Error as _, Serialize, Serializer};
use serde_json::value::RawValue;

/// A number on the wire.
///
/// It keeps the digits it was parsed with: a whole number of 48 digits, `1.50`
/// and `1e400` are written as they were read. Two numbers are equal if they are
/// written the same, so `1.5` and `1.50` are not.
///
/// ```
/// use jsonsql::ast::Number;
///
/// let long: Number = "0.1000000000000000055511151231257827".parse()?;
/// assert_eq!(long.to_string(), "0.1000000000000000055511151231257827");
/// assert_eq!("17".parse(), Ok(Number::from(17)));
/// assert!("017".parse::<Number>().is_err());
/// # Ok::<(), jsonsql::ast::ParseNumberError>(())
/// ```
// `serde_json::Number` holds these only with `arbitrary_precision`, which is
// not ours to turn on, nor to turn off once another crate did.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Number(Digits);

#[derive(Clone, PartialEq, Eq, Hash)]
enum Digits {
    /// A whole number whose digits are the integer's: most literals, without an
    /// allocation.
    Integer(i64),
    /// JSON's text of any other number.
    Text(Box<str>),
}

/// A text that is not a number as JSON writes it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected a number as JSON has it, such as -17, 2.50 or 1e+20")]
pub struct ParseNumberError(());

impl Number {
    /// The number a float is, in the shortest form that is read as the same
    /// float; `None` if it is not finite, for which JSON has no form.
    pub fn from_f64(value: f64) -> Option<Number> {
        let number = serde_json::Number::from_f64(value)?;
        Some(Number(Digits::Text(number.to_string().into())))
    }

    /// The number as an integer, if it is written as one that fits.
    pub fn as_i64(&self) -> Option<i64> {
        match &self.0 {
            Digits::Integer(value) => Some(*value),
            Digits::Text(_) => None,
        }
    }

    /// The number as an unsigned integer, if it is written as one that fits.
    pub fn as_u64(&self) -> Option<u64> {
        match &self.0 {
            Digits::Integer(value) => u64::try_from(*value).ok(),
            Digits::Text(text) => text.parse().ok(),
        }
    }

    pub(super) fn write_to(&self, out: &mut Vec<u8>) {
        match &self.0 {
            // A `Vec` takes everything, and an integer can always be written.
            Digits::Integer(value) => drop(serde_json::to_writer(out, value)),
            Digits::Text(text) => out.extend_from_slice(text.as_bytes()),
        }
    }

    /// Returns `true` if it is written with a minus sign.
    pub fn is_negative(&self) -> bool {
        match &self.0 {
            Digits::Integer(value) => *value < 0,
            Digits::Text(text) => text.starts_with('-'),
        }
    }

    /// Returns `true` if it is written without fraction and exponent.
    pub fn is_whole(&self) -> bool {
        match &self.0 {
            Digits::Integer(_) => true,
            Digits::Text(text) => !text.contains(['.', 'e', 'E']),
        }
    }
}

impl FromStr for Number {
    type Err = ParseNumberError;

    fn from_str(text: &str) -> Result<Number, ParseNumberError> {
        let parts = Parts::of(text).ok_or(ParseNumberError(()))?;
        // Of `-0` an integer would forget the sign.
        if parts.is_whole()
            && !parts.is_negative_zero()
            && let Ok(value) = text.parse()
        {
            return Ok(Number(Digits::Integer(value)));
        }
        Ok(Number(Digits::Text(text.into())))
    }
}

macro_rules! from_integers {
    ($($type:ty)*) => {$(
        impl From<$type> for Number {
            #[inline]
            fn from(value: $type) -> Number {
                Number(match i64::try_from(value) {
                    Ok(value) => Digits::Integer(value),
                    Err(_) => Digits::Text(value.to_string().into()),
                })
            }
        }
    )*};
}

from_integers!(i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize);

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Digits::Integer(value) => value.fmt(f),
            Digits::Text(text) => f.write_str(text),
        }
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Number({self})")
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Digits::Integer(value) => s.serialize_i64(*value),
            Digits::Text(text) => {
                let json: &RawValue = serde_json::from_str(text).map_err(S::Error::custom)?;
                json.serialize(s)
            }
        }
    }
}

/// The parts of a number's JSON text, RFC 8259 section 6.
pub(crate) struct Parts<'a> {
    negative: bool,
    whole: &'a str,
    fraction: Option<&'a str>,
    /// With its sign, if it has one, and the letter before.
    pub(crate) exponent: Option<&'a str>,
}

impl<'a> Parts<'a> {
    /// The parts of a text; `None` if it is not a JSON number.
    pub(crate) fn of(text: &'a str) -> Option<Parts<'a>> {
        let unsigned = text.strip_prefix('-').unwrap_or(text);
        let (mantissa, exponent) = split_before(unsigned, ['e', 'E']);
        let (whole, fraction) = match mantissa.split_once('.') {
            Some((whole, fraction)) => (whole, Some(fraction)),
            None => (mantissa, None),
        };
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let power = exponent.map(|exponent| {
            let power = &exponent[1..];
            power.strip_prefix(['+', '-']).unwrap_or(power)
        });
        let is_json = digits(whole)
            && (whole == "0" || !whole.starts_with('0'))
            && fraction.is_none_or(digits)
            && power.is_none_or(digits);
        is_json.then_some(Parts {
            negative: unsigned.len() < text.len(),
            whole,
            fraction,
            exponent,
        })
    }

    pub(crate) fn is_whole(&self) -> bool {
        self.fraction.is_none() && self.exponent.is_none()
    }

    pub(crate) fn is_negative_zero(&self) -> bool {
        let zeros = |text: &str| text.bytes().all(|byte| byte == b'0');
        self.negative && zeros(self.whole) && self.fraction.is_none_or(zeros)
    }
}

/// Splits a text before the first of these letters: the second part is the letter
/// with the rest.
fn split_before(text: &str, letters: [char; 2]) -> (&str, Option<&str>) {
    match text.find(letters) {
        Some(index) => (&text[..index], Some(&text[index..])),
        None => (text, None),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn zero_is_not_negative() {
        let negative = |text: &str| text.parse::<Number>().map(|number| number.is_negative());
        assert_eq!(negative("0"), Ok(false));
        assert_eq!(negative("0.0"), Ok(false));
        assert_eq!(negative("-1"), Ok(true));
        assert_eq!(negative("-0.5"), Ok(true));
    }

    #[test]
    fn what_is_no_json_number_is_refused() {
        for text in [
            "", "-", "+1", "01", "-01", "00", ".5", "5.", "1e", "1e+", "1.e3", "1e1.5", "1_000",
            " 1", "1 ", "0x1F", "inf", "NaN", "Infinity", "--1", "1-", "١", "1,5", "1e5e5",
        ] {
            assert!(text.parse::<Number>().is_err(), "{text:?}");
            assert!(serde_json::from_str::<f64>(text).is_err() || text.trim() != text);
        }
    }

    #[test]
    fn an_integer_is_the_one_it_is_written_as() {
        let number = |text: &str| text.parse::<Number>().unwrap();
        assert_eq!(number("-9223372036854775808"), Number::from(i64::MIN));
        assert_eq!(number("18446744073709551615"), Number::from(u64::MAX));
        assert_eq!(number("18446744073709551615").as_u64(), Some(u64::MAX));
        assert_eq!(number("18446744073709551616").as_u64(), None);
        assert_eq!(number("1.0").as_i64(), None);
        assert_eq!(number("1e3").as_u64(), None);
        assert_eq!(number("-0").as_i64(), None);
        assert_eq!(number("-0").to_string(), "-0");
        assert_eq!(Number::from_f64(f64::NAN), None);
        assert_eq!(Number::from_f64(-2.5), Some(number("-2.5")));
    }

    #[test]
    fn a_number_is_whole_as_it_is_written() {
        for (text, is_whole) in [
            ("7", true),
            ("-0", true),
            ("18446744073709551616", true),
            ("7.0", false),
            ("1e3", false),
            ("1E3", false),
        ] {
            assert_eq!(
                text.parse::<Number>().unwrap().is_whole(),
                is_whole,
                "{text}"
            );
        }
        assert!(Number::from(i64::MIN).is_whole());
    }

    proptest! {
        #[test]
        fn every_digit_is_kept(text in r"-?(0|[1-9][0-9]{0,60})(\.[0-9]{1,60})?([eE][+-]?[0-9]{1,6})?") {
            let number: Number = text.parse().unwrap();
            prop_assert_eq!(number.to_string(), &text[..]);
            prop_assert_eq!(serde_json::to_string(&number).unwrap(), text);
        }

        #[test]
        fn whatever_serde_json_takes_for_a_number_is_one(text in r"[-+]?[0-9.eE+ -]{0,8}") {
            let is_json = serde_json::from_str::<&RawValue>(&text).is_ok() && text.trim() == text;
            prop_assert_eq!(text.parse::<Number>().is_ok(), is_json);
        }
    }
}
