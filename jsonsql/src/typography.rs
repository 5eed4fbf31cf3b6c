//! Characters that editors and web pages put in the place of ASCII's own.
//!
//! The vendor's document prints its examples with angle quotation marks and
//! no-break spaces, so a request pasted from it is no JSON. A program that takes
//! requests from people says which character it is, and where.

use std::fmt;

/// A character in a place where only ASCII can stand.
///
/// ```
/// use jsonsql::typography::first_in_json;
///
/// let pasted = "{\n\u{ab}method\u{bb}: 1}";
/// let found = first_in_json(pasted).expect("one is there");
/// assert_eq!(found.line_and_column(pasted), (2, 1));
/// assert_eq!(
///     found.to_string(),
///     "U+00AB is an angle quotation mark, which no JSON has here: write \"",
/// );
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Misplaced {
    at: usize,
    character: char,
}

impl Misplaced {
    /// The byte of the text at which the character begins.
    pub fn offset(&self) -> usize {
        self.at
    }

    /// The character.
    pub fn character(&self) -> char {
        self.character
    }

    /// The line and the column in the text it was found in, both from 1, the
    /// column in characters.
    pub fn line_and_column(&self, text: &str) -> (usize, usize) {
        let before = text.get(..self.at).unwrap_or(text);
        let line = before.matches('\n').count() + 1;
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        (line, before[start..].chars().count() + 1)
    }

    /// The code and the name, `U+00AB is an angle quotation mark`, without advice.
    pub fn name(&self) -> String {
        let (name, _) = known(self.character).unwrap_or(UNKNOWN);
        format!("U+{:04X} is {name}", u32::from(self.character))
    }
}

/// Says what it is, and what JSON has in its place.
impl fmt::Display for Misplaced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (_, instead) = known(self.character).unwrap_or(UNKNOWN);
        let name = self.name();
        write!(f, "{name}, which no JSON has here: {instead}")
    }
}

/// Finds the first character of a JSON document that is outside of its texts and
/// is not ASCII; no JSON has one there.
pub fn first_in_json(text: &str) -> Option<Misplaced> {
    let mut is_in_text = false;
    let mut is_escaped = false;
    for (at, character) in text.char_indices() {
        match character {
            _ if is_escaped => is_escaped = false,
            '\\' if is_in_text => is_escaped = true,
            '"' => is_in_text = !is_in_text,
            _ if is_in_text || character.is_ascii() => {}
            _ => return Some(Misplaced { at, character }),
        }
    }
    None
}

/// Finds the first character of a text that is known to be put in the place of
/// one of ASCII. Letters of other alphabets are not.
pub fn first_in_plain(text: &str) -> Option<Misplaced> {
    let mut characters = text.char_indices();
    characters.find_map(|(at, character)| known(character).map(|_| Misplaced { at, character }))
}

const UNKNOWN: (&str, &str) = ("a character", "outside of texts JSON has only ASCII");

/// The name of a character, and what to do about it.
fn known(character: char) -> Option<(&'static str, &'static str)> {
    Some(match character {
        '\u{a0}' => ("a no-break space", "write a space"),
        '\u{2007}' | '\u{202f}' => ("a narrow no-break space", "write a space"),
        '\u{200b}' => ("a zero-width space", "leave it out"),
        '\u{feff}' => ("a byte order mark", "leave it out"),
        '\u{2028}' => ("a line separator", "write a line break"),
        '\u{201c}' => ("a left double quotation mark", "write \""),
        '\u{201d}' => ("a right double quotation mark", "write \""),
        '\u{201e}' => ("a low double quotation mark", "write \""),
        '\u{ab}' | '\u{bb}' => ("an angle quotation mark", "write \""),
        '\u{2018}' | '\u{2019}' | '\u{201a}' => ("a single quotation mark", "write \""),
        '\u{2013}' | '\u{2014}' | '\u{2212}' => ("a dash", "write -"),
        '\u{2026}' => ("an ellipsis", "something was left out here"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_outside_of_texts_is_found() {
        assert_eq!(first_in_json("{\"a \\\" \u{ab}b\u{bb}\": 1}"), None);
        let text = "{\"\u{434}\": 1,\n \u{a0}\"b\": 2}";
        let found = first_in_json(text).unwrap();
        assert_eq!(found.line_and_column(text), (2, 2));
        assert_eq!(found.character(), '\u{a0}');
        assert_eq!(&text[found.offset()..][..2], "\u{a0}");
        assert_eq!(found.name(), "U+00A0 is a no-break space");
        assert_eq!(first_in_json("{\u{434}: 1}").unwrap().offset(), 1);
    }

    #[test]
    fn letters_of_any_alphabet_are_plain() {
        assert_eq!(first_in_plain("status=\u{434}\u{435}"), None);
        assert_eq!(first_in_plain("a=1&\u{a0}b=2").unwrap().offset(), 4);
    }
}
