//! The variables that a condition depends on, and their values that matter.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::ops::ControlFlow;

use crate::ast::{Expr, Op};

use super::COMBINATIONS;
use super::point::{Point, exists};
use super::shape::{MayBeNull, Shape, is_literal, shape};
use super::tables::{Facts, Tables};
use crate::ast::SqlKind;

/// More than these are not combined.
const MOST: usize = 24;

/// With more literals a value has more states than are combined: they are told apart
/// for nothing, at a cost that grows with the square of their number.
const MOST_POINTS: usize = COMBINATIONS / 2;
const MOST_TEXTS: usize = COMBINATIONS;

/// The variables of a condition.
pub(super) struct Variables<'a> {
    list: Vec<Variable<'a>>,
}

/// Something whose value a condition depends on.
pub(super) struct Variable<'a> {
    pub(super) subject: Subject<'a>,
    states: Vec<State<'a>>,
    dependence: Dependence,
    kind: Option<SqlKind>,
    /// Literals that it is compared with, in order.
    points: Vec<Point<'a>>,
    /// Further texts that it is compared with.
    texts: BTreeSet<&'a str>,
}

/// The part of a condition that a variable stands for.
#[derive(Clone, Copy)]
pub(super) enum Subject<'a> {
    /// The value of an expression.
    Value(&'a Expr),
    /// The order of two values.
    Order(&'a Expr, &'a Expr),
    /// The result of a condition that this crate does not look into.
    Verdict(&'a Expr),
}

/// A search says the same whether it is negated or not: `in`, `not_in`.
impl PartialEq for Subject<'_> {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Subject::Value(a), Subject::Value(b)) => a == b,
            (Subject::Order(a, b), Subject::Order(c, d)) => a == c && b == d,
            (Subject::Verdict(a), Subject::Verdict(b)) => match (a, b) {
                (Expr::Op(Op::In | Op::NotIn, a), Expr::Op(Op::In | Op::NotIn, b)) => a == b,
                _ => a == b,
            },
            _ => false,
        }
    }
}

/// The origin of a variable's value.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Dependence {
    /// From the row of the target.
    Row,
    /// From elsewhere: it is the same for every row of the target.
    Elsewhere,
}

/// A value, as far as it matters.
#[derive(Debug, Clone, Copy)]
pub(super) enum State<'a> {
    /// Any of the variable's states.
    Any,
    Null,
    Bool(bool),
    /// The place among the literals that it is compared with: odd for one of
    /// them, even for a value between or beside them.
    Place(usize),
    Text(&'a str),
    /// A literal that has a place in another value's states only.
    Literal,
    Order(Ordering),
}

impl<'a> Variables<'a> {
    pub(super) fn of(condition: &'a Expr, tables: &Tables<'_>) -> Self {
        let mut collected = Collected {
            tables,
            list: Vec::new(),
        };
        collected.condition(condition);
        let mut list = collected.list;
        for variable in &mut list {
            variable.settle(tables);
        }
        Variables { list }
    }

    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    /// Returns the number of combinations of states.
    pub(super) fn combinations(&self) -> usize {
        if self.list.len() > MOST {
            return usize::MAX;
        }
        let counts = self.list.iter().map(|variable| variable.states.len());
        counts.fold(1, usize::saturating_mul)
    }

