//! `/device_subscriptions`: what devices are subscribed to.

use serde::{Deserialize, Serialize};

use super::entity::{Entity, Filter, Writable, paths};
use super::query::{Query, has};
use super::{
    Device, DeviceId, DeviceSubscriptionId, OffsetDateTime, SubscriptionChange, Tarif, TarifId,
    fields,
};

/// A tariff of one device, for a time. A device with a subscription of its own
/// has nothing of its account's.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct DeviceSubscription {
    /// The server's key, which is not the tariff's.
    pub id: DeviceSubscriptionId,
    /// The holder.
    pub device: DeviceId,
    /// The tariff that the holder has.
    pub tarif: TarifId,
    /// Since when.
    #[serde(default)]
    pub start: Option<OffsetDateTime>,
    /// Until when; none is until it is ended.
    #[serde(default)]
    pub stop: Option<OffsetDateTime>,
    /// Since 2023.
    #[serde(default)]
    pub time_shift_depth: Option<i64>,
    /// The tariff, if the server expands it.
    #[serde(default, deserialize_with = "fields::expanded")]
    pub tarif_dto: Option<Box<Tarif>>,
    /// The device, if the server expands it.
    #[serde(default, deserialize_with = "fields::expanded")]
    pub device_dto: Option<Box<Device>>,
}

/// A subscription to be created.
#[derive(Debug, Clone, Serialize)]
pub struct NewDeviceSubscription {
    /// The future holder.
    pub device: DeviceId,
    /// From when; later than now is allowed.
    pub start: OffsetDateTime,
    /// The tariff to have. That they do not have it already is the caller's
    /// business: no server is known to look.
    pub tarif: TarifId,
    /// Until when; none is until it is ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stop: Option<OffsetDateTime>,
    /// Only for servers since 2023.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_shift_depth: Option<i64>,
}

impl NewDeviceSubscription {
    /// A subscription that lasts until it is ended.
    pub fn new(device: DeviceId, tarif: TarifId, start: OffsetDateTime) -> NewDeviceSubscription {
        NewDeviceSubscription {
            device,
            start,
            tarif,
            stop: None,
            time_shift_depth: None,
        }
    }
}

/// The subscriptions to list.
#[derive(Debug, Clone, Default)]
pub struct DeviceSubscriptionFilter {
    /// Those of this device.
    pub device: Option<DeviceId>,
    /// Those to this tariff.
    pub tarif: Option<TarifId>,
    /// Those that the server finds with this text.
    pub quick_search: Option<String>,
}

impl Entity for DeviceSubscription {
    type Id = DeviceSubscriptionId;
    type Filter = DeviceSubscriptionFilter;
    paths!("device_subscriptions");

    fn id(&self) -> DeviceSubscriptionId {
        self.id
    }
}

impl Writable for DeviceSubscription {
    type New = NewDeviceSubscription;
    type Change = SubscriptionChange;
}

impl Filter<DeviceSubscription> for DeviceSubscriptionFilter {
    fn ask(&self, query: &mut Query) {
        query.id("device", self.device);
        query.id("tarif", self.tarif);
        query.text("quick_search", self.quick_search.as_ref());
    }

    fn admits(&self, subscription: &DeviceSubscription) -> bool {
        has(&self.device, Some(&subscription.device)) && has(&self.tarif, Some(&subscription.tarif))
    }
}
