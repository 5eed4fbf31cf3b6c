//! `sprofile`.

use jsonsql::prelude::*;

use super::SystemProfileId;

/// A profile of the system: media differ by terminal or subscriber.
///
/// The document names the table (A) and none of its columns: `id` and `name`
/// are guesses (C) after the tables whose columns are known.
#[derive(Debug, Clone, PartialEq, Eq, Table)]
#[table(name = "sprofile", reserved("domain_id"))]
pub struct SystemProfile {
    /// The key (C).
    #[column(key, generated)]
    pub id: SystemProfileId,
    /// The name (C).
    pub name: String,
}