    /// Sets the states of the variables of one dependence to every combination,
    /// until the visit breaks off.
    pub(super) fn each(
        &self,
        dependence: Dependence,
        states: &mut [State<'a>],
        visit: &mut dyn FnMut(&mut [State<'a>]) -> ControlFlow<()>,
    ) {
        let _ = self.each_from(0, dependence, states, visit);
    }

    fn each_from(
        &self,
        start: usize,
        dependence: Dependence,
        states: &mut [State<'a>],
        visit: &mut dyn FnMut(&mut [State<'a>]) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let next =
            (start..self.list.len()).find(|&index| self.list[index].dependence == dependence);
        let Some(index) = next else {
            return visit(states);
        };
        for state in &self.list[index].states {
            states[index] = *state;
            self.each_from(index + 1, dependence, states, visit)?;
        }
        ControlFlow::Continue(())
    }

    /// The state of a subject, and for `Any` the states it may have.
    pub(super) fn state(&self, subject: Subject<'_>, states: &[State<'a>]) -> Vec<State<'a>> {
        let Some(index) = self.index(subject) else {
            return vec![State::Any];
        };
        match states.get(index) {
            Some(State::Any) | None => self.list[index].states.clone(),
            Some(state) => vec![*state],
        }
    }

    /// The states of a value that a comparison with this literal can tell apart:
    /// of all the others one on either side. A value may be compared with
    /// thousands of literals, each of which has a state.
    pub(super) fn states_beside(
        &self,
        value: &Expr,
        literal: &Expr,
        states: &[State<'a>],
    ) -> Vec<State<'a>> {
        let index = self.index(Subject::Value(value));
        let Some(variable) = index.and_then(|index| self.list.get(index)) else {
            return vec![State::Any];
        };
        match index.and_then(|index| states.get(index)) {
            Some(State::Any) | None => {}
            Some(state) => return vec![*state],
        }
        // Places come first, then texts, each in order.
        let all = &variable.states;
        let (places, others) =
            all.split_at(all.partition_point(|state| matches!(state, State::Place(_))));
        let (texts, others) =
            others.split_at(others.partition_point(|state| matches!(state, State::Text(_))));
        let place = self.place(value, literal);
        let own_place = places.binary_search_by(|state| match state {
            State::Place(known) => Some(*known).cmp(&place),
            _ => Ordering::Greater,
        });
        let text = match literal {
            Expr::Text(text) => &**text,
            _ => "",
        };
        let own_text = texts.binary_search_by(|state| match state {
            State::Text(known) => (*known).cmp(text),
            _ => Ordering::Greater,
        });
        // Any other text says the same.
        let other_text = usize::from(own_text == Ok(0));
        let places = BTreeSet::from_iter([0, places.len().saturating_sub(1)])
            .into_iter()
            .chain(
                own_place
                    .ok()
                    .filter(|own| *own > 0 && *own + 1 < places.len()),
            )
            .filter_map(|index| places.get(index));
        let told = [own_text.ok(), Some(other_text)];
        let texts = told
            .into_iter()
            .flatten()
            .filter_map(|index| texts.get(index));
        places.chain(texts).chain(others).copied().collect()
    }

    /// The place of a literal among those that a value is compared with.
    pub(super) fn place(&self, value: &Expr, literal: &Expr) -> Option<usize> {
        let variable = self.find(value)?;
        let point = Point::of(literal, variable.kind)?;
        let index = variable.search(point)?.ok()?;
        Some(2 * index + 1)
    }

    /// Returns `true` if the states of a value tell whether it is this text.
    pub(super) fn tells(&self, value: &Expr, text: &str) -> bool {
        let variable = self.find(value);
        variable.is_some_and(|variable| variable.texts.contains(text))
    }

    /// The text of a value at a place.
    pub(super) fn text_at(&self, value: &Expr, place: usize) -> Option<&'a str> {
        match self.find(value)?.points.get(place / 2) {
            Some(Point::Text(text)) if place % 2 == 1 => Some(text),
            _ => None,
        }
    }

    fn index(&self, subject: Subject<'_>) -> Option<usize> {
        self.list.iter().position(|known| known.subject == subject)
    }

    fn find(&self, value: &Expr) -> Option<&Variable<'a>> {
        self.list.get(self.index(Subject::Value(value))?)
    }
}

impl<'a> Variable<'a> {
    fn add_bools(&mut self) {
        if !self
            .states
            .iter()
            .any(|state| matches!(state, State::Bool(_)))
        {
            self.states.extend([true, false].map(State::Bool));
        }
    }

    /// Adds a literal that it is compared with. Returns `true` if the states
    /// then tell the order of the two.
    fn add_literal(&mut self, literal: &'a Expr) -> bool {
        if let Some(point) = Point::of(literal, self.kind)
            && self.add_point(point)
        {
            return true;
        }
        if let (Expr::Text(text), Some(SqlKind::Text)) = (literal, self.kind)
            && self.texts.len() < MOST_TEXTS
        {
            self.texts.insert(text);
        }
        false
    }

    /// Returns `true` if the states tell whether the value is this literal text.
    fn is_told(&self, literal: &Expr) -> bool {
        matches!(literal, Expr::Text(text) if self.texts.contains(&**text))
    }

    fn add_point(&mut self, point: Point<'a>) -> bool {
        match self.search(point) {
            Some(Ok(_)) => true,
            Some(Err(index)) if self.points.len() < MOST_POINTS => {
                self.points.insert(index, point);
                true
            }
            Some(Err(_)) | None => false,
        }
    }

    /// The index of a point, or where it belongs; `None` if its order to one of
    /// the others is not known.
    fn search(&self, point: Point<'_>) -> Option<Result<usize, usize>> {
        let mut is_ordered = true;
        let found = self.points.binary_search_by(|known| {
            known.order(point).unwrap_or_else(|| {
                is_ordered = false;
                Ordering::Equal
            })
        });
        is_ordered.then_some(found)
    }

    /// Lists the states, once everything that it is compared with is known.
    fn settle(&mut self, tables: &Tables<'_>) {
        let Subject::Value(expr) = self.subject else {
            return;
        };
        let facts = facts(expr, tables);
        if self.states.is_empty() {
            let places = 0..=2 * self.points.len();
            let places = places.filter(|place| exists(*place, &self.points, self.kind));
            self.states = places.map(State::Place).collect();
            self.states
                .extend(self.texts.iter().copied().map(State::Text));
        }
        if facts.is_none_or(|facts| facts.nullable) {
            self.states.push(State::Null);
        }
    }
}

fn facts<'t>(expr: &Expr, tables: &Tables<'t>) -> Option<Facts<'t>> {
    match expr {
        Expr::Column(column) => tables.column(column),
        _ => None,
    }
}

