//! Tokens, read one after another.

use proc_macro2::{Delimiter, Group, Ident, Literal, Spacing, Span, TokenStream, TokenTree};

use super::words;

/// The maximum nesting depth of parentheses and prefixes.
const MAX_DEPTH: usize = 64;

/// The tokens of the macro, or of one pair of parentheses.
pub(super) struct Cursor {
    tokens: Vec<TokenTree>,
    next: usize,
    /// The end of the tokens, for a message about a missing part.
    end: Span,
    depth: usize,
}

/// A sign, and where it stands.
pub(super) struct Sign {
    pub(super) text: &'static str,
    pub(super) span: Span,
}

/// The signs that are read as one, the longest first.
const SIGNS: &[&str] = &[
    "<=", ">=", "<>", "!=", "||", "==", "&&", "::", "--", "->", "=", "<", ">", "+", "-", "*", "/",
    "%", ".", ",", ";", "|", "&", "!", "?", "$", ":", "^", "~", "@", "#", "'",
];

impl Cursor {
    pub(super) fn new(tokens: TokenStream, end: Span) -> Cursor {
        Cursor {
            tokens: tokens.into_iter().collect(),
            next: 0,
            end,
            depth: 0,
        }
    }

    /// The tokens between the brackets of a group.
    pub(super) fn inside(&self, group: &Group) -> syn::Result<Cursor> {
        let mut inner = Cursor::new(group.stream(), group.span_close());
        inner.depth = self.depth;
        inner.deeper(group.span())?;
        Ok(inner)
    }

