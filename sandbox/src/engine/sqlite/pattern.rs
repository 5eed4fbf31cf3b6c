//! LIKE and ILIKE as PostgreSQL has them.

use crate::engine::Fault;

/// The treatment of case in a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Case {
    Kept,
    Folded,
}

/// `%` is anything, `_` any character, `\` takes the next one literally.
///
/// Case is folded as ICU does: a `ß` stays, `İ` becomes `i` and a dot above, and
/// a sigma at the end of a word is `ς`.
pub(super) fn matches(text: &str, pattern: &str, case: Case) -> Result<bool, Fault> {
    let chars = |text: &str| match case {
        Case::Kept => text.chars().collect(),
        Case::Folded => text.to_lowercase().chars().collect::<Vec<_>>(),
    };
    Ok(matched(&chars(text), &chars(pattern))? == Verdict::Matches)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Matches,
    Differs,
    /// Neither does it match with less of the text.
    NeverMatches,
}

/// In PostgreSQL's steps, since a pattern that ends with a backslash is an error
/// only for texts that match as far as that.
fn matched(mut text: &[char], mut pattern: &[char]) -> Result<Verdict, Fault> {
    while let (Some((first, rest)), Some((wanted, following))) =
        (text.split_first(), pattern.split_first())
    {
        match wanted {
            '\\' => match following.split_first() {
                None => return Err(ends_with_escape()),
                Some((literal, _)) if literal != first => return Ok(Verdict::Differs),
                Some((_, following)) => pattern = following,
            },
            '%' => return anywhere(text, following),
            '_' => pattern = following,
            wanted if wanted != first => return Ok(Verdict::Differs),
            _ => pattern = following,
        }
        text = rest;
    }
    Ok(if !text.is_empty() {
        Verdict::Differs
    } else if pattern.iter().all(|part| *part == '%') {
        Verdict::Matches
    } else {
        Verdict::NeverMatches
    })
}

/// Matches what follows a `%`.
fn anywhere(mut text: &[char], mut pattern: &[char]) -> Result<Verdict, Fault> {
    while let Some((wanted @ ('%' | '_'), following)) = pattern.split_first() {
        if *wanted == '_' {
            let Some((_, rest)) = text.split_first() else {
                return Ok(Verdict::NeverMatches);
            };
            text = rest;
        }
        pattern = following;
    }
    let first = match pattern {
        [] => return Ok(Verdict::Matches),
        ['\\'] => return Err(ends_with_escape()),
        ['\\', literal, ..] => literal,
        [first, ..] => first,
    };
    while let Some((found, rest)) = text.split_first() {
        if found == first {
            let verdict = matched(text, pattern)?;
            if verdict != Verdict::Differs {
                return Ok(verdict);
            }
        }
        text = rest;
    }
    Ok(Verdict::NeverMatches)
}

fn ends_with_escape() -> Fault {
    Fault::statement("LIKE pattern must not end with escape character")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_postgresql_matches() {
        let like = |text, pattern| matches(text, pattern, Case::Kept).unwrap();
        assert!(like("movie", "m%e"));
        assert!(like("movie", "%"));
        assert!(like("aXbXc", "%X_"));
        assert!(like("50%", "50\\%"));
        assert!(!like("500", "50\\%"));
        assert!(!like("Movie", "movie"));
        assert!(!like("", "_"));
        assert!(like("abcabd", "%abd"));
        assert!(matches("ПЕРВЫЙ канал", "первый%", Case::Folded).unwrap());
        let ilike = |text, pattern| matches(text, pattern, Case::Folded).unwrap();
        assert!(ilike("İzmir", "i\u{307}z%"));
        assert!(ilike("ΟΔΟΣ", "οδος"));
        assert!(!ilike("STRASSE", "straße"));
    }

    #[test]
    fn a_backslash_at_the_end_is_an_error_where_it_is_reached() {
        for (text, pattern) in [
            ("x", "\\"),
            ("ab", "a\\"),
            ("a", "%\\"),
            ("a", "%_\\"),
            ("ab", "_\\"),
        ] {
            assert!(
                matches(text, pattern, Case::Kept).is_err(),
                "{text} {pattern}"
            );
        }
        for (text, pattern) in [
            ("", "\\"),
            ("a", "a\\"),
            ("b", "a\\"),
            ("", "%\\"),
            ("a", "a%\\"),
        ] {
            assert!(
                !matches(text, pattern, Case::Kept).unwrap(),
                "{text} {pattern}"
            );
        }
    }
}
