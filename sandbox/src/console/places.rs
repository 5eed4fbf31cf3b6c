//! The lines of a text, as a person wrote it, on which findings stand.

use std::ops::Range;

use serde_json::value::RawValue;

use super::document::members;

/// The line of a request on which the part of its `params` begins that a JSON
/// pointer names.
///
/// A pointer is into the canonical spelling, and a text may have a list less or
/// an operator's other name: the part around it is taken then.
pub(super) fn in_request(text: &str, pointer: &str) -> usize {
    let mut place = 0..text.len();
    let tokens = pointer.split('/').skip(1);
    for token in std::iter::once("params").chain(tokens) {
        match part(text, &place, &token.replace("~1", "/").replace("~0", "~")) {
            Some(part) => place = part,
            None => break,
        }
    }
    // A value and not the blanks in front of it.
    let blanks = text[place.clone()].len() - text[place.clone()].trim_start().len();
    line(text, place.start + blanks)
}

fn part(text: &str, place: &Range<usize>, token: &str) -> Option<Range<usize>> {
    let whole: &RawValue = serde_json::from_str(&text[place.clone()]).ok()?;
    let value = match members(whole.get()) {
        // The last one is the one that counts.
        Some(members) => members.into_iter().rev().find(|(name, _)| name == token)?.1,
        None => {
            let items: Vec<&RawValue> = serde_json::from_str(whole.get()).ok()?;
            items.get(token.parse::<usize>().ok()?).copied()?
        }
    };
    // It is a part of the text, so its address says where.
    let start = value.get().as_ptr().addr() - text.as_ptr().addr();
    Some(start..start + value.get().len())
}

/// The words that begin the clause of a member of `params`.
const CLAUSES: [(&str, &[&str]); 15] = [
    ("data", &["select"]),
    ("distinct", &["distinct"]),
    ("from", &["from"]),
    ("into", &["into"]),
    ("table", &["update"]),
    ("columns", &["into"]),
    ("values", &["values"]),
    ("select", &["select"]),
    ("set", &["set"]),
    ("where", &["where"]),
    ("group_by", &["group", "by"]),
    ("having", &["having"]),
    ("order_by", &["order", "by"]),
    ("limit", &["limit"]),
    ("returning", &["returning"]),
];

/// The line of an SQL text on which the part stands that a JSON pointer into the
/// request names: that of the word, if it is there once; otherwise its first one
/// in the clause, or the clause's own.
///
/// The request has no places of the SQL, so this looks for words.
pub(super) fn in_sql(text: &str, pointer: &str, word: Option<&str>) -> usize {
    let words = words(text);
    let is = |one: &Range<usize>, word: &str| text[one.clone()].eq_ignore_ascii_case(word);
    let found: Vec<_> = match word {
        Some(word) => words
            .iter()
            .filter(|one| text[(*one).clone()] == *word)
            .collect(),
        None => Vec::new(),
    };
    if let [only] = found[..] {
        return line(text, only.start);
    }
    let clause = pointer.split('/').nth(1).unwrap_or_default();
    let begins = |index: usize, clause: &[&str]| {
        let here = words.get(index..index + clause.len());
        here.is_some_and(|here| here.iter().zip(clause).all(|(one, word)| is(one, word)))
    };
    let known = CLAUSES.iter().find(|(member, _)| *member == clause);
    let start = known.and_then(|(_, clause)| (0..words.len()).find(|index| begins(*index, clause)));
    let Some(start) = start else {
        return found.first().map_or(0, |first| line(text, first.start));
    };
    let behind = words[start].start;
    let place = found.iter().find(|one| one.start > behind);
    line(text, place.map_or(behind, |one| one.start))
}

fn words(text: &str) -> Vec<Range<usize>> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut words: Vec<Range<usize>> = Vec::new();
    for (at, c) in text.char_indices().filter(|(_, c)| is_word(*c)) {
        match words.last_mut() {
            Some(last) if last.end == at => last.end += c.len_utf8(),
            _ => words.push(at..at + c.len_utf8()),
        }
    }
    words
}

/// The index of the line in which a byte stands.
fn line(text: &str, at: usize) -> usize {
    text[..at].matches('\n').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_request_are_found_however_it_is_laid_out() {
        let text = "{\n  \"method\": \"select\", \"params\":\n  {\"from\": \"t\",\n\"data\"\n: [\"a\",\n\
                    \"b\"], \"where\": {\n\"in\": [\"a~/b\",\n 1]}}}\n";
        for (pointer, line) in [
            ("", 2),
            ("/data", 4),
            ("/data/1", 5),
            ("/where", 5),
            ("/where/in/1", 7),
            // Spelt otherwise in the text, or not there.
            ("/where/not_in/1", 5),
            ("/data/7", 4),
            ("/from/0/table", 2),
        ] {
            assert_eq!(in_request(text, pointer), line, "{pointer}");
        }
        let escaped = "{\"params\": {\"set\":\n{\"a~/b\":\n1}}}";
        assert_eq!(in_request(escaped, "/set/a~0~1b"), 2);
        assert_eq!(in_request("[]", "/where"), 0);
    }

    #[test]
    fn parts_of_sql_are_found_by_their_words_and_clauses() {
        let text = "SELECT id,\nname\nFROM t\nWHERE name = 5\nAND x = 1\nORDER\nBY name";
        for (pointer, word, line) in [
            ("/where/and/1/eq/0", Some("x"), 4),
            ("/where/and/0/eq/1", Some("name"), 3),
            ("/data/1", Some("name"), 1),
            ("/order_by", Some("name"), 6),
            ("/where", None, 3),
            ("/from", None, 2),
            ("/nothing", None, 0),
            ("", None, 0),
        ] {
            assert_eq!(in_sql(text, pointer, word), line, "{pointer} {word:?}");
        }
        assert_eq!(in_sql("", "/where", None), 0);
    }
}
