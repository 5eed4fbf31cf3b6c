//! Functions: what the common ones give, by PostgreSQL's documentation.

use super::{Gives, Typed, Typer, any_nullable};
use crate::ast::SqlKind;

/// Functions of texts that give a text.
const TEXTS: &[&str] = &[
    "btrim",
    "initcap",
    "left",
    "lower",
    "lpad",
    "ltrim",
    "md5",
    "regexp_replace",
    "repeat",
    "replace",
    "reverse",
    "right",
    "rpad",
    "rtrim",
    "split_part",
    "substr",
    "substring",
    "translate",
    "trim",
    "upper",
];

impl Typer<'_> {
    pub(super) fn call(&mut self, function: &str, args: &[Typed]) -> Gives {
        let name = function.to_ascii_lowercase();
        let nullable = any_nullable(args);
        let first = args.first().and_then(|one| one.kind);
        match name.as_str() {
            "count" => Gives(Some(SqlKind::BigInt), false),
            // Of no row an aggregate is NULL.
            "sum" => Gives(first.and_then(sum), true),
            "avg" => Gives(first.and_then(mean), true),
            "max" | "min" => Gives(first, true),
            "bool_and" | "bool_or" | "every" => {
                self.meet(args, Some(SqlKind::Bool));
                Gives(Some(SqlKind::Bool), true)
            }
            "string_agg" => {
                self.meet(args, Some(SqlKind::Text));
                Gives(Some(SqlKind::Text), true)
            }
            // PostgreSQL's passes over NULL.
            "concat" | "concat_ws" => Gives(Some(SqlKind::Text), false),
            "length" | "char_length" | "character_length" | "octet_length" | "strpos" => {
                self.meet(args, Some(SqlKind::Text));
                Gives(Some(SqlKind::Int), nullable)
            }
            "greatest" | "least" => {
                let kind = self.common(args);
                self.meet(args, kind);
                Gives(kind, args.iter().all(|one| one.nullable))
            }
            "nullif" => {
                let kind = self.common(args);
                self.meet(args, kind);
                Gives(kind, true)
            }
            "abs" => Gives(first, nullable),
            "now" | "clock_timestamp" | "statement_timestamp" | "transaction_timestamp" => {
                Gives(Some(SqlKind::TimestampTz), false)
            }
            text if TEXTS.contains(&text) => {
                // The numbers among the arguments are counts.
                let texts: Vec<_> = args
                    .iter()
                    .filter(|one| one.kind.is_none())
                    .copied()
                    .collect();
                self.meet(&texts, Some(SqlKind::Text));
                Gives(Some(SqlKind::Text), nullable)
            }
            _ => Gives::UNKNOWN,
        }
    }
}

fn sum(of: SqlKind) -> Option<SqlKind> {
    Some(match of {
        SqlKind::SmallInt | SqlKind::Int => SqlKind::BigInt,
        SqlKind::BigInt | SqlKind::Numeric => SqlKind::Numeric,
        SqlKind::Float => SqlKind::Float,
        SqlKind::Interval => SqlKind::Interval,
        _ => return None,
    })
}

fn mean(of: SqlKind) -> Option<SqlKind> {
    Some(match of {
        SqlKind::SmallInt | SqlKind::Int | SqlKind::BigInt | SqlKind::Numeric => SqlKind::Numeric,
        SqlKind::Float => SqlKind::Float,
        SqlKind::Interval => SqlKind::Interval,
        _ => return None,
    })
}
