//! An expression and its type.

use jsonsql::ast::SqlKind;
use jsonsql::ast::{Expr, Name};

use super::Done;
use crate::engine::sqlite::coerce;
use crate::engine::{Fault, Unmatched};

/// An expression and the type PostgreSQL gives it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Typed {
    pub(super) expr: Expr,
    /// `None` is PostgreSQL's `unknown`: a text literal or NULL, which becomes
    /// the type it meets.
    pub(super) kind: Option<SqlKind>,
}

impl Typed {
    pub(super) fn known(expr: Expr, kind: SqlKind) -> Typed {
        Typed {
            expr,
            kind: Some(kind),
        }
    }

    pub(super) fn unknown(expr: Expr) -> Typed {
        Typed { expr, kind: None }
    }

    /// A call of one of our functions.
    pub(super) fn call(
        function: impl Into<Name>,
        args: impl Into<Vec<Expr>>,
        kind: SqlKind,
    ) -> Typed {
        Typed::known(call(function, args), kind)
    }

    /// The type's name as PostgreSQL's messages have it.
    pub(super) fn kind_name(&self) -> &'static str {
        self.kind.map_or("unknown", SqlKind::as_str)
    }

    /// Reads an unknown literal as this type; leaves everything else alone.
    pub(super) fn meeting(self, kind: SqlKind) -> Done<Typed> {
        if self.kind.is_some() {
            return Ok(self);
        }
        let expr = match self.expr {
            Expr::Text(text) => coerce::literal(&text, kind)?,
            other => other,
        };
        Ok(Typed::known(expr, kind))
    }

    /// Turns an unknown literal that meets no other type into a text.
    pub(super) fn settled(self) -> Typed {
        Typed {
            kind: Some(self.kind.unwrap_or(SqlKind::Text)),
            expr: self.expr,
        }
    }

    /// As an operand of logic or a condition.
    pub(super) fn boolean(self, clause: &str) -> Done<Expr> {
        let met = self.meeting(SqlKind::Bool)?;
        if met.kind == Some(SqlKind::Bool) {
            return Ok(met.expr);
        }
        Err(Fault::Statement(format!(
            "argument of {clause} must be type boolean, not type {}",
            met.kind_name()
        )))
    }

    /// As PostgreSQL's cast to text has it.
    pub(super) fn into_text(self) -> Expr {
        match self.kind {
            None | Some(SqlKind::Text) => self.expr,
            Some(SqlKind::Bool) => call("pg_text_bool", [self.expr]),
            Some(SqlKind::Inet) => call("pg_text_inet", [self.expr]),
            Some(_) => call("pg_text", [self.expr]),
        }
    }

    /// A number of one type as a number of a wider one.
    pub(super) fn widened(self, kind: SqlKind) -> Typed {
        match (self.kind, kind) {
            (Some(SqlKind::Int | SqlKind::BigInt), SqlKind::Numeric) => {
                Typed::call("pg_numeric", [self.expr], kind)
            }
            (Some(SqlKind::Date), SqlKind::Timestamp) => {
                Typed::call("pg_midnight", [self.expr], kind)
            }
            _ => Typed::known(self.expr, kind),
        }
    }

    /// Returns an expression that sorts as the value does in PostgreSQL.
    pub(super) fn key(self) -> Done<Expr> {
        Ok(match self.kind {
            Some(SqlKind::Numeric) => call("pg_numeric_key", [self.expr]),
            Some(SqlKind::Inet) => call("pg_inet_key", [self.expr]),
            Some(SqlKind::Interval) => {
                return Err(Fault::needs_postgres(
                    Unmatched::Arithmetic,
                    "the order of intervals",
                ));
            }
            _ => self.expr,
        })
    }
}

pub(super) fn call(function: impl Into<Name>, args: impl Into<Vec<Expr>>) -> Expr {
    Expr::Call {
        function: function.into(),
        args: args.into(),
    }
}

pub(super) fn is_number(kind: SqlKind) -> bool {
    matches!(kind, SqlKind::Int | SqlKind::BigInt | SqlKind::Numeric)
}

/// The type both can be seen as without a cast being written.
pub(super) fn common(a: SqlKind, b: SqlKind) -> Option<SqlKind> {
    let width = |kind| match kind {
        SqlKind::Int => Some(0),
        SqlKind::BigInt => Some(1),
        SqlKind::Numeric => Some(2),
        _ => None,
    };
    match (width(a), width(b)) {
        _ if a == b => Some(a),
        (Some(left), Some(right)) => Some(if left > right { a } else { b }),
        _ => match (a, b) {
            (SqlKind::Date, SqlKind::Timestamp) | (SqlKind::Timestamp, SqlKind::Date) => {
                Some(SqlKind::Timestamp)
            }
            _ => None,
        },
    }
}

/// Brings expressions to one type, as COALESCE and VALUES do.
pub(super) fn unified(items: Vec<Typed>, construct: &str) -> Done<(Vec<Typed>, SqlKind)> {
    let mut kind = None;
    for item in &items {
        kind = match (kind, item.kind) {
            (None, found) | (found, None) => found,
            (Some(so_far), Some(found)) => match common(so_far, found) {
                Some(common) => Some(common),
                None => {
                    return Err(Fault::Statement(format!(
                        "{construct} types {so_far} and {found} cannot be matched"
                    )));
                }
            },
        };
    }
    let kind = kind.unwrap_or(SqlKind::Text);
    let unify = |item: Typed| Ok(item.meeting(kind)?.widened(kind));
    let items = items.into_iter().map(unify).collect::<Done<_>>()?;
    Ok((items, kind))
}
