//! `playlist`.

use jsonsql::prelude::*;

use super::PlaylistId;

/// A list of media as terminals show it: a category of channels, of films.
///
/// The document names the table (A) and none of its columns: `id` and `name`
/// are guesses (C) after the tables whose columns are known.
#[derive(Debug, Clone, PartialEq, Eq, Table)]
#[table(name = "playlist", reserved("domain_id", "logo", "items"))]
pub struct Playlist {
    /// The key (C).
    #[column(key, generated)]
    pub id: PlaylistId,
    /// The name (C).
    pub name: String,
}
