//! `package`.

use jsonsql::prelude::*;

use super::PackageId;

/// A package of channels that a subscriber can have.
#[derive(Debug, Clone, PartialEq, Eq, Table)]
#[table(
    name = "package",
    reserved("domain_id", "price", "description", "period_days")
)]
pub struct Package {
    /// The key (A).
    #[column(key, generated)]
    pub id: PackageId,
    /// The name (A).
    pub name: String,
    /// `true` if it costs something: free is what is not paid (A).
    #[column(default)]
    pub paid: bool,
    /// The price. Its type is unknown; a number is read as its text (A).
    pub cost: Option<String>,
    /// `true` if it is not available (A).
    #[column(default)]
    pub disabled: bool,
}
