//! `service`.

use jsonsql::prelude::*;

use super::ServiceId;

/// A service beside channels, such as timeshift.
///
/// The document names the table (A) and none of its columns: `id` and `name`
/// are guesses (C) after the tables whose columns are known.
#[derive(Debug, Clone, PartialEq, Eq, Table)]
#[table(name = "service", reserved("domain_id", "paid"))]
pub struct Service {
    /// The key (C).
    #[column(key, generated)]
    pub id: ServiceId,
    /// The name (C).
    pub name: String,
}
