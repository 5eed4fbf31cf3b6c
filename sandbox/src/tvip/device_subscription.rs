//! `/device_subscriptions`: what single devices are subscribed to, in place of their account's.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::answer;
use super::date::{self, Moment};
use super::device::Device;
use super::lenient;
use super::resource::{Class, Compared, Kind, Resource, dangling};
use super::state::State;
use super::table::Table;
use super::tarif::Tarif;
use super::unknowns::{SameTarifTwice, TvipUnknowns};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DeviceSubscription {
    #[serde(deserialize_with = "lenient::integer")]
    pub(super) id: i64,
    #[serde(deserialize_with = "lenient::integer")]
    pub(super) device: i64,
    #[serde(deserialize_with = "lenient::integer")]
    pub(super) tarif: i64,
    pub(super) start: Moment,
    /// None: open-ended.
    pub(super) stop: Option<Moment>,
    #[serde(default, deserialize_with = "lenient::integer")]
    pub(super) time_shift_depth: i64,
}

impl Resource for DeviceSubscription {
    const PATH: &'static str = "device_subscriptions";
    const KIND: &'static str = "device subscription";
    const FIELDS: &'static [(&'static str, Class)] = &[
        ("start", Class::Given),
        ("stop", Class::Given),
        ("tarif", Class::Given),
        ("device", Class::Given),
        ("tarif_dto", Class::Dto),
        ("device_dto", Class::Dto),
        ("time_shift_depth", Class::Newer),
    ];
    const FILTERS: &'static [(&'static str, Kind)] = &[("device", Kind::Id), ("tarif", Kind::Id)];

    fn table(state: &State) -> &Table<DeviceSubscription> {
        &state.device_subscriptions
    }

    fn table_mut(state: &mut State) -> &mut Table<DeviceSubscription> {
        &mut state.device_subscriptions
    }

    fn id(&self) -> i64 {
        self.id
    }

    fn compared<'a>(&'a self, filter: &str, _: &'a State) -> Compared<'a> {
        match filter {
            "device" => Compared::Id(Some(self.device)),
            "tarif" => Compared::Id(Some(self.tarif)),
            _ => Compared::Nothing,
        }
    }

    fn searched<'a>(&'a self, state: &'a State) -> Vec<&'a str> {
        let device = state
            .devices
            .get(self.device)
            .map(|device| device.unique_id.as_str());
        let tarif = state
            .tarifs
            .get(self.tarif)
            .map(|tarif| tarif.tarif_name.as_str());
        device.into_iter().chain(tarif).collect()
    }

    fn dangling(&self, state: &State) -> Option<String> {
        dangling::<Device>("device", self.device, state)
            .or_else(|| dangling::<Tarif>("tarif", self.tarif, state))
    }

    fn forbidden(&self, state: &State, unknowns: &TvipUnknowns) -> Option<String> {
        if unknowns.same_tarif_twice == SameTarifTwice::Accepted {
            return None;
        }
        let now = date::now();
        let twice = state.device_subscriptions.iter().any(|other| {
            let same = other.device == self.device && other.tarif == self.tarif;
            same && other.id != self.id && other.stop.is_none_or(|stop| stop.at > now)
        });
        twice.then(|| format!("the device is subscribed to the tarif {}", self.tarif))
    }

    fn referred(&self, field: &str, state: &State, unknowns: &TvipUnknowns) -> Value {
        match field {
            "tarif_dto" => answer::referred::<Tarif>(Some(self.tarif), state, unknowns),
            "device_dto" => answer::referred::<Device>(Some(self.device), state, unknowns),
            _ => Value::Null,
        }
    }
}
