//! `key`.

use jsonsql::prelude::*;

use super::KeyId;

/// A key of conditional access to private media.
///
/// The document names the table and one column. Documents of streamer vendors
/// describe a key by name, algorithm, mode, length and update period (B), and
/// do not say what the columns are called: these are reserved.
#[derive(Debug, Clone, PartialEq, Eq, Table)]
#[table(
    name = "key",
    reserved("domain_id", "algorithm", "mode", "length", "key")
)]
pub struct Key {
    /// The key (C: as the other tables have it).
    #[column(key, generated)]
    pub id: KeyId,
    /// The name (C).
    pub name: String,
    /// The time after which it is renewed, an interval such as `01:00:00`
    /// (A for the name; its form in an answer is unknown).
    pub update_period: Option<String>,
}
