//! The comparison of texts in MySQL by the collation `utf8_general_ci`, which is
//! that of every column of the recorded server.

use unicode_normalization::UnicodeNormalization;

use super::column;

/// A text under which all texts are that MySQL finds equal; sorted by it, texts
/// are in MySQL's order.
///
/// Case and diacritics make no difference, so that `ё` is `е`, and neither do
/// the spaces at the end. Every character is compared by itself: `ß` is `s`, and
/// not `ss`.
pub(super) fn collated(text: &str) -> String {
    let text = column::utf8(text);
    text.trim_end_matches(' ').chars().map(weight).collect()
}

/// The character that stands for all those equal to this one.
fn weight(c: char) -> char {
    match c {
        'a'..='z' => return c.to_ascii_uppercase(),
        '\0'..='\x7f' => return c,
        // Letters of their own, though Unicode composes them.
        'й' | 'Й' => return 'Й',
        'ß' | 'ſ' => return 'S',
        'ı' => return 'I',
        'µ' => return 'Μ',
        'ς' => return 'Σ',
        // The letters that MySQL's tables take apart; other scripts they leave.
        'À'..='\u{5ff}' | '\u{1e00}'..='\u{1fff}' => {}
        'ⅰ'..='ⅿ' | 'ⓐ'..='ⓩ' | 'ａ'..='ｚ' => {}
        _ => return c,
    }
    let base = c.nfd().next().unwrap_or(c);
    let mut upper = base.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(upper), None) => upper,
        _ => base,
    }
}

/// Returns `true` if MySQL finds the texts equal.
pub(super) fn equal(a: &str, b: &str) -> bool {
    a == b || collated(a) == collated(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From the tables of MySQL's `utf8_general_ci`.
    #[test]
    fn letters_are_equal_as_in_mysql() {
        for (one, other) in [
            ("ёлка", "ЕЛКА"),
            ("Ёж", "еж"),
            ("їжак", "іжак"),
            ("ў", "у"),
            ("É", "e"),
            ("straße", "STRASE"),
            ("Ωμέγας", "ωμεγασ"),
            ("ÿ", "Y"),
            ("x", "X  "),
            ("😀", "????"),
        ] {
            assert!(equal(one, other), "{one} {other}");
        }
        for (one, other) in [
            ("й", "и"),
            ("ґ", "г"),
            ("ø", "o"),
            ("ł", "l"),
            ("æ", "ae"),
            ("ß", "ss"),
            ("が", "か"),
            (" x", "x"),
            ("1", "01"),
        ] {
            assert!(!equal(one, other), "{one} {other}");
        }
    }
}
