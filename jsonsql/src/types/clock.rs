//! The texts that are dates and times.
//!
//! The parsers of both crates take more than a server prints: signs, blanks,
//! fields of one digit, the second 60 (which one of them makes 59). A text like
//! that comes from a text column, and might mean something else there.

/// What a column of dates and times should hold, for errors.
pub(super) const MOMENT: &str = "a moment with its offset from UTC, such as 2026-01-02 03:04:05+03";
pub(super) const DATE_TIME: &str = "a date and time without an offset, such as 2026-01-02 03:04:05";
pub(super) const DATE: &str = "a date, such as 2026-01-02";
pub(super) const TIME: &str = "a time of day, such as 03:04:05";

/// Makes types of a crate column types: their kind, what is expected in an error, the
/// function that reads a text, and the format that `$format` writes.
macro_rules! column_types {
    ($format:ident: $($(#[$doc:meta])* $type:ty, $kind:ident, $expected:expr, $read:ident, $written:literal;)*) => {$(
        $(#[$doc])*
        impl SqlType for $type {
            const KIND: SqlKind = SqlKind::$kind;

            fn literal(&self) -> ast::Expr {
                ast::Expr::text(self.$format($written).to_string())
            }
        }

        impl Ordered for $type {}

        impl<'de> Decode<'de> for $type {
            const EXPECTED: &'static str = $expected;

            fn decode(scalar: Scalar<'de>) -> Result<$type, Mismatch> {
                match &scalar {
                    Scalar::Text(text) => $read(text),
                    _ => None,
                }
                .ok_or_else(|| Mismatch::new::<$type>(&scalar))
            }
        }
    )*};
}

pub(super) use column_types;

/// Returns `true` for `2026-01-02`. Years of more than four digits are printed
/// with all of them; of those before our era PostgreSQL adds ` BC`, which no
/// type here takes.
pub(super) fn is_date(text: &str) -> bool {
    let mut fields = text.split('-');
    let year = fields.next().unwrap_or_default();
    let is_year = digits(year, 4) || (digits(year, year.len()) && (5..=6).contains(&year.len()));
    is_year && (year.len() == 4 || !year.starts_with('0')) && two(fields, 2)
}

/// Returns `true` for `03:04:05` and `03:04:05.123456`; ISO's nine digits of a
/// fraction are read too.
pub(super) fn is_time(text: &str) -> bool {
    let (whole, fraction) = match text.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (text, None),
    };
    let seconds = whole.rsplit(':').next().unwrap_or_default();
    two(whole.split(':'), 3)
        && seconds < "60"
        && fraction.is_none_or(|all| (1..=9).contains(&all.len()) && digits(all, all.len()))
}

/// Returns `true` for a date and a time, with a blank or ISO's `T` between.
pub(super) fn is_date_time(text: &str) -> bool {
    text.split_once([' ', 'T'])
        .is_some_and(|(date, time)| is_date(date) && is_time(time))
}

/// Returns `true` for a date and a time with an offset from UTC: `+03`,
/// `+05:30`, `+02:30:17`, or ISO's `Z` and `+0530`.
pub(super) fn is_moment(text: &str) -> bool {
    if let Some(local) = text.strip_suffix('Z') {
        return is_date_time(local);
    }
    let Some(index) = text.rfind(['+', '-']) else {
        return false;
    };
    // Of a date and a time alone, what stands before the last hyphen is neither.
    let (local, offset) = (&text[..index], &text[index + 1..]);
    let fields = offset.split(':').count();
    let is_offset = digits(offset, 4) || (fields <= 3 && two(offset.split(':'), fields));
    is_date_time(local) && is_offset
}

/// Returns `true` for so many fields of two digits.
fn two<'a>(mut fields: impl Iterator<Item = &'a str>, count: usize) -> bool {
    let all = fields.by_ref().take(count);
    all.filter(|field| digits(field, 2)).count() == count && fields.next().is_none()
}

