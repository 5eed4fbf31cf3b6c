//! `user`.

use jsonsql::prelude::*;

use super::UserId;

/// An administrator of the system.
///
/// The document names the table (A) and none of its columns: `id` and `name`
/// are guesses (C) after the tables whose columns are known.
///
/// `user` is a reserved word of PostgreSQL; that a server quotes it is unknown.
#[derive(Debug, Clone, PartialEq, Eq, Table)]
#[table(name = "user", reserved("domain_id", "username", "password"))]
pub struct User {
    /// The key (C).
    #[column(key, generated)]
    pub id: UserId,
    /// The name (C).
    pub name: String,
}