/// Variables while they are being found.
struct Collected<'a, 't> {
    tables: &'t Tables<'t>,
    list: Vec<Variable<'a>>,
}

impl<'a> Collected<'a, '_> {
    fn condition(&mut self, expr: &'a Expr) {
        if self.list.len() > MOST {
            return;
        }
        match shape(expr, self.tables).1 {
            Shape::Constant(_) => {}
            Shape::And(parts) | Shape::Or(parts) | Shape::Coalesce(parts) => {
                parts.iter().for_each(|part| self.condition(part));
            }
            Shape::Not(part) | Shape::Is(part, _) => self.condition(part),
            Shape::Conditions(_, left, right) => {
                self.condition(left);
                self.condition(right);
            }
            Shape::Values(op, left, right) => self.comparison(op, left, right),
            Shape::Among(value, list) => {
                for one in list {
                    self.comparison(&Op::Eq, value, one);
                }
            }
            Shape::IsNull(value) | Shape::IsThere(value) => {
                self.value(value);
            }
            Shape::IsThereIf(value, query) => {
                let states = [true, false].map(State::Bool).into();
                self.add(Subject::Verdict(query), states);
                self.value(value);
            }
            Shape::Truth(value) => {
                if let Some(variable) = self.value(value) {
                    variable.add_bools();
                }
            }
            Shape::Like(value, _) => {
                let states = [true, false].map(State::Bool).into();
                self.add(Subject::Verdict(expr), states);
                self.value(value);
            }
            Shape::Opaque(values, may_be_null) => {
                let mut states: Vec<_> = [true, false].map(State::Bool).into();
                if may_be_null == MayBeNull::Yes {
                    states.push(State::Null);
                }
                self.add(Subject::Verdict(expr), states);
                values.into_iter().for_each(|value| {
                    self.value(value);
                });
            }
        }
    }

    fn comparison(&mut self, op: &Op, left: &'a Expr, right: &'a Expr) {
        let of_equality = matches!(op, Op::Eq | Op::Neq);
        let mut is_decided = is_literal(left) && is_literal(right);
        for (value, other) in [(left, right), (right, left)] {
            let Some(variable) = self.value(value) else {
                continue;
            };
            match other {
                Expr::Bool(_) => {
                    variable.add_bools();
                    is_decided = true;
                }
                Expr::Number(_) | Expr::Text(_) => {
                    is_decided |=
                        variable.add_literal(other) || of_equality && variable.is_told(other);
                }
                _ => {}
            }
        }
        if !is_decided {
            self.order(left, right);
        }
    }

    fn order(&mut self, left: &'a Expr, right: &'a Expr) {
        let turned = Subject::Order(right, left);
        if left != right && !self.list.iter().any(|known| known.subject == turned) {
            let orders = [Ordering::Less, Ordering::Equal, Ordering::Greater];
            self.add(Subject::Order(left, right), orders.map(State::Order).into());
        }
    }

    /// The variable of an expression's value; a literal has none.
    fn value(&mut self, expr: &'a Expr) -> Option<&mut Variable<'a>> {
        if is_literal(expr) {
            return None;
        }
        let index = self.add(Subject::Value(expr), Vec::new());
        self.list.get_mut(index)
    }

    fn add(&mut self, subject: Subject<'a>, states: Vec<State<'a>>) -> usize {
        if let Some(index) = self.list.iter().position(|known| known.subject == subject) {
            return index;
        }
        let in_row = match subject {
            Subject::Value(expr) | Subject::Verdict(expr) => self.tables.mention(expr),
            Subject::Order(left, right) => self.tables.mention(left) || self.tables.mention(right),
        };
        let kind = match subject {
            Subject::Value(expr) => facts(expr, self.tables).and_then(|facts| facts.kind),
            Subject::Order(..) | Subject::Verdict(_) => None,
        };
        self.list.push(Variable {
            subject,
            states,
            dependence: if in_row {
                Dependence::Row
            } else {
                Dependence::Elsewhere
            },
            kind,
            points: Vec::new(),
            texts: BTreeSet::new(),
        });
        self.list.len() - 1
    }
}
