//! SQL text: the one writer, from the grammar to SQL, and with the feature
//! `sql` the way back, `parse`.
//!
//! The writer has two kinds of readers. People get `Display`: `{}` is SQL with `?` for
//! every text and number, safe to log, and `{:#}` is SQL with the literals in
//! it. Engines get [`Sql::new`]: every identifier quoted, every operation
//! parenthesised, every text a bound parameter.
//!
//! ```
//! use jsonsql::ast::{Column, Delete, Expr, Op, Statement};
//! use jsonsql::sql::{Flavor, Sql};
//!
//! let username = Expr::Column(Column { table: None, name: "username".into() });
//! let delete = Statement::Delete(Delete {
//!     from: "terminal".into(),
//!     using: Vec::new(),
//!     filter: Some(Expr::Op(Op::Eq, vec![username, Expr::text("O'Neill")])),
//!     returning: None,
//! });
//! assert_eq!(delete.to_string(), "DELETE FROM terminal WHERE username = ?");
//! assert_eq!(format!("{delete:#}"), "DELETE FROM terminal WHERE username = 'O''Neill'");
//!
//! let sql = Sql::new(&delete, Flavor::Sqlite)?;
//! assert_eq!(sql.text, r#"DELETE FROM "terminal" WHERE ("username" = ?1)"#);
//! assert_eq!(sql.parameters, ["O'Neill"]);
//! # Ok::<(), jsonsql::sql::SqlError>(())
//! ```

use crate::ast::StatementRef;

mod display;
mod dml;
mod expr;
mod from;
mod name;
#[cfg(feature = "sql")]
mod parse;
mod select;
mod sink;
#[cfg(test)]
mod tests;
mod writer;

#[cfg(feature = "sql")]
pub use parse::{Argument, BindError, MAX_TEXT, Parameter, ParseError, Prepared, parse};
pub use sink::{Bound, Quoted, Sink};

use writer::{Style, Writer};

/// The engine whose SQL is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Flavor {
    /// PostgreSQL: parameters are `$1`, `$2`, ….
    Postgres,
    /// SQLite: parameters are `?1`, `?2`, …, and the order of NULLs, which
    /// differs from PostgreSQL's, is written out.
    Sqlite,
}

/// A statement as an engine takes it: text without a single byte of the
/// client's texts, and the texts beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sql {
    /// The SQL.
    pub text: String,
    /// The values of its parameters, in order.
    pub parameters: Vec<String>,
}

impl Sql {
    /// Writes a resolved statement for an engine.
    ///
    /// # Errors
    ///
    /// When the statement is not resolved, has an operator or a function name
    /// that SQL does not have, or a clause that the flavor cannot say.
    pub fn new<'a>(
        statement: impl Into<StatementRef<'a>>,
        flavor: Flavor,
    ) -> Result<Sql, SqlError> {
        let mut bound = Bound::new(flavor);
        let text = write(statement, flavor, &mut bound)?;
        Ok(Sql {
            text,
            parameters: bound.into_values(),
        })
    }
}

/// Writes a resolved statement for an engine, its texts into a sink of the
/// caller's; [`Sql::new`] is the short way.
///
/// # Errors
///
/// As [`Sql::new`], and what the sink refuses.
pub fn write<'a>(
    statement: impl Into<StatementRef<'a>>,
    flavor: Flavor,
    sink: &mut dyn Sink,
) -> Result<String, SqlError> {
    let mut writer = Writer::new(Style::Engine(flavor), sink);
    writer.statement(statement.into())?;
    Ok(writer.finish())
}

/// A statement that cannot be written for an engine.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SqlError {
    /// A string is still undecided between column and text.
    #[error("a string is not resolved to a column or a text")]
    Unresolved,
    /// An operator this crate does not know.
    #[error("unknown operator \"{0}\"")]
    UnknownOperator(String),
    /// An operator with too few or too many operands.
    #[error("operator \"{operator}\" takes {expected} operands, found {found}")]
    Arity {
        /// Its name on the wire.
        operator: String,
        /// The number of operands that it takes.
        expected: String,
        /// The number of operands that it was given.
        found: usize,
    },
    /// `like` or `ilike` with more than one pattern, whose meaning no source says.
    #[error("what operator \"{0}\" means with more than 2 operands is not documented")]
    ManyPatterns(String),
    /// A function name that is not a plain identifier.
    #[error("\"{0}\" is not the name of a function")]
    FunctionName(String),
    /// `is` against something else than true, false or null.
    #[error("the second operand of \"is\" and \"is_not\" is true, false or null")]
    IsOperand,
    /// `*` where a single value is meant.
    #[error("\"*\" stands for columns or rows, not for a value")]
    Star,
    /// An expression that the builder dropped: see [`Expr::TooDeep`](crate::ast::Expr::TooDeep).
    #[error("an expression nests too deep")]
    TooDeep,
    /// A text with a NUL character, which SQL texts cannot have.
    #[error("invalid byte sequence for encoding \"UTF8\": 0x00")]
    Nul,
    /// A clause beside `values`, or one the flavor does not have.
    #[error("{0}")]
    Clause(&'static str),
}
