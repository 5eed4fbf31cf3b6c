//! What a condition depends on, and the values of it that matter.

use std::cmp::Ordering;

use crate::ast::{Expr, Op};

use super::super::SqlKind;
use super::decimal::Decimal;
use super::shape::{MayBeNull, Shape, is_literal, shape};
use super::tables::Tables;

/// More than these are not combined.
const MOST: usize = 24;

/// The variables of a condition.
pub(super) struct Variables<'a> {
    list: Vec<Variable<'a>>,
}

/// Something whose value a condition depends on.
pub(super) struct Variable<'a> {
    pub(super) subject: Subject<'a>,
    states: Vec<State<'a>>,
    dependence: Dependence,
    /// Numbers that it is compared with, in order.
    numbers: Vec<Decimal>,
}

/// What a variable stands for.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Subject<'a> {
    /// The value of an expression.
    Value(&'a Expr),
    /// The order of two values.
    Order(&'a Expr, &'a Expr),
    /// What a condition says that this crate does not look into.
    Verdict(&'a Expr),
}

/// Where the value comes from.
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
    Number(Decimal),
    /// The place among the numbers that it is compared with: odd for one of
    /// them, even for a number between or beside them.
    Rank(usize),
    Text(&'a str),
    /// None of the texts that it is compared with.
    OtherText,
    /// A value that is not NULL.
    Unlike,
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

    /// How many combinations of states there are.
    pub(super) fn combinations(&self) -> usize {
        if self.list.len() > MOST {
            return usize::MAX;
        }
        let counts = self.list.iter().map(|variable| variable.states.len());
        counts.fold(1, usize::saturating_mul)
    }

    /// Sets the states of the variables of one dependence to every combination.
    pub(super) fn each(
        &self,
        dependence: Dependence,
        states: &mut [State<'a>],
        visit: &mut dyn FnMut(&mut [State<'a>]),
    ) {
        self.each_from(0, dependence, states, visit);
    }

    fn each_from(
        &self,
        start: usize,
        dependence: Dependence,
        states: &mut [State<'a>],
        visit: &mut dyn FnMut(&mut [State<'a>]),
    ) {
        let next =
            (start..self.list.len()).find(|&index| self.list[index].dependence == dependence);
        let Some(index) = next else {
            return visit(states);
        };
        for state in &self.list[index].states {
            states[index] = *state;
            self.each_from(index + 1, dependence, states, visit);
        }
    }

    /// The state of a subject, and for `Any` the states it may have.
    pub(super) fn state(&self, subject: Subject<'_>, states: &[State<'a>]) -> Vec<State<'a>> {
        let Some(index) = self.list.iter().position(|known| known.subject == subject) else {
            return vec![State::Any];
        };
        match states.get(index) {
            Some(State::Any) | None => self.list[index].states.clone(),
            Some(state) => vec![*state],
        }
    }

    /// The place of a number among those that a value is compared with.
    pub(super) fn rank(&self, value: &Expr, number: Decimal) -> Option<usize> {
        let subject = Subject::Value(value);
        let variable = self.list.iter().find(|known| known.subject == subject)?;
        let index = variable
            .numbers
            .iter()
            .position(|known| known.order(number) == Some(Ordering::Equal))?;
        Some(2 * index + 1)
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

    fn add_text(&mut self, text: &'a str) {
        let known = |state: &State<'_>| matches!(state, State::Text(known) if *known == text);
        if !self.states.iter().any(known) {
            self.states.push(State::Text(text));
        }
    }

    /// Returns `false` if the number cannot be told from one that is there.
    fn add_number(&mut self, number: Decimal) -> bool {
        let mut place = 0;
        for known in &self.numbers {
            match known.order(number) {
                Some(Ordering::Less) => place += 1,
                Some(Ordering::Equal) => return true,
                Some(Ordering::Greater) => break,
                None => return false,
            }
        }
        self.numbers.insert(place, number);
        true
    }

    /// Lists the states, once everything that it is compared with is known.
    fn settle(&mut self, tables: &Tables<'_>) {
        let Subject::Value(expr) = self.subject else {
            return;
        };
        let facts = match expr {
            Expr::Column(column) => tables.column(column),
            _ => None,
        };
        let kind = facts.and_then(|facts| facts.kind);
        let numbers = std::mem::take(&mut self.numbers);
        if numbers.is_empty() {
            let bools = self
                .states
                .iter()
                .any(|state| matches!(state, State::Bool(_)));
            match self.states.is_empty() {
                true => self.states.push(State::Unlike),
                false if bools => {}
                false => self.states.push(State::OtherText),
            }
        } else {
            let ranks = (0..=2 * numbers.len()).filter(|rank| exists(*rank, &numbers, kind));
            self.states = ranks.map(State::Rank).collect();
        }
        self.numbers = numbers;
        if facts.is_none_or(|facts| facts.nullable) {
            self.states.push(State::Null);
        }
    }
}

/// Returns `true` if a column of this kind can hold a number at this place
/// between and beside the numbers that it is compared with.
fn exists(rank: usize, numbers: &[Decimal], kind: Option<SqlKind>) -> bool {
    let (least, greatest) = match kind {
        Some(SqlKind::Int) => (i128::from(i32::MIN), i128::from(i32::MAX)),
        Some(SqlKind::BigInt) => (i128::from(i64::MIN), i128::from(i64::MAX)),
        _ => return true,
    };
    let index = rank / 2;
    if rank % 2 == 1 {
        let number = numbers[index];
        let whole = number.floor();
        return number.is_whole() && whole.is_some_and(|n| (least..=greatest).contains(&n));
    }
    let above = match index.checked_sub(1).map(|before| numbers[before].floor()) {
        None => Some(least),
        Some(floor) => floor.and_then(|floor| floor.checked_add(1)),
    };
    let below = match numbers.get(index) {
        None => Some(greatest),
        Some(number) => number
            .floor()
            .map(|floor| floor - i128::from(number.is_whole())),
    };
    match (above, below) {
        (Some(above), Some(below)) => above.max(least) <= below.min(greatest),
        _ => true,
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
            Shape::Truth(value) => {
                if let Some(variable) = self.value(value) {
                    variable.add_bools();
                }
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
            let is_text = self.kind(value) == Some(SqlKind::Text);
            let Some(variable) = self.value(value) else {
                continue;
            };
            match other {
                Expr::Bool(_) => {
                    variable.add_bools();
                    is_decided = true;
                }
                Expr::Number(number) => {
                    let number = Decimal::parse(&number.to_string());
                    is_decided |= number.is_some_and(|number| variable.add_number(number));
                }
                Expr::Text(text) if is_text => {
                    variable.add_text(text);
                    is_decided |= of_equality;
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

    fn kind(&self, expr: &Expr) -> Option<SqlKind> {
        match expr {
            Expr::Column(column) => self.tables.column(column)?.kind,
            _ => None,
        }
    }

    fn add(&mut self, subject: Subject<'a>, states: Vec<State<'a>>) -> usize {
        if let Some(index) = self.list.iter().position(|known| known.subject == subject) {
            return index;
        }
        let in_row = match subject {
            Subject::Value(expr) | Subject::Verdict(expr) => self.tables.mention(expr),
            Subject::Order(left, right) => self.tables.mention(left) || self.tables.mention(right),
        };
        self.list.push(Variable {
            subject,
            states,
            dependence: if in_row {
                Dependence::Row
            } else {
                Dependence::Elsewhere
            },
            numbers: Vec::new(),
        });
        self.list.len() - 1
    }
}
