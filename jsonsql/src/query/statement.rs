//! The common part of all statements: their params, their checks, their text.

use serde::ser::{Serialize, Serializer};

use super::{Brake, ReadsAs};
use crate::Dialect;
use crate::ast::{Clause, Method, StatementRef, WriteError};
use crate::resolve::Coverage;

/// A typed statement, ready to be sent.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a statement that can be sent",
    label = "not a statement",
    note = "an update is one when it says what to change: `.set(|s| s.disabled.to(true))`"
)]
pub trait Statement {
    /// The row type of its answer.
    type Row;

    /// The statement as data.
    fn ast(&self) -> StatementRef<'_>;

    /// Returns `true` if its texts are known not to need checking.
    #[doc(hidden)]
    fn is_plain(&self) -> bool {
        false
    }

    /// The JSON-RPC method it is sent with.
    fn method(&self) -> Method {
        self.ast().method()
    }

    /// The `params` of the request, once the statement has been checked.
    ///
    /// # Errors
    ///
    /// [`Error`] says what a server could misread, or why there is nothing to send.
    fn params<'a>(&'a self, dialect: &'a Dialect) -> Result<Params<'a>, Error> {
        let statement = self.ast();
        let plain = self.is_plain();
        if !plain {
            super::mistakes::check(statement)?;
        }
        super::writable::check(statement, plain)?;
        if !plain {
            super::safety::check(statement, dialect.text_columns)?;
        }
        super::mistakes::check_write(statement)?;
        Ok(Params { statement, dialect })
    }

    /// The limit on the rows that this write may touch: whoever sends it has to
    /// read the keys first.
    #[doc(hidden)]
    fn brake(&self) -> Option<Brake<'_>> {
        None
    }

    /// The [`params`](Self::params) for who has seen to the [`brake`](Self::brake).
    #[doc(hidden)]
    fn params_after_brake<'a>(&'a self, dialect: &'a Dialect) -> Result<Params<'a>, Error> {
        self.params(dialect)
    }
}

/// The `params` of a request: [`write_to`](Params::write_to) makes them JSON
/// text, `Serialize` what another format or a larger document needs.
#[derive(Clone, Copy)]
pub struct Params<'a> {
    statement: StatementRef<'a>,
    dialect: &'a Dialect,
}

impl<'a> Params<'a> {
    /// The params of a statement as it is, unchecked: for requests that are
    /// meant to contain strings which may be columns or texts.
    pub fn unchecked(statement: impl Into<StatementRef<'a>>, dialect: &'a Dialect) -> Self {
        let statement = statement.into();
        Params { statement, dialect }
    }

    /// Appends them to `out` as JSON text.
    ///
    /// # Errors
    ///
    /// A statement that has no form on the wire: an output name on a bare
    /// column or a literal, NULL for a condition, a row that is not as long as
    /// the columns. Params that were [checked](Statement::params) have none of
    /// these. `out` then ends in an unfinished text.
    pub fn write_to(&self, out: &mut Vec<u8>) -> Result<(), WriteError> {
        self.statement.write_to(self.dialect, out)
    }
}

impl Params<'_> {
    /// The JSON text.
    ///
    /// # Errors
    ///
    /// As [`write_to`](Self::write_to).
    pub fn to_json(&self) -> Result<String, Error> {
        let mut json = Vec::with_capacity(512);
        self.write_to(&mut json)
            .map_err(|error| Error::Unwritable(error.to_string()))?;
        String::from_utf8(json).map_err(|error| Error::Unwritable(error.to_string()))
    }
}

impl Serialize for Params<'_> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        self.statement.in_dialect(self.dialect).serialize(s)
    }
}

impl std::fmt::Debug for Params<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Params({})", self.statement)
    }
}

