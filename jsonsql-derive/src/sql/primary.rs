//! Values, columns, calls, and what stands in parentheses.

use proc_macro2::{Delimiter, Ident, Literal, Span, TokenStream, TokenTree};

use super::cursor::{Cursor, is};
use super::tree::{Args, Call, Column, Expr, Select};
use super::{Reader, words};

impl Reader {
    pub(super) fn primary(&mut self, cursor: &mut Cursor) -> syn::Result<Expr> {
        let expected = "a column, a value or `{a Rust expression}`";
        if let Some((index, span)) = self.hole(cursor)? {
            return Ok(Expr::Hole { index, span });
        }
        if let Some(literal) = cursor.peek_literal() {
            let literal = checked(literal)?;
            cursor.advance();
            if could_be_a_name(&literal) {
                self.texts.push(literal.clone());
            }
            return Ok(Expr::Literal {
                literal,
                minus: None,
            });
        }
        if let Some(group) = cursor.peek_group(Delimiter::Parenthesis).cloned() {
            cursor.advance();
            return self.in_parentheses(&mut cursor.inside(&group)?, group.span());
        }
        if let Some(span) = cursor.word("true") {
            return Ok(Expr::Bool { value: true, span });
        }
        if let Some(span) = cursor.word("false") {
            return Ok(Expr::Bool { value: false, span });
        }
        if let Some(span) = cursor.word("null") {
            return Ok(Expr::Null(span));
        }
        if let Some(span) = cursor.word("exists") {
            if cursor.peek_group(Delimiter::Brace).is_some() {
                return Err(syn::Error::new(
                    cursor.span(),
                    "a query of the program stands behind `in` only: write this one as `(select …)`",
                ));
            }
            let group = cursor.parentheses("`(select …)`")?;
            let query = Box::new(self.whole_select(&mut cursor.inside(&group)?)?);
            return Ok(Expr::Exists { span, query });
        }
        let Some(name) = cursor.peek_name().cloned() else {
            return Err(cursor.unexpected(expected));
        };
        if is_call_form(&name) {
            return Err(cursor.unexpected(expected));
        }
        cursor.advance();
        if cursor.sign(".").is_some() {
            if cursor.is_sign("*") {
                return Err(syn::Error::new(
                    cursor.span(),
                    "`.*` stands among what is selected only",
                ));
            }
            let column = cursor.any_name("a column's name")?;
            return Ok(Expr::Column(Column {
                table: Some(name),
                name: column,
            }));
        }
        let answer = self.turbofish(cursor)?;
        if let Some(group) = cursor.peek_group(Delimiter::Parenthesis).cloned() {
            cursor.advance();
            let args = self.args(&mut cursor.inside(&group)?)?;
            for word in ["over", "filter"] {
                if cursor.is_word(word) {
                    return Err(cursor.unexpected("an operator"));
                }
            }
            return Ok(Expr::Call(Call { name, answer, args }));
        }
        if answer.is_some() {
            return Err(cursor.unexpected("`(` and the function's operands"));
        }
        if let Some(advice) = words::bare_advice(&name) {
            return Err(syn::Error::new(name.span(), advice));
        }
        Ok(Expr::Column(Column { table: None, name }))
    }

    fn in_parentheses(&mut self, cursor: &mut Cursor, span: Span) -> syn::Result<Expr> {
        if cursor.is_word("select") {
            let query = Box::new(self.whole_select(cursor)?);
            return Ok(Expr::Scalar { span, query });
        }
        let expr = self.expr(cursor)?;
        if cursor.is_sign(",") {
            return Err(syn::Error::new(
                cursor.span(),
                "there are no rows in parentheses: compare the columns one by one",
            ));
        }
        cursor.finish("an operator or `)`")?;
        Ok(expr)
    }

    fn args(&mut self, cursor: &mut Cursor) -> syn::Result<Args> {
        if cursor.is_empty() {
            return Ok(Args::List(Vec::new()));
        }
        if cursor.sign("*").is_some() {
            cursor.finish("`)`")?;
            return Ok(Args::Star);
        }
        if cursor.word("distinct").is_some() {
            let arg = self.expr(cursor)?;
            cursor.finish("`)`")?;
            return Ok(Args::Distinct(Box::new(arg)));
        }
        Ok(Args::List(self.list(cursor)?))
    }

