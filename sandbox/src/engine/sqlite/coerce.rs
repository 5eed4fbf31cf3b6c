//! From a text to a value of a type, in the type's one stored spelling.
//!
//! Clients in production send every value as a string; PostgreSQL reads it as
//! the type it meets. The spellings it prints are the ones stored, so that
//! equal values are equal texts.

use std::fmt::Write as _;
use std::net::IpAddr;

use jsonsql::ast::SqlKind;
use jsonsql::ast::{Expr, Number};

use super::numeric::Decimal;
use crate::engine::{Fault, Unmatched};

/// The literal a text stands for where this type is expected.
pub(super) fn literal(text: &str, kind: SqlKind) -> Result<Expr, Fault> {
    Ok(match kind {
        SqlKind::Text => Expr::text(text.to_owned()),
        SqlKind::Bool => Expr::Bool(boolean(text)?),
        SqlKind::Int => Expr::Number(Number::from(integer::<i32>(text, kind)?)),
        SqlKind::BigInt => Expr::Number(Number::from(integer::<i64>(text, kind)?)),
        SqlKind::Numeric => Expr::text(Decimal::parse(text)?.to_string()),
        SqlKind::Timestamp => Expr::text(timestamp(text)?),
        SqlKind::Date => Expr::text(date(text)?),
        SqlKind::Interval => Expr::text(interval(text)?),
        SqlKind::Inet => Expr::text(inet(text)?),
        SqlKind::MacAddr => Expr::text(macaddr(text)?),
        other => {
            return Err(Fault::needs_postgres(
                Unmatched::Type,
                format!("the type {other}"),
            ));
        }
    })
}

fn invalid(kind: &str, text: &str) -> Fault {
    Fault::statement(format!("invalid input syntax for type {kind}: \"{text}\""))
}

/// Any unambiguous beginning of true, false, yes, no, on, off, or 1 and 0.
fn boolean(text: &str) -> Result<bool, Fault> {
    let word = text.trim_ascii().to_ascii_lowercase();
    let begins = |whole: &str, least: usize| word.len() >= least && whole.starts_with(&word);
    if begins("true", 1) || begins("yes", 1) || word == "on" || word == "1" {
        Ok(true)
    } else if begins("false", 1) || begins("no", 1) || begins("off", 2) || word == "0" {
        Ok(false)
    } else {
        Err(invalid("boolean", text))
    }
}

fn integer<T: std::str::FromStr>(text: &str, kind: SqlKind) -> Result<T, Fault> {
    let trimmed = text.trim_ascii();
    let digits = trimmed.strip_prefix(['-', '+']).unwrap_or(trimmed);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(invalid(kind.as_str(), text));
    }
    trimmed
        .parse()
        .map_err(|_| Fault::statement(format!("value \"{text}\" is out of range for type {kind}")))
}

/// `YYYY-MM-DD[ HH:MM[:SS[.ffffff]]]`, also with a `T`.
fn timestamp(text: &str) -> Result<String, Fault> {
    let trimmed = text.trim_ascii();
    if trimmed
        .bytes()
        .any(|byte| byte.is_ascii_alphabetic() && byte != b'T')
    {
        return if trimmed.bytes().any(|byte| byte.is_ascii_digit())
            || [
                "now",
                "today",
                "tomorrow",
                "yesterday",
                "epoch",
                "infinity",
                "-infinity",
            ]
            .contains(&trimmed.to_ascii_lowercase().as_str())
        {
            Err(Fault::needs_postgres(
                Unmatched::Spelling,
                format!("the timestamp spelling \"{text}\""),
            ))
        } else {
            Err(invalid("timestamp", text))
        };
    }
    let (date, time) = match trimmed.split_once([' ', 'T']) {
        Some((date, time)) => (date, time.trim_ascii()),
        None => (trimmed, "00:00:00"),
    };
    let mut date = date.split('-');
    let [year, month, day] = [date.next(), date.next(), date.next()];
    let (Some(year), Some(month), Some(day), None) = (
        year.filter(|year| year.len() == 4).and_then(number),
        month.filter(|month| month.len() <= 2).and_then(number),
        day.filter(|day| day.len() <= 2).and_then(number),
        date.next(),
    ) else {
        return Err(odd_timestamp(text));
    };
    let (clock, fraction) = time.split_once('.').unwrap_or((time, ""));
    let mut clock = clock.split(':');
    let (Some(hour), Some(minute), second, None) = (
        clock.next().and_then(number),
        clock.next().and_then(number),
        clock.next().map_or(Some(0), number),
        clock.next(),
    ) else {
        return Err(odd_timestamp(text));
    };
    let Some(second) = second else {
        return Err(odd_timestamp(text));
    };
    if fraction.len() > 6 || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(odd_timestamp(text));
    }
    let fraction = fraction.trim_end_matches('0');
    let out_of_range =
        || Fault::statement(format!("date/time field value out of range: \"{text}\""));
    let of_day = (hour * 60 + minute) * 60 + second;
    if year == 0
        || !(1..=12).contains(&month)
        || day == 0
        || day > days_in(year, month)
        || hour > 24
        || minute > 59
        || second > 60
        || of_day > A_DAY
        || (of_day == A_DAY && !fraction.is_empty())
    {
        return Err(out_of_range());
    }
    // 24:00:00 and 23:59:60 are the beginning of the next day.
    let (year, month, day) = match of_day {
        A_DAY => next_day(year, month, day),
        _ => (year, month, day),
    };
    let of_day = of_day % A_DAY;
    let (hour, minute, second) = (of_day / 3600, of_day / 60 % 60, of_day % 60);
    let mut printed = format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}");
    if !fraction.is_empty() {
        let _ = write!(printed, ".{fraction}");
    }
    Ok(printed)
}