/// A statement that is not sent, because it would not do what it says.
///
/// ```
/// use jsonsql::Error;
/// # use jsonsql::prelude::*;
/// # #[derive(Table)] struct Subscriber { #[column(key, generated)] id: i64, username: String, #[column(default)] disabled: bool, max_terminal: Option<i32> }
/// // The condition is true of every row: somebody left a search field empty.
/// let delete = Subscriber::delete(|s| s.username.starts_with(""));
/// assert!(matches!(delete.to_json(), Err(Error::Unbounded { .. })));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A text that the server could take for something else: a column of this
    /// name of any table in the statement, an output name, the table itself.
    ///
    /// `.split_ambiguous_text()` sends it as two pieces put together by the
    /// server; whether a server takes that is not attested.
    #[error("the text \"{text}\" in `{}` would be read as {reads_as}{}", clause.as_str(), remedy(text))]
    AmbiguousText {
        /// The text.
        text: String,
        /// The element that it would be read as.
        reads_as: ReadsAs,
        /// The part of the statement that it stands in.
        clause: Clause,
    },
    /// A string in a raw fragment that is neither said to be a column nor a text.
    #[error("the string \"{text}\" in `{}` is neither said to be a column nor a text", clause.as_str())]
    Undecided {
        /// The string.
        text: String,
        /// The part of the statement that it stands in.
        clause: Clause,
    },
    /// An output name of what cannot carry one: a column without its table, as
    /// only a raw fragment has it.
    #[error(
        "the output name `{name}` in `{}` cannot be written: no form is known for it on a column without its table",
        clause.as_str()
    )]
    OutputName {
        /// The output name.
        name: String,
        /// The part of the statement that it stands in.
        clause: Clause,
    },
    /// A condition that is NULL, as only a raw fragment is: no source says
    /// whether a server takes `"where": null` for no `where`.
    #[error("the condition in `{}` is NULL, which a server may take for none", clause.as_str())]
    NullCondition {
        /// The clause whose condition is NULL.
        clause: Clause,
    },
    /// A column whose table has the name of an operator, so that it would be
    /// read as that operator.
    #[error("a column of `{table}` in `{}` would be read as the operator of that name", clause.as_str())]
    Qualifier {
        /// The table or alias.
        table: String,
        /// The part of the statement that the column stands in.
        clause: Clause,
    },
    /// A row of an insert that is not as long as its list of columns.
    #[error("row {row} of an insert into `{table}` has {values} values for {columns} columns")]
    RowLength {
        /// The table.
        table: String,
        /// The row's index, from 0.
        row: usize,
        /// The number of values that it has.
        values: usize,
        /// The number of columns that are listed.
        columns: usize,
    },
    /// A statement without a form in the dialect, for a reason that only its
    /// writer finds.
    #[error("the statement cannot be written: {0}")]
    Unwritable(String),
    /// An update or delete whose predicate does not tell the rows of its table apart.
    #[error("the predicate of this {method} {}", reach(*coverage, *method, table))]
    Unbounded {
        /// `update` or `delete`.
        method: Method,
        /// The table.
        table: String,
        /// The rows that it selects.
        coverage: Coverage,
    },
    /// A column, or an expression over columns, that is compared with itself.
    #[error(
        "`{operand}` is compared with itself in `{}`: does a closure's parameter hide a variable \
         of the same name? (for \"is there\", say `.is_not_null()`)",
        clause.as_str()
    )]
    SelfComparison {
        /// The operand as SQL, with `?` for literals.
        operand: String,
        /// The part of the statement that it stands in.
        clause: Clause,
    },
    /// An update that sets a column to itself.
    #[error(
        "the update of `{table}` sets `{column}` to itself: does the closure's parameter hide a \
         variable of the same name?"
    )]
    SelfAssignment {
        /// The table.
        table: String,
        /// The column.
        column: String,
    },
    /// An update that sets a column twice, or an insert that gives it twice.
    #[error("this {method} of `{table}` gives `{column}` twice")]
    ColumnTwice {
        /// `update` or `insert`.
        method: Method,
        /// The table.
        table: String,
        /// The column.
        column: String,
    },
    /// A literal to order or group by. A server reads a number there as the
    /// position of an output column, and takes no other literal.
    #[error(
        "a literal in `{}` is read as the position of an output column: name the column",
        clause.as_str()
    )]
    Position {
        /// `order_by`, `group_by` or `distinct`.
        clause: Clause,
    },
    /// A statement that nests deeper than [`MAX_DEPTH`](crate::ast::MAX_DEPTH) levels
    /// of JSON, as a loop makes it that wraps its own result. `and`, `or`, `+`,
    /// `*`, `concat` and `coalesce` do not nest in a loop: they make one list.
    #[error("this {method} nests deeper than {} levels", crate::ast::MAX_DEPTH)]
    TooDeep {
        /// The statement's method.
        method: Method,
    },
    /// An insert of no rows.
    #[error("an insert into `{table}` without rows")]
    NoRows {
        /// The table.
        table: String,
    },
    /// A write with a limit on the rows it may touch, whose params were asked
    /// for by something that does not read the keys first.
    #[error(
        "this {method} may touch {rows} rows at the most, and what sends it does not count them"
    )]
    Braked {
        /// `update` or `delete`.
        method: Method,
        /// The number of rows that it may touch.
        rows: u64,
    },
    /// An update that sets nothing.
    #[error("an update of `{table}` that sets nothing")]
    NothingSet {
        /// The table.
        table: String,
    },
}

