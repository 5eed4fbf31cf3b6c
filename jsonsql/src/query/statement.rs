//! What all statements share: their params, their checks, their text.

use serde::ser::{Serialize, Serializer};

use super::{Brake, ReadsAs, target};
use crate::Dialect;
use crate::ast::{self, Clause, Method};

/// A typed statement, ready to be sent.
pub trait Statement {
    /// The row type of its answer.
    type Row;

    /// The statement as data.
    fn ast(&self) -> &ast::Statement;

    /// Whether its texts are known not to need checking.
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
        if !self.is_plain() {
            super::safety::check(statement)?;
        }
        unbounded(statement)?;
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
    statement: &'a ast::Statement,
    dialect: &'a Dialect,
}

impl<'a> Params<'a> {
    /// The params of a statement as it is, unchecked: for requests that are
    /// meant to contain strings which may be columns or texts.
    pub fn unchecked(statement: &'a ast::Statement, dialect: &'a Dialect) -> Self {
        Params { statement, dialect }
    }

    /// Appends them to `out` as JSON text: byte for byte what `serde_json`
    /// writes, but faster.
    ///
    /// # Errors
    ///
    /// An output name on a bare column or a literal, for which no form is
    /// known: only a raw statement has one. `out` then ends in an unfinished text.
    pub fn write_to(&self, out: &mut Vec<u8>) -> serde_json::Result<()> {
        crate::wire::write(self, out)
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
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A text that the server could take for something else: a column of this
    /// name of any table in the statement, an output name, the table itself.
    ///
    /// `.split_ambiguous_text()` sends it as two pieces put together by the
    /// server; whether a server takes that is not attested.
    #[error("the text \"{text}\" in `{}` would be read as {reads_as}", clause.name())]
    AmbiguousText {
        /// The text.
        text: String,
        /// What it would be read as.
        reads_as: ReadsAs,
        /// Where in the statement it stands.
        clause: Clause,
    },
    /// A string in a raw fragment that is neither said to be a column nor a text.
    #[error("the string \"{text}\" in `{}` is neither said to be a column nor a text", clause.name())]
    Undecided {
        /// The string.
        text: String,
        /// Where in the statement it stands.
        clause: Clause,
    },
    /// An update or delete whose predicate is true of every row.
    #[error(
        "the predicate of this {method} is true of every row of `{table}`; say `{method}_all` if that is meant"
    )]
    Unbounded {
        /// `update` or `delete`.
        method: Method,
        /// The table.
        table: String,
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
        /// How many rows it may touch.
        rows: u64,
    },
    /// An update that sets nothing.
    #[error("an update of `{table}` that sets nothing")]
    NothingSet {
        /// The table.
        table: String,
    },
}

/// Refuses writes of nothing, and of everything by a predicate that says nothing.
fn unbounded(statement: &ast::Statement) -> Result<(), Error> {
    let always = |filter: &Option<ast::Expr>, joined: &[ast::FromItem], table: &str| {
        filter.as_ref().is_some_and(|filter| {
            // Of joined tables, a condition that never mentions the target
            // holds for all of its rows or for none.
            constant(filter) == Some(true)
                || (!joined.is_empty() && !target::mentions(filter, table))
        })
    };
    match statement {
        ast::Statement::Update(update) if update.set.is_empty() => Err(Error::NothingSet {
            table: update.table.to_string(),
        }),
        ast::Statement::Update(update) if always(&update.filter, &update.from, &update.table) => {
            Err(Error::Unbounded {
                method: Method::Update,
                table: update.table.to_string(),
            })
        }
        ast::Statement::Delete(delete) if always(&delete.filter, &delete.using, &delete.from) => {
            Err(Error::Unbounded {
                method: Method::Delete,
                table: delete.from.to_string(),
            })
        }
        ast::Statement::Insert(insert) => match &insert.source {
            ast::InsertSource::Values(rows) if rows.is_empty() => Err(Error::NoRows {
                table: insert.into.to_string(),
            }),
            _ => Ok(()),
        },
        _ => Ok(()),
    }
}

/// The truth value of a condition that is the same for every row: what is left
/// of lists that turned out to be empty.
fn constant(expr: &ast::Expr) -> Option<bool> {
    match expr {
        ast::Expr::Bool(value) => Some(*value),
        ast::Expr::Op(ast::Op::Not, args) => args.first().and_then(constant).map(|value| !value),
        ast::Expr::Op(op @ (ast::Op::And | ast::Op::Or), args) => {
            // One FALSE decides an AND, one TRUE an OR.
            let decisive = *op == ast::Op::Or;
            let values: Vec<_> = args.iter().map(constant).collect();
            if values.contains(&Some(decisive)) {
                return Some(decisive);
            }
            values.iter().all(Option::is_some).then_some(!decisive)
        }
        _ => None,
    }
}

/// What every typed statement can do, written once for each of them: a trait
/// would have to be imported.
macro_rules! typed_statement {
    ([$($generics:tt)*] $type:ty, $row:ty) => {
        impl<$($generics)*> $crate::query::Statement for $type {
            type Row = $row;

            fn ast(&self) -> &$crate::ast::Statement {
                &self.statement
            }

            fn is_plain(&self) -> bool {
                self.plain
            }
        }

        impl<$($generics)*> $type {
            /// Sends every text that reads as a column as two pieces, put
            /// together by the server's `concat`.
            ///
            /// For logins and names that users choose. A text of one character,
            /// such as `"*"`, has no two pieces and stays refused. That a server takes it
            /// so follows from the vendor's own use of `concat`; it is not
            /// attested for this purpose.
            pub fn split_ambiguous_text(mut self) -> Self {
                $crate::query::safety::split(&mut self.statement);
                self
            }

            /// The statement in the vendor's short spelling, without aliases
            /// where a query has one table: for display, and to compare with
            /// the documents. It is not what is sent, because in it a wrong
            /// name reads as a text.
            pub fn unqualified(&self) -> $crate::ast::Statement {
                $crate::query::unqualified::unqualified(&self.statement)
            }

            /// The request's `params` as JSON text, in the default dialect.
            ///
            /// # Errors
            ///
            /// As [`Statement::params`]($crate::query::Statement::params).
            pub fn to_json(&self) -> Result<String, $crate::query::Error> {
                let dialect = $crate::Dialect::BEST_GUESS;
                let params = $crate::query::Statement::params(self, &dialect)?;
                let mut json = Vec::with_capacity(512);
                match params.write_to(&mut json) {
                    Ok(()) => Ok(String::from_utf8(json).unwrap_or_default()),
                    Err(_) => Ok(String::new()),
                }
            }
        }

        impl<$($generics)*> Clone for $type {
            fn clone(&self) -> Self {
                Self::from_statement(self.statement.clone())
            }
        }

        impl<$($generics)*> $type {
            fn from_statement(mut statement: $crate::ast::Statement) -> Self {
                $crate::query::target::qualify(&mut statement);
                // Nothing changes the statement from here on that could make
                // it less so.
                let plain = $crate::query::plain::is_plain(&statement);
                if !plain {
                    $crate::query::alias::settle(&mut statement);
                }
                Self { statement, plain, marker: std::marker::PhantomData }
            }
        }

        /// Prints the SQL with `?` for literals; `{:#}` with the literals.
        impl<$($generics)*> std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(&self.statement, f)
            }
        }

        /// Prints the SQL with `?` for literals, which may be a subscriber's.
        impl<$($generics)*> std::fmt::Debug for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}", self.statement)
            }
        }
    };
}

pub(super) use typed_statement;
