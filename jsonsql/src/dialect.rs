//! The points that the protocol's documents leave open, as settings.

/// The spellings to use where the vendor's documents name a thing without
/// showing its form.
///
/// The defaults are the best-attested guesses. Whoever learns the truth from a
/// live server changes a setting here, not the library; a client takes the
/// value once, with `Client::builder().dialect(dialect)`. On input every
/// spelling is accepted, whatever the settings.
///
/// ```
/// # mod tables { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/tables/mod.rs")); }
/// # use tables::*;
/// use jsonsql::prelude::*;
/// use jsonsql::{Dialect, NotIn};
///
/// let dialect = Dialect { not_in: NotIn::Negated, ..Dialect::BEST_GUESS };
///
/// let others = Package::delete(|p| p.name.not_in(["movie", "sports"]));
/// assert_eq!(
///     serde_json::to_string(&others.params(&dialect)?)?,
///     r#"{"from":"package","where":{"not":{"in":["name","movie","sports"]}},"returning":"id"}"#
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Evidence grades: A is a vendor's text or production code, B an inference
/// from these, C text that nobody has verified. End the literal with
/// `..Dialect::BEST_GUESS`: settings are added as questions come up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Dialect {
    /// The form in which `distinct` says that no two rows may be alike.
    pub distinct: DistinctRows,
    /// The form of `group_by` with one expression.
    pub group_by: GroupBy,
    /// The form of `having`.
    pub having: Having,
    /// The form of a descending order.
    pub descending: Descending,
    /// The form of the tables of a delete's `using`.
    pub using: Joined,
    /// The form of the tables of an update's `from`.
    pub update_from: Joined,
    /// The form of `NOT IN`.
    pub not_in: NotIn,
    /// The form of the operand of `not`.
    pub not: NotOperand,
    /// The form of a sum or product of three or more operands.
    pub arithmetic: Chain,
    /// The texts that the server may read as columns.
    pub text_columns: TextColumns,
}

impl Dialect {
    /// The best-attested guesses, which are also the defaults.
    pub const BEST_GUESS: Dialect = Dialect {
        distinct: DistinctRows::Flag,
        group_by: GroupBy::Alone,
        having: Having::Condition,
        descending: Descending::Pair,
        using: Joined::LikeFrom,
        update_from: Joined::LikeFrom,
        not_in: NotIn::Operator,
        not: NotOperand::Bare,
        arithmetic: Chain::Flat,
        text_columns: TextColumns::Exact,
    };
}

/// The form in which `distinct` says that no two rows may be alike. The document
/// lists `distinct` among the members of a select and shows no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum DistinctRows {
    /// `"distinct": true`, the form in a public client (grade C).
    #[default]
    Flag,
    /// `"distinct": ["name", "id"]`, all that is selected: for a server whose
    /// `distinct` is PostgreSQL's DISTINCT ON, which a list suggests (no
    /// evidence). Of `"*"` or of constant rows there is no list: then as [`Flag`](Self::Flag).
    List,
    /// `{"function": "distinct", "args": "name"}` as the first thing selected.
    /// Within `count` this call was seen answered (grade B), so a server
    /// writes `distinct(name)`, which PostgreSQL reads as DISTINCT when it
    /// stands first. Of `"*"` or of constant rows as [`Flag`](Self::Flag).
    Call,
}

/// The form of `group_by` with one expression; several are a list. The document
/// names `group_by` without an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum GroupBy {
    /// `"group_by": "name"`, as the vendor writes `order_by` (grade B by
    /// analogy; in a public client grade C).
    #[default]
    Alone,
    /// `"group_by": ["name"]`, as a public client also has it (grade C).
    List,
}

/// The form of `having`. It is not among the document's members of a select; a
/// public client sends it (grade C).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Having {
    /// `"having": {"gt": […]}`, a condition like that of `where` (grade C).
    #[default]
    Condition,
    /// `"having": [{"gt": […]}]`, as the document prints the operand of `not`
    /// in a list of one (no evidence for `having`).
    List,
}

/// The form of a descending order. No vendor or production example exists of any
/// form; the evidence is of grade C or less for all three.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Descending {
    /// `["name", "DESC"]`, the form in a public client's notes (grade C).
    #[default]
    Pair,
    /// `{"desc": "name"}`, by analogy with the operators (no evidence).
    Operator,
    /// `"name DESC"`, by analogy with `"id ASC"` in a public client's code
    /// (grade C); a qualified column falls back to [`Descending::Pair`].
    Suffix,
}

/// The form of the tables that a write joins: a delete's `using`, an update's
/// `from`. The document names both and shows neither.
///
/// There is no setting for tables without an alias: the columns of a table that
/// is joined need one to be told from the target's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Joined {
    /// As a select's `from`: one table alone, `"subscriber"` or `{"table":
    /// "subscriber", "as": "s"}`, several as a list (grade B: it is the same
    /// clause in SQL, and the vendor's form of it).
    #[default]
    LikeFrom,
    /// Always a list of objects, `[{"table": "subscriber", "as": "s"}]`, the
    /// form in which the vendor writes every join (no evidence for writes).
    List,
}

/// The form of `NOT IN`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum NotIn {
    /// `{"not_in": ["id", 1, 2]}`. The document names the operator (grade A);
    /// its operands are taken to be those of `in` (grade B).
    #[default]
    Operator,
    /// `{"not": {"in": ["id", 1, 2]}}`, of two operators that are in use
    /// (grade A each; not seen together).
    Negated,
}

/// The form of the operand of `not`. Both forms are the vendor's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum NotOperand {
    /// `{"not": "disabled"}`, as the vendor's scripts send it (grade A).
    #[default]
    Bare,
    /// `{"not": ["disabled"]}`, as the document prints it (grade A).
    List,
}

/// The form of a sum or product of three or more operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Chain {
    /// `{"add": ["port", 1, 2]}`: the document prints `[op1, op2, …]` (grade A;
    /// not seen in use).
    #[default]
    Flat,
    /// `{"add": [{"add": ["port", 1]}, 2]}`, for a server that takes two
    /// operands (no evidence). More than half of
    /// [`MAX_DEPTH`](crate::ast::MAX_DEPTH) operands nest too deeply and are refused.
    Pairs,
}

/// The texts that a server may read as columns, and that are therefore not sent as
/// they are.
///
/// That a text equal to a column's name is read as the column is inferred from
/// what servers answered (grade B). No source says how names are compared;
/// PostgreSQL itself takes `ID` and `s.id` for the column `id`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum TextColumns {
    /// A text that is a column's name, letter for letter.
    #[default]
    Exact,
    /// A text that names a column in any way SQL has for it (no evidence that a
    /// server reads it so): in other letter case (`"ID"`), in double quotes,
    /// with blanks around it, with a qualifier (`"s.id"`, `"subscriber.id"`),
    /// and the columns that PostgreSQL adds to every table (`"ctid"`, `"xmin"`,
    /// `"oid"`, …). The names of the statement's tables and outputs and `"*"`
    /// are compared in the same way.
    AsSql,
}
