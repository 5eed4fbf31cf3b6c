//! Texts too short to be searched for by themselves.

use std::collections::HashSet;

use super::view::View;
use super::{Places, SHORTEST};

/// Returns the places of short texts that are words of the message; those that are
/// values of rows and stand between quotation marks are covered.
pub(super) fn short_ones(plain: &View, texts: &[String], rows: &[String]) -> Places {
    fn short(texts: &[String]) -> HashSet<&str> {
        let texts = texts.iter().map(String::as_str);
        let is_short = |text: &&str| !text.is_empty() && text.chars().count() < SHORTEST;
        texts.filter(is_short).collect()
    }
    let (short, rows) = (short(texts), short(rows));
    let mut covered = Vec::new();
    let mut found = HashSet::new();
    // A view is made of characters.
    let text = str::from_utf8(&plain.text).unwrap_or_default();
    let characters: Vec<(usize, char)> = text.char_indices().collect();
    let is_mark = |character: char| "\"'`«»“”„‘’".contains(character);
    let at = |index: usize| characters.get(index).map(|(_, character)| *character);
    let offset = |index: usize| {
        let known = characters.get(index);
        known.map_or(text.len(), |(offset, _)| *offset)
    };
    let starts = if short.is_empty() {
        0
    } else {
        characters.len()
    };
    for start in 0..starts {
        let before = start.checked_sub(1).and_then(at);
        for end in start + 1..(start + SHORTEST).min(characters.len() + 1) {
            let part = &text[offset(start)..offset(end)];
            let after = at(end);
            let joined = |outer: Option<char>, inner: usize| {
                outer.is_some_and(char::is_alphanumeric)
                    && at(inner).is_some_and(char::is_alphanumeric)
            };
            if joined(before, start) || joined(after, end - 1) || !short.contains(part) {
                continue;
            }
            let is_quoted = before.is_some_and(is_mark) && after.is_some_and(is_mark);
            if is_quoted && rows.contains(part) {
                covered.push(plain.origin(offset(start)..offset(end)));
            }
            // A word of one or two letters is in every message.
            if end - start > 2 {
                found.insert(part);
            }
        }
    }
    Places {
        covered,
        different: found.len(),
    }
}
