//! Operators: their wire names and how many operands each takes.

use std::fmt;

use super::Name;

macro_rules! operators {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $arity:expr;)*) => {
        /// An operator, written on the wire as the only member of an object:
        /// `{"eq": [a, b]}`.
        ///
        /// The names and operand counts are those of JSONSQL v0.3, section
        /// "Functions and Operations"; `concat` and `coalesce` are from the
        /// vendor's scripts.
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Op {
            $($(#[$doc])* $variant,)*
            /// A name this crate does not know, kept as it was sent.
            Other(Name),
        }

        impl Op {
            /// The known operators, in the order of the document.
            pub const KNOWN: &'static [Op] = &[$(Op::$variant),*];

            /// Their names.
            pub(crate) const NAMES: &'static [&'static str] = &[$($name),*];

            /// The name on the wire.
            pub fn name(&self) -> &str {
                match self {
                    $(Op::$variant => $name,)*
                    Op::Other(name) => name,
                }
            }

            /// The operator of this name, if it is a known one.
            pub fn known(name: &str) -> Option<Op> {
                match name {
                    $($name => Some(Op::$variant),)*
                    _ => None,
                }
            }

            /// Returns the number of operands that it takes.
            pub fn arity(&self) -> Arity {
                match self {
                    $(Op::$variant => $arity,)*
                    Op::Other(_) => Arity::AtLeast(0),
                }
            }
        }
    };
}

operators! {
    /// Logical AND of all operands.
    And = "and", Arity::AtLeast(1);
    /// Logical OR of all operands.
    Or = "or", Arity::AtLeast(1);
    /// Logical negation. The operand is written bare or in a list of one: see
    /// [`NotOperand`](crate::NotOperand).
    Not = "not", Arity::Exactly(1);
    /// `a IS b`, with `b` one of true, false, null.
    Is = "is", Arity::Exactly(2);
    /// `a IS NOT b`.
    IsNot = "is_not", Arity::Exactly(2);
    /// `a = b`.
    Eq = "eq", Arity::Exactly(2);
    /// `a <> b`.
    Neq = "neq", Arity::Exactly(2);
    /// `a < b`.
    Lt = "lt", Arity::Exactly(2);
    /// `a > b`.
    Gt = "gt", Arity::Exactly(2);
    /// `a <= b`.
    Lte = "lte", Arity::Exactly(2);
    /// `a >= b`.
    Gte = "gte", Arity::Exactly(2);
    /// Sum of all operands; how several are written, see [`Chain`](crate::Chain).
    Add = "add", Arity::AtLeast(2);
    /// Difference.
    Sub = "sub", Arity::Exactly(2);
    /// Product of all operands, written as [`Op::Add`].
    Mul = "mul", Arity::AtLeast(2);
    /// Quotient; of two integers, an integer.
    Div = "div", Arity::Exactly(2);
    /// Remainder.
    Mod = "mod", Arity::Exactly(2);
    /// `a LIKE pattern`, case-sensitive. The document prints its operands as
    /// `[op1, op2, …]`; no source says what those after the second mean, so
    /// they are read and written, and [`validate`](crate::resolve::validate)
    /// reports them.
    Like = "like", Arity::AtLeast(2);
    /// `a ILIKE pattern`, case-insensitive; otherwise as [`Op::Like`].
    Ilike = "ilike", Arity::AtLeast(2);
    /// `a IN (…)`: the values follow inline, or one sub-select or VALUES list.
    In = "in", Arity::AtLeast(2);
    /// `a NOT IN (…)`, with the operands of [`Op::In`]. Named in the document, never
    /// seen in use: see [`NotIn`](crate::NotIn). `{"not": {"in": […]}}` is read as this.
    NotIn = "not_in", Arity::AtLeast(2);
    /// SQL `||`: the texts one after another, NULL if one of them is.
    Concat = "concat", Arity::AtLeast(1);
    /// The first operand that is not NULL.
    Coalesce = "coalesce", Arity::AtLeast(1);
}

/// The number of operands that an operator takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arity {
    /// This many.
    Exactly(usize),
    /// This many or more.
    AtLeast(usize),
}

impl Arity {
    /// Returns `true` if this number of operands is accepted.
    pub fn accepts(self, count: usize) -> bool {
        match self {
            Arity::Exactly(n) => count == n,
            Arity::AtLeast(n) => count >= n,
        }
    }
}

impl fmt::Display for Arity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Arity::Exactly(n) => write!(f, "exactly {n}"),
            Arity::AtLeast(n) => write!(f, "at least {n}"),
        }
    }
}
