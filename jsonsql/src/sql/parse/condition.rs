//! Conditions that the protocol has in another form: BETWEEN, IN, ANY, LIKE,
//! EXISTS, IS DISTINCT FROM.

use sqlparser::ast::{self as sp, BinaryOperator};
use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::Location;

use super::error::{Read, refuse};
use super::expr::not;
use super::function::is_repeatable;
use super::place::at_or;
use super::prepared::Arguments;
use super::query::Role;
use super::reader::Reader;
use crate::ast::{Expr, Name, Op};

impl<'a> Reader<'a> {
    pub(super) fn in_list(
        &mut self,
        operand: &'a sp::Expr,
        list: &'a [sp::Expr],
        negated: bool,
    ) -> Read<Expr> {
        self.associates(operand)?;
        let mut operands = vec![self.expr(operand)?];
        if list.is_empty() {
            return refuse(
                at_or(operand, self.at),
                "expected at least one value in the list",
            );
        }
        for value in list {
            match self.list_or_value(value, true)? {
                Values::One(value) => operands.push(value),
                Values::List(values) => operands.extend(values),
            }
        }
        // Alone, a sub-select is not its value but its rows.
        if let ([_, Expr::Select(_) | Expr::Values(_)], [value]) = (operands.as_slice(), list) {
            return refuse(
                at_or(value, self.at),
                "one value of a sub-select in a list would be read as all its rows: write `= (SELECT …)`",
            );
        }
        Ok(membership(negated, operands))
    }

    pub(super) fn in_query(
        &mut self,
        operand: &'a sp::Expr,
        query: &'a sp::Query,
        negated: bool,
    ) -> Read<Expr> {
        self.associates(operand)?;
        let operand = self.expr(operand)?;
        let rows = self.operand(query)?;
        Ok(membership(negated, vec![operand, rows]))
    }

    /// Rows of VALUES without clauses around them.
    pub(super) fn plain_values(&mut self, query: &'a sp::Query) -> Read<Option<Vec<Vec<Expr>>>> {
        match &*query.body {
            sp::SetExpr::Values(values) if is_plain(query) => self.values(values).map(Some),
            _ => Ok(None),
        }
    }

    /// `= ANY (…)` is IN and `<> ALL (…)` is NOT IN; the others have no form.
    pub(super) fn any_or_all(
        &mut self,
        left: &'a sp::Expr,
        operator: &BinaryOperator,
        right: &'a sp::Expr,
        fitting: BinaryOperator,
    ) -> Read<Expr> {
        let at = at_or(left, self.at);
        self.associates(left)?;
        let negated = fitting == BinaryOperator::NotEq;
        if *operator != fitting {
            return refuse(
                at,
                "of ANY and ALL the protocol has `= ANY (…)`, which is IN, and `<> ALL (…)`, \
                 which is NOT IN: compare with min or max of the sub-select",
            );
        }
        let mut operands = vec![self.expr(left)?];
        match unnested(right) {
            sp::Expr::Array(sp::Array { elem, named: _ }) => {
                if elem.is_empty() {
                    return Ok(Expr::Bool(negated));
                }
                for value in elem {
                    operands.push(self.expr(value)?);
                }
            }
            sp::Expr::Subquery(query) => operands.push(self.operand(query)?),
            value => match self.list_or_value(value, false)? {
                Values::List(values) if values.is_empty() => return Ok(Expr::Bool(negated)),
                Values::List(values) => operands.extend(values),
                Values::One(_) => {
                    return refuse(
                        at_or(value, self.at),
                        "the protocol has no arrays: write `IN (…)`, or pass a list for the parameter",
                    );
                }
            },
        }
        Ok(membership(negated, operands))
    }

    pub(super) fn between(
        &mut self,
        operand: &'a sp::Expr,
        negated: bool,
        low: &'a sp::Expr,
        high: &'a sp::Expr,
    ) -> Read<Expr> {
        self.associates(operand)?;
        let value = self.expr(operand)?;
        let low = self.expr(low)?;
        let high = self.expr(high)?;
        self.repeatable(&value, "BETWEEN", at_or(operand, self.at))?;
        let (all, above, below) = match negated {
            false => (Op::And, Op::Gte, Op::Lte),
            true => (Op::Or, Op::Lt, Op::Gt),
        };
        let above = Expr::Op(above, vec![value.clone(), low]);
        let below = Expr::Op(below, vec![value, high]);
        Ok(Expr::Op(all, vec![above, below]))
    }

    pub(super) fn distinct_from(
        &mut self,
        left: &'a sp::Expr,
        right: &'a sp::Expr,
        distinct: bool,
    ) -> Read<Expr> {
        let places = [at_or(left, self.at), at_or(right, self.at)];
        let operands = [self.expr(left)?, self.expr(right)?];
        let same = match operands {
            [operand, Expr::Null] | [Expr::Null, operand] => {
                Expr::Op(Op::Is, vec![operand, Expr::Null])
            }
            [left, right] => {
                // Of a value there is no NULL to look for.
                let valued = [&left, &right].map(|operand| {
                    matches!(operand, Expr::Text(_) | Expr::Number(_) | Expr::Bool(_))
                });
                let is_null = [left.clone(), right.clone()];
                let equal = Expr::Op(Op::Eq, vec![left, right]);
                if valued.contains(&true) {
                    let op = if distinct { Op::IsNot } else { Op::Is };
                    return Ok(Expr::Op(op, vec![equal, Expr::Bool(true)]));
                }
                for (operand, at) in is_null.iter().zip(places) {
                    self.repeatable(operand, "IS DISTINCT FROM", at)?;
                }
                let neither = is_null.map(|operand| Expr::Op(Op::Is, vec![operand, Expr::Null]));
                Expr::Op(
                    Op::Or,
                    vec![
                        Expr::Op(Op::Is, vec![equal, Expr::Bool(true)]),
                        Expr::Op(Op::And, neither.into()),
                    ],
                )
            }
        };
        Ok(match (distinct, same) {
            (false, same) => same,
            (true, Expr::Op(Op::Is, operands)) => Expr::Op(Op::IsNot, operands),
            (true, same) => not(same),
        })
    }

