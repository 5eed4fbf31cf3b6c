//! `tv_category`.

use jsonsql::prelude::*;

use super::CategoryId;

/// A category of programmes.
///
/// A live table had three columns; the third one is an address.
#[derive(Debug, Clone, PartialEq, Eq, Table)]
#[table(name = "tv_category", reserved("logo", "logo_url", "genre"))]
pub struct TvCategory {
    /// The key (B).
    #[column(key, generated)]
    pub id: CategoryId,
    /// The name (B).
    pub name: String,
}
