//! `package`.

use jsonsql::prelude::*;

use super::PackageId;

/// What a subscriber can have: channels together.
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
    /// Whether it costs something: free is what is not paid (A).
    #[column(default)]
    pub paid: bool,
    /// The price. Its type is unknown; a number is read as its text (A).
    pub cost: Option<String>,
    /// Whether it is not to be had (A).
    #[column(default)]
    pub disabled: bool,
}
