//! The initials of a table's name, from which its aliases are made.

use super::{AGGREGATES, Expr, FromItem, Op};

/// The initials of a table's name: `sp` of `subscriber_package`, at most
/// [`Initials::LONGEST`] letters.
///
/// `{"is": "id"}` is a column if `is` is an alias and an operation if it is an
/// operator. So initials that spell a word of the protocol or of PostgreSQL end
/// in an underscore, which no such word does: `is_` of `inet_stats`.
///
/// There is no other way to make them than from a name, and it works in
/// constants:
///
/// ```
/// use jsonsql::ast::Initials;
///
/// const PACKAGES: &Initials = &Initials::new("subscriber_package");
/// assert_eq!(PACKAGES.as_str(), "sp");
/// assert_eq!(Initials::new("inet_stats").as_str(), "is_");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Initials {
    bytes: [u8; Initials::LONGEST + 1],
    length: usize,
}

impl Initials {
    /// The maximum number of letters: longer initials spell words, of which no
    /// list is complete.
    pub const LONGEST: usize = 4;

    /// The initials of this name; `t` of a name without a letter of ASCII at
    /// the beginning of a word.
    pub const fn new(table: &str) -> Initials {
        let table = table.as_bytes();
        let mut initials = Initials {
            bytes: [b'_'; Initials::LONGEST + 1],
            length: 0,
        };
        let mut previous = b'_';
        let mut index = 0;
        while index < table.len() && initials.length < Initials::LONGEST {
            let byte = table[index];
            if begins_word(previous, byte) && byte.is_ascii_alphabetic() {
                initials.bytes[initials.length] = byte.to_ascii_lowercase();
                initials.length += 1;
            }
            previous = byte;
            index += 1;
        }
        if initials.length == 0 {
            initials.bytes[0] = b't';
            initials.length = 1;
        }
        if initials.is_word() {
            initials.length += 1;
        }
        initials
    }

    /// The letters.
    pub const fn as_str(&self) -> &str {
        let (letters, _) = self.bytes.split_at(self.length);
        match std::str::from_utf8(letters) {
            Ok(letters) => letters,
            // Letters of ASCII are UTF-8.
            Err(_) => "t",
        }
    }

    const fn is_word(&self) -> bool {
        let mut list = 0;
        while list < VOCABULARY.len() {
            let mut word = 0;
            while word < VOCABULARY[list].len() {
                if self.spells(VOCABULARY[list][word].as_bytes()) {
                    return true;
                }
                word += 1;
            }
            list += 1;
        }
        false
    }

    const fn spells(&self, word: &[u8]) -> bool {
        if word.len() != self.length {
            return false;
        }
        let mut index = 0;
        while index < self.length {
            if word[index] != self.bytes[index] {
                return false;
            }
            index += 1;
        }
        true
    }
}

/// Returns `true` if a word begins here: after a separator, or with a capital
/// letter after another one. A byte beyond ASCII is part of a word.
const fn begins_word(previous: u8, byte: u8) -> bool {
    let separates = previous.is_ascii() && !previous.is_ascii_alphanumeric();
    let hump =
        byte.is_ascii_uppercase() && (previous.is_ascii_lowercase() || previous.is_ascii_digit());
    separates || hump
}

/// Every word that an object or a statement could have in the place of an alias.
const VOCABULARY: [&[&str]; 5] = [
    Op::NAMES,
    Expr::MEMBERS,
    FromItem::MEMBERS,
    AGGREGATES,
    POSTGRES,
];

/// The key words and functions of PostgreSQL 15 that have as few letters as
/// initials: `pg_get_keywords()`, and `pg_proc` by `proname`. A server may pass
/// an operator it does not know on as a function.
const POSTGRES: &[&str] = &[
    "abs", "acos", "add", "age", "all", "also", "and", "any", "area", "as", "asc", "asin", "at",
    "atan", "avg", "bit", "bool", "both", "box", "by", "call", "case", "cast", "cbrt", "ceil",
    "char", "chr", "cidr", "copy", "corr", "cos", "cosd", "cosh", "cost", "cot", "cotd", "csv",
    "cube", "data", "date", "day", "dec", "desc", "dexp", "div", "do", "dpow", "drop", "each",
    "else", "end", "enum", "exp", "for", "from", "full", "gcd", "hold", "host", "hour", "if", "in",
    "int", "into", "is", "join", "key", "lag", "last", "lcm", "lead", "left", "like", "line", "ln",
    "load", "lock", "log", "lpad", "lseg", "max", "min", "mod", "mode", "move", "name", "new",
    "next", "nfc", "nfd", "nfkc", "nfkd", "no", "none", "not", "now", "null", "of", "off", "oid",
    "oids", "old", "on", "only", "or", "out", "over", "path", "pi", "pow", "rank", "read", "real",
    "ref", "role", "row", "rows", "rpad", "rule", "set", "sets", "show", "sign", "sin", "sind",
    "sinh", "skip", "some", "sql", "sqrt", "sum", "tan", "tand", "tanh", "temp", "text", "then",
    "ties", "time", "to", "trim", "true", "type", "user", "view", "when", "with", "work", "xid",
    "xml", "year", "yes", "zone",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn initials(table: &str, expected: &str) {
        assert_eq!(Initials::new(table).as_str(), expected, "{table}");
    }

    #[test]
    fn a_word_gives_a_letter() {
        initials("subscriber", "s");
        initials("subscriber_package", "sp");
        initials("SubscriberPackage", "sp");
        initials("tv-program.category", "tpc");
        initials("TVChannel", "t");
        initials("_", "t");
        initials("", "t");
        initials("2nd_terminal", "t");
        initials("\u{43f}\u{430}\u{43a}\u{435}\u{442}", "t");
        initials("abonent_\u{43f}\u{430}\u{43a}\u{435}\u{442}_log", "al");
    }

    #[test]
    fn no_word_of_the_vocabulary_is_an_alias() {
        for word in VOCABULARY.into_iter().flatten() {
            // A table with a word for each letter.
            let letters: Vec<String> = word
                .split('_')
                .flat_map(str::chars)
                .map(String::from)
                .collect();
            let table = letters.join("x_");
            let initials = Initials::new(&table);
            assert!(
                !VOCABULARY
                    .into_iter()
                    .flatten()
                    .any(|word| *word == initials.as_str()),
                "{word}"
            );
        }
    }

    /// Words of each kind, from the documents of the protocol and of PostgreSQL.
    #[test]
    fn words_end_in_an_underscore() {
        for word in [
            "in", "or", "eq", "as", "on", "join", "args", "sum", "user", "end", "all", "to", "now",
        ] {
            let table: Vec<String> = word.chars().map(|letter| format!("{letter}x")).collect();
            initials(&table.join("_"), &format!("{word}_"));
        }
    }

    #[test]
    fn longer_words_are_not_spelt_out() {
        initials("v_a_l_u_e_s", "valu");
        initials("s_e_l_e_c_t", "sele");
        initials("c_o_n_c_a_t", "conc");
    }

    /// `t2` is the second occurrence of a table `t`, and of no other table.
    #[test]
    fn initials_have_no_digit() {
        initials("t2_x", "tx");
        initials("t_2", "t");
    }
}
