//! Keys as the tables have them.

use crate::backend::texts;
use crate::error::{Error, Refusal, Result};
use crate::model;
use crate::schema;

/// A key of this platform is a whole number; a text that is none is a key of
/// another one.
fn number(operation: &'static str, what: &'static str, text: &str) -> Result<i64> {
    let refused = || Refusal::new(operation, format!("{what} is a whole number here"));
    texts::number(text).ok_or_else(|| Error::from(refused()))
}

pub(super) fn subscriber(
    operation: &'static str,
    id: &model::SubscriberId,
) -> Result<schema::SubscriberId> {
    number(operation, "the id of a subscriber", id.as_str()).map(schema::SubscriberId)
}

pub(super) fn terminal(
    operation: &'static str,
    id: &model::TerminalId,
) -> Result<schema::TerminalId> {
    number(operation, "the id of a terminal", id.as_str()).map(schema::TerminalId)
}

pub(super) fn package(operation: &'static str, id: &model::PackageId) -> Result<schema::PackageId> {
    number(operation, "the id of a package", id.as_str()).map(schema::PackageId)
}

/// `subscriber_package` has no key of its own that any source uses.
pub(super) fn subscription(
    operation: &'static str,
    id: &model::SubscriptionId,
) -> Result<(schema::SubscriberId, schema::PackageId)> {
    let refused = || {
        let expected = "the id of a subscription is two whole numbers here, as in 12/7";
        Error::from(Refusal::new(operation, expected))
    };
    let (subscriber, package) = id.as_str().split_once('/').ok_or_else(refused)?;
    let number = |text: &str| texts::number(text).ok_or_else(refused);
    Ok((
        schema::SubscriberId(number(subscriber)?),
        schema::PackageId(number(package)?),
    ))
}

pub(super) fn of_subscription(
    subscriber: schema::SubscriberId,
    package: schema::PackageId,
) -> model::SubscriptionId {
    model::SubscriptionId::new(format!("{subscriber}/{package}"))
}
