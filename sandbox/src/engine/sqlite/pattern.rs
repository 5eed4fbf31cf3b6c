//! LIKE and ILIKE as PostgreSQL has them.

use crate::engine::Fault;

/// Whether case counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Case {
    Kept,
    Folded,
}

/// `%` is anything, `_` any character, `\` takes the next one literally.
pub(super) fn matches(text: &str, pattern: &str, case: Case) -> Result<bool, Fault> {
    let (text, pattern) = match case {
        Case::Kept => (text.to_owned(), pattern.to_owned()),
        Case::Folded => (text.to_lowercase(), pattern.to_lowercase()),
    };
    let text: Vec<char> = text.chars().collect();
    let pattern = parts(&pattern)?;
    // Where to go on after a mismatch: past the last `%`, one character on.
    let (mut t, mut p, mut retry) = (0, 0, None);
    while t < text.len() {
        match pattern.get(p) {
            Some(Part::Anything) => {
                retry = Some((t, p + 1));
                p += 1;
                continue;
            }
            Some(Part::One) => {}
            Some(Part::Char(c)) if *c == text[t] => {}
            _ => {
                let Some((from, after)) = retry else {
                    return Ok(false);
                };
                retry = Some((from + 1, after));
                (t, p) = (from + 1, after);
                continue;
            }
        }
        t += 1;
        p += 1;
    }
    Ok(pattern[p..].iter().all(|part| *part == Part::Anything))
}

#[derive(PartialEq)]
enum Part {
    Anything,
    One,
    Char(char),
}

fn parts(pattern: &str) -> Result<Vec<Part>, Fault> {
    let mut chars = pattern.chars();
    let mut parts = Vec::new();
    while let Some(c) = chars.next() {
        parts.push(match c {
            '%' => Part::Anything,
            '_' => Part::One,
            '\\' => match chars.next() {
                Some(c) => Part::Char(c),
                // PostgreSQL only says so of rows that match up to here.
                None => {
                    return Err(Fault::statement(
                        "LIKE pattern must not end with escape character",
                    ));
                }
            },
            c => Part::Char(c),
        });
    }
    Ok(parts)
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
        assert!(matches("x", "\\", Case::Kept).is_err());
    }
}
