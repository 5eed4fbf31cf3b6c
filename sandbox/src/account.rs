//! Accounts that may log in.

use std::fmt;

use subtle::ConstantTimeEq;

/// The domain of an account that names none.
pub(crate) const FIRST_DOMAIN: i64 = 1;

/// An account that may log in.
#[derive(Clone)]
pub(crate) struct Account {
    pub(crate) username: String,
    pub(crate) password: String,
    /// The domain whose rows the account sees.
    pub(crate) domain: i64,
}

impl Account {
    /// Compares in a time that tells nothing about the password but its length.
    pub(crate) fn admits(&self, username: &str, password: &str) -> bool {
        let name = self.username.as_bytes().ct_eq(username.as_bytes());
        let password = self.password.as_bytes().ct_eq(password.as_bytes());
        (name & password).into()
    }
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account")
            .field("username", &self.username)
            .field("domain", &self.domain)
            .finish_non_exhaustive()
    }
}