/// The seconds of a day.
const A_DAY: u32 = 24 * 60 * 60;

fn next_day(year: u32, month: u32, day: u32) -> (u32, u32, u32) {
    match (month, day) {
        (12, 31) => (year + 1, 1, 1),
        _ if day == days_in(year, month) => (year, month + 1, 1),
        _ => (year, month, day + 1),
    }
}

/// The date of a timestamp's spelling; the time is looked at and not used.
fn date(text: &str) -> Result<String, Fault> {
    timestamp(text)?;
    let day = text
        .trim_ascii()
        .split([' ', 'T'])
        .next()
        .unwrap_or_default();
    let midnight = timestamp(day)?;
    Ok(midnight.trim_end_matches(" 00:00:00").to_owned())
}

/// PostgreSQL reads a great many spellings of a date.
fn odd_timestamp(text: &str) -> Fault {
    if text.bytes().any(|byte| byte.is_ascii_digit()) {
        Fault::needs_postgres(
            Unmatched::Spelling,
            format!("the timestamp spelling \"{text}\""),
        )
    } else {
        invalid("timestamp", text)
    }
}

fn days_in(year: u32, month: u32) -> u32 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => {
            29
        }
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// `H:MM[:SS]`; nothing else is attested.
fn interval(text: &str) -> Result<String, Fault> {
    let fields: Option<Vec<u32>> = text.trim_ascii().split(':').map(number).collect();
    match fields.as_deref() {
        Some([hours, minutes]) if *minutes < 60 => Ok(format!("{hours:02}:{minutes:02}:00")),
        Some([hours, minutes, seconds]) if *minutes < 60 && *seconds < 60 => {
            Ok(format!("{hours:02}:{minutes:02}:{seconds:02}"))
        }
        _ if text.bytes().any(|byte| byte.is_ascii_digit()) => Err(Fault::needs_postgres(
            Unmatched::Spelling,
            format!("the interval spelling \"{text}\""),
        )),
        _ => Err(invalid("interval", text)),
    }
}

/// An address, with a mask unless it is a single host.
fn inet(text: &str) -> Result<String, Fault> {
    let trimmed = text.trim_ascii();
    let (address, mask) = match trimmed.split_once('/') {
        Some((address, mask)) => (address, Some(mask)),
        None => (trimmed, None),
    };
    let Ok(address) = address.parse::<IpAddr>() else {
        let digits_and_dots = |byte: u8| byte.is_ascii_digit() || byte == b'.';
        return if !address.is_empty() && mask.is_some() && address.bytes().all(digits_and_dots) {
            // PostgreSQL fills up `10.1/16`.
            Err(Fault::needs_postgres(
                Unmatched::Spelling,
                format!("the address spelling \"{text}\""),
            ))
        } else {
            Err(invalid("inet", text))
        };
    };
    let bits = if address.is_ipv4() { 32 } else { 128 };
    let mask = match mask {
        Some(mask) => number(mask)
            .filter(|mask| *mask <= bits)
            .ok_or_else(|| invalid("inet", text))?,
        None => bits,
    };
    if mask == bits {
        Ok(address.to_string())
    } else {
        Ok(format!("{address}/{mask}"))
    }
}

/// Six octets, in any of the spellings PostgreSQL reads, with colons.
fn macaddr(text: &str) -> Result<String, Fault> {
    let trimmed = text.trim_ascii();
    let lengths =
        |separator: char| -> Vec<usize> { trimmed.split(separator).map(str::len).collect() };
    let separator = trimmed.chars().find(|c| !c.is_ascii_hexdigit());
    let digits: String = match separator {
        None => trimmed.to_owned(),
        Some(separator @ (':' | '-' | '.')) => match lengths(separator).as_slice() {
            [_, _, _, _, _, _] if separator != '.' => trimmed
                .split(separator)
                .map(|octet| format!("{octet:0>2}"))
                .collect(),
            [6, 6] if separator != '.' => trimmed.replace(separator, ""),
            [4, 4, 4] if separator != ':' => trimmed.replace(separator, ""),
            _ => return Err(no_macaddr(text)),
        },
        Some(_) => return Err(no_macaddr(text)),
    };
    if digits.len() != 12 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(no_macaddr(text));
    }
    let digits = digits.to_ascii_lowercase();
    let octets: Vec<&str> = (0..6)
        .map(|octet| &digits[octet * 2..octet * 2 + 2])
        .collect();
    Ok(octets.join(":"))
}

