//! Expressions that the protocol has no form for, and what to write instead.

use sqlparser::ast as sp;
use sqlparser::tokenizer::Location;

use super::error::{Read, refuse};
use crate::ast::Expr;

/// Refuses an expression. Every kind is named: one that sqlparser adds has to
/// be thought about before this builds.
pub(super) fn expr(expr: &sp::Expr, at: Location) -> Read<Expr> {
    let message = match expr {
        sp::Expr::Case { .. } => {
            "CASE has no form in the protocol: select the columns and decide in the program; \
             COALESCE and conditions as values are what there is"
        }
        sp::Expr::Cast { .. } | sp::Expr::Convert { .. } => {
            "the protocol has no casts: a text takes the type of the column that it meets, \
             so write the literal alone"
        }
        sp::Expr::TypedString(_) => {
            "a literal with a type before it has no form in the protocol: write the text alone, \
             it takes the type of the column that it meets"
        }
        sp::Expr::Interval(_) => {
            "intervals have no form in the protocol: compute the moment in the program and send it as a text"
        }
        sp::Expr::Extract { .. } | sp::Expr::AtTimeZone { .. } => {
            "parts of a time have no form in the protocol: compare with moments as texts"
        }
        sp::Expr::Collate { .. } => "COLLATE has no form in the protocol: leave it out",
        sp::Expr::Overlay { .. } => "OVERLAY has no form in the protocol: write substring and `||`",
        sp::Expr::SimilarTo { .. } | sp::Expr::RLike { .. } => {
            "the protocol does not compare with regular expressions: write LIKE or ILIKE"
        }
        sp::Expr::Tuple(_) | sp::Expr::Struct { .. } => {
            "rows as values have no form in the protocol: compare column by column, joined with AND"
        }
        sp::Expr::Array(_) => "the protocol has no arrays: write `IN (…)`",
        sp::Expr::CompoundFieldAccess { .. } | sp::Expr::JsonAccess { .. } => {
            "parts of a value have no form in the protocol: select the column and look into it in the program"
        }
        sp::Expr::GroupingSets(_) | sp::Expr::Cube(_) | sp::Expr::Rollup(_) => {
            "GROUPING SETS, CUBE and ROLLUP have no form in the protocol: send a statement for each"
        }
        sp::Expr::IsNormalized { .. } | sp::Expr::IsJson { .. } => {
            "this test of a text has no form in the protocol: do it in the program"
        }
        sp::Expr::InUnnest { .. } => "UNNEST has no form in the protocol: write `IN (…)`",
        sp::Expr::Prefixed { .. } => {
            "a literal with a word before it has no form in the protocol: write the literal alone"
        }
        sp::Expr::Wildcard(_) | sp::Expr::QualifiedWildcard(..) => {
            "`*` stands for columns or rows, not for a value"
        }
        sp::Expr::Named { .. }
        | sp::Expr::Dictionary(_)
        | sp::Expr::Map(_)
        | sp::Expr::MatchAgainst { .. }
        | sp::Expr::OuterJoin(_)
        | sp::Expr::Prior(_)
        | sp::Expr::Lambda(_)
        | sp::Expr::MemberOf(_) => "this is not of PostgreSQL",
        // Those that are read; were one to come here, it would be refused.
        sp::Expr::Identifier(_)
        | sp::Expr::CompoundIdentifier(_)
        | sp::Expr::Nested(_)
        | sp::Expr::Value(_)
        | sp::Expr::BinaryOp { .. }
        | sp::Expr::UnaryOp { .. }
        | sp::Expr::IsNull(_)
        | sp::Expr::IsNotNull(_)
        | sp::Expr::IsUnknown(_)
        | sp::Expr::IsNotUnknown(_)
        | sp::Expr::IsTrue(_)
        | sp::Expr::IsNotTrue(_)
        | sp::Expr::IsFalse(_)
        | sp::Expr::IsNotFalse(_)
        | sp::Expr::IsDistinctFrom(..)
        | sp::Expr::IsNotDistinctFrom(..)
        | sp::Expr::InList { .. }
        | sp::Expr::InSubquery { .. }
        | sp::Expr::Between { .. }
        | sp::Expr::Like { .. }
        | sp::Expr::ILike { .. }
        | sp::Expr::AnyOp { .. }
        | sp::Expr::AllOp { .. }
        | sp::Expr::Exists { .. }
        | sp::Expr::Subquery(_)
        | sp::Expr::Function(_)
        | sp::Expr::Ceil { .. }
        | sp::Expr::Floor { .. }
        | sp::Expr::Position { .. }
        | sp::Expr::Substring { .. }
        | sp::Expr::Trim { .. } => "this cannot stand here",
    };
    refuse(at, message)
}
