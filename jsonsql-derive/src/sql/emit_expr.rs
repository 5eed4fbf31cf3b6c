//! The calls of expressions.

use proc_macro2::{Ident, Literal, Punct, Spacing, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};

use super::emit::{Emitter, Place, tuple};
use super::emit_call::is_repeatable;
use super::outputs::one_column;
use super::tree::{Among, Expr};
use crate::hygiene::at;
use crate::names::plain;

/// The maximum number of operands of a tuple.
pub(super) const MAX_OPERANDS: usize = 12;

impl Emitter<'_> {
    /// An expression beside another one, where a value may stand as it is.
    pub(super) fn operand(&mut self, expr: &Expr) -> syn::Result<TokenStream> {
        match expr {
            Expr::Literal { literal, minus } => Ok(value(literal, *minus)),
            Expr::Bool { value, span } => Ok(boolean(*value, *span)),
            Expr::Hole { index, span: _ } => Ok(self.holes[*index].to_token_stream()),
            Expr::Null(span) => Err(syn::Error::new(
                *span,
                "NULL is a value in `set` and in `values` only: leave it out",
            )),
            expr => self.receiver(expr),
        }
    }

    /// An expression that has methods.
    pub(super) fn receiver(&mut self, expr: &Expr) -> syn::Result<TokenStream> {
        match expr {
            Expr::Column(column) => self.column(column),
            Expr::Literal { literal, minus } => {
                let span = literal.span();
                let (krate, value) = (self.krate(span), value(literal, *minus));
                Ok(if is_text(literal) {
                    quote_spanned! {at(span)=>
                        #krate::expr::literal::<::std::string::String>(
                            ::core::convert::From::from(#value)
                        )
                    }
                } else {
                    quote_spanned!(at(span)=> #krate::expr::literal(#value))
                })
            }
            Expr::Bool { value, span } => {
                let (krate, value) = (self.krate(*span), boolean(*value, *span));
                Ok(quote_spanned!(at(*span)=> #krate::expr::literal(#value)))
            }
            Expr::Hole { index, span } => {
                let (krate, hole) = (self.krate(*span), &self.holes[*index]);
                Ok(quote_spanned!(at(*span)=> #krate::expr::literal(#hole)))
            }
            Expr::Null(_) => self.operand(expr),
            Expr::Not { span, operand } => {
                let operand = self.receiver(operand)?;
                Ok(quote_spanned!(at(*span)=> (!#operand)))
            }
            Expr::Negative { span, operand } => {
                let operand = self.receiver(operand)?;
                Ok(quote_spanned!(at(*span)=> (-#operand)))
            }
            Expr::Arithmetic {
                sign,
                span,
                left,
                right,
            } => {
                let (left, right) = (self.receiver(left)?, self.operand(right)?);
                let mut sign = Punct::new(*sign, Spacing::Alone);
                sign.set_span(at(*span));
                Ok(quote_spanned!(at(*span)=> (#left #sign #right)))
            }
            Expr::Compare {
                method,
                span,
                left,
                right,
            } => self.compare(method, *span, left, right),
            Expr::Chain {
                method,
                first,
                rest,
            } => {
                let mut chain = self.receiver(first)?;
                for (span, operand) in rest {
                    let operand = self.operand(operand)?;
                    chain = call(&chain, method, *span, &operand);
                }
                Ok(chain)
            }
            Expr::Concat { span, parts } => {
                let parts: Vec<_> = parts
                    .iter()
                    .map(|part| self.operand(part))
                    .collect::<syn::Result<_>>()?;
                Ok(self.concat(*span, &parts))
            }
            Expr::Between {
                span,
                not,
                value,
                low,
                high,
            } => {
                let column = matches!(**value, Expr::Column(_));
                if !is_repeatable(value) {
                    return Err(syn::Error::new(
                        *span,
                        "`between` sends what is before it twice, and this could be another value \
                         the second time: write `a >= low and a <= high`",
                    ));
                }
                let value = self.receiver(value)?;
                let (low, high) = (self.operand(low)?, self.operand(high)?);
                if column {
                    let method = if *not { "not_between" } else { "between" };
                    return Ok(call(&value, method, *span, &quote!(#low, #high)));
                }
                let [above, below, all] = match not {
                    false => ["gte", "lte", "and"],
                    true => ["lt", "gt", "or"],
                };
                let operand = Ident::new("__between", at(*span));
                let twice = quote_spanned!(at(*span)=> ::core::clone::Clone::clone(&#operand));
                let above = call(&twice, above, *span, &low);
                let below = call(&operand.to_token_stream(), below, *span, &high);
                let both = call(&above, all, *span, &below);
                Ok(quote_spanned!(at(*span)=> match #value { #operand => #both }))
            }
            Expr::Distinct {
                span,
                not,
                left,
                right,
            } => self.distinct(*span, *not, left, right),
            Expr::Like {
                method,
                span,
                value,
                pattern,
            } => {
                let (value, pattern) = (self.receiver(value)?, self.operand(pattern)?);
                Ok(call(&value, method, *span, &pattern))
            }
            Expr::IsNull { span, not, value } => {
                let value = self.receiver(value)?;
                let method = if *not { "is_not_null" } else { "is_null" };
                Ok(call(&value, method, *span, &TokenStream::new()))
            }
            Expr::IsBool {
                span,
                not,
                value,
                truth,
            } => {
                let value = self.receiver(value)?;
                let method = if *not { "is_not" } else { "is" };
                Ok(call(&value, method, *span, &boolean(*truth, *span)))
            }
            Expr::In {
                span,
                not,
                value,
                among,
            } => self.among(*span, *not, value, among),
            Expr::Exists { span, query } => {
                self.needs_query();
                let query = self.nested(query)?;
                Ok(call(&query, "exists", *span, &TokenStream::new()))
            }
            Expr::Scalar { span, query } => {
                one_column(query)?;
                self.needs_query();
                let query = self.nested(query)?;
                Ok(call(&query, "scalar", *span, &TokenStream::new()))
            }
            Expr::Call(call) => self.call(call),
        }
    }

    /// In a closure of the table alone, there is nothing to build a query with.
    fn needs_query(&mut self) {
        self.needs_query |= self.level().place == Place::Closed;
    }

    fn compare(
        &mut self,
        method: &'static str,
        span: Span,
        left: &Expr,
        right: &Expr,
    ) -> syn::Result<TokenStream> {
        for operand in [left, right] {
            if let Expr::Null(span) = operand {
                return Err(syn::Error::new(
                    *span,
                    "nothing equals NULL: write `is null` or `is not null`",
                ));
            }
        }
        let is_value = |expr: &Expr| {
            matches!(
                expr,
                Expr::Hole { .. } | Expr::Literal { .. } | Expr::Bool { .. }
            )
        };
        // A value of any type that the column takes, which `literal` would not.
        if matches!(left, Expr::Hole { .. }) && !is_value(right) {
            let flipped = match method {
                "lt" => "gt",
                "gt" => "lt",
                "lte" => "gte",
                "gte" => "lte",
                same => same,
            };
            let (left, right) = (self.operand(left)?, self.receiver(right)?);
            return Ok(call(&right, flipped, span, &left));
        }
        let (left, right) = (self.receiver(left)?, self.operand(right)?);
        Ok(call(&left, method, span, &right))
    }

    /// `is distinct from`: of a column, and a column or a value.
    fn distinct(
        &mut self,
        span: Span,
        not: bool,
        left: &Expr,
        right: &Expr,
    ) -> syn::Result<TokenStream> {
        let (column, other) = match (left, right) {
            (Expr::Column(_), other) => (left, other),
            (other, Expr::Column(_)) => (right, other),
            _ => {
                return Err(syn::Error::new(
                    span,
                    "`is distinct from` is of a column here: write `a <> b or a is null` \
                     with the NULLs that you mean",
                ));
            }
        };
        if let Expr::Null(span) = other {
            let method = if not { "is_null" } else { "is_not_null" };
            let column = self.receiver(column)?;
            return Ok(call(&column, method, *span, &TokenStream::new()));
        }
        let method = match not {
            true => "is_not_distinct_from",
            false => "is_distinct_from",
        };
        let (column, other) = (self.receiver(column)?, self.operand(other)?);
        Ok(call(&column, method, span, &other))
    }

    fn concat(&self, span: Span, parts: &[TokenStream]) -> TokenStream {
        let krate = self.krate(span);
        let operands = match parts {
            parts if parts.len() <= MAX_OPERANDS => quote!(#(#parts,)*),
            parts => {
                let (first, rest) = parts.split_at(MAX_OPERANDS - 1);
                let rest = self.concat(span, rest);
                quote!(#(#first,)* #rest)
            }
        };
        quote_spanned!(at(span)=> #krate::expr::concat((#operands)))
    }

    fn among(
        &mut self,
        span: Span,
        not: bool,
        value: &Expr,
        among: &Among,
    ) -> syn::Result<TokenStream> {
        let value = self.receiver(value)?;
        let method = if not { "not_in" } else { "is_in" };
        match among {
            Among::Hole(index) => {
                let hole = self.holes[*index].to_token_stream();
                Ok(call(&value, method, span, &hole))
            }
            Among::Query(query) => {
                one_column(query)?;
                let query = self.nested(query)?;
                let method = if not { "not_in_query" } else { "in_query" };
                Ok(call(&value, method, span, &query))
            }
            Among::List(list) => {
                if let Some(Expr::Null(span)) =
                    list.iter().find(|item| matches!(item, Expr::Null(_)))
                {
                    return Err(syn::Error::new(
                        *span,
                        "nothing equals NULL: leave it out of the list, and write `or x is null`",
                    ));
                }
                let mut items = Vec::new();
                let plain = list.iter().all(|item| {
                    matches!(
                        item,
                        Expr::Literal { .. } | Expr::Bool { .. } | Expr::Hole { .. }
                    )
                });
                for item in list {
                    items.push(if plain {
                        self.operand(item)?
                    } else {
                        // One type for all of them.
                        let item = self.receiver(item)?;
                        call(&item, "built", span, &TokenStream::new())
                    });
                }
                let list = quote_spanned!(at(span)=> [#(#items),*]);
                Ok(call(&value, method, span, &list))
            }
        }
    }

    pub(super) fn selected(
        &mut self,
        expr: &Expr,
        name: Option<&Ident>,
    ) -> syn::Result<TokenStream> {
        let Some(name) = name else {
            return self.operand(expr);
        };
        let expr = self.receiver(expr)?;
        let mut text = Literal::string(&plain(name));
        text.set_span(at(name.span()));
        Ok(call(&expr, "named", name.span(), &text.into_token_stream()))
    }

    /// Several expressions of one clause.
    pub(super) fn each(&mut self, exprs: &[&Expr], span: Span) -> syn::Result<TokenStream> {
        let mut all = Vec::new();
        for expr in exprs {
            all.push(self.receiver(expr)?);
        }
        Ok(tuple(&all, span, 8))
    }
}

/// `receiver.method(args)`, at the place of the operator.
pub(super) fn call(
    receiver: &TokenStream,
    method: &str,
    span: Span,
    args: &TokenStream,
) -> TokenStream {
    // A word of the language, like `is` or `in`, may be none of Rust's.
    let method = Ident::new(method, at(span));
    quote_spanned!(at(span)=> #receiver.#method(#args))
}

fn boolean(value: bool, span: Span) -> TokenStream {
    Ident::new(if value { "true" } else { "false" }, at(span)).into_token_stream()
}

/// A number or text as Rust has it.
pub(super) fn value(literal: &Literal, minus: Option<Span>) -> TokenStream {
    let mut literal = literal.clone();
    literal.set_span(at(literal.span()));
    let minus = minus.map(|span| {
        let mut minus = Punct::new('-', Spacing::Alone);
        minus.set_span(at(span));
        minus
    });
    quote!(#minus #literal)
}

fn is_text(literal: &Literal) -> bool {
    matches!(syn::Lit::new(literal.clone()), syn::Lit::Str(_))
}
