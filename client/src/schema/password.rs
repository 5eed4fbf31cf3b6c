//! A password among a row's values.

use std::fmt;

use jsonsql::prelude::*;

/// A subscriber's password. It can be read and compared, and does not show
/// when the row is printed for debugging.
#[derive(Clone, PartialEq, Eq, SqlType)]
pub struct Password(pub String);

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}
