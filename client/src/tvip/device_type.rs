//! `/device_types`: models of devices.

use serde::{Deserialize, Serialize};

use super::DeviceTypeId;
use super::entity::{Entity, Filter, Writable, paths};
use super::query::Query;

/// A model of devices.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct DeviceType {
    /// The server's key.
    pub id: DeviceTypeId,
    /// The name.
    #[serde(default)]
    pub device_type: Option<String>,
}

/// A model to be created. No client in production does; the vendor's SDK can.
#[derive(Debug, Clone, Serialize)]
pub struct NewDeviceType {
    /// The name.
    pub device_type: String,
}

/// A change of a model.
#[derive(Debug, Clone, Default, Serialize)]
pub struct DeviceTypeChange {
    /// The name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device_type: Option<String>,
}

/// The records to list.
#[derive(Debug, Clone, Default)]
pub struct DeviceTypeFilter {
    /// Those that the server finds with this text.
    pub quick_search: Option<String>,
}

impl Entity for DeviceType {
    type Id = DeviceTypeId;
    type Filter = DeviceTypeFilter;
    paths!("device_types");

    fn id(&self) -> DeviceTypeId {
        self.id
    }
}

impl Writable for DeviceType {
    type New = NewDeviceType;
    type Change = DeviceTypeChange;
}

impl Filter<DeviceType> for DeviceTypeFilter {
    fn ask(&self, query: &mut Query) {
        query.text("quick_search", self.quick_search.as_ref());
    }
}
