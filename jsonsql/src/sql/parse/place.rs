//! The place where a part of a statement begins.
//!
//! sqlparser's own spans are unions over all that is inside, by recursion: of
//! a chain of a thousand operators that is slow, and deep. Here it is the way
//! to the leftmost word, by a loop.

use sqlparser::ast::{self as sp, Spanned};
use sqlparser::tokenizer::{Location, Span};

/// A part of a statement with a place in the text.
pub(super) trait Place {
    /// Returns the place where it begins, if that is known.
    fn begin(&self) -> Option<Location>;
}

/// A place in the text, or another if that is not known.
pub(super) fn at_or(part: &impl Place, otherwise: Location) -> Location {
    part.begin().unwrap_or(otherwise)
}

fn known(span: Span) -> Option<Location> {
    (span.start.line > 0).then_some(span.start)
}

impl Place for sp::Expr {
    fn begin(&self) -> Option<Location> {
        let mut expr = self;
        loop {
            expr = match expr {
                sp::Expr::BinaryOp { left, .. }
                | sp::Expr::AnyOp { left, .. }
                | sp::Expr::AllOp { left, .. } => left,
                sp::Expr::IsDistinctFrom(left, _) | sp::Expr::IsNotDistinctFrom(left, _) => left,
                sp::Expr::IsNull(inner)
                | sp::Expr::IsNotNull(inner)
                | sp::Expr::IsUnknown(inner)
                | sp::Expr::IsNotUnknown(inner)
                | sp::Expr::IsTrue(inner)
                | sp::Expr::IsNotTrue(inner)
                | sp::Expr::IsFalse(inner)
                | sp::Expr::IsNotFalse(inner)
                | sp::Expr::Nested(inner)
                | sp::Expr::UnaryOp { expr: inner, .. }
                | sp::Expr::InList { expr: inner, .. }
                | sp::Expr::InSubquery { expr: inner, .. }
                | sp::Expr::InUnnest { expr: inner, .. }
                | sp::Expr::Between { expr: inner, .. }
                | sp::Expr::Like { expr: inner, .. }
                | sp::Expr::ILike { expr: inner, .. }
                | sp::Expr::SimilarTo { expr: inner, .. }
                | sp::Expr::RLike { expr: inner, .. }
                | sp::Expr::IsNormalized { expr: inner, .. }
                | sp::Expr::IsJson { expr: inner, .. }
                | sp::Expr::Cast { expr: inner, .. }
                | sp::Expr::Convert { expr: inner, .. }
                | sp::Expr::Extract { expr: inner, .. }
                | sp::Expr::Ceil { expr: inner, .. }
                | sp::Expr::Floor { expr: inner, .. }
                | sp::Expr::Position { expr: inner, .. }
                | sp::Expr::Substring { expr: inner, .. }
                | sp::Expr::Trim { expr: inner, .. }
                | sp::Expr::Overlay { expr: inner, .. }
                | sp::Expr::Collate { expr: inner, .. }
                | sp::Expr::Prefixed { value: inner, .. }
                | sp::Expr::CompoundFieldAccess { root: inner, .. }
                | sp::Expr::JsonAccess { value: inner, .. }
                | sp::Expr::OuterJoin(inner)
                | sp::Expr::Prior(inner) => inner,
                sp::Expr::AtTimeZone { timestamp, .. } => timestamp,
                sp::Expr::Tuple(exprs) => exprs.first()?,
                sp::Expr::Array(array) => array.elem.first()?,
                sp::Expr::GroupingSets(sets) | sp::Expr::Cube(sets) | sp::Expr::Rollup(sets) => {
                    sets.first()?.first()?
                }
                sp::Expr::Interval(interval) => &interval.value,
                sp::Expr::MemberOf(member) => &member.value,
                sp::Expr::Identifier(ident) => return known(ident.span),
                sp::Expr::CompoundIdentifier(parts) => return known(parts.first()?.span),
                sp::Expr::Value(value) => return known(value.span),
                sp::Expr::TypedString(typed) => return known(typed.value.span),
                sp::Expr::Function(function) => return function.name.begin(),
                sp::Expr::Case { case_token, .. } => return known(case_token.0.span),
                sp::Expr::Exists { subquery, .. } => return subquery.begin(),
                sp::Expr::Subquery(query) => return query.begin(),
                sp::Expr::Wildcard(token) => return known(token.0.span),
                sp::Expr::QualifiedWildcard(name, _) => return name.begin(),
                sp::Expr::Struct { .. }
                | sp::Expr::Named { .. }
                | sp::Expr::Dictionary(_)
                | sp::Expr::Map(_)
                | sp::Expr::MatchAgainst { .. }
                | sp::Expr::Lambda(_) => return None,
            };
        }
    }
}

