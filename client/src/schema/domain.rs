//! `domain`.

use jsonsql::prelude::*;

use super::DomainId;

/// An operator.
///
/// A live table had 167 columns. The document names four settings, which are in
/// [`full::Domain`](struct@super::full::Domain) and reserved here.
#[derive(Debug, Clone, PartialEq, Eq, Table)]
#[table(
    name = "domain",
    reserved(
        "allow_terminal_reg",
        "allow_terminal_unreg",
        "allow_anonymous",
        "max_terminal_per_subscriber"
    )
)]
pub struct Domain {
    /// The key (B).
    #[column(key, generated)]
    pub id: DomainId,
    /// The name (B).
    pub name: String,
}
