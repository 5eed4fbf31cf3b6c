//! Text for terminals and logs.

use std::fmt::{self, Display, Write};

/// A value whose text cannot take over a terminal or forge a line of a log.
///
/// A server's words, a login, the name of a package may have anything in them:
/// `\x1b[2J` clears a terminal, a line feed begins a line that looks like the
/// program's own, U+202E shows a text backwards, U+200B makes two logins look
/// like one. Those characters appear escaped as in a Rust literal; all others
/// appear as they are, the backslash too.
///
/// ```
/// use jsonsql_client::Printable;
///
/// assert_eq!(Printable("Иван\u{202e}\n\x1b[2J").to_string(), r"Иван\u{202e}\n\u{1b}[2J");
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Printable<T>(pub T);

impl<T: Display> Display for Printable<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Only what needs no escaping can be aligned by width.
        if let Some(width) = f.width() {
            let mut text = String::new();
            write!(Escaping(&mut text), "{}", self.0)?;
            return write!(f, "{text:width$}");
        }
        write!(Escaping(f), "{}", self.0)
    }
}

struct Escaping<'a, W>(&'a mut W);

impl<W: Write> Write for Escaping<'_, W> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let mut plain = 0;
        for (at, character) in text.char_indices() {
            if is_unprintable(character) {
                self.0.write_str(&text[plain..at])?;
                write!(self.0, "{}", character.escape_default())?;
                plain = at + character.len_utf8();
            }
        }
        self.0.write_str(&text[plain..])
    }
}

/// Returns `true` for controls (Cc), line and paragraph separators (Zl, Zp),
/// format characters (Cf), among them the bidirectional and zero-width ones and
/// tags, and for fillers and selectors that show as nothing.
fn is_unprintable(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}'
                | '\u{34f}'
                | '\u{600}'..='\u{605}'
                | '\u{61c}'
                | '\u{6dd}'
                | '\u{70f}'
                | '\u{890}'..='\u{891}'
                | '\u{8e2}'
                | '\u{115f}'..='\u{1160}'
                | '\u{17b4}'..='\u{17b5}'
                | '\u{180b}'..='\u{180f}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{3164}'
                | '\u{fe00}'..='\u{fe0f}'
                | '\u{feff}'
                | '\u{ffa0}'
                | '\u{fff0}'..='\u{fffb}'
                | '\u{110bd}'
                | '\u{110cd}'
                | '\u{13430}'..='\u{1343f}'
                | '\u{1bca0}'..='\u{1bca3}'
                | '\u{1d173}'..='\u{1d17a}'
                | '\u{e0000}'..='\u{e0fff}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_show_is_escaped() {
        // Unicode 16, chapter 23 and UAX 9: one of each kind, and the ends of ranges.
        for hidden in [
            '\0',
            '\t',
            '\n',
            '\r',
            '\u{1b}',
            '\u{7f}',
            '\u{85}',
            '\u{9b}',
            '\u{ad}',
            '\u{61c}',
            '\u{200b}',
            '\u{200d}',
            '\u{200e}',
            '\u{200f}',
            '\u{2028}',
            '\u{2029}',
            '\u{202a}',
            '\u{202e}',
            '\u{2060}',
            '\u{2066}',
            '\u{2069}',
            '\u{feff}',
            '\u{fff9}',
            '\u{e0001}',
            '\u{e007f}',
            '\u{3164}',
        ] {
            let shown = Printable(hidden).to_string();
            assert!(shown.starts_with('\\') && shown.is_ascii(), "{shown}");
        }
        for plain in ["O'Neill \\ \"a\"", "Ёлка «й»", "中文 ☃ 🎄", "a\u{301}"] {
            assert_eq!(Printable(plain).to_string(), plain);
        }
        assert_eq!(format!("{:6}|", Printable("a\n")), "a\\n   |");
    }
}
