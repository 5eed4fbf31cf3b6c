//! Expressions: each kind of the parser's, by name.

use sqlparser::ast::{self as sp, BinaryOperator, UnaryOperator};
use sqlparser::tokenizer::Location;

use super::error::{Read, refuse};
use super::place::at_or;
use super::query::Role;
use super::reader::Reader;
use super::{alias, literal, refused};
use crate::ast::{Expr, MAX_DEPTH, Op};

impl<'a> Reader<'a> {
    pub(super) fn expr(&mut self, expr: &'a sp::Expr) -> Read<Expr> {
        // A place is looked up only where it is needed: of a long chain it takes long.
        let otherwise = self.at;
        self.deeper(|| at_or(expr, otherwise), |reader| reader.expr_here(expr))
    }

    fn expr_here(&mut self, expr: &'a sp::Expr) -> Read<Expr> {
        match expr {
            sp::Expr::Identifier(ident) => self.column(None, ident),
            sp::Expr::CompoundIdentifier(parts) => {
                let (table, name) = alias::column_parts(parts)?;
                self.column(table, name)
            }
            sp::Expr::Nested(inner) => self.expr(inner),
            sp::Expr::Value(sp::ValueWithSpan { value, span }) => self.value(value, span.start),
            sp::Expr::BinaryOp { .. } => self.chain(expr),
            sp::Expr::UnaryOp { op, expr } => self.unary(*op, expr),
            sp::Expr::IsNull(inner) => self.is(Op::Is, inner, Expr::Null),
            sp::Expr::IsNotNull(inner) => self.is(Op::IsNot, inner, Expr::Null),
            sp::Expr::IsUnknown(inner) => self.is(Op::Is, inner, Expr::Null),
            sp::Expr::IsNotUnknown(inner) => self.is(Op::IsNot, inner, Expr::Null),
            sp::Expr::IsTrue(inner) => self.is(Op::Is, inner, Expr::Bool(true)),
            sp::Expr::IsNotTrue(inner) => self.is(Op::IsNot, inner, Expr::Bool(true)),
            sp::Expr::IsFalse(inner) => self.is(Op::Is, inner, Expr::Bool(false)),
            sp::Expr::IsNotFalse(inner) => self.is(Op::IsNot, inner, Expr::Bool(false)),
            sp::Expr::IsDistinctFrom(left, right) => self.distinct_from(left, right, true),
            sp::Expr::IsNotDistinctFrom(left, right) => self.distinct_from(left, right, false),
            sp::Expr::InList {
                expr,
                list,
                negated,
            } => self.in_list(expr, list, *negated),
            sp::Expr::InSubquery {
                expr,
                subquery,
                negated,
            } => self.in_query(expr, subquery, *negated),
            sp::Expr::Between {
                expr,
                negated,
                low,
                high,
            } => self.between(expr, *negated, low, high),
            sp::Expr::Like {
                negated,
                any,
                expr,
                pattern,
                escape_char,
            } => self.like(
                Op::Like,
                *negated,
                *any,
                expr,
                pattern,
                escape_char.as_deref(),
            ),
            sp::Expr::ILike {
                negated,
                any,
                expr,
                pattern,
                escape_char,
            } => self.like(
                Op::Ilike,
                *negated,
                *any,
                expr,
                pattern,
                escape_char.as_deref(),
            ),
            sp::Expr::AnyOp {
                left,
                compare_op,
                right,
                is_some: _,
            } => self.any_or_all(left, compare_op, right, BinaryOperator::Eq),
            sp::Expr::AllOp {
                left,
                compare_op,
                right,
            } => self.any_or_all(left, compare_op, right, BinaryOperator::NotEq),
            sp::Expr::Exists { subquery, negated } => self.exists(subquery, *negated),
            sp::Expr::Subquery(query) => self.operand(query),
            sp::Expr::Function(function) => self.function(function),
            sp::Expr::Ceil { expr, field } => self.rounded("ceil", expr, field),
            sp::Expr::Floor { expr, field } => self.rounded("floor", expr, field),
            sp::Expr::Position { expr, r#in } => {
                let part = self.expr(expr)?;
                let whole = self.expr(r#in)?;
                Ok(call("strpos", vec![whole, part]))
            }
            sp::Expr::Substring {
                expr,
                substring_from,
                substring_for,
                special: _,
                shorthand,
            } => self.substring(
                expr,
                substring_from.as_deref(),
                substring_for.as_deref(),
                *shorthand,
            ),
            sp::Expr::Trim {
                trim_where,
                trim_what,
                expr,
                trim_characters,
            } => self.trim(
                trim_where.as_ref(),
                trim_what.as_deref(),
                expr,
                trim_characters.as_deref(),
            ),
            other => refused::expr(other, at_or(other, self.at)),
        }
    }

    fn value(&mut self, value: &sp::Value, at: Location) -> Read<Expr> {
        self.see(at);
        match value {
            sp::Value::Number(text, long) => {
                if *long {
                    return refuse(at, "a number has no letter behind it");
                }
                Ok(Expr::Number(literal::number(text, false, at)?))
            }
            sp::Value::SingleQuotedString(text)
            | sp::Value::EscapedStringLiteral(text)
            | sp::Value::UnicodeStringLiteral(text) => self.text(at, text.clone().into()),
            sp::Value::DollarQuotedString(sp::DollarQuotedString { value, tag: _ }) => {
                self.text(at, value.clone().into())
            }
            sp::Value::Boolean(value) => Ok(Expr::Bool(*value)),
            sp::Value::Null => Ok(Expr::Null),
            sp::Value::Placeholder(name) => self.argument(name, at),
            sp::Value::TripleSingleQuotedString(_)
            | sp::Value::TripleDoubleQuotedString(_)
            | sp::Value::SingleQuotedByteStringLiteral(_)
            | sp::Value::DoubleQuotedByteStringLiteral(_)
            | sp::Value::TripleSingleQuotedByteStringLiteral(_)
            | sp::Value::TripleDoubleQuotedByteStringLiteral(_)
            | sp::Value::SingleQuotedRawStringLiteral(_)
            | sp::Value::DoubleQuotedRawStringLiteral(_)
            | sp::Value::TripleSingleQuotedRawStringLiteral(_)
            | sp::Value::TripleDoubleQuotedRawStringLiteral(_)
            | sp::Value::NationalStringLiteral(_)
            | sp::Value::QuoteDelimitedStringLiteral(_)
            | sp::Value::NationalQuoteDelimitedStringLiteral(_)
            | sp::Value::HexStringLiteral(_)
            | sp::Value::DoubleQuotedString(_) => refuse(at, "write the text as `'…'`"),
        }
    }

    /// A sub-select whose one value is meant.
    pub(super) fn operand(&mut self, query: &'a sp::Query) -> Read<Expr> {
        if let Some(rows) = self.plain_values(query)? {
            return Ok(Expr::Values(rows));
        }
        let select = self.query(query, Role::Operand)?;
        Ok(Expr::Select(Box::new(select)))
    }

    /// A chain of operators, which the parser nests to the left. Its loop is
    /// not recursion: a chain is as long as somebody writes it.
    fn chain(&mut self, mut expr: &'a sp::Expr) -> Read<Expr> {
        let mut steps = Vec::new();
        while let sp::Expr::BinaryOp { left, op, right } = expr {
            if is_comparison(op) && is_unchainable(left) {
                return refuse(
                    at_or(&**right, self.at),
                    "PostgreSQL does not chain comparisons: join them with AND",
                );
            }
            steps.push((op, &**right));
            expr = left;
        }
        let mut chain = self.expr(expr)?;
        let mut levels = 0;
        for (op, right) in steps.into_iter().rev() {
            let Some(op) = operator(op) else {
                return refuse(
                    at_or(right, self.at),
                    "the protocol has no operator like the one before this",
                );
            };
            let mut more = match self.expr(right)? {
                // What BETWEEN is rewritten to is no conjunction of its own.
                Expr::Op(same, operands)
                    if same == op && matches!(right, sp::Expr::Between { .. }) =>
                {
                    operands
                }
                operand => vec![operand],
            };
            chain = match chain {
                // Sums, products, conjunctions of several operands are one list.
                Expr::Op(same, mut operands)
                    if same == op && is_list(&op) && operands.len() > 1 =>
                {
                    operands.append(&mut more);
                    Expr::Op(op, operands)
                }
                first => {
                    levels += 2;
                    more.insert(0, first);
                    Expr::Op(op, more)
                }
            };
            if levels > MAX_DEPTH {
                chain.dismantle();
                let message = format!(
                    "the operators of this expression nest deeper than {MAX_DEPTH} levels of JSON"
                );
                return refuse(at_or(right, self.at), message);
            }
        }
        Ok(chain)
    }

    fn unary(&mut self, op: UnaryOperator, operand: &'a sp::Expr) -> Read<Expr> {
        match op {
            UnaryOperator::Not => {
                let operand = self.expr(operand)?;
                Ok(not(operand))
            }
            UnaryOperator::Plus => {
                let at = at_or(operand, self.at);
                match self.expr(operand)? {
                    Expr::Text(_) | Expr::Bool(_) => refuse(at, "this is not a number"),
                    operand => Ok(operand),
                }
            }
            UnaryOperator::Minus => {
                let at = at_or(operand, self.at);
                match self.expr(operand)? {
                    Expr::Number(number) => Ok(Expr::Number(literal::negated(&number, at)?)),
                    Expr::Text(_) | Expr::Bool(_) => refuse(at, "this is not a number"),
                    operand => Ok(Expr::Op(Op::Sub, vec![Expr::Number(0.into()), operand])),
                }
            }
            UnaryOperator::AtDashAt
            | UnaryOperator::BangNot
            | UnaryOperator::BitwiseNot
            | UnaryOperator::DoubleAt
            | UnaryOperator::Hash
            | UnaryOperator::PGAbs
            | UnaryOperator::PGCubeRoot
            | UnaryOperator::PGPostfixFactorial
            | UnaryOperator::PGPrefixFactorial
            | UnaryOperator::PGSquareRoot
            | UnaryOperator::QuestionDash
            | UnaryOperator::QuestionPipe => refuse(
                at_or(operand, self.at),
                "the protocol has no operator like the one before this",
            ),
        }
    }

    fn is(&mut self, op: Op, operand: &'a sp::Expr, value: Expr) -> Read<Expr> {
        Ok(Expr::Op(op, vec![self.expr(operand)?, value]))
    }
}

pub(super) fn not(condition: Expr) -> Expr {
    Expr::Op(Op::Not, vec![condition])
}

pub(super) fn call(function: &'static str, args: Vec<Expr>) -> Expr {
    Expr::Call {
        function: function.into(),
        args,
    }
}

fn is_list(op: &Op) -> bool {
    matches!(op, Op::And | Op::Or | Op::Add | Op::Mul | Op::Concat)
}

fn is_comparison(op: &BinaryOperator) -> bool {
    use BinaryOperator as B;
    matches!(op, B::Eq | B::NotEq | B::Lt | B::LtEq | B::Gt | B::GtEq)
}

/// Returns `true` if an expression without parentheses cannot be compared
/// further in PostgreSQL.
fn is_unchainable(expr: &sp::Expr) -> bool {
    match expr {
        sp::Expr::BinaryOp {
            op,
            left: _,
            right: _,
        } => is_comparison(op),
        sp::Expr::AnyOp { .. } | sp::Expr::AllOp { .. } => true,
        _ => false,
    }
}

fn operator(op: &BinaryOperator) -> Option<Op> {
    use BinaryOperator as B;
    Some(match op {
        B::Plus => Op::Add,
        B::Minus => Op::Sub,
        B::Multiply => Op::Mul,
        B::Divide => Op::Div,
        B::Modulo => Op::Mod,
        B::StringConcat => Op::Concat,
        B::Gt => Op::Gt,
        B::Lt => Op::Lt,
        B::GtEq => Op::Gte,
        B::LtEq => Op::Lte,
        B::Eq => Op::Eq,
        B::NotEq => Op::Neq,
        B::And => Op::And,
        B::Or => Op::Or,
        B::Spaceship
        | B::Xor
        | B::BitwiseOr
        | B::BitwiseAnd
        | B::BitwiseXor
        | B::DuckIntegerDivide
        | B::MyIntegerDivide
        | B::Match
        | B::Regexp
        | B::Glob
        | B::Custom(_)
        | B::PGBitwiseXor
        | B::PGBitwiseShiftLeft
        | B::PGBitwiseShiftRight
        | B::PGExp
        | B::PGOverlap
        | B::PGRegexMatch
        | B::PGRegexIMatch
        | B::PGRegexNotMatch
        | B::PGRegexNotIMatch
        | B::PGLikeMatch
        | B::PGILikeMatch
        | B::PGNotLikeMatch
        | B::PGNotILikeMatch
        | B::PGStartsWith
        | B::Arrow
        | B::LongArrow
        | B::HashArrow
        | B::HashLongArrow
        | B::AtAt
        | B::AtArrow
        | B::ArrowAt
        | B::HashMinus
        | B::AtQuestion
        | B::Question
        | B::QuestionAnd
        | B::QuestionPipe
        | B::PGCustomBinaryOperator(_)
        | B::Overlaps
        | B::DoubleHash
        | B::LtDashGt
        | B::AndLt
        | B::AndGt
        | B::LtLtPipe
        | B::PipeGtGt
        | B::AndLtPipe
        | B::PipeAndGt
        | B::LtCaret
        | B::GtCaret
        | B::QuestionHash
        | B::QuestionDash
        | B::QuestionDashPipe
        | B::QuestionDoublePipe
        | B::At
        | B::TildeEq
        | B::Assignment => return None,
    })
}
