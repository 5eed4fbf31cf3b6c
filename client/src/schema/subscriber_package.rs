//! `subscriber_package`.

use jsonsql::prelude::*;

use super::{PackageId, SubscriberId};

/// A package of a subscriber.
///
/// No source but the vendor's document has an `id` of it, so the pair is taken
/// for the key; [`full::SubscriberPackage`](struct@super::full::SubscriberPackage) has the `id`.
#[derive(Debug, Clone, PartialEq, Eq, Table)]
#[table(name = "subscriber_package", reserved("id", "expired_on", "domain_id"))]
pub struct SubscriberPackage {
    /// The subscriber who has it (A).
    #[column(key)]
    pub subscriber_id: SubscriberId,
    /// The package that they have (A).
    #[column(key)]
    pub package_id: PackageId,
    /// `true` if it is in use (A).
    #[column(default)]
    pub enabled: bool,
}
