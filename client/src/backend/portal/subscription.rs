//! Who has which package.

use jsonsql::prelude::*;

use super::steps::Outcome;
use super::subscriber::{MISSING, not_applied};
use super::{IptvPortal, ids};
use crate::backend::{Applied, Capability, Change};
use crate::error::{Error, Refusal, Result};
use crate::model::{End, NewSubscription, Subscription, SubscriptionId};
use crate::schema::{self, PackageId, SubscriberId};

const ADD: &str = "add subscription";
const END: &str = "end subscription";

#[derive(Insertable)]
#[insertable(table = schema::SubscriberPackage)]
struct NewRow {
    subscriber_id: SubscriberId,
    package_id: PackageId,
    enabled: bool,
}

impl IptvPortal {
    pub(super) async fn subscribe(&self, new: &NewSubscription) -> Result<Applied<Subscription>> {
        let subscriber = ids::subscriber(ADD, &new.subscriber)?;
        let package = ids::package(ADD, &new.package)?;
        let (outcome, step) = match self.plan_subscription(new).await? {
            Some(row) if row.enabled => {
                return Ok(Applied::new(row.into(), Change::Nothing, Vec::new()));
            }
            Some(_) => {
                let enable = schema::SubscriberPackage::update(|p| {
                    p.subscriber_id.eq(subscriber).and(p.package_id.eq(package))
                })
                .set(|p| p.enabled.to(true))
                .returning(|p| p.package_id);
                let written = self.client.execute(&enable).idempotent().await;
                (Outcome::of(written)?, "the update")
            }
            None => {
                let row = insert(&NewRow {
                    subscriber_id: subscriber,
                    package_id: package,
                    enabled: true,
                })
                .returning(|p| p.package_id);
                // No constraint is known that would refuse a second row.
                let written = self.client.execute(&row).await;
                (Outcome::of(written)?, "the insert")
            }
        };
        let read = self.subscription(subscriber, package).await;
        let row = outcome.settle(ADD, step, read, |row| match &row {
            Some(found) if found.enabled => Ok(row),
            _ => Err(not_applied(ADD, "the subscriber does not have the package")),
        })?;
        let row = row.ok_or_else(|| not_applied(ADD, "the subscription is not there"))?;
        Ok(Applied::new(row.into(), Change::Made, Vec::new()))
    }

    /// The row that is there, if both ends of it are.
    pub(super) async fn plan_subscription(
        &self,
        new: &NewSubscription,
    ) -> Result<Option<schema::SubscriberPackage>> {
        if new.from.is_some() || new.until.is_some() {
            return Err(Refusal::lacking(ADD, Capability::DatedSubscriptions).into());
        }
        if new.terminal.is_some() {
            return Err(Refusal::lacking(ADD, Capability::TerminalSubscriptions).into());
        }
        let subscriber = ids::subscriber(ADD, &new.subscriber)?;
        let package = ids::package(ADD, &new.package)?;
        let who = schema::Subscriber::filter(|s| s.id.eq(subscriber)).column(|s| s.id);
        let what = schema::Package::filter(|p| p.id.eq(package)).column(|p| p.id);
        let row = schema::SubscriberPackage::filter(|p| {
            p.subscriber_id.eq(subscriber).and(p.package_id.eq(package))
        });
        let (who, what, row) = self.client.batch((&who, &what, &row)).await;
        if who?.is_empty() {
            return Err(MISSING);
        }
        if what?.is_empty() {
            return Err(Error::Missing {
                record: "package",
                place: None,
            });
        }
        Ok(one(row?))
    }

    pub(super) async fn unsubscribe(
        &self,
        subscription: &SubscriptionId,
        end: End,
    ) -> Result<Applied<()>> {
        let (subscriber, package) = plan_end(subscription, end)?;
        let delete = schema::SubscriberPackage::delete(|p| {
            p.subscriber_id.eq(subscriber).and(p.package_id.eq(package))
        })
        .returning(|p| p.package_id);
        let written = self.client.execute(&delete).idempotent().await;
        if written.as_ref().is_ok_and(Vec::is_empty) {
            return Ok(Applied::new((), Change::Nothing, Vec::new()));
        }
        let outcome = Outcome::of(written)?;
        let read = self.subscription(subscriber, package).await;
        outcome.settle(END, "the delete", read, |row| match row {
            None => Ok(row),
            Some(_) => Err(not_applied(END, "the subscription is still there")),
        })?;
        Ok(Applied::new((), Change::Made, Vec::new()))
    }

    async fn subscription(
        &self,
        subscriber: SubscriberId,
        package: PackageId,
    ) -> Result<Option<schema::SubscriberPackage>> {
        let row = schema::SubscriberPackage::filter(|p| {
            p.subscriber_id.eq(subscriber).and(p.package_id.eq(package))
        });
        Ok(one(self.client.fetch_all(&row).await?))
    }
}

/// That there is one row of a pair is not attested: of several, one in use.
fn one(rows: Vec<schema::SubscriberPackage>) -> Option<schema::SubscriberPackage> {
    rows.into_iter().max_by_key(|row| row.enabled)
}

pub(super) fn plan_end(
    subscription: &SubscriptionId,
    end: End,
) -> Result<(SubscriberId, PackageId)> {
    match end {
        End::Now => ids::subscription(END, subscription),
        End::At(_) => Err(Refusal::lacking(END, Capability::DatedSubscriptions).into()),
    }
}
