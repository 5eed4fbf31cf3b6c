//! Deleting an account with all that belongs to it.

use super::super::{
    AccountId, AccountNetworkFilter, AccountSubscriptionFilter, DeviceFilter, Tvip, Unbind,
};
use super::find::number;
use super::steps::Steps;
use crate::backend::{Applied, Change};
use crate::error::{Error, Result};
use crate::model::SubscriberId;

const DELETE: &str = "delete subscriber";

impl Tvip {
    /// Whether servers delete what belongs to an account, or refuse to delete
    /// an account with anything, is not known: everything goes before it.
    pub(super) async fn delete_with_all(&self, id: &SubscriberId) -> Result<Applied<()>> {
        let id = AccountId(number(DELETE, "subscriber", id.as_str())?);
        if self.account(id).await?.is_none() {
            return Ok(Applied::new((), Change::Nothing, Vec::new()));
        }
        let mut steps = Steps::of(DELETE);
        let devices = self.devices().list(DeviceFilter {
            account: Some(id),
            ..DeviceFilter::default()
        });
        for device in devices.collect().await? {
            self.release(&device, Unbind::Delete, &mut steps).await?;
        }
        let filter = AccountSubscriptionFilter {
            account: Some(id),
            ..AccountSubscriptionFilter::default()
        };
        let calls = self.account_subscriptions();
        let listed = calls.list(filter).collect();
        for row in steps.read("list subscriptions", listed).await? {
            steps
                .step("delete subscription", calls.delete(row.id))
                .await?;
        }
        let filter = AccountNetworkFilter {
            account: Some(id),
            ..AccountNetworkFilter::default()
        };
        let calls = self.account_network();
        let listed = calls.list(filter).collect();
        for row in steps.read("list networks", listed).await? {
            steps.step("delete network", calls.delete(row.id)).await?;
        }
        steps
            .step("delete account", self.accounts().delete(id))
            .await?;
        let gone = async {
            match self.accounts().get(id).await? {
                None => Ok(()),
                Some(_) => Err(Error::NotApplied {
                    operation: DELETE,
                    found: "the account is there".into(),
                    place: None,
                }),
            }
        };
        steps.read("read it back", gone).await?;
        Ok(Applied::new((), Change::Made, Vec::new()))
    }
}