fn digits(text: &str, count: usize) -> bool {
    text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Forms that a parser accepts and no server prints.
#[cfg(test)]
pub(super) mod other_forms {
    use std::fmt::Debug;

    use crate::row::{Decode, decode};

    /// Tests that the types of a crate refuse all of them.
    pub(crate) fn refused<M, N, D, T>()
    where
        M: for<'de> Decode<'de> + Debug,
        N: for<'de> Decode<'de> + Debug,
        D: for<'de> Decode<'de> + Debug,
        T: for<'de> Decode<'de> + Debug,
    {
        for text in [
            "2026-1-2",
            "+2026-01-02",
            "-2026-01-02",
            "26-01-02",
            " 2026-01-02",
            "2026- 1- 2",
            "2026-01-02 ",
            "20260102",
            "02026-01-02",
            "2026-01-02 BC",
            "2026-01-02 03:04:05",
        ] {
            refuse::<D>(text);
        }
        for text in [
            "3:4:5",
            "03:04",
            "03:04:60",
            "+3:04:05",
            " 3:04:05",
            "03:04:05.",
            "03:04:5",
            "030405",
            "24:00:00",
        ] {
            refuse::<T>(text);
            refuse::<N>(&format!("2026-01-02 {text}"));
            refuse::<M>(&format!("2026-01-02 {text}+03"));
        }
        refuse::<T>("03:04:05+03");
        for text in [
            "2026-01-02 03:04:05+03",
            "2026-01-02 03:04:05Z",
            "2026-02-30 00:00:00",
        ] {
            refuse::<N>(text);
        }
        for text in [
            "2026-01-02 03:04:05+3",
            "2026-01-02 03:04:05 +03",
            "2026-01-02  03:04:05+03",
            "2026-01-02 03:04:05+03:0",
            "2026-01-02 03:04:05+03[Europe/Moscow]",
            "20260102T030405Z",
            "2026-01-02 03:04:05z",
            "2026-01-02 03:04:05",
            "infinity",
            "2026-01-02",
            "",
        ] {
            refuse::<M>(text);
        }
    }

    fn refuse<T: for<'de> Decode<'de> + Debug>(text: &str) {
        let json = format!("[\"{text}\"]");
        let message = decode::<T>(json.as_bytes()).unwrap_err().to_string();
        let expected = format!("row 0, value 0: expected {}, found a text", T::EXPECTED);
        assert_eq!(message, expected, "{text}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// ISO 8601: a fraction has a digit; two of each field, and a minute has 60 seconds.
    #[test]
    fn a_time_has_three_fields_and_a_fraction_of_digits() {
        for time in ["03:04:05", "23:59:59.1", "00:00:00.123456789"] {
            assert!(is_time(time), "{time}");
        }
        for time in [
            "03:04",
            "3:04:05",
            "03:04:60",
            "03:04:05.",
            "03:04:05.1234567890",
            "03:04:05.1x",
            "03:04:05:06",
        ] {
            assert!(!is_time(time), "{time}");
        }
        assert!(is_date_time("2026-01-02 03:04:05") && is_date_time("2026-01-02T03:04:05.5"));
        assert!(!is_date_time("2026-01-02 03:04:05.") && !is_date_time("2026-01-02 03:04"));
    }

    /// Tests the forms that PostgreSQL prints (manual, 8.5.2), whatever the parser
    /// behind accepts.
    #[test]
    fn offsets_have_up_to_three_fields_and_years_up_to_six_digits() {
        for offset in ["+03", "-03", "+05:30", "+02:30:17", "Z", "+0530"] {
            assert!(is_moment(&format!("2026-01-02 03:04:05{offset}")));
        }
        for offset in ["", "+", "+3", "+03:00:00:00", "+053", "+05:3"] {
            assert!(!is_moment(&format!("2026-01-02 03:04:05{offset}")));
        }
        assert!(!is_moment("2026-01-02+03"));
        assert!(is_date("294276-01-02") && is_date("10000-01-02"));
        assert!(!is_date("1294276-01-02") && !is_date("026-01-02"));
    }
}
