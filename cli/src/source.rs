//! A message under the place of a text that it is about.

use std::io::{self, IsTerminal};
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};
use jsonsql_client::Printable;

/// The rating of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rating {
    Error,
    Warning,
}

impl Rating {
    /// The word before a message.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Rating::Error => "error",
            Rating::Warning => "warning",
        }
    }
}

/// A text somebody wrote: a file, or an argument.
#[derive(Debug, Clone)]
pub(crate) struct Source<'a> {
    pub(crate) name: &'a str,
    pub(crate) text: &'a str,
}

impl Source<'_> {
    /// Renders the message with the lines of the place and a caret under it.
    pub(crate) fn mark(&self, rating: Rating, message: &str, place: Range<usize>) -> String {
        let level = match rating {
            Rating::Error => Level::ERROR,
            Rating::Warning => Level::WARNING,
        };
        let message = Printable(message).to_string();
        let name = Printable(self.name).to_string();
        // Of a place of several lines the first one is enough to find it.
        let first = self.text.get(place.start..).unwrap_or_default();
        let line = first.find('\n').unwrap_or(first.len());
        let place = self.whole_characters(place.start..place.end.min(place.start + line));
        let report = &[level.primary_title(&*message).element(
            Snippet::source(self.text)
                .path(&*name)
                .annotation(AnnotationKind::Primary.span(place)),
        )];
        let is_colored = io::stderr().is_terminal()
            && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        let renderer = match is_colored {
            true => Renderer::styled(),
            false => Renderer::plain(),
        };
        let mut rendered = renderer.render(report);
        rendered.push('\n');
        rendered
    }

    /// The byte at a line and column, both from 1, the column in characters.
    pub(crate) fn offset(&self, line: usize, column: usize) -> usize {
        let mut lines = self.text.split_inclusive('\n');
        let before: usize = lines.clone().take(line - 1).map(str::len).sum();
        let in_line = lines.nth(line - 1).unwrap_or_default();
        let columns = in_line.char_indices().nth(column - 1);
        before + columns.map_or(in_line.trim_end_matches('\n').len(), |(index, _)| index)
    }

    /// The line and column of a byte, both from 1, the column in characters.
    pub(crate) fn line_and_column(&self, offset: usize) -> (usize, usize) {
        let before = &self.text[..self.whole_characters(offset..offset).start];
        let line = before.matches('\n').count() + 1;
        let start = before.rfind('\n').map_or(0, |newline| newline + 1);
        (line, before[start..].chars().count() + 1)
    }

    /// The same place, cut to the text and to the bounds of characters.
    fn whole_characters(&self, place: Range<usize>) -> Range<usize> {
        let down = |mut index: usize| {
            index = index.min(self.text.len());
            while !self.text.is_char_boundary(index) {
                index -= 1;
            }
            index
        };
        let start = down(place.start);
        start..down(place.end).max(start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_found_and_told() {
        let source = Source {
            name: "x",
            text: "ab\nпуть c\n",
        };
        assert_eq!(source.offset(2, 6), 12);
        assert_eq!(source.line_and_column(12), (2, 6));
        assert_eq!(source.offset(1, 9), 2);
        assert_eq!(
            source.line_and_column(4),
            (2, 1),
            "in the middle of a character"
        );
        assert_eq!(source.line_and_column(999), (3, 1));
    }

    #[test]
    fn the_place_is_under_a_caret() {
        let source = Source {
            name: "x.sql",
            text: "select nmae from media",
        };
        let text = source.mark(Rating::Error, "no column `nmae`", 7..11);
        assert!(text.contains("x.sql:1:8"), "{text}");
        assert!(text.contains("^^^^"), "{text}");
    }
}
