//! The truth values that a condition has, the values of its variables given.

use std::cmp::Ordering;

use crate::ast::{Expr, Op};

use super::decimal::Decimal;
use super::outcomes::{Outcomes, holds};
use super::shape::{Shape, shape};
use super::tables::Tables;
use super::variables::{State, Subject, Variables};

/// A condition's tables and variables.
pub(super) struct Evaluation<'a> {
    pub(super) tables: &'a Tables<'a>,
    pub(super) variables: &'a Variables<'a>,
}

impl<'a> Evaluation<'a> {
    /// The truth values of a condition, the variables being in these states.
    pub(super) fn outcomes(&self, expr: &'a Expr, states: &[State<'a>]) -> Outcomes {
        let (negated, shape) = shape(expr, self.tables);
        let outcomes = match shape {
            Shape::Constant(value) => Outcomes::of(value),
            Shape::And(parts) => parts
                .iter()
                .map(|part| self.outcomes(part, states))
                .fold(Outcomes::TRUE, Outcomes::and),
            Shape::Or(parts) => parts
                .iter()
                .map(|part| self.outcomes(part, states))
                .fold(Outcomes::FALSE, Outcomes::or),
            Shape::Not(part) => self.outcomes(part, states).not(),
            Shape::Coalesce(parts) => parts
                .iter()
                .rev()
                .map(|part| self.outcomes(part, states))
                .fold(Outcomes::NULL, |rest, first| {
                    first.with(rest, |first, rest| first.or(rest))
                }),
            Shape::Is(part, value) => self
                .outcomes(part, states)
                .map(|found| Some(found == value)),
            Shape::Conditions(op, left, right) => {
                let left = self.outcomes(left, states);
                left.compared(op, self.outcomes(right, states))
            }
            Shape::Values(op, left, right) => self.compared(op, left, right, states),
            Shape::Among(value, list) => list
                .into_iter()
                .map(|one| self.compared(&Op::Eq, value, one, states))
                .fold(Outcomes::FALSE, Outcomes::or),
            Shape::IsNull(value) => self
                .nulls(value, states)
                .map(|is_null| Some(is_null.is_none())),
            Shape::IsThere(value) => self.nulls(value, states),
            Shape::Truth(value) => truths(self.states(value, states)),
            Shape::Opaque(values, _) => {
                let states_of = self.variables.state(Subject::Verdict(expr), states);
                values
                    .into_iter()
                    .map(|value| self.nulls(value, states))
                    .fold(truths(states_of), |all, one| {
                        all.with(one, |all, there| there.and(all))
                    })
            }
        };
        if negated { outcomes.not() } else { outcomes }
    }

    /// The states of a value: of a literal, the one it has.
    fn states(&self, value: &'a Expr, states: &[State<'a>]) -> Vec<State<'a>> {
        match value {
            Expr::Null => vec![State::Null],
            Expr::Bool(value) => vec![State::Bool(*value)],
            Expr::Text(text) => vec![State::Text(text)],
            Expr::Number(number) => match Decimal::parse(&number.to_string()) {
                Some(number) => vec![State::Number(number)],
                None => vec![State::Unlike],
            },
            value => self.variables.state(Subject::Value(value), states),
        }
    }

    /// NULL where the value is, and otherwise TRUE.
    fn nulls(&self, value: &'a Expr, states: &[State<'a>]) -> Outcomes {
        let outcomes = |state| match state {
            State::Any => Outcomes::TRUE.or_else(Outcomes::NULL),
            State::Null => Outcomes::NULL,
            _ => Outcomes::TRUE,
        };
        let states = self.states(value, states).into_iter();
        states.map(outcomes).fold(Outcomes::NONE, Outcomes::or_else)
    }

    fn compared(&self, op: &Op, left: &'a Expr, right: &'a Expr, states: &[State<'a>]) -> Outcomes {
        let mut outcomes = Outcomes::NONE;
        for a in self.states(left, states) {
            for b in self.states(right, states) {
                let pair = match (a, b) {
                    (State::Null, _) | (_, State::Null) => Outcomes::NULL,
                    (State::Any, _) | (_, State::Any) => Outcomes::ANY,
                    (State::Bool(a), State::Bool(b)) => Outcomes::of(holds(op, a.cmp(&b))),
                    _ => self
                        .orders(left, a, right, b, states)
                        .into_iter()
                        .map(|order| Outcomes::of(holds(op, order)))
                        .fold(Outcomes::NONE, Outcomes::or_else),
                };
                outcomes = outcomes.or_else(pair);
            }
        }
        outcomes
    }

    /// The orders that two values in these states may have.
    fn orders(
        &self,
        left: &'a Expr,
        a: State<'a>,
        right: &'a Expr,
        b: State<'a>,
        states: &[State<'a>],
    ) -> Vec<Ordering> {
        if left == right {
            return vec![Ordering::Equal];
        }
        let known = match (a, b) {
            (State::Number(a), State::Number(b)) => a.order(b),
            (State::Rank(a), State::Number(b)) => self.variables.rank(left, b).map(|b| a.cmp(&b)),
            (State::Number(a), State::Rank(b)) => self.variables.rank(right, a).map(|a| a.cmp(&b)),
            (State::Text(a), State::Text(b)) if a == b => Some(Ordering::Equal),
            _ => None,
        };
        if let Some(order) = known {
            return vec![order];
        }
        let differ = matches!(
            (a, b),
            (State::Text(_), State::Text(_) | State::OtherText)
                | (State::OtherText, State::Text(_))
        );
        let turned = Subject::Order(right, left);
        let mut orders = Vec::new();
        for state in self.variables.state(Subject::Order(left, right), states) {
            match state {
                State::Order(order) => orders.push(order),
                _ => orders.extend(self.variables.state(turned, states).into_iter().flat_map(
                    |state| match state {
                        State::Order(order) => vec![order.reverse()],
                        _ => vec![Ordering::Less, Ordering::Equal, Ordering::Greater],
                    },
                )),
            }
        }
        if differ {
            // Which of two different texts is the greater, the server's
            // collation decides.
            for order in &mut orders {
                if order.is_eq() {
                    *order = Ordering::Less;
                }
            }
        }
        orders
    }
}

/// The truth values of something that is true or false by itself.
fn truths(states: Vec<State<'_>>) -> Outcomes {
    let outcomes = |state| match state {
        State::Bool(value) => Outcomes::of(Some(value)),
        State::Null => Outcomes::NULL,
        State::Any => Outcomes::ANY,
        _ => Outcomes::EITHER,
    };
    let outcomes = states.into_iter().map(outcomes);
    outcomes.fold(Outcomes::NONE, Outcomes::or_else)
}
