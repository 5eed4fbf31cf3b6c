//! Equality of texts as a server's database has it.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// The rule by which a server compares two texts for equality.
///
/// Two texts that a server takes as equal are one key: a program that treats them
/// as two creates a second record, or deletes the existing one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Collation {
    /// Byte by byte, as PostgreSQL compares `text`.
    #[default]
    Exact,
    /// Without regard to the case of ASCII letters.
    AsciiCase,
    /// MySQL's `utf8_general_ci`: without regard to letter case, to accents
    /// (`ё` is `е`, `ü` is `u`, `ß` is `s`) and to blanks at the end; all
    /// characters beyond the Basic Multilingual Plane are equal.
    ///
    /// Evidence: MySQL's manual, "Unicode Character Sets" (accents, `ß`) and
    /// "The CHAR and VARCHAR Types" (blanks); `й` and `и` stay apart, as in the
    /// weights of its source, `strings/ctype-utf8.c`.
    MysqlGeneral,
}

impl Collation {
    /// Returns the form that all texts equal to this one share.
    pub(super) fn fold(self, text: &str) -> String {
        match self {
            Collation::Exact => text.to_owned(),
            Collation::AsciiCase => text.to_ascii_lowercase(),
            Collation::MysqlGeneral => text.trim_end_matches(' ').chars().map(weight).collect(),
        }
    }
}

/// The weight of a character in `utf8_general_ci`, as a character.
fn weight(character: char) -> char {
    match character {
        '\u{10000}'.. => '\u{fffd}',
        'й' | 'Й' => 'Й',
        'ß' => 'S',
        _ => upper_case(base(character)),
    }
}

/// The letter without its accents, where Unicode takes it apart.
fn base(character: char) -> char {
    let mut parts = std::iter::once(character).nfd();
    match parts.next() {
        Some(first) if parts.all(is_combining_mark) => first,
        _ => character,
    }
}

/// The capital letter, where it is one character.
fn upper_case(character: char) -> char {
    let mut upper = character.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(only), None) => only,
        _ => character,
    }
}

#[cfg(test)]
mod tests {
    use super::Collation;

    fn equal(collation: Collation, one: &str, other: &str) -> bool {
        collation.fold(one) == collation.fold(other)
    }

    #[test]
    fn mysql_takes_case_accents_and_blanks_at_the_end_as_equal() {
        for (one, other) in [
            ("Ivanov", "iVANOV"),
            ("Фёдоров", "ФЕДОРОВ"),
            ("müller", "MULLER"),
            ("straße", "STRASE"),
            ("a  ", "a"),
            ("tv😀", "tv🚀"),
        ] {
            assert!(equal(Collation::MysqlGeneral, one, other), "{one} {other}");
            assert!(!equal(Collation::Exact, one, other), "{one} {other}");
        }
    }

    #[test]
    fn mysql_keeps_other_letters_apart() {
        for (one, other) in [("й", "и"), (" a", "a"), ("a\t", "a"), ("straße", "strasse")] {
            assert!(!equal(Collation::MysqlGeneral, one, other), "{one} {other}");
        }
    }

    #[test]
    fn ascii_case_is_of_ascii_alone() {
        assert!(equal(Collation::AsciiCase, "IVANOV-2", "ivanov-2"));
        assert!(!equal(Collation::AsciiCase, "Иванов", "иванов"));
        assert!(!equal(Collation::AsciiCase, "a ", "a"));
    }
}
