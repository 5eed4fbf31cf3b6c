//! `regexp_replace`, where both dialects of regular expressions agree.

use regex::{Captures, Regex, RegexBuilder};

use crate::engine::{Fault, Unmatched};

/// Texts longer than this are not searched for a longer match.
const LONGEST: usize = 10_000;

/// A regular expression with its flags: SQLite keeps it while a statement runs, since
/// to compile one takes longer than to search a text.
#[derive(Debug)]
pub(super) struct Pattern {
    text: String,
    flags: String,
    search: Regex,
    /// The same, of a whole text.
    whole: Regex,
}

impl Pattern {
    /// Compiles a pattern; the flags are those of PostgreSQL, `g` and `i`.
    ///
    /// PostgreSQL takes the longest of the leftmost matches, the `regex` crate the
    /// first it finds. Patterns in which that, or a notation, could differ are
    /// refused.
    pub(super) fn new(pattern: &str, flags: &str) -> Result<Pattern, Fault> {
        if let Some(flag) = flags.chars().find(|flag| !"gi".contains(*flag)) {
            return Err(Fault::needs_postgres(
                Unmatched::Regex,
                format!("the regexp_replace flag \"{flag}\""),
            ));
        }
        check(pattern)?;
        let build = |pattern: &str| {
            RegexBuilder::new(pattern)
                .case_insensitive(flags.contains('i'))
                .dot_matches_new_line(true)
                .build()
                .map_err(|_| {
                    Fault::needs_postgres(
                        Unmatched::Regex,
                        format!("the regular expression \"{pattern}\""),
                    )
                })
        };
        Ok(Pattern {
            text: pattern.to_owned(),
            flags: flags.to_owned(),
            search: build(pattern)?,
            whole: build(&format!(r"\A(?:{pattern})\z"))?,
        })
    }

    /// Returns `true` if it was compiled from these.
    pub(super) fn is_of(&self, pattern: &str, flags: &str) -> bool {
        self.text == pattern && self.flags == flags
    }

    /// Replaces the first match, or with the flag `g` every match.
    pub(super) fn replace(&self, text: &str, replacement: &str) -> Result<String, Fault> {
        let limit = if self.flags.contains('g') {
            usize::MAX
        } else {
            1
        };
        let mut replaced = String::new();
        let mut last = 0;
        for found in self.search.captures_iter(text).take(limit) {
            let range = found.get_match().range();
            longest(text, &self.whole, range.clone(), &self.text)?;
            replaced.push_str(&text[last..range.start]);
            expand(&found, replacement, &mut replaced)?;
            last = range.end;
        }
        replaced.push_str(&text[last..]);
        Ok(replaced)
    }
}

/// Refuses when a longer match begins at the same place.
fn longest(
    text: &str,
    whole: &Regex,
    found: std::ops::Range<usize>,
    pattern: &str,
) -> Result<(), Fault> {
    let refused = || {
        Fault::needs_postgres(
            Unmatched::Regex,
            format!(
                "the regular expression \"{pattern}\", of which two dialects find different matches"
            ),
        )
    };
    if text.len() > LONGEST {
        return Err(refused());
    }
    let longer = (found.end + 1..=text.len())
        .filter(|end| text.is_char_boundary(*end))
        .any(|end| whole.is_match(&text[found.start..end]));
    if longer { Err(refused()) } else { Ok(()) }
}

fn check(pattern: &str) -> Result<(), Fault> {
    let refused = |what: &str| {
        Fault::needs_postgres(
            Unmatched::Regex,
            format!("{what} in the regular expression \"{pattern}\""),
        )
    };
    let mut chars = pattern.chars().peekable();
    let mut before = ' ';
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('d' | 'D' | 's' | 'S' | 'w' | 'W' | 'n' | 'r' | 't') => {}
                Some(escaped) if !escaped.is_ascii_alphanumeric() => {}
                _ => return Err(refused("an escape that differs")),
            },
            '|' => return Err(refused("an alternative")),
            '(' if chars.peek() == Some(&'?') => return Err(refused("a special group")),
            '?' | '+' if "?*+}".contains(before) => return Err(refused("a second quantifier")),
            // Both in and outside brackets these mean something else to `regex`.
            '&' | '~' if before == c => return Err(refused("a set operation")),
            _ => {}
        }
        before = c;
    }
    Ok(())
}

/// `\1` to `\9` are groups, `\&` the whole match, `\\` a backslash.
fn expand(found: &Captures<'_>, replacement: &str, out: &mut String) -> Result<(), Fault> {
    let mut chars = replacement.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('&') => out.push_str(&found[0]),
            Some('\\') => out.push('\\'),
            // Which part of a match a group gets is where the dialects differ.
            Some(digit) if digit.is_ascii_digit() => {
                return Err(Fault::needs_postgres(
                    Unmatched::Regex,
                    "groups in a regexp_replace replacement",
                ));
            }
            Some(other) => out.extend(['\\', other]),
            None => out.push('\\'),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn replace(text: &str, pattern: &str, new: &str, flags: &str) -> Result<String, Fault> {
        Pattern::new(pattern, flags)?.replace(text, new)
    }

    #[test]
    fn as_postgresql_replaces() {
        let cleared = |text| replace(text, r"\s\(.*", "", "").unwrap();
        assert_eq!(cleared("Первый (+2) HD"), "Первый");
        assert_eq!(cleared("Первый"), "Первый");
        assert_eq!(replace("aXbX", "X", "[\\&]", "").unwrap(), "a[X]bX");
        assert_eq!(replace("aXbx", "x", "-", "gi").unwrap(), "a-b-");
        for (pattern, replacement) in [
            ("a|ab", ""),
            ("(a?)(ab)?", ""),
            (r"(a)\1", ""),
            ("(a)", r"\1"),
            (r"\m", ""),
            ("a(?=b)", ""),
        ] {
            let refused = replace("ab", pattern, replacement, "").unwrap_err();
            assert!(
                refused.to_string().starts_with("needs PostgreSQL"),
                "{pattern}"
            );
        }
    }
}
