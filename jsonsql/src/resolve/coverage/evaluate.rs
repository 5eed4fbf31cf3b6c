//! The truth values that a condition has, the values of its variables given.

use std::cmp::Ordering;

use crate::ast::{Expr, Op};

use super::outcomes::{Outcomes, holds};
use super::point::Point;
use super::shape::{Shape, is_literal, shape};
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
        if self.tables.is_nested && !self.tables.spend(1) {
            return Outcomes::ANY;
        }
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
                .fold(Outcomes::NULL, |rest, first| first.with(rest, Option::or)),
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
            Shape::IsThereIf(value, query) => {
                let rows = self.variables.state(Subject::Verdict(query), states);
                truths(rows).and(self.nulls(value, states))
            }
            Shape::Truth(value) => truths(self.states(value, states)),
            Shape::Like(value, pattern) => {
                let unknown = || truths(self.variables.state(Subject::Verdict(expr), states));
                let outcomes = |state| match state {
                    State::Text(text) => Outcomes::of(Some(matches(text, pattern))),
                    State::Place(place) => match self.variables.text_at(value, place) {
                        Some(text) => Outcomes::of(Some(matches(text, pattern))),
                        None => unknown(),
                    },
                    State::Null => Outcomes::NULL,
                    State::Any => unknown().or_else(Outcomes::NULL),
                    _ => unknown(),
                };
                let found = self.states(value, states).into_iter().map(outcomes);
                found.fold(Outcomes::NONE, Outcomes::or_else)
            }
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
            Expr::Number(_) => vec![State::Literal],
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
        let beside = |value: &'a Expr, other: &'a Expr| match (is_literal(value), is_literal(other))
        {
            (false, true) => self.variables.states_beside(value, other, states),
            _ => self.states(value, states),
        };
        let mut outcomes = Outcomes::NONE;
        for a in beside(left, right) {
            for b in beside(right, left) {
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
        let place = |state, of: &Expr, literal: &Expr| match state {
            State::Place(place) => Some(place.cmp(&self.variables.place(of, literal)?)),
            _ => None,
        };
        let literals = || Point::of(left, None)?.order(Point::of(right, None)?);
        let known = place(a, left, right)
            .or_else(|| place(b, right, left).map(Ordering::reverse))
            .or_else(literals);
        if let Some(order) = known {
            return vec![order];
        }
        let differ = match (a, b) {
            (State::Text(a), State::Text(b)) if a == b => return vec![Ordering::Equal],
            (State::Text(_), State::Text(_)) => true,
            (State::Place(_), State::Text(text)) => self.variables.tells(left, text),
            (State::Text(text), State::Place(_)) => self.variables.tells(right, text),
            _ => false,
        };
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

/// Returns `true` if LIKE takes the text: `%` is any text, `_` any character,
/// `\` makes the next one plain.
fn matches(text: &str, pattern: &str) -> bool {
    // The rests of the pattern that may still match, one text character on.
    let mut rests = vec![pattern];
    for character in text.chars() {
        let mut next = Vec::new();
        for rest in rests.iter().flat_map(|rest| past_percents(rest)) {
            let mut letters = rest.chars();
            match letters.next() {
                Some('%') => next.push(rest),
                Some('_') => next.push(letters.as_str()),
                Some('\\') if letters.next() == Some(character) => next.push(letters.as_str()),
                Some(letter) if letter == character && letter != '\\' => {
                    next.push(letters.as_str());
                }
                _ => {}
            }
        }
        next.sort_unstable();
        next.dedup();
        rests = next;
    }
    rests
        .iter()
        .any(|rest| rest.bytes().all(|byte| byte == b'%'))
}

/// The pattern, and the same without each of the `%` that it begins with.
fn past_percents(pattern: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(pattern), |rest| rest.strip_prefix('%'))
}

#[cfg(test)]
mod tests {
    use super::matches;

    /// As PostgreSQL answers `SELECT text LIKE pattern`.
    #[test]
    fn patterns_match_as_like_does() {
        let matching = [
            ("", "%"),
            ("a", "a"),
            ("abc", "a%"),
            ("abc", "%c"),
            ("abc", "%b%"),
            ("abc", "a_c"),
            ("aXbXc", "a%b%c"),
            ("%", r"\%"),
            (r"\", r"\\"),
            ("a", r"\a"),
            ("яж", "_ж"),
            ("aaa", "%a%a%"),
        ];
        for (text, pattern) in matching {
            assert!(matches(text, pattern), "{text} LIKE {pattern}");
        }
        let others = [
            ("a", ""),
            ("", "_"),
            ("abc", "b%"),
            ("abc", "a_"),
            ("A", "a"),
            ("a", r"\%"),
            (r"\", r"\a"),
            ("aa", "%a%a%a%"),
        ];
        for (text, pattern) in others {
            assert!(!matches(text, pattern), "{text} LIKE {pattern}");
        }
    }
}