    /// `::<String>` behind a function's name.
    fn turbofish(&mut self, cursor: &mut Cursor) -> syn::Result<Option<TokenStream>> {
        if !cursor.is_sign("::") {
            return Ok(None);
        }
        let place = cursor.expect_sign("::")?;
        if cursor.sign("<").is_none() {
            return Err(syn::Error::new(
                place,
                words::sign_advice("::").unwrap_or_default(),
            ));
        }
        let mut depth = 1;
        let mut answer = TokenStream::new();
        loop {
            let Some(token) = cursor.advance() else {
                return Err(cursor.unexpected("`>`"));
            };
            match &token {
                TokenTree::Punct(punct) if punct.as_char() == '<' => depth += 1,
                TokenTree::Punct(punct) if punct.as_char() == '>' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                break;
            }
            answer.extend([token]);
        }
        if answer.is_empty() {
            return Err(syn::Error::new(
                place,
                "name the type of the answer: `lower::<String>(…)`",
            ));
        }
        Ok(Some(answer))
    }

    pub(super) fn whole_select(&mut self, cursor: &mut Cursor) -> syn::Result<Select> {
        let select = self.select(cursor)?;
        cursor.finish(&select.may_go_on_with("`)`"))?;
        Ok(select)
    }

    /// A Rust expression in braces, or one that a macro has put here.
    pub(super) fn hole(&mut self, cursor: &mut Cursor) -> syn::Result<Option<(usize, Span)>> {
        let braces = cursor.peek_group(Delimiter::Brace);
        let Some(group) = braces
            .or_else(|| cursor.peek_group(Delimiter::None))
            .cloned()
        else {
            return Ok(None);
        };
        cursor.advance();
        let stream = group.stream();
        let mut tokens = stream.clone().into_iter();
        let span = match (tokens.next(), tokens.next()) {
            (None, _) => {
                return Err(syn::Error::new(
                    group.span(),
                    "a Rust expression is missing in the braces",
                ));
            }
            (Some(one), None) => one.span(),
            _ => group.span(),
        };
        self.holes.push(stream);
        self.spans.push(span);
        Ok(Some((self.holes.len() - 1, span)))
    }
}

/// Returns `true` of a text that could be the name of a column as it is.
fn could_be_a_name(literal: &Literal) -> bool {
    let syn::Lit::Str(text) = syn::Lit::new(literal.clone()) else {
        return false;
    };
    let text = text.value();
    let plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    !text.is_empty() && text.len() <= 63 && text.chars().all(plain)
}

/// Names that are functions of another form in SQL, if a call follows.
fn is_call_form(name: &Ident) -> bool {
    ["extract", "position", "overlay", "substring", "interval"]
        .iter()
        .any(|word| is(name, word))
}

/// A number in decimal digits, or a text.
fn checked(literal: &Literal) -> syn::Result<Literal> {
    let text = literal.to_string();
    let refuse = |message: &str| Err(syn::Error::new(literal.span(), message));
    match syn::Lit::new(literal.clone()) {
        syn::Lit::Str(string) if string.suffix().is_empty() => Ok(literal.clone()),
        syn::Lit::Int(int)
            if ["", "i16", "i32", "i64", "u16", "u32", "u64"].contains(&int.suffix()) =>
        {
            if text.starts_with("0x") || text.starts_with("0o") || text.starts_with("0b") {
                return refuse("write the number in decimal digits");
            }
            Ok(literal.clone())
        }
        syn::Lit::Float(float) if ["", "f64"].contains(&float.suffix()) => Ok(literal.clone()),
        syn::Lit::Int(_) | syn::Lit::Float(_) => {
            refuse("this is one number with a suffix: write a blank behind the digits")
        }
        syn::Lit::Char(_) | syn::Lit::Byte(_) => {
            refuse("write a text in double quotes: \"a\", not 'a'")
        }
        _ if text.starts_with('\'') => refuse("write a text in double quotes: \"a\", not 'a'"),
        _ => refuse("write a number or a text in double quotes, or a Rust expression in braces"),
    }
}
