//! `sql!`: each construct is what the builder makes of it, and what is read
//! from the same SQL as text.

mod expressions;
mod holes;
mod selects;
mod writes;

use jsonsql::{Dialect, Statement};

/// Asserts that the three are one statement; `text` is in PostgreSQL's words,
/// with the aliases that the library gives.
#[track_caller]
pub(crate) fn same<R>(
    by_macro: &impl Statement<Row = R>,
    by_hand: &impl Statement<Row = R>,
    text: &str,
) {
    assert_eq!(by_macro.ast(), by_hand.ast());
    by_macro.params(&Dialect::default()).unwrap();
    #[cfg(feature = "sql")]
    if !text.is_empty() {
        let read = jsonsql::sql::parse(text).unwrap();
        assert_eq!(format!("{:#}", by_macro.ast()), format!("{read:#}"));
    }
    #[cfg(not(feature = "sql"))]
    let _ = text;
}
