//! The calls of expressions.

use proc_macro2::{Ident, Literal, Punct, Spacing, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};

use super::emit::{Emitter, Place, tuple};
use super::tree::{Among, Args, Call, Expr};
use crate::hygiene::at;
use crate::names::plain;

/// Functions whose answer's type is known.
const FUNCTIONS: &[(&str, &str)] = &[
    ("lower", "String"),
    ("upper", "String"),
    ("trim", "String"),
    ("btrim", "String"),
    ("ltrim", "String"),
    ("rtrim", "String"),
    ("md5", "String"),
    ("substr", "String"),
    ("replace", "String"),
    ("length", "i32"),
    ("strpos", "i32"),
];

const AGGREGATES: &[&str] = &["count", "min", "max", "sum", "avg"];

/// How many operands a tuple may have.
const MAX_OPERANDS: usize = 12;

impl Emitter<'_> {
    /// An expression beside another one, where a value may stand as it is.
    pub(super) fn operand(&mut self, expr: &Expr) -> syn::Result<TokenStream> {
        match expr {
            Expr::Literal { literal, minus } => Ok(value(literal, *minus)),
            Expr::Bool { value, span } => Ok(boolean(*value, *span)),
            Expr::Hole { index, span: _ } => Ok(self.holes[*index].to_token_stream()),
            Expr::Null(span) => Err(syn::Error::new(
                *span,
                "nothing equals NULL: write `is null` or `is not null`",
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
                if !matches!(**value, Expr::Column(_)) {
                    return Err(syn::Error::new(
                        *span,
                        "`between` sends what is before it twice, so that it takes a column only: \
                         write `a >= low and a <= high`",
                    ));
                }
                let value = self.receiver(value)?;
                let (low, high) = (self.operand(low)?, self.operand(high)?);
                let method = if *not { "not_between" } else { "between" };
                Ok(call(&value, method, *span, &quote!(#low, #high)))
            }
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
                let query = self.nested(query)?;
                let method = if not { "not_in_query" } else { "in_query" };
                Ok(call(&value, method, span, &query))
            }
            Among::List(list) => {
                let mut items = Vec::new();
                let plain = list.iter().all(|item| {
                    matches!(
                        item,
                        Expr::Literal { .. }
                            | Expr::Bool { .. }
                            | Expr::Hole { .. }
                            | Expr::Null(_)
                    )
                });
                for item in list {
                    items.push(if plain || matches!(item, Expr::Null(_)) {
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

    fn call(&mut self, call: &Call) -> syn::Result<TokenStream> {
        let Call { name, answer, args } = call;
        let span = name.span();
        let krate = self.krate(span);
        let function = plain(name).to_ascii_lowercase();
        let refuse = |message: String| Err(syn::Error::new(span, message));
        let own = Ident::new(
            match (function.as_str(), args) {
                ("count", Args::Star) => "count_rows",
                ("count", Args::Distinct(_)) => "count_distinct",
                (known @ ("count" | "min" | "max" | "sum" | "avg"), Args::List(_)) => known,
                ("coalesce", _) => "coalesce",
                ("regexp_replace", _) => "regexp_replace",
                _ => "function",
            },
            at(span),
        );
        if answer.is_some() && own != "function" {
            return refuse(format!(
                "the type of what `{function}` answers with is known: leave `::<…>` out"
            ));
        }
        let args = match args {
            Args::Star if own == "count_rows" => {
                return Ok(quote_spanned!(at(span)=> #krate::expr::#own()));
            }
            Args::Star => return refuse(format!("`*` is for `count(*)`, not for `{function}`")),
            Args::Distinct(arg) if own == "count_distinct" => std::slice::from_ref(&**arg),
            Args::Distinct(_) => {
                return refuse(format!(
                    "`distinct` is for `count(distinct …)`, not for `{function}`"
                ));
            }
            Args::List(list) => list.as_slice(),
        };
        if own == "coalesce" {
            let [first, fallbacks @ ..] = args else {
                return refuse("`coalesce` takes two operands or more".to_owned());
            };
            if fallbacks.is_empty() {
                return refuse("`coalesce` takes two operands or more".to_owned());
            }
            let mut chain = self.receiver(first)?;
            for fallback in fallbacks {
                let fallback = self.operand(fallback)?;
                chain = quote_spanned!(at(span)=> #krate::expr::#own(#chain, #fallback));
            }
            return Ok(chain);
        }
        if own == "regexp_replace" {
            let [text, pattern, replacement] = args else {
                return refuse(
                    "`regexp_replace` takes a text, a pattern and a replacement".to_owned(),
                );
            };
            let text = self.receiver(text)?;
            let (pattern, replacement) = (self.operand(pattern)?, self.operand(replacement)?);
            return Ok(
                quote_spanned!(at(span)=> #krate::expr::#own(#text, #pattern, #replacement)),
            );
        }
        if own != "function" {
            let [one] = args else {
                return refuse(format!("`{function}` takes one operand"));
            };
            let one = self.receiver(one)?;
            return Ok(quote_spanned!(at(span)=> #krate::expr::#own(#one)));
        }
        let known = FUNCTIONS.iter().find(|(known, _)| *known == function);
        let answer = match (answer, known) {
            (Some(answer), _) => answer.clone(),
            (None, Some((_, "String"))) => quote_spanned!(at(span)=> ::std::string::String),
            (None, Some(_)) => quote_spanned!(at(span)=> ::core::primitive::i32),
            (None, None) => {
                return refuse(format!(
                    "name the type of what `{function}` answers with: `{function}::<String>(…)`"
                ));
            }
        };
        if args.len() > MAX_OPERANDS {
            return refuse(format!(
                "`{function}` takes {MAX_OPERANDS} operands at the most here"
            ));
        }
        let args: Vec<_> = args
            .iter()
            .map(|arg| self.operand(arg))
            .collect::<syn::Result<_>>()?;
        let args = match args.as_slice() {
            [] => quote_spanned!(at(span)=> [0_i64; 0]),
            args => quote_spanned!(at(span)=> (#(#args,)*)),
        };
        Ok(quote_spanned!(at(span)=> #krate::expr::#own::<#answer>(#function, #args)))
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
    pub(super) fn each(&mut self, exprs: &[Expr], span: Span) -> syn::Result<TokenStream> {
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

/// Returns `true` if an aggregate stands in it.
pub(super) fn has_aggregate(expr: &Expr) -> bool {
    let aggregate = |call: &Call| {
        let name = plain(&call.name).to_ascii_lowercase();
        AGGREGATES.contains(&name.as_str())
    };
    matches!(expr, Expr::Call(call) if aggregate(call))
        || parts(expr).into_iter().any(has_aggregate)
}

/// A column that stands outside of aggregates.
pub(super) fn free_column(expr: &Expr) -> Option<&super::tree::Column> {
    match expr {
        Expr::Column(column) => Some(column),
        Expr::Call(_) if has_aggregate(expr) && !parts(expr).into_iter().any(has_aggregate) => None,
        expr => parts(expr).into_iter().find_map(free_column),
    }
}

/// The operands of an expression; those of nested queries are not among them.
fn parts(expr: &Expr) -> Vec<&Expr> {
    match expr {
        Expr::Column(_)
        | Expr::Literal {
            literal: _,
            minus: _,
        }
        | Expr::Bool { value: _, span: _ }
        | Expr::Null(_)
        | Expr::Hole { index: _, span: _ }
        | Expr::Exists { span: _, query: _ }
        | Expr::Scalar { span: _, query: _ } => Vec::new(),
        Expr::Not { span: _, operand } | Expr::Negative { span: _, operand } => vec![operand],
        Expr::Arithmetic {
            sign: _,
            span: _,
            left,
            right,
        }
        | Expr::Compare {
            method: _,
            span: _,
            left,
            right,
        } => vec![left, right],
        Expr::Chain {
            method: _,
            first,
            rest,
        } => {
            let mut parts: Vec<&Expr> = vec![first];
            parts.extend(rest.iter().map(|(_, operand)| operand));
            parts
        }
        Expr::Concat { span: _, parts } => parts.iter().collect(),
        Expr::Between {
            span: _,
            not: _,
            value,
            low,
            high,
        } => vec![value, low, high],
        Expr::Like {
            method: _,
            span: _,
            value,
            pattern,
        } => vec![value, pattern],
        Expr::IsNull {
            span: _,
            not: _,
            value,
        }
        | Expr::IsBool {
            span: _,
            not: _,
            value,
            truth: _,
        } => vec![value],
        Expr::In {
            span: _,
            not: _,
            value,
            among,
        } => {
            let mut parts: Vec<&Expr> = vec![value];
            if let Among::List(list) = among {
                parts.extend(list);
            }
            parts
        }
        Expr::Call(Call {
            name: _,
            answer: _,
            args,
        }) => match args {
            Args::Star => Vec::new(),
            Args::Distinct(arg) => vec![arg],
            Args::List(list) => list.iter().collect(),
        },
    }
}
