//! Expressions, with PostgreSQL's precedence.

use proc_macro2::{Literal, Span};

use super::Reader;
use super::cursor::Cursor;
use super::tree::{Among, Expr};

/// The maximum length of a chain of operators: longer ones are built in a loop.
const MAX_CHAIN: usize = 64;

impl Reader {
    /// `or`, which binds least.
    pub(super) fn expr(&mut self, cursor: &mut Cursor) -> syn::Result<Expr> {
        self.chain(cursor, "or", Self::conjunction)
    }

    fn conjunction(&mut self, cursor: &mut Cursor) -> syn::Result<Expr> {
        self.chain(cursor, "and", Self::negation)
    }

    fn chain(
        &mut self,
        cursor: &mut Cursor,
        word: &'static str,
        operand: fn(&mut Self, &mut Cursor) -> syn::Result<Expr>,
    ) -> syn::Result<Expr> {
        let first = operand(self, cursor)?;
        let mut rest = Vec::new();
        while let Some(span) = cursor.word(word) {
            bounded(rest.len(), span)?;
            rest.push((span, operand(self, cursor)?));
        }
        Ok(if rest.is_empty() {
            first
        } else {
            Expr::Chain {
                method: word,
                first: Box::new(first),
                rest,
            }
        })
    }

    pub(super) fn negation(&mut self, cursor: &mut Cursor) -> syn::Result<Expr> {
        if let Some(span) = cursor.word("not") {
            cursor.deeper(span)?;
            let operand = Box::new(self.negation(cursor)?);
            cursor.shallower();
            return Ok(Expr::Not { span, operand });
        }
        self.test(cursor)
    }

    /// `is`, which binds less than a comparison.
    fn test(&mut self, cursor: &mut Cursor) -> syn::Result<Expr> {
        let mut value = self.comparison(cursor)?;
        let mut tests = 0;
        while let Some(span) = cursor.word("is") {
            bounded(tests, span)?;
            tests += 1;
            let not = cursor.word("not").is_some();
            let operand = Box::new(value);
            value = if cursor.word("null").is_some() || cursor.word("unknown").is_some() {
                Expr::IsNull {
                    span,
                    not,
                    value: operand,
                }
            } else if cursor.word("true").is_some() {
                Expr::IsBool {
                    span,
                    not,
                    value: operand,
                    truth: true,
                }
            } else if cursor.word("false").is_some() {
                Expr::IsBool {
                    span,
                    not,
                    value: operand,
                    truth: false,
                }
            } else if cursor.word("distinct").is_some() {
                cursor.expect_word("from")?;
                Expr::Distinct {
                    span,
                    not,
                    left: operand,
                    right: Box::new(self.comparison(cursor)?),
                }
            } else {
                return Err(cursor.unexpected(
                    "`null`, `true`, `false` or `distinct from`, with or without `not`",
                ));
            };
        }
        Ok(value)
    }

    fn comparison(&mut self, cursor: &mut Cursor) -> syn::Result<Expr> {
        let left = self.predicate(cursor)?;
        let Some((method, span)) = comparison_sign(cursor) else {
            return Ok(left);
        };
        let right = self.predicate(cursor)?;
        if let Some((_, again)) = comparison_sign(cursor) {
            return Err(syn::Error::new(
                again,
                "comparisons do not chain: write `a < b and b < c`, or parentheses",
            ));
        }
        Ok(Expr::Compare {
            method,
            span,
            left: Box::new(left),
            right: Box::new(right),
        })
    }

    /// `in`, `like`, `between`.
    fn predicate(&mut self, cursor: &mut Cursor) -> syn::Result<Expr> {
        let value = self.concatenation(cursor)?;
        let not = cursor.is_word("not");
        let ahead = usize::from(not);
        let Some(word) = ["in", "like", "ilike", "between"]
            .into_iter()
            .find(|word| cursor.is_word_at(ahead, word))
        else {
            return Ok(value);
        };
        if not {
            cursor.expect_word("not")?;
        }
        let span = cursor.expect_word(word)?;
        let value = Box::new(value);
        let read = match word {
            "in" => Expr::In {
                span,
                not,
                value,
                among: self.among(cursor)?,
            },
            "between" => {
                let low = Box::new(self.concatenation(cursor)?);
                cursor.expect_word("and")?;
                let high = Box::new(self.concatenation(cursor)?);
                Expr::Between {
                    span,
                    not,
                    value,
                    low,
                    high,
                }
            }
            like => {
                let pattern = Box::new(self.concatenation(cursor)?);
                if cursor.is_word("escape") {
                    return Err(syn::Error::new(
                        cursor.span(),
                        "there is no ESCAPE: `\\\\` in the pattern makes the next character plain",
                    ));
                }
                let method = match (like, not) {
                    ("like", false) => "like",
                    ("like", true) => "not_like",
                    (_, false) => "ilike",
                    (_, true) => "not_ilike",
                };
                Expr::Like {
                    method,
                    span,
                    value,
                    pattern,
                }
            }
        };
        let again = usize::from(cursor.is_word("not"));
        let chained = ["in", "like", "ilike", "between"]
            .into_iter()
            .any(|word| cursor.is_word_at(again, word));
        if chained {
            return Err(syn::Error::new(
                cursor.span(),
                "write parentheses: this does not chain",
            ));
        }
        Ok(read)
    }

