//! `subscriber_package`, with its own key and its end.

use jsonsql::prelude::*;

use crate::schema::{PackageId, SubscriberId, SubscriberPackageId};

/// A package of a subscriber, by a key of its own.
#[derive(Debug, Clone, PartialEq, Eq, Table)]
#[table(name = "subscriber_package", reserved("domain_id"))]
pub struct SubscriberPackage {
    /// The key. The document returns it from a delete (A); no other source
    /// has it, all return `package_id`.
    #[column(key, generated)]
    pub id: SubscriberPackageId,
    /// The subscriber (A).
    pub subscriber_id: SubscriberId,
    /// The package (A).
    pub package_id: PackageId,
    /// `true` if it is in use (A).
    #[column(default)]
    pub enabled: bool,
    /// The end, `YYYY-MM-DD HH:MM:SS` in an unknown time zone. The document
    /// says that "a paid resource can have an expiration date (expired_on)"
    /// (A for the name, C for the table).
    pub expired_on: Option<String>,
}
