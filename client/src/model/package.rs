//! The packages that a subscriber can have.

use super::PackageId;

/// Channels or services that are sold together.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Package {
    /// The platform's key.
    pub id: PackageId,
    /// The kind: a package or a plan.
    pub kind: PackageKind,
    /// The name.
    pub name: String,
    /// `true` if subscribers can get it.
    pub enabled: bool,
    /// The price, as the platform writes it.
    pub price: Option<String>,
    /// The plans in which it may be had, where the platform ties it to plans.
    pub plans: Vec<PackageId>,
}

impl Package {
    /// A package that is available in any plan.
    pub fn new(id: PackageId, name: impl Into<String>) -> Package {
        Package {
            id,
            kind: PackageKind::Package,
            name: name.into(),
            enabled: true,
            price: None,
            plans: Vec::new(),
        }
    }
}

/// The kind of a package, which decides how many of them a subscriber has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PackageKind {
    /// A subscriber has as many of them as wanted.
    Package,
    /// A subscriber has exactly one; another replaces it. Only Ministra has
    /// plans: its tariffs.
    Plan,
}