    fn among(&mut self, cursor: &mut Cursor) -> syn::Result<Among> {
        if let Some((index, _)) = self.hole(cursor)? {
            return Ok(Among::Hole(index));
        }
        let group = cursor.parentheses("`(1, 2)`, `(select …)` or a Rust list in braces")?;
        let mut inner = cursor.inside(&group)?;
        if inner.is_word("select") {
            return Ok(Among::Query(Box::new(self.whole_select(&mut inner)?)));
        }
        if inner.is_empty() {
            return Err(syn::Error::new(
                group.span(),
                "SQL has no empty list: pass a Rust list in braces",
            ));
        }
        if inner.is_word("values") {
            return Err(syn::Error::new(
                inner.span(),
                "write the list without `values`: `in (1, 2)`",
            ));
        }
        Ok(Among::List(self.list(&mut inner)?))
    }

    /// Expressions with commas between them, up to the end.
    pub(super) fn list(&mut self, cursor: &mut Cursor) -> syn::Result<Vec<Expr>> {
        let list = self.some(cursor)?;
        cursor.finish("`,` or `)`")?;
        Ok(list)
    }

    /// Expressions with commas between them.
    pub(super) fn some(&mut self, cursor: &mut Cursor) -> syn::Result<Vec<Expr>> {
        let mut list = vec![self.expr(cursor)?];
        while cursor.sign(",").is_some() {
            list.push(self.expr(cursor)?);
        }
        Ok(list)
    }

    /// `||`.
    fn concatenation(&mut self, cursor: &mut Cursor) -> syn::Result<Expr> {
        let first = self.sum(cursor)?;
        let Some(span) = cursor.sign("||") else {
            return Ok(first);
        };
        let mut parts = vec![first, self.sum(cursor)?];
        while let Some(span) = cursor.sign("||") {
            bounded(parts.len(), span)?;
            parts.push(self.sum(cursor)?);
        }
        Ok(Expr::Concat { span, parts })
    }

    fn sum(&mut self, cursor: &mut Cursor) -> syn::Result<Expr> {
        self.arithmetic(cursor, &["+", "-"], Self::product)
    }

    fn product(&mut self, cursor: &mut Cursor) -> syn::Result<Expr> {
        self.arithmetic(cursor, &["*", "/", "%"], Self::signed)
    }

    fn arithmetic(
        &mut self,
        cursor: &mut Cursor,
        signs: &[&str],
        operand: fn(&mut Self, &mut Cursor) -> syn::Result<Expr>,
    ) -> syn::Result<Expr> {
        let mut left = operand(self, cursor)?;
        let mut count = 0;
        while let Some(sign) = cursor.peek_sign().filter(|sign| signs.contains(&sign.text)) {
            let span = cursor.expect_sign(sign.text)?;
            bounded(count, span)?;
            count += 1;
            let right = Box::new(operand(self, cursor)?);
            let sign = sign.text.chars().next().unwrap_or('+');
            left = Expr::Arithmetic {
                sign,
                span,
                left: Box::new(left),
                right,
            };
        }
        Ok(left)
    }

    fn signed(&mut self, cursor: &mut Cursor) -> syn::Result<Expr> {
        if let Some(span) = cursor.sign("-") {
            cursor.deeper(span)?;
            let operand = self.signed(cursor)?;
            cursor.shallower();
            return Ok(match operand {
                Expr::Literal {
                    literal,
                    minus: None,
                } if is_number(&literal) => Expr::Literal {
                    literal,
                    minus: Some(span),
                },
                operand => Expr::Negative {
                    span,
                    operand: Box::new(operand),
                },
            });
        }
        if let Some(span) = cursor.sign("+") {
            cursor.deeper(span)?;
            let operand = self.signed(cursor)?;
            cursor.shallower();
            return Ok(operand);
        }
        let primary = self.primary(cursor)?;
        if cursor.is_sign("::") {
            return Err(cursor.unexpected("an operator"));
        }
        Ok(primary)
    }
}

fn bounded(count: usize, at: Span) -> syn::Result<()> {
    if count < MAX_CHAIN {
        return Ok(());
    }
    Err(syn::Error::new(
        at,
        format!(
            "more than {MAX_CHAIN} operands: use `in {{list}}`, or build it with `all` and `any`"
        ),
    ))
}

fn comparison_sign(cursor: &mut Cursor) -> Option<(&'static str, Span)> {
    let sign = cursor.peek_sign()?;
    let method = match sign.text {
        "=" => "eq",
        "<>" | "!=" => "neq",
        "<" => "lt",
        ">" => "gt",
        "<=" => "lte",
        ">=" => "gte",
        _ => return None,
    };
    cursor.sign(sign.text)?;
    Some((method, sign.span))
}

fn is_number(literal: &Literal) -> bool {
    literal
        .to_string()
        .starts_with(|first: char| first.is_ascii_digit())
}
