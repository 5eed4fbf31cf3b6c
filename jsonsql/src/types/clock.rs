//! The texts that are dates and times.
//!
//! The parsers of both crates take more than a server prints: signs, blanks,
//! fields of one digit, the second 60 (which one of them makes 59). A text like
//! that comes from a text column, and might mean something else there.

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