/// PostgreSQL scans MAC addresses with `%2x`, which also takes signs, spaces and
/// `0x`: "2030-01-01" is 20:30:00:01:00:01.
fn no_macaddr(text: &str) -> Fault {
    let scanned = |c: char| c.is_ascii_hexdigit() || " \t:-.+xX".contains(c);
    let signed = text.contains(['-', '+', ' ', '\t', 'x', 'X']);
    if text.len() > 6 && signed && text.chars().all(scanned) {
        return Fault::needs_postgres(
            Unmatched::Spelling,
            format!("the macaddr spelling \"{text}\""),
        );
    }
    invalid("macaddr", text)
}

fn number(digits: &str) -> Option<u32> {
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    digits.parse().ok()
}

/// A text that sorts as the stored address does: network, mask, host.
pub(super) fn inet_key(stored: &str) -> Option<String> {
    let (address, mask) = match stored.split_once('/') {
        Some((address, mask)) => (address, mask.parse::<u32>().ok()?),
        None => (stored, 128),
    };
    let (family, all, host_bits) = match address.parse().ok()? {
        IpAddr::V4(v4) => (4, u128::from(v4.to_bits()), 32 - mask.min(32)),
        IpAddr::V6(v6) => (6, v6.to_bits(), 128 - mask.min(128)),
    };
    let network = all
        .checked_shr(host_bits)
        .unwrap_or(0)
        .checked_shl(host_bits)
        .unwrap_or(0);
    Some(format!(
        "{family}{network:032x}{:03}{all:032x}",
        128 - host_bits
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn booleans() {
        for text in ["true", " TRUE ", "t", "yes", "y", "on", "1"] {
            assert_eq!(boolean(text), Ok(true), "{text}");
        }
        for text in ["false", "f", "No", "of", "0"] {
            assert_eq!(boolean(text), Ok(false), "{text}");
        }
        for text in ["", "o", "2", "truth"] {
            assert_eq!(boolean(text), Err(invalid("boolean", text)), "{text}");
        }
    }

    #[test]
    fn stored_spellings() {
        for text in [
            "11-22-33-44-55-AA",
            "11:22:33:44:55:aa",
            "1122334455AA",
            "1122.3344.55aa",
            "112233-4455aa",
        ] {
            assert_eq!(macaddr(text).unwrap(), "11:22:33:44:55:aa", "{text}");
        }
        assert_eq!(inet("10.0.0.1/32").unwrap(), "10.0.0.1");
        assert_eq!(inet("10.0.0.1/8").unwrap(), "10.0.0.1/8");
        assert_eq!(inet("2001:DB8::0").unwrap(), "2001:db8::");
        assert_eq!(timestamp("2020-02-29").unwrap(), "2020-02-29 00:00:00");
        assert_eq!(timestamp("2020-2-9T1:02").unwrap(), "2020-02-09 01:02:00");
        assert_eq!(
            timestamp("2020-02-29 10:11:12.500").unwrap(),
            "2020-02-29 10:11:12.5"
        );
        assert_eq!(interval("1:00:00").unwrap(), "01:00:00");
    }

    #[test]
    fn what_postgresql_says_of_nonsense() {
        let says = |text: &str, kind| literal(text, kind).unwrap_err().to_string();
        assert_eq!(
            says("x", SqlKind::Int),
            "invalid input syntax for type integer: \"x\""
        );
        assert_eq!(
            says("", SqlKind::Int),
            "invalid input syntax for type integer: \"\""
        );
        assert_eq!(
            says("99999999999", SqlKind::Int),
            "value \"99999999999\" is out of range for type integer"
        );
        assert_eq!(
            says("2020-13-01", SqlKind::Timestamp),
            "date/time field value out of range: \"2020-13-01\""
        );
        assert_eq!(
            says("x", SqlKind::Timestamp),
            "invalid input syntax for type timestamp: \"x\""
        );
        assert_eq!(
            says("1 Jan 2020", SqlKind::Timestamp),
            "needs PostgreSQL: the timestamp spelling \"1 Jan 2020\""
        );
        assert_eq!(
            says("10.0.0.300", SqlKind::Inet),
            "invalid input syntax for type inet: \"10.0.0.300\""
        );
        assert_eq!(
            says("11:22", SqlKind::MacAddr),
            "invalid input syntax for type macaddr: \"11:22\""
        );
    }

    #[test]
    fn addresses_sort_by_network_then_mask_then_host() {
        let sorted = [
            "9.255.0.0",
            "10.0.0.0/8",
            "10.0.0.5/8",
            "10.0.0.0/16",
            "10.0.0.9",
            "10.0.0.10",
            "::1",
        ];
        for pair in sorted.windows(2) {
            assert!(inet_key(pair[0]) < inet_key(pair[1]), "{pair:?}");
        }
    }
}
