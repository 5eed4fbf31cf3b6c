//! Characters that editors and web pages put in the place of JSON's own.

/// Finds the first character outside of texts that no JSON has, and says what it is.
pub(super) fn first_that_no_json_has(text: &str) -> Option<(usize, String)> {
    let mut is_in_text = false;
    let mut is_escaped = false;
    for (at, character) in text.char_indices() {
        match character {
            _ if is_escaped => is_escaped = false,
            '\\' if is_in_text => is_escaped = true,
            '"' => is_in_text = !is_in_text,
            _ if is_in_text || character.is_ascii() => {}
            _ => return Some((at, message(character))),
        }
    }
    None
}

fn message(character: char) -> String {
    let (name, instead) = match character {
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
        _ => ("a character", "outside of texts JSON has only ASCII"),
    };
    let code = u32::from(character);
    format!("U+{code:04X} is {name}, which no JSON has here: {instead}")
}
