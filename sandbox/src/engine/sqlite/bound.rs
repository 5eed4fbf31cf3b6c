//! The texts of a statement, bound to it.
//!
//! SQLite numbers no more than 32,766 parameters. Those of a longer statement
//! are handed to it by a function of ours instead; no text becomes SQL.

use std::borrow::Cow;
use std::cell::RefCell;
use std::fmt::Write as _;

use jsonsql::sql::Sql;
use rusqlite::types::Value;
use rusqlite::{Connection, Result};

use super::functions::scalar;

/// The most parameters of a statement.
const MOST: usize = 32_766;

/// The function that hands a text to a statement, by its number.
const PARAMETER: &str = "pg_parameter";

thread_local! {
    /// The texts of the statement that runs in this thread, if they are many.
    static TEXTS: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

pub(super) fn install(connection: &Connection) -> Result<()> {
    scalar(connection, PARAMETER, 1, |ctx| {
        let index = usize::try_from(ctx.get::<i64>(0)?).unwrap_or(usize::MAX);
        let text = TEXTS.with_borrow(|texts| texts.get(index).cloned());
        Ok(text.map_or(Value::Null, Value::Text))
    })
}

/// The statement's SQL and what is to be bound to it, for a run in this thread
/// that ends before the next one is made.
pub(super) fn bound(sql: &Sql) -> (Cow<'_, str>, Vec<Value>) {
    if sql.parameters.len() <= MOST {
        let values = sql.parameters.iter().map(|text| Value::Text(text.clone()));
        return (Cow::Borrowed(&sql.text), values.collect());
    }
    TEXTS.with_borrow_mut(|texts| texts.clone_from(&sql.parameters));
    (Cow::Owned(numbered(&sql.text)), Vec::new())
}

/// Puts a call in place of each placeholder, `?1`. The writer quotes every name
/// and writes no literals, so a question mark is one outside of quotes.
fn numbered(text: &str) -> String {
    let mut sql = String::with_capacity(text.len() * 3);
    let mut quoted = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        quoted ^= c == '"';
        if c != '?' || quoted {
            sql.push(c);
            continue;
        }
        let mut number = 0_usize;
        while let Some(digit) = chars.next_if(char::is_ascii_digit) {
            number = number * 10 + digit.to_digit(10).map_or(0, |digit| digit as usize);
        }
        // Writing to a text cannot fail.
        let _ = write!(sql, "{PARAMETER}({})", number.saturating_sub(1));
    }
    sql
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_mark_in_a_name_is_no_placeholder() {
        assert_eq!(
            numbered(r#"SELECT "a?""b" FROM "t" WHERE "x" IN (?1, ?12)"#),
            r#"SELECT "a?""b" FROM "t" WHERE "x" IN (pg_parameter(0), pg_parameter(11))"#
        );
    }
}