impl Place for sp::Query {
    fn begin(&self) -> Option<Location> {
        if let Some(with) = &self.with {
            return known(with.with_token.0.span);
        }
        let mut body = &*self.body;
        loop {
            body = match body {
                sp::SetExpr::Select(select) => return known(select.select_token.0.span),
                sp::SetExpr::Values(values) => {
                    return known(values.rows.first()?.opening_token.0.span);
                }
                sp::SetExpr::SetOperation { left, .. } => left,
                sp::SetExpr::Query(query) => &query.body,
                sp::SetExpr::Insert(inner)
                | sp::SetExpr::Update(inner)
                | sp::SetExpr::Delete(inner)
                | sp::SetExpr::Merge(inner) => return inner.begin(),
                sp::SetExpr::Table(_) => return None,
            };
        }
    }
}

impl Place for sp::Statement {
    fn begin(&self) -> Option<Location> {
        match self {
            sp::Statement::Query(query) => query.begin(),
            sp::Statement::Insert(insert) => known(insert.insert_token.0.span),
            sp::Statement::Update(update) => known(update.update_token.0.span),
            sp::Statement::Delete(delete) => known(delete.delete_token.0.span),
            // The statement's first word then.
            _ => None,
        }
    }
}

impl Place for sp::SelectItem {
    fn begin(&self) -> Option<Location> {
        match self {
            sp::SelectItem::UnnamedExpr(expr)
            | sp::SelectItem::ExprWithAlias { expr, .. }
            | sp::SelectItem::ExprWithAliases { expr, .. } => expr.begin(),
            sp::SelectItem::Wildcard(options) => known(options.wildcard_token.0.span),
            sp::SelectItem::QualifiedWildcard(kind, _) => match kind {
                sp::SelectItemQualifiedWildcardKind::ObjectName(name) => name.begin(),
                sp::SelectItemQualifiedWildcardKind::Expr(expr) => expr.begin(),
            },
        }
    }
}

impl Place for sp::TableFactor {
    fn begin(&self) -> Option<Location> {
        match self {
            sp::TableFactor::Table { name, .. } | sp::TableFactor::Function { name, .. } => {
                name.begin()
            }
            sp::TableFactor::Derived { subquery, .. } => subquery.begin(),
            sp::TableFactor::NestedJoin {
                table_with_joins, ..
            } => table_with_joins.begin(),
            sp::TableFactor::TableFunction { expr, .. } => expr.begin(),
            sp::TableFactor::UNNEST { array_exprs, .. } => array_exprs.first()?.begin(),
            _ => None,
        }
    }
}

impl Place for sp::TableWithJoins {
    fn begin(&self) -> Option<Location> {
        self.relation.begin()
    }
}

impl Place for sp::ObjectName {
    fn begin(&self) -> Option<Location> {
        match self.0.first()? {
            sp::ObjectNamePart::Identifier(ident) => known(ident.span),
            part @ sp::ObjectNamePart::Function(_) => known(part.span()),
        }
    }
}

impl Place for sp::OrderByExpr {
    fn begin(&self) -> Option<Location> {
        self.expr.begin()
    }
}

impl Place for sp::AssignmentTarget {
    fn begin(&self) -> Option<Location> {
        match self {
            sp::AssignmentTarget::ColumnName(name) => name.begin(),
            sp::AssignmentTarget::Tuple(names) => names.first()?.begin(),
        }
    }
}

impl Place for sp::FunctionArg {
    fn begin(&self) -> Option<Location> {
        match self {
            sp::FunctionArg::Named { name, .. } => known(name.span),
            sp::FunctionArg::ExprNamed { name, .. } => name.begin(),
            sp::FunctionArg::Unnamed(_) => None,
        }
    }
}
