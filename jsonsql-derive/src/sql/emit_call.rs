//! Calls of functions and aggregates, and where aggregates stand.

use proc_macro2::{Ident, TokenStream};
use quote::quote_spanned;

use super::emit::Emitter;
use super::emit_expr::MAX_OPERANDS;
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

/// Other functions that answer the same to the same operands.
const IMMUTABLE: &[&str] = &[
    "abs",
    "ceil",
    "coalesce",
    "floor",
    "greatest",
    "least",
    "left",
    "nullif",
    "regexp_replace",
    "right",
    "round",
];

const AGGREGATES: &[&str] = &["count", "min", "max", "sum", "avg"];

impl Emitter<'_> {
    pub(super) fn call(&mut self, call: &Call) -> syn::Result<TokenStream> {
        let Call { name, answer, args } = call;
        let span = name.span();
        let krate = self.krate(span);
        let function = plain(name).to_ascii_lowercase();
        let refuse = |message: String| Err(syn::Error::new(span, message));
        if let Some(advice) = super::words::function_advice(&function) {
            return refuse(advice.to_owned());
        }
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
}

/// The first aggregate that stands in it.
pub(super) fn aggregate(expr: &Expr) -> Option<&Call> {
    match expr {
        Expr::Call(call) if AGGREGATES.contains(&lower_name(call).as_str()) => Some(call),
        expr => parts(expr).into_iter().find_map(aggregate),
    }
}

fn lower_name(call: &Call) -> String {
    plain(&call.name).to_ascii_lowercase()
}

pub(super) fn has_aggregate(expr: &Expr) -> bool {
    aggregate(expr).is_some()
}

/// Returns `true` if it may be sent twice: a function that is not known could
/// answer differently the second time.
pub(super) fn is_repeatable(expr: &Expr) -> bool {
    let here = match expr {
        Expr::Call(call) => {
            let name = lower_name(call);
            AGGREGATES.contains(&name.as_str())
                || IMMUTABLE.contains(&name.as_str())
                || FUNCTIONS.iter().any(|(known, _)| *known == name)
        }
        Expr::Exists { .. }
        | Expr::Scalar { .. }
        | Expr::In {
            among: Among::Query(_) | Among::Hole(_),
            ..
        } => false,
        _ => true,
    };
    here && parts(expr).into_iter().all(is_repeatable)
}

/// Returns `true` if a Rust expression stands in it.
pub(super) fn has_hole(expr: &Expr) -> bool {
    let here = matches!(
        expr,
        Expr::Hole { .. }
            | Expr::In {
                among: Among::Hole(_),
                ..
            }
    );
    here || parts(expr).into_iter().any(has_hole)
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
pub(super) fn parts(expr: &Expr) -> Vec<&Expr> {
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
        }
        | Expr::Distinct {
            span: _,
            not: _,
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
