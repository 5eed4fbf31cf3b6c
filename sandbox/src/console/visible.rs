//! Texts of others, with nothing in them hidden.
//!
//! A character that is not seen, or that turns the direction of the text around
//! it, is written as its number: a login that looks like another one does not
//! pass for it.

use std::fmt::Write as _;

use maud::{Escaper, Render};

/// A text in one line.
pub(super) struct Visible<'t>(pub(super) &'t str);

/// A text of several lines, for `pre`.
pub(super) struct VisibleLines<'t>(pub(super) &'t str);

impl Render for Visible<'_> {
    fn render_to(&self, page: &mut String) {
        render(self.0, page, is_hidden);
    }
}

impl Render for VisibleLines<'_> {
    fn render_to(&self, page: &mut String) {
        render(self.0, page, |c| is_hidden(c) && c != '\n' && c != '\t');
    }
}

fn render(text: &str, page: &mut String, is_hidden: impl Fn(char) -> bool) {
    let mut buffer = [0; 4];
    for c in text.chars() {
        // Writing into a text does not fail.
        let _ = match is_hidden(c) {
            true => write!(
                page,
                "<span class=\"hidden\">\\u{{{:x}}}</span>",
                u32::from(c)
            ),
            false => Escaper::new(page).write_str(c.encode_utf8(&mut buffer)),
        };
    }
}

/// Returns the text with its hidden characters written as numbers, for
/// attributes and fields.
pub(super) fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match is_hidden(c) && c != '\n' {
            true => {
                let _ = write!(shown, "\\u{{{:x}}}", u32::from(c));
            }
            false => shown.push(c),
        }
    }
    shown
}

/// Returns `true` if a character is a control character, turns the direction of
/// a text, or takes no room.
pub(super) fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_hidden_and_nothing_is_markup() {
        let hostile = "<script>\u{202e}\u{0}\n'\"&";
        assert_eq!(
            Visible(hostile).render().0,
            "&lt;script&gt;<span class=\"hidden\">\\u{202e}</span><span class=\"hidden\">\\u{0}\
             </span><span class=\"hidden\">\\u{a}</span>'&quot;&amp;"
        );
        assert!(VisibleLines("a\n\tb").render().0.contains("a\n\tb"));
        assert_eq!(visible("a\u{200b}b"), "a\\u{200b}b");
    }
}
