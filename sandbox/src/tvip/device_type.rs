//! `/device_types`: models of devices.

use serde::{Deserialize, Serialize};

use super::behavior::TvipBehavior;
use super::resource::{Class, Resource};
use super::state::State;
use crate::records::Table;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DeviceType {
    pub(super) id: i64,
    pub(super) device_type: String,
}

impl Resource for DeviceType {
    const PATH: &'static str = "device_types";
    const KIND: &'static str = "device type";
    const FIELDS: &'static [(&'static str, Class)] = &[("device_type", Class::Given)];

    fn table(state: &State) -> &Table<DeviceType> {
        &state.device_types
    }

    fn table_mut(state: &mut State) -> &mut Table<DeviceType> {
        &mut state.device_types
    }

    fn id(&self) -> i64 {
        self.id
    }

    fn searched<'a>(&'a self, _: &'a State) -> Vec<&'a str> {
        vec![&self.device_type]
    }

    fn delete(&self, state: &mut State, _: &TvipBehavior) -> Result<(), String> {
        if state
            .devices
            .iter()
            .any(|device| device.device_type == Some(self.id))
        {
            return Err("the device type is in use".to_owned());
        }
        state.device_types.remove(self.id);
        Ok(())
    }
}
