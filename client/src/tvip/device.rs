//! `/devices`: set-top boxes, telephones, television sets.

use serde::{Deserialize, Serialize};

use super::entity::{Entity, Filter, Writable, paths};
use super::query::{Query, has, may_have};
use super::{AccountId, DeviceId, DeviceTypeId, OffsetDateTime, ProviderId, fields};
use crate::model::{MacAddr, Patch};

/// A device. Fields that a server of another version does not have are none.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Device {
    /// The server's key.
    pub id: DeviceId,
    /// The identifier of the device: of a box its hardware address, of an application
    /// a long text that means nothing.
    pub unique_id: String,
    /// The hardware address.
    #[serde(default)]
    pub mac: Option<String>,
    /// The account; none if it is in no account.
    #[serde(default)]
    pub account: Option<AccountId>,
    /// The provider.
    #[serde(default)]
    pub provider: Option<ProviderId>,
    /// The network address.
    #[serde(default)]
    pub ipaddr: Option<String>,
    /// Free text.
    #[serde(default)]
    pub comment: Option<String>,
    /// The billing's key.
    #[serde(default)]
    pub remote_custom_field: Option<String>,
    /// The version of its firmware.
    #[serde(default)]
    pub last_fw_ver: Option<String>,
    /// The operating system.
    #[serde(default)]
    pub operation_system: Option<String>,
    /// Its UDP proxy.
    #[serde(default)]
    pub udpxy_addr: Option<String>,
    /// `true` if it is behind NAT.
    #[serde(default)]
    pub use_nat: Option<bool>,
    /// The model.
    #[serde(default)]
    pub device_type: Option<DeviceTypeId>,
    /// The time when it was first seen, as the server writes it.
    #[serde(default)]
    pub first_online: Option<String>,
    /// The time when it was last seen, as the server writes it.
    #[serde(default)]
    pub last_online: Option<String>,
    /// `true` if it is connected, since 2025.
    #[serde(default)]
    pub ws_connected: Option<bool>,
}

impl Device {
    /// The hardware address, if it goes by one.
    pub fn mac_addr(&self) -> Option<MacAddr> {
        self.unique_id.parse().ok()
    }

    /// Returns the time when it was last seen, if that is a time.
    pub fn last_seen(&self) -> Option<OffsetDateTime> {
        self.last_online.as_ref()?.parse().ok()
    }
}

/// A hardware address as the server has it: lower case, with colons.
pub(crate) fn unique_id(mac: MacAddr) -> String {
    mac.to_string().replace('-', ":").to_ascii_lowercase()
}

/// A device to be created.
#[derive(Debug, Clone, Serialize)]
pub struct NewDevice {
    /// The future owner.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountId>,
    /// The provider.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider: Option<ProviderId>,
    /// The identifier of the device.
    pub unique_id: String,
    /// The hardware address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mac: Option<String>,
    /// Free text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// The billing's key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remote_custom_field: Option<String>,
    /// The model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device_type: Option<DeviceTypeId>,
    /// The network address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ipaddr: Option<String>,
    /// The operating system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operation_system: Option<String>,
    /// Its UDP proxy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub udpxy_addr: Option<String>,
    /// `true` if it is behind NAT.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub use_nat: Option<bool>,
    /// One client in production has sent false since 2025; whether new servers
    /// require it is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ws_connected: Option<bool>,
}

impl NewDevice {
    /// A box of nobody's.
    pub fn new(mac: MacAddr) -> NewDevice {
        NewDevice::of_unique_id(unique_id(mac))
    }

    /// A device of nobody's that goes by this text.
    pub fn of_unique_id(unique_id: impl Into<String>) -> NewDevice {
        NewDevice {
            account: None,
            provider: None,
            unique_id: unique_id.into(),
            mac: None,
            comment: None,
            remote_custom_field: None,
            device_type: None,
            ipaddr: None,
            operation_system: None,
            udpxy_addr: None,
            use_nat: None,
            ws_connected: None,
        }
    }
}

/// A change of a device; what it does not name stays as it is.
#[derive(Debug, Clone, Default, Serialize)]
pub struct DeviceChange {
    /// The account; cleared, it is in none, which is inferred from devices
    /// without an account.
    #[serde(
        serialize_with = "fields::patch",
        skip_serializing_if = "Patch::is_keep"
    )]
    pub account: Patch<AccountId>,
    /// Another provider.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider: Option<ProviderId>,
    /// The identifier of the device.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unique_id: Option<String>,
    /// The hardware address.
    #[serde(
        serialize_with = "fields::patch",
        skip_serializing_if = "Patch::is_keep"
    )]
    pub mac: Patch<String>,
    /// Free text.
    #[serde(
        serialize_with = "fields::patch",
        skip_serializing_if = "Patch::is_keep"
    )]
    pub comment: Patch<String>,
    /// The billing's key.
    #[serde(
        serialize_with = "fields::patch",
        skip_serializing_if = "Patch::is_keep"
    )]
    pub remote_custom_field: Patch<String>,
    /// The model.
    #[serde(
        serialize_with = "fields::patch",
        skip_serializing_if = "Patch::is_keep"
    )]
    pub device_type: Patch<DeviceTypeId>,
    /// The network address.
    #[serde(
        serialize_with = "fields::patch",
        skip_serializing_if = "Patch::is_keep"
    )]
    pub ipaddr: Patch<String>,
    /// The operating system.
    #[serde(
        serialize_with = "fields::patch",
        skip_serializing_if = "Patch::is_keep"
    )]
    pub operation_system: Patch<String>,
    /// Its UDP proxy.
    #[serde(
        serialize_with = "fields::patch",
        skip_serializing_if = "Patch::is_keep"
    )]
    pub udpxy_addr: Patch<String>,
    /// `true` if it is behind NAT.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub use_nat: Option<bool>,
}

/// The devices to list.
#[derive(Debug, Clone, Default)]
pub struct DeviceFilter {
    /// Those of this account.
    pub account: Option<AccountId>,
    /// This model.
    pub device_type: Option<DeviceTypeId>,
    /// This provider's.
    pub provider: Option<ProviderId>,
    /// The one that goes by this, letter for letter.
    pub unique_id: Option<String>,
    /// Those with this key of the billing's.
    pub remote_custom_field: Option<String>,
    /// Those that the server finds with this text, such as a hardware address.
    pub quick_search: Option<String>,
}

impl Entity for Device {
    type Id = DeviceId;
    type Filter = DeviceFilter;
    paths!("devices");

    fn id(&self) -> DeviceId {
        self.id
    }
}

impl Writable for Device {
    type New = NewDevice;
    type Change = DeviceChange;
}

impl Filter<Device> for DeviceFilter {
    fn ask(&self, query: &mut Query) {
        query.id("account", self.account);
        query.id("device_type", self.device_type);
        query.id("provider", self.provider);
        query.text("unique_id", self.unique_id.as_ref());
        query.text("remote_custom_field", self.remote_custom_field.as_ref());
        query.text("quick_search", self.quick_search.as_ref());
    }

    fn admits(&self, device: &Device) -> bool {
        let external = device.remote_custom_field.as_ref();
        has(&self.account, device.account.as_ref())
            && has(&self.device_type, device.device_type.as_ref())
            && may_have(&self.provider, device.provider.as_ref())
            && has(&self.unique_id, Some(&device.unique_id))
            && has(&self.remote_custom_field, external)
    }
}
