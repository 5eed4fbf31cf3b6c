//! `pprofile`.

use jsonsql::prelude::*;

use super::PlayerProfileId;

/// A profile of players: media differ by the kind of terminal.
///
/// The document names the table (A) and none of its columns: `id` and `name`
/// are guesses (C) after the tables whose columns are known.
#[derive(Debug, Clone, PartialEq, Eq, Table)]
#[table(name = "pprofile", reserved("domain_id"))]
pub struct PlayerProfile {
    /// The key (C).
    #[column(key, generated)]
    pub id: PlayerProfileId,
    /// The name (C).
    pub name: String,
}
