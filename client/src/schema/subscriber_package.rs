//! `subscriber_package`.

use jsonsql::prelude::*;

use super::{PackageId, SubscriberId};

/// A package that a subscriber has.
///
/// No source returns an `id` of it: the pair is taken for the key.
#[derive(Debug, Clone, PartialEq, Eq, Table)]
#[table(name = "subscriber_package", reserved("id", "expired_on", "domain_id"))]
pub struct SubscriberPackage {
    /// Who has it (A).
    #[column(key)]
    pub subscriber_id: SubscriberId,
    /// What they have (A).
    #[column(key)]
    pub package_id: PackageId,
    /// Whether it is in use (A).
    #[column(default)]
    pub enabled: bool,
}
