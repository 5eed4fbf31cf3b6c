//! Truth values that a condition may have.

use crate::ast::Op;

/// A set of truth values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Outcomes(u8);

impl Outcomes {
    pub(super) const NONE: Outcomes = Outcomes(0);
    pub(super) const TRUE: Outcomes = Outcomes(1);
    pub(super) const FALSE: Outcomes = Outcomes(2);
    pub(super) const NULL: Outcomes = Outcomes(4);
    pub(super) const EITHER: Outcomes = Outcomes(3);
    pub(super) const ANY: Outcomes = Outcomes(7);

    pub(super) fn of(value: Option<bool>) -> Outcomes {
        match value {
            Some(true) => Outcomes::TRUE,
            Some(false) => Outcomes::FALSE,
            None => Outcomes::NULL,
        }
    }

    /// These, or those as well.
    pub(super) fn or_else(self, other: Outcomes) -> Outcomes {
        Outcomes(self.0 | other.0)
    }

    /// Returns `true` if all of those are among these.
    pub(super) fn contain(self, others: Outcomes) -> bool {
        self.0 & others.0 == others.0
    }

    fn values(self) -> impl Iterator<Item = Option<bool>> {
        [Some(true), Some(false), None]
            .into_iter()
            .filter(move |value| self.0 & Outcomes::of(*value).0 != 0)
    }

    /// Applies a function to each of them.
    pub(super) fn map(self, function: impl Fn(Option<bool>) -> Option<bool>) -> Outcomes {
        self.values()
            .map(|value| Outcomes::of(function(value)))
            .fold(Outcomes::NONE, Outcomes::or_else)
    }

    /// Applies a function to each pair.
    pub(super) fn with(
        self,
        other: Outcomes,
        function: impl Fn(Option<bool>, Option<bool>) -> Option<bool>,
    ) -> Outcomes {
        self.values()
            .map(|left| other.map(|right| function(left, right)))
            .fold(Outcomes::NONE, Outcomes::or_else)
    }

    pub(super) fn not(self) -> Outcomes {
        self.map(|value| value.map(|value| !value))
    }

    pub(super) fn and(self, other: Outcomes) -> Outcomes {
        self.with(other, |left, right| match (left, right) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (Some(true), Some(true)) => Some(true),
            _ => None,
        })
    }

    pub(super) fn or(self, other: Outcomes) -> Outcomes {
        self.not().and(other.not()).not()
    }

    /// A comparison of two truth values; FALSE is less than TRUE.
    pub(super) fn compared(self, op: &Op, other: Outcomes) -> Outcomes {
        self.with(other, |left, right| holds(op, left?.cmp(&right?)))
    }
}

/// Returns what an operator says of operands in this order, if it is a
/// comparison.
pub(super) fn holds(op: &Op, order: std::cmp::Ordering) -> Option<bool> {
    Some(match op {
        Op::Eq => order.is_eq(),
        Op::Neq => order.is_ne(),
        Op::Lt => order.is_lt(),
        Op::Gt => order.is_gt(),
        Op::Lte => order.is_le(),
        Op::Gte => order.is_ge(),
        _ => return None,
    })
}