/// Returns advice for a text that is meant as one, if there is any: a text of a
/// single character has no two pieces.
fn remedy(text: &str) -> &'static str {
    match text.chars().nth(1) {
        Some(_) => "; say `.split_ambiguous_text()` if the text is meant",
        None => "",
    }
}

/// The rest of the message about a predicate.
fn reach(coverage: Coverage, method: Method, table: &str) -> String {
    match coverage {
        Coverage::EveryRow => {
            format!("is true of every row of `{table}`; say `{method}_all` if that is meant")
        }
        Coverage::EveryRowWithoutNull => format!(
            "is true of every row of `{table}` without a NULL; say `.is_not_null()` or \
             `{method}_all` if that is meant"
        ),
        Coverage::AllOrNone => format!(
            "can be true of every row of `{table}`, whatever is in the row: it does not depend \
             on the row's columns alone"
        ),
    }
}

/// Implements the methods of every typed statement, written once for all of
/// them: a trait would have to be imported.
macro_rules! typed_statement {
    ([$($generics:tt)*] $type:ty: $node:ident, $row:ty) => {
        #[diagnostic::do_not_recommend]
        impl<$($generics)*> $crate::query::Statement for $type {
            type Row = $row;

            fn ast(&self) -> $crate::ast::StatementRef<'_> {
                $crate::ast::StatementRef::$node(&self.node)
            }

            fn is_plain(&self) -> bool {
                self.plain
            }
        }

        impl<$($generics)*> $type {
            /// The statement as data: the one node that it is.
            pub fn node(&self) -> &$crate::ast::$node {
                &self.node
            }

            /// Sends every text that reads as a column as two pieces, put
            /// together by the server's `concat`.
            ///
            /// For logins and names that users choose. A text of one character,
            /// such as `"*"`, has no two pieces and stays refused. That a server takes it
            /// so follows from the vendor's own use of `concat`; it is not
            /// attested for this purpose.
            ///
            /// ```
            /// # use jsonsql::prelude::*;
            /// # #[derive(Table)] struct Subscriber { #[column(key, generated)] id: i64, username: String, #[column(default)] disabled: bool, max_terminal: Option<i32> }
            /// // Somebody whose login is the name of a column.
            /// let query = Subscriber::filter(|s| s.username.eq("disabled")).column(|s| s.id);
            /// assert!(query.to_json().is_err());
            /// let query = query.split_ambiguous_text();
            /// assert!(query.to_json()?.contains(r#"{"concat":["d","isabled"]}"#));
            /// # Ok::<(), jsonsql::Error>(())
            /// ```
            pub fn split_ambiguous_text(mut self) -> Self {
                $crate::query::safety::split(&mut $crate::ast::StatementMut::$node(&mut self.node));
                self
            }

            /// The statement in the vendor's short spelling, without aliases
            /// where a query has one table: for display, and to compare with
            /// the documents. It is not what is sent, because in it a wrong
            /// name reads as a text.
            ///
            /// ```
            /// # use jsonsql::prelude::*;
            /// # #[derive(Table)] struct Subscriber { #[column(key, generated)] id: i64, username: String, #[column(default)] disabled: bool, max_terminal: Option<i32> }
            /// let query = Subscriber::filter(|s| s.id.eq(7)).column(|s| s.username);
            /// assert_eq!(
            ///     serde_json::to_string(&query.unqualified())?,
            ///     r#"{"data":["username"],"from":"subscriber","where":{"eq":["id",7]}}"#
            /// );
            /// # Ok::<(), serde_json::Error>(())
            /// ```
            pub fn unqualified(&self) -> $crate::ast::Statement {
                $crate::query::unqualified::unqualified($crate::query::Statement::ast(self))
            }

            /// The request's `params` as JSON text, in the default dialect.
            ///
            /// # Errors
            ///
            /// As [`Statement::params`]($crate::query::Statement::params).
            pub fn to_json(&self) -> Result<String, $crate::query::Error> {
                let dialect = $crate::Dialect::BEST_GUESS;
                let params = $crate::query::Statement::params(self, &dialect)?;
                params.to_json()
            }

            /// The statement as a text for snapshot tests, in the default
            /// dialect: the SQL with its literals, the method, and the JSON
            /// that is sent.
            ///
            /// The JSON has the digits, the escapes and the order of what is
            /// sent; only blanks and line breaks are added. Unlike `Display` it
            /// shows every value, so it belongs into tests and not into logs.
            ///
            /// ```
            /// # use jsonsql::prelude::*;
            /// # #[derive(Table)] struct Subscriber { #[column(key, generated)] id: i64, username: String, #[column(default)] disabled: bool, max_terminal: Option<i32> }
            /// let block = Subscriber::update(|s| s.id.eq(7)).set(|s| s.disabled.to(true));
            /// assert!(block.snapshot()?.starts_with("UPDATE subscriber SET disabled = TRUE WHERE id = 7"));
            /// # Ok::<(), jsonsql::Error>(())
            /// ```
            ///
            /// # Errors
            ///
            /// As [`to_json`](Self::to_json): a statement that would not be
            /// sent has no snapshot.
            pub fn snapshot(&self) -> Result<String, $crate::query::Error> {
                self.snapshot_in(&$crate::Dialect::BEST_GUESS)
            }

            /// The [`snapshot`](Self::snapshot) in a dialect of the caller's
            /// choice: that of the client, where it is not the default.
            ///
            /// # Errors
            ///
            /// As [`Statement::params`]($crate::query::Statement::params).
            pub fn snapshot_in(
                &self,
                dialect: &$crate::Dialect,
            ) -> Result<String, $crate::query::Error> {
                $crate::query::snapshot::snapshot(self, dialect)
            }
        }

        impl<$($generics)*> Clone for $type {
            fn clone(&self) -> Self {
                Self { node: self.node.clone(), plain: self.plain, marker: std::marker::PhantomData }
            }
        }

        impl<$($generics)*> $type {
            fn new(mut node: $crate::ast::$node) -> Self {
                let mut statement = $crate::ast::StatementMut::$node(&mut node);
                $crate::query::target::qualify(&mut statement);
                // Nothing changes the statement from here on that could make
                // it less so.
                let plain = $crate::query::fast_path::is_plain(statement.by_ref());
                if !plain {
                    $crate::query::alias::settle(&mut statement);
                }
                Self { node, plain, marker: std::marker::PhantomData }
            }
        }

        /// Prints the SQL with `?` for literals; `{:#}` with the literals.
        impl<$($generics)*> std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(&self.node, f)
            }
        }

        /// Prints the SQL with `?` for literals, which may be a subscriber's.
        impl<$($generics)*> std::fmt::Debug for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}", self.node)
            }
        }
    };
}

pub(super) use typed_statement;
