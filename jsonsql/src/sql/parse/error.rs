//! Errors in a text: the problem, and its place as line, column and a caret.

use std::borrow::Cow;
use std::fmt;

use sqlparser::tokenizer::{Location, Token, TokenWithSpan, Whitespace};

/// The number of characters of a long line that are shown on either side of the place.
const AROUND: usize = 60;

/// A text that is not a statement this crate can send.
///
/// `{}` is the message, the place, and the line with a caret under the place;
/// texts, numbers and comments of the line are shown as `*`, so that it may be
/// logged. `{:#}` shows the line as it is.
#[derive(Clone, PartialEq, Eq)]
pub struct ParseError {
    message: Cow<'static, str>,
    line: usize,
    column: usize,
    masked: String,
    plain: String,
    /// The blanks and tabs before the caret.
    indent: String,
}

impl ParseError {
    /// Returns the problem, and what to write instead. The message contains
    /// names of the statement, but no text and no number.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The line, from 1.
    pub fn line(&self) -> usize {
        self.line
    }

    /// The column in characters, from 1.
    pub fn column(&self) -> usize {
        self.column
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let excerpt = if f.alternate() {
            &self.plain
        } else {
            &self.masked
        };
        write!(
            f,
            "{}, at line {}, column {}\n  | {excerpt}\n  | {}^",
            self.message, self.line, self.column, self.indent
        )
    }
}

/// Prints what `{}` shows, which has no literals in it.
impl fmt::Debug for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for ParseError {}

/// A refusal on its way out, before the line is cut out of the text.
#[derive(Debug)]
pub(super) struct Refusal {
    at: Location,
    message: Cow<'static, str>,
}

pub(super) type Read<T> = Result<T, Refusal>;

/// Refuses what stands at a place.
pub(super) fn refuse<T>(at: Location, message: impl Into<Cow<'static, str>>) -> Read<T> {
    Err(Refusal::new(at, message))
}

impl Refusal {
    pub(super) fn new(at: Location, message: impl Into<Cow<'static, str>>) -> Refusal {
        Refusal {
            at,
            message: message.into(),
        }
    }

    /// The same with the line it is about; `tokens` are those of the text, as
    /// far as it could be read.
    pub(super) fn into_error(self, text: &str, tokens: &[TokenWithSpan]) -> ParseError {
        let Place { line, column } = Place::of(self.at, text);
        let content = text.split('\n').nth(line - 1).unwrap_or_default();
        let content = content.trim_end_matches('\r');
        let shown = shown(content, line, tokens);
        let from = (column - 1).saturating_sub(AROUND);
        let cut = |characters: &mut dyn Iterator<Item = char>| {
            let mut part: String = characters.skip(from).take(2 * AROUND).collect();
            if from > 0 {
                part.insert(0, '…');
            }
            part.replace(
                |character: char| character.is_control() && character != '\t',
                " ",
            )
        };
        let plain = cut(&mut content.chars());
        let masked = cut(&mut content.chars().zip(shown).map(|(character, shown)| {
            if shown || character.is_whitespace() {
                character
            } else {
                '*'
            }
        }));
        let before = column - 1 - from + usize::from(from > 0);
        let indent = plain.chars().chain(std::iter::repeat(' ')).take(before);
        ParseError {
            message: self.message,
            line,
            column,
            indent: indent.map(|c| if c == '\t' { '\t' } else { ' ' }).collect(),
            masked,
            plain,
        }
    }
}

struct Place {
    line: usize,
    column: usize,
}

impl Place {
    /// The place as numbers, and of no place the beginning.
    fn of(at: Location, text: &str) -> Place {
        let line = usize::try_from(at.line).unwrap_or(1).max(1);
        let column = usize::try_from(at.column).unwrap_or(1).max(1);
        let length = text
            .split('\n')
            .nth(line - 1)
            .map_or(0, |line| line.chars().count());
        Place {
            line,
            column: column.min(length + 1),
        }
    }
}

/// Says of each character of a line whether it is of a name, a word or a sign.
fn shown(content: &str, line: usize, tokens: &[TokenWithSpan]) -> Vec<bool> {
    let mut shown = vec![false; content.chars().count()];
    let number = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    for TokenWithSpan { token, span } in tokens {
        let is_here = number(span.start.line) == line && number(span.end.line) == line;
        if !is_here || is_literal(token) {
            continue;
        }
        let end = number(span.end.column).saturating_sub(1).min(shown.len());
        let start = number(span.start.column).saturating_sub(1).min(end);
        shown[start..end].fill(true);
    }
    shown
}

/// Returns `true` if a token may have a value in it, or a remark.
pub(super) fn is_literal(token: &Token) -> bool {
    match token {
        Token::Word(_) | Token::Placeholder(_) => false,
        Token::Whitespace(Whitespace::Space | Whitespace::Newline | Whitespace::Tab) => false,
        Token::Whitespace(_) | Token::Number(..) | Token::Char(_) => true,
        Token::SingleQuotedString(_)
        | Token::DoubleQuotedString(_)
        | Token::TripleSingleQuotedString(_)
        | Token::TripleDoubleQuotedString(_)
        | Token::DollarQuotedString(_)
        | Token::SingleQuotedByteStringLiteral(_)
        | Token::DoubleQuotedByteStringLiteral(_)
        | Token::TripleSingleQuotedByteStringLiteral(_)
        | Token::TripleDoubleQuotedByteStringLiteral(_)
        | Token::SingleQuotedRawStringLiteral(_)
        | Token::DoubleQuotedRawStringLiteral(_)
        | Token::TripleSingleQuotedRawStringLiteral(_)
        | Token::TripleDoubleQuotedRawStringLiteral(_)
        | Token::NationalStringLiteral(_)
        | Token::QuoteDelimitedStringLiteral(_)
        | Token::NationalQuoteDelimitedStringLiteral(_)
        | Token::EscapedStringLiteral(_)
        | Token::UnicodeStringLiteral(_)
        | Token::HexStringLiteral(_) => true,
        _ => false,
    }
}