    pub(super) fn like(
        &mut self,
        op: Op,
        negated: bool,
        any: bool,
        operand: &'a sp::Expr,
        pattern: &'a sp::Expr,
        escape: Option<&'a sp::Expr>,
    ) -> Read<Expr> {
        let at = at_or(pattern, self.at);
        self.associates(operand)?;
        if any {
            return refuse(
                at,
                "LIKE ANY has no form in the protocol: join several LIKE with OR",
            );
        }
        let operand = self.expr(operand)?;
        let mut pattern = self.expr(pattern)?;
        if let Some(escape) = escape {
            let mark = match escape {
                sp::Expr::Value(sp::ValueWithSpan {
                    value: sp::Value::SingleQuotedString(mark),
                    span,
                }) => {
                    self.see(span.start);
                    mark
                }
                _ => return refuse(at_or(escape, at), "ESCAPE has one character in quotes"),
            };
            if let (Arguments::Unknown, Expr::Number(_)) = (self.arguments, &pattern) {
                // A parameter, whose text is not known yet.
                pattern = Expr::text("");
            }
            let Expr::Text(text) = pattern else {
                return refuse(
                    self.places.word(at, &[Keyword::ESCAPE]),
                    "ESCAPE has no form in the protocol, and this pattern cannot be rewritten: \
                     escape with `\\`",
                );
            };
            pattern = Expr::Text(escaped_with_backslash(&text, mark, at)?);
        }
        let like = Expr::Op(op, vec![operand, pattern]);
        Ok(if negated { not(like) } else { like })
    }

    pub(super) fn exists(&mut self, query: &'a sp::Query, negated: bool) -> Read<Expr> {
        let select = self.query(query, Role::Rows)?;
        let exists = Expr::exists(select);
        Ok(if negated { not(exists) } else { exists })
    }

    fn repeatable(&self, operand: &Expr, construct: &str, at: Location) -> Read<()> {
        if is_repeatable(operand) {
            return Ok(());
        }
        let message = format!(
            "{construct} is sent with its operand written twice, and this function could answer \
             differently the second time: write the comparisons out"
        );
        refuse(at, message)
    }

    /// Refuses `a IN (…) IN (…)` and the like, which PostgreSQL does.
    fn associates(&self, operand: &sp::Expr) -> Read<()> {
        let chained = matches!(
            operand,
            sp::Expr::InList { .. }
                | sp::Expr::InSubquery { .. }
                | sp::Expr::Between { .. }
                | sp::Expr::Like { .. }
                | sp::Expr::ILike { .. }
        );
        if chained {
            return refuse(
                at_or(operand, self.at),
                "PostgreSQL does not chain IN, LIKE and BETWEEN: put the first into parentheses",
            );
        }
        Ok(())
    }

    /// A value of a list, or all those of a parameter that is one.
    fn list_or_value(&mut self, value: &'a sp::Expr, among_values: bool) -> Read<Values> {
        if let sp::Expr::Value(sp::ValueWithSpan {
            value: sp::Value::Placeholder(name),
            span,
        }) = value
        {
            return match self.argument_list(name, span.start, among_values)? {
                Some(values) => Ok(Values::List(values)),
                None => self.argument(name, span.start).map(Values::One),
            };
        }
        self.expr(value).map(Values::One)
    }
}

enum Values {
    One(Expr),
    List(Vec<Expr>),
}

/// Returns `true` if a query has no clause around its body.
pub(super) fn is_plain(query: &sp::Query) -> bool {
    let sp::Query {
        with,
        body: _,
        order_by,
        limit_clause,
        fetch,
        locks,
        for_clause,
        settings,
        format_clause,
        pipe_operators,
    } = query;
    with.is_none()
        && order_by.is_none()
        && limit_clause.is_none()
        && fetch.is_none()
        && locks.is_empty()
        && for_clause.is_none()
        && settings.is_none()
        && format_clause.is_none()
        && pipe_operators.is_empty()
}

fn membership(negated: bool, operands: Vec<Expr>) -> Expr {
    let op = if negated { Op::NotIn } else { Op::In };
    if operands.len() < 2 {
        // SQL has no empty list: nothing is in it.
        return Expr::Bool(negated);
    }
    Expr::Op(op, operands)
}

fn unnested(mut expr: &sp::Expr) -> &sp::Expr {
    while let sp::Expr::Nested(inner) = expr {
        expr = inner;
    }
    expr
}

/// A pattern whose escapes are `mark` as one whose escapes are `\`.
fn escaped_with_backslash(pattern: &str, mark: &str, at: Location) -> Read<Name> {
    let mut marks = mark.chars();
    let (mark, more) = (marks.next(), marks.next());
    if more.is_some() {
        return refuse(at, "ESCAPE has one character in quotes");
    }
    let mut text = String::with_capacity(pattern.len());
    let mut characters = pattern.chars();
    while let Some(character) = characters.next() {
        match character {
            _ if Some(character) == mark => match characters.next() {
                Some(escaped) => text.extend(['\\', escaped]),
                None => return refuse(at, "the pattern ends in its escape character"),
            },
            '\\' => text.push_str("\\\\"),
            other => text.push(other),
        }
    }
    Ok(text.into())
}
