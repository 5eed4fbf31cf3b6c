//! What MySQL stores of a value when it is not strict: whatever it can.

/// The date of a column that never had one.
pub(super) const NEVER: &str = "0000-00-00 00:00:00";

/// A text cut to the width of its column, in characters.
pub(super) fn varchar(text: &str, width: usize) -> String {
    text.chars().take(width).collect()
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

/// A number cut to the range of `TINYINT`.
pub(super) fn tinyint(text: &str) -> i8 {
    let number = integer(text).clamp(i8::MIN.into(), i8::MAX.into());
    i8::try_from(number).unwrap_or_default()
}

/// A date, with a time or without; anything else is [`NEVER`].
pub(super) fn datetime(text: &str) -> String {
    date_and_time(text.trim()).unwrap_or_else(|| NEVER.to_owned())
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

/// A text as MySQL's default collation compares it: without case, and without
/// the spaces at its end.
pub(super) fn collated(text: &str) -> String {
    text.trim_end_matches(' ').to_lowercase()
}
