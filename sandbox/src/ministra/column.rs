//! The conversion of values that MySQL stores when it is not strict: it stores
//! whatever it can.

use std::borrow::Cow;

use crate::clock::Clock;

/// The date of a column that never had one.
pub(super) const NEVER: &str = "0000-00-00 00:00:00";

/// The bytes of a `TEXT` column.
const TEXT: usize = 65_535;

/// A text cut to the width of its column, in characters.
pub(super) fn varchar(text: &str, width: usize, clock: &Clock) -> String {
    let text = stored(text, clock);
    match text.char_indices().nth(width) {
        Some((end, _)) => text[..end].to_owned(),
        None => text.into_owned(),
    }
}

/// A text cut to what a `TEXT` column takes; a character is not cut.
pub(super) fn text(text: &str, clock: &Clock) -> String {
    let text = stored(text, clock);
    let mut end = text.len().min(TEXT);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text[..end].to_owned()
}

/// Returns `true` if a `TEXT` column cuts a text of so many bytes.
pub(super) fn cuts(bytes: usize) -> bool {
    bytes > TEXT
}

/// A value as it reaches the table: what the server does not quote evaluated,
/// and in the characters that the table has.
pub(super) fn stored<'t>(text: &'t str, clock: &Clock) -> Cow<'t, str> {
    match evaluated(text, clock) {
        Some(value) => Cow::Owned(value),
        None => utf8(text),
    }
}

/// The value of what the server leaves unquoted: three functions, each alone in
/// a value, in any case, with blanks around it (recorded).
fn evaluated(text: &str, clock: &Clock) -> Option<String> {
    let function = text.trim_matches([' ', '\t', '\n', '\r', '\0', '\x0b']);
    let format = match function.to_ascii_uppercase().as_str() {
        "NOW()" => "%Y-%m-%d %H:%M:%S",
        "CURDATE()" => "%Y-%m-%d",
        "CURTIME()" => "%H:%M:%S",
        _ => return None,
    };
    Some(clock.now().strftime(format).to_string())
}

/// The time as MySQL writes it.
pub(super) fn now(clock: &Clock) -> String {
    clock.now().strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// The text in MySQL's `utf8`, which has no characters of four bytes: each of
/// their bytes becomes a question mark (recorded).
pub(super) fn utf8(text: &str) -> Cow<'_, str> {
    let four = |c: char| c.len_utf8() == 4;
    if text.contains(four) {
        Cow::Owned(text.replace(four, "????"))
    } else {
        Cow::Borrowed(text)
    }
}

/// The whole number a text begins with, or 0.
pub(super) fn integer(text: &str) -> i64 {
    let text = text.trim_start();
    let (sign, digits) = match text.as_bytes().first() {
        Some(b'-') => (-1, &text[1..]),
        Some(b'+') => (1, &text[1..]),
        _ => (1, text),
    };
    let end = digits
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(digits.len());
    match &digits[..end] {
        "" => 0,
        digits => digits.parse::<i64>().map_or(i64::MAX, |n| n) * sign,
    }
}

/// A number cut to the range of `TINYINT`. A date is the number of its digits.
pub(super) fn tinyint(text: &str, clock: &Clock) -> i8 {
    let number = match evaluated(text, clock) {
        Some(date) => integer(&date.replace([' ', '-', ':'], "")),
        None => integer(text),
    };
    let number = number.clamp(i8::MIN.into(), i8::MAX.into());
    i8::try_from(number).unwrap_or_default()
}

/// A date, with a time or without; anything else is [`NEVER`].
pub(super) fn datetime(text: &str, clock: &Clock) -> String {
    let value = stored(text, clock);
    // A time alone is that of today.
    let today = || evaluated("CURDATE()", clock).unwrap_or_default();
    let value = match evaluated(text, clock) {
        Some(time) if !time.contains('-') => Cow::Owned(format!("{} {time}", today())),
        _ => value,
    };
    date_and_time(value.trim()).unwrap_or_else(|| NEVER.to_owned())
}

fn date_and_time(text: &str) -> Option<String> {
    let (date, time) = text.split_once([' ', 'T']).unwrap_or((text, "0:0:0"));
    let [year, month, day] = numbers(date, '-')?;
    let [hour, minute, second] = numbers(time, ':')?;
    let valid = year <= 9999
        && (1..=12).contains(&month)
        && (1..=31).contains(&day)
        && hour < 24
        && minute < 60
        && second < 60;
    valid.then(|| format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}"))
}

fn numbers(text: &str, separator: char) -> Option<[u32; 3]> {
    let mut parts = text.split(separator);
    let mut next = || parts.next().unwrap_or("0").parse().ok();
    let numbers = [next()?, next()?, next()?];
    parts.next().is_none().then_some(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_three_functions_are_evaluated_and_only_alone() {
        let clock = &Clock::default();
        for text in ["NOW()", " now() ", "\tNow()\n", "curdate()", "CURTIME()"] {
            assert_ne!(stored(text, clock), text, "{text}");
        }
        for text in [
            "NOW",
            "NOW ()",
            "NOW() x",
            "SYSDATE()",
            "'NOW()'",
            "\u{a0}NOW()",
        ] {
            assert_eq!(stored(text, clock), text, "{text}");
        }
        assert_eq!(varchar("NOW()", 4, clock).len(), 4);
        assert_eq!(tinyint("CURDATE()", clock), 127);
        assert_eq!(datetime("curdate()", clock)[10..], *" 00:00:00");
        assert_eq!(
            datetime("CURTIME()", clock)[..10],
            *stored("CURDATE()", clock)
        );
    }

    #[test]
    fn a_text_is_cut_between_characters() {
        let clock = &Clock::default();
        assert_eq!(text(&"x".repeat(65_536), clock).len(), 65_535);
        assert_eq!(text(&"ж".repeat(40_000), clock).len(), 65_534);
        assert_eq!(text("a😀b", clock), "a????b");
        assert_eq!(varchar("😀😀", 6, clock), "??????");
    }
}