    pub(super) fn deeper(&mut self, at: Span) -> syn::Result<()> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(syn::Error::new(at, "this nests too deep for a query"));
        }
        Ok(())
    }

    pub(super) fn shallower(&mut self) {
        self.depth -= 1;
    }

    pub(super) fn is_empty(&self) -> bool {
        self.next >= self.tokens.len()
    }

    pub(super) fn peek(&self) -> Option<&TokenTree> {
        self.tokens.get(self.next)
    }

    fn peek_at(&self, ahead: usize) -> Option<&TokenTree> {
        self.tokens.get(self.next + ahead)
    }

    pub(super) fn advance(&mut self) -> Option<TokenTree> {
        let token = self.tokens.get(self.next).cloned();
        self.next += 1;
        token
    }

    /// The place of the next token.
    pub(super) fn span(&self) -> Span {
        self.peek().map_or(self.end, TokenTree::span)
    }

    /// Returns `true` if the token so far ahead is this keyword.
    pub(super) fn is_word_at(&self, ahead: usize, word: &str) -> bool {
        matches!(self.peek_at(ahead), Some(TokenTree::Ident(ident)) if is(ident, word))
    }

    pub(super) fn is_word(&self, word: &str) -> bool {
        self.is_word_at(0, word)
    }

    /// Reads a keyword, if it is the next token.
    pub(super) fn word(&mut self, word: &str) -> Option<Span> {
        let found = self.is_word(word);
        found.then(|| self.take_span())
    }

    /// Reads the keywords, if all of them come next.
    pub(super) fn words(&mut self, words: &[&str]) -> Option<Span> {
        let found = (0..)
            .zip(words)
            .all(|(ahead, word)| self.is_word_at(ahead, word));
        let span = self.span();
        found.then(|| {
            self.next += words.len();
            span
        })
    }

    pub(super) fn expect_word(&mut self, word: &str) -> syn::Result<Span> {
        match self.word(word) {
            Some(span) => Ok(span),
            None => Err(self.unexpected(&format!("`{word}`"))),
        }
    }

    fn take_span(&mut self) -> Span {
        let span = self.span();
        self.next += 1;
        span
    }

    /// The sign that comes next. A `-` after another sign begins a number.
    pub(super) fn peek_sign(&self) -> Option<Sign> {
        let mut text = String::new();
        for ahead in 0..2 {
            let Some(TokenTree::Punct(punct)) = self.peek_at(ahead) else {
                break;
            };
            text.push(punct.as_char());
            if punct.spacing() == Spacing::Alone {
                break;
            }
        }
        let text = SIGNS.iter().find(|sign| text.starts_with(**sign))?;
        Some(Sign {
            text,
            span: self.span(),
        })
    }

    pub(super) fn is_sign(&self, text: &str) -> bool {
        self.peek_sign().is_some_and(|sign| sign.text == text)
    }

    pub(super) fn is_sign_at(&self, ahead: usize, sign: char) -> bool {
        matches!(self.peek_at(ahead), Some(TokenTree::Punct(punct)) if punct.as_char() == sign)
    }

    /// Reads a sign, if it comes next.
    pub(super) fn sign(&mut self, text: &str) -> Option<Span> {
        let sign = self.peek_sign().filter(|sign| sign.text == text)?;
        self.next += text.len();
        Some(sign.span)
    }

    pub(super) fn expect_sign(&mut self, text: &str) -> syn::Result<Span> {
        match self.sign(text) {
            Some(span) => Ok(span),
            None => Err(self.unexpected(&format!("`{text}`"))),
        }
    }

    /// A name that is no keyword here; behind a dot any name is one.
    pub(super) fn name(&mut self, expected: &str) -> syn::Result<Ident> {
        match self.peek() {
            Some(TokenTree::Ident(ident)) if !words::is_reserved(ident) => {
                let ident = ident.clone();
                self.next += 1;
                Ok(ident)
            }
            _ => Err(self.unexpected(expected)),
        }
    }

    /// A name that may be spelt like a keyword.
    pub(super) fn any_name(&mut self, expected: &str) -> syn::Result<Ident> {
        match self.peek() {
            Some(TokenTree::Ident(ident)) => {
                let ident = ident.clone();
                self.next += 1;
                Ok(ident)
            }
            _ => Err(self.unexpected(expected)),
        }
    }

    pub(super) fn is_literal_at(&self, ahead: usize) -> bool {
        matches!(self.peek_at(ahead), Some(TokenTree::Literal(_)))
    }

    pub(super) fn peek_name(&self) -> Option<&Ident> {
        match self.peek() {
            Some(TokenTree::Ident(ident)) if !words::is_reserved(ident) => Some(ident),
            _ => None,
        }
    }

    pub(super) fn peek_literal(&self) -> Option<&Literal> {
        match self.peek() {
            Some(TokenTree::Literal(literal)) => Some(literal),
            _ => None,
        }
    }

    pub(super) fn peek_group(&self, delimiter: Delimiter) -> Option<&Group> {
        match self.peek() {
            Some(TokenTree::Group(group)) if group.delimiter() == delimiter => Some(group),
            _ => None,
        }
    }

    /// Reads a group in parentheses.
    pub(super) fn parentheses(&mut self, expected: &str) -> syn::Result<Group> {
        match self.peek_group(Delimiter::Parenthesis) {
            Some(group) => {
                let group = group.clone();
                self.next += 1;
                Ok(group)
            }
            None => Err(self.unexpected(expected)),
        }
    }

    /// Refuses what is left.
    pub(super) fn finish(&self, expected: &str) -> syn::Result<()> {
        if self.is_empty() {
            Ok(())
        } else {
            Err(self.unexpected(expected))
        }
    }

    /// The error about the next token, where something else was expected.
    pub(super) fn unexpected(&self, expected: &str) -> syn::Error {
        let Some(token) = self.peek() else {
            return syn::Error::new(self.end, format!("expected {expected}, found the end"));
        };
        let message = self.advice(token).unwrap_or_else(|| match token {
            TokenTree::Group(group) => {
                let open = match group.delimiter() {
                    Delimiter::Parenthesis => "`(`",
                    Delimiter::Brace => "`{`",
                    Delimiter::Bracket => "`[`",
                    Delimiter::None => "a Rust expression",
                };
                format!("expected {expected}, found {open}")
            }
            token => format!("expected {expected}, found `{token}`"),
        });
        syn::Error::new(token.span(), message)
    }

    /// Returns what to write instead, where the mistake is known.
    fn advice(&self, token: &TokenTree) -> Option<String> {
        match token {
            TokenTree::Ident(ident) => words::advice(&ident.to_string()),
            TokenTree::Literal(literal) if literal.to_string().starts_with('\'') => {
                Some("write a text in double quotes: \"a\", not 'a'".to_owned())
            }
            TokenTree::Punct(_) => words::sign_advice(self.peek_sign()?.text).map(str::to_owned),
            TokenTree::Group(group) if group.delimiter() == Delimiter::Bracket => Some(
                "there are no arrays: a list is in parentheses, `(1, 2)`, or a Rust list in braces"
                    .to_owned(),
            ),
            _ => None,
        }
    }
}

/// Returns `true` if this is the keyword, in any letter case. `r#in` is none.
pub(super) fn is(ident: &Ident, word: &str) -> bool {
    ident.to_string().eq_ignore_ascii_case(word)
}
