//! SQL for people: `{}` with `?` for texts and numbers, `{:#}` with literals.

use std::fmt;

use crate::ast::{Delete, Expr, Insert, Select, Statement, StatementRef, Update};

use super::sink::{Hidden, Literal};
use super::writer::{Style, Writer, Written};

fn show(f: &mut fmt::Formatter<'_>, write: impl FnOnce(&mut Writer<'_>) -> Written) -> fmt::Result {
    let (mut hidden, mut literal) = (Hidden, Literal);
    let mut writer = if f.alternate() {
        Writer::new(Style::Reading, &mut literal)
    } else {
        Writer::new(Style::Reading, &mut hidden)
    };
    write(&mut writer).map_err(|_| fmt::Error)?;
    f.write_str(&writer.finish())
}

macro_rules! display {
    ($($node:ty: $write:ident),*) => {
        $(
            /// `{}` is SQL with `?` for every text and number, safe to log:
            /// names, TRUE, FALSE and NULL are all that is shown. `{:#}` is
            /// PostgreSQL with the literals in it; only a text with NUL, which
            /// has no literal, stays `?`. A string that is not
            /// [resolved](crate::resolve) yet shows as a text.
            impl fmt::Display for $node {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    show(f, |writer| writer.$write(self))
                }
            }
        )*
    };
}

display!(
    StatementRef<'_>: statement_ref,
    Statement: owned_statement,
    Select: select,
    Insert: insert,
    Update: update,
    Delete: delete,
    Expr: expr_or_star
);
