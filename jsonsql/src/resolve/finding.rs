//! Findings: the things in a statement that do not fit.

use std::fmt;

use crate::ast::At;

/// One thing in a statement that does not fit the schema or the grammar.
///
/// ```
/// use jsonsql::ast::{Method, SqlKind, Statement};
/// use jsonsql::resolve::{Column, FindingKind, Schema, Table, validate};
///
/// let schema = Schema::new([Table::new("package", [Column::new("id", SqlKind::Int)])]);
/// let request = br#"{"data": ["id"], "from": "packages"}"#;
/// let request = Statement::from_json(Method::Select, request)?;
/// let findings = validate(&request, &schema);
/// assert_eq!(findings[0].kind, FindingKind::UnknownTable);
/// assert_eq!(findings[0].pointer, "/from");
/// # Ok::<(), jsonsql::ast::ParseError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// The place, as an RFC 6901 JSON pointer into the request's `params` in
    /// their canonical spelling.
    pub pointer: String,
    /// The kind of the finding.
    pub kind: FindingKind,
    /// The problem, in PostgreSQL's words where PostgreSQL has words for it.
    pub message: String,
}

/// The kind of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FindingKind {
    /// No table of this name.
    UnknownTable,
    /// No column of this name where it is named.
    UnknownColumn,
    /// No table in scope goes by this name.
    UnknownAlias,
    /// An operator that the protocol does not have.
    UnknownOperator,
    /// Two tables in scope have a column of this name.
    AmbiguousColumn,
    /// Two tables of one FROM go by the same name.
    DuplicateAlias,
    /// Too few or too many operands.
    Arity,
    /// `in` without anything to be in.
    EmptyIn,
    /// `is` against something else than true, false or null.
    IsOperand,
    /// More or fewer values than columns.
    Shape,
    /// `*` with no table.
    Star,
    /// An expression that the builder dropped: see
    /// [`Expr::TooDeep`](crate::ast::Expr::TooDeep).
    TooDeep,
    /// A column beside an aggregate that is not grouped by.
    NotGrouped,
    /// An aggregate where none can be.
    MisplacedAggregate,
    /// Nothing says what a server makes of it: `like` with several patterns.
    UnknownMeaning,
    /// A comparison of two types that do not compare. Only
    /// [`validate`](super::validate) looks for it.
    MixedTypes,
    /// Advice: a text that is, or may be, read as a column.
    TextIsColumn,
    /// Advice: a string that is read as a text and looks like a misspelt column.
    MisspeltColumn,
    /// Advice: an update or delete of every row of its table.
    Unbounded,
    /// Advice: a condition of a select that is true of every row of its table.
    AlwaysTrue,
    /// Advice: a column that is compared with itself.
    SelfComparison,
    /// Advice: a column that is set to itself.
    SelfAssignment,
    /// Advice: a literal in `order_by`, `group_by` or `distinct`; a number is
    /// read as the position of an output column.
    Position,
}

impl FindingKind {
    /// Returns `true` if a server would refuse the statement. Other findings are
    /// advice, which only [`validate`](super::validate) gives.
    pub fn is_error(self) -> bool {
        match self {
            FindingKind::UnknownTable
            | FindingKind::UnknownColumn
            | FindingKind::UnknownAlias
            | FindingKind::UnknownOperator
            | FindingKind::AmbiguousColumn
            | FindingKind::DuplicateAlias
            | FindingKind::Arity
            | FindingKind::EmptyIn
            | FindingKind::IsOperand
            | FindingKind::Shape
            | FindingKind::Star
            | FindingKind::TooDeep
            | FindingKind::NotGrouped
            | FindingKind::MisplacedAggregate
            | FindingKind::UnknownMeaning
            | FindingKind::MixedTypes => true,
            FindingKind::TextIsColumn
            | FindingKind::MisspeltColumn
            | FindingKind::Unbounded
            | FindingKind::AlwaysTrue
            | FindingKind::SelfComparison
            | FindingKind::SelfAssignment
            | FindingKind::Position => false,
        }
    }

    /// Returns the name of the rule, for settings and machines: `unknown-column`.
    pub fn as_str(self) -> &'static str {
        match self {
            FindingKind::UnknownTable => "unknown-table",
            FindingKind::UnknownColumn => "unknown-column",
            FindingKind::UnknownAlias => "unknown-alias",
            FindingKind::UnknownOperator => "unknown-operator",
            FindingKind::AmbiguousColumn => "ambiguous-column",
            FindingKind::DuplicateAlias => "duplicate-alias",
            FindingKind::Arity => "operands",
            FindingKind::EmptyIn => "empty-in",
            FindingKind::IsOperand => "is-operand",
            FindingKind::Shape => "row-length",
            FindingKind::Star => "star",
            FindingKind::TooDeep => "depth",
            FindingKind::NotGrouped => "not-grouped",
            FindingKind::MisplacedAggregate => "aggregate",
            FindingKind::UnknownMeaning => "unknown-meaning",
            FindingKind::MixedTypes => "types",
            FindingKind::TextIsColumn => "text-is-column",
            FindingKind::MisspeltColumn => "misspelt-column",
            FindingKind::Unbounded => "every-row",
            FindingKind::AlwaysTrue => "always-true",
            FindingKind::SelfComparison => "self-comparison",
            FindingKind::SelfAssignment => "self-assignment",
            FindingKind::Position => "position",
        }
    }
}

impl Finding {
    pub(super) fn new(at: &At<'_>, kind: FindingKind, message: impl Into<String>) -> Finding {
        Finding {
            pointer: at.to_string(),
            kind,
            message: message.into(),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = match self.pointer.as_str() {
            "" => "the top",
            pointer => pointer,
        };
        write!(f, "{}, at {place}", self.message)
    }
}
