//! `profile`.

use jsonsql::prelude::*;

use super::ProfileId;

/// A profile of a subscriber, with parental control.
///
/// The document names the table (A) and none of its columns: `id` and `name`
/// are guesses (C) after the tables whose columns are known.
#[derive(Debug, Clone, PartialEq, Eq, Table)]
#[table(
    name = "profile",
    reserved(
        "domain_id",
        "subscriber_id",
        "title",
        "age_limit",
        "require_password",
        "password"
    )
)]
pub struct Profile {
    /// The key (C).
    #[column(key, generated)]
    pub id: ProfileId,
    /// The name (C).
    pub name: String,
}
