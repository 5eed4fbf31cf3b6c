//! The destinations of a statement's literals.

use std::fmt::Write as _;

use crate::ast::Number;

use super::{Flavor, SqlError};

/// Takes the literals of a statement and writes what stands for them.
pub trait Sink {
    /// A text.
    ///
    /// # Errors
    ///
    /// When it cannot be represented.
    fn text(&mut self, text: &str, sql: &mut String) -> Result<(), SqlError>;

    /// A number. Written into the SQL by default: a parsed number has nothing
    /// in it that could be mistaken for SQL.
    ///
    /// # Errors
    ///
    /// When it cannot be represented.
    fn number(&mut self, number: &Number, sql: &mut String) -> Result<(), SqlError> {
        number_literal(number, sql);
        Ok(())
    }
}

/// Binds every text as a parameter.
#[derive(Debug)]
pub struct Bound {
    flavor: Flavor,
    values: Vec<String>,
}

impl Bound {
    /// No parameters yet.
    pub fn new(flavor: Flavor) -> Bound {
        Bound {
            flavor,
            values: Vec::new(),
        }
    }

    /// The parameters, in the order of their numbers.
    pub fn into_values(self) -> Vec<String> {
        self.values
    }
}

impl Sink for Bound {
    fn text(&mut self, text: &str, sql: &mut String) -> Result<(), SqlError> {
        if text.contains('\0') {
            return Err(SqlError::Nul);
        }
        self.values.push(text.to_owned());
        let sigil = match self.flavor {
            Flavor::Postgres => '$',
            Flavor::Sqlite => '?',
        };
        write_to(sql, format_args!("{sigil}{}", self.values.len()));
        Ok(())
    }
}

/// Writes every text as a PostgreSQL literal, `'…'` with `'` doubled.
///
/// For PostgreSQL this, and not [`Bound`], gives a text the meaning it has in
/// SQL: a bound parameter in `GROUP BY` or in the order of a `DISTINCT` is not
/// the same expression as an equal one in the select list, two uses of one
/// parameter must agree in type, and a statement has at most 65,535 of them.
/// The quote is the only special character as long as
/// `standard_conforming_strings` is on, which the caller makes sure of.
#[derive(Debug, Clone, Copy, Default)]
pub struct Quoted;

impl Sink for Quoted {
    fn text(&mut self, text: &str, sql: &mut String) -> Result<(), SqlError> {
        if text.contains('\0') {
            return Err(SqlError::Nul);
        }
        quoted(text, sql);
        Ok(())
    }
}

fn quoted(text: &str, sql: &mut String) {
    sql.push('\'');
    sql.push_str(&text.replace('\'', "''"));
    sql.push('\'');
}

/// `?` for everything: what may stand in a log.
pub(super) struct Hidden;

impl Sink for Hidden {
    fn text(&mut self, _: &str, sql: &mut String) -> Result<(), SqlError> {
        sql.push('?');
        Ok(())
    }

    fn number(&mut self, _: &Number, sql: &mut String) -> Result<(), SqlError> {
        sql.push('?');
        Ok(())
    }
}

/// PostgreSQL literals.
pub(super) struct Literal;

impl Sink for Literal {
    /// Only the quote is special, since `standard_conforming_strings` is on
    /// everywhere. A text with NUL has no literal; `?` makes the statement
    /// unusable rather than different.
    fn text(&mut self, text: &str, sql: &mut String) -> Result<(), SqlError> {
        if text.contains('\0') {
            sql.push('?');
            return Ok(());
        }
        quoted(text, sql);
        Ok(())
    }
}

pub(super) fn number_literal(number: &Number, sql: &mut String) {
    write_to(sql, format_args!("{number}"));
}

fn write_to(sql: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a String cannot fail.
    let _ = sql.write_fmt(text);
}
