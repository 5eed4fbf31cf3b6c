//! `/account_subscriptions` and `/device_subscriptions`: who is subscribed to
//! what. A device's own stand in place of its account's.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::account::Account;
use super::answer::{self, Json};
use super::behavior::{SameTarifTwice, TvipBehavior};
use super::date::{self, OffsetDateTime};
use super::device::Device;
use super::lenient;
use super::resource::{Class, Compared, Kind, Resource, Term, dangling};
use super::state::State;
use super::tarif::Tarif;
use crate::records::Table;

/// A kind of subscription: its subscriber's field is part of what is written,
/// and a field cannot have a generic name.
macro_rules! subscription {
    (
        $(#[$doc:meta])* $name:ident, $path:ident, $kind:literal,
        $owner:ident: $of:ty, $dto:literal, searched by $text:ident in $owners:ident
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub(super) struct $name {
            #[serde(deserialize_with = "lenient::integer")]
            pub(super) id: i64,
            #[serde(deserialize_with = "lenient::integer")]
            pub(super) $owner: i64,
            #[serde(deserialize_with = "lenient::integer")]
            pub(super) tarif: i64,
            pub(super) start: OffsetDateTime,
            /// None: open-ended.
            pub(super) stop: Option<OffsetDateTime>,
            #[serde(default, deserialize_with = "lenient::integer")]
            pub(super) time_shift_depth: i64,
        }

        impl Resource for $name {
            const PATH: &'static str = stringify!($path);
            const KIND: &'static str = $kind;
            const FIELDS: &'static [(&'static str, Class)] = &[
                ("start", Class::Given),
                ("stop", Class::Given),
                ("tarif", Class::Given),
                (stringify!($owner), Class::Given),
                ("tarif_dto", Class::Dto),
                ($dto, Class::Dto),
                ("time_shift_depth", Class::Newer),
            ];
            const ID_AT: usize = 3;
            const FILTERS: &'static [(&'static str, Kind)] =
                &[(stringify!($owner), Kind::Id), ("tarif", Kind::Id)];

            const INDEXED: &'static [&'static str] = &[stringify!($owner), "tarif"];

            const NULLABLE: &'static [&'static str] = &["stop"];
            const REQUIRED: &'static [&'static str] =
                &["start", "tarif", stringify!($owner), "time_shift_depth"];

            fn table(state: &State) -> &Table<$name> {
                &state.$path
            }

            fn table_mut(state: &mut State) -> &mut Table<$name> {
                &mut state.$path
            }

            fn id(&self) -> i64 {
                self.id
            }

            fn terms(&self) -> Vec<Term> {
                vec![
                    Term::id(stringify!($owner), self.$owner),
                    Term::id("tarif", self.tarif),
                ]
            }

            fn compared<'a>(&'a self, filter: &str, _: &'a State) -> Compared<'a> {
                match filter {
                    stringify!($owner) => Compared::Id(Some(self.$owner)),
                    "tarif" => Compared::Id(Some(self.tarif)),
                    _ => Compared::Nothing,
                }
            }

            /// Production clients search with a login.
            fn searched<'a>(&'a self, state: &'a State) -> Vec<&'a str> {
                let owner = state.$owners.get(self.$owner);
                let owner = owner.map(|owner| owner.$text.as_str());
                let tarif = state.tarifs.get(self.tarif);
                let tarif = tarif.map(|tarif| tarif.tarif_name.as_str());
                owner.into_iter().chain(tarif).collect()
            }

            fn dangling(&self, state: &State) -> Option<String> {
                dangling::<$of>(stringify!($owner), self.$owner, state)
                    .or_else(|| dangling::<Tarif>("tarif", self.tarif, state))
            }

            fn forbidden(&self, state: &State, behavior: &TvipBehavior) -> Option<String> {
                if behavior.same_tarif_twice == SameTarifTwice::Accepted {
                    return None;
                }
                let now = date::now(&state.clock);
                let mut others = state.$path.by(&Term::id(stringify!($owner), self.$owner));
                let twice = others.any(|other| {
                    other.tarif == self.tarif
                        && other.id != self.id
                        && other.stop.is_none_or(|stop| stop.at > now)
                });
                let owner = stringify!($owner);
                twice.then(|| format!("the {owner} is subscribed to the tarif {}", self.tarif))
            }

            fn referred(&self, field: &str, state: &State, behavior: &TvipBehavior) -> Json {
                match field {
                    "tarif_dto" => answer::referred::<Tarif>(Some(self.tarif), state, behavior),
                    $dto => answer::referred::<$of>(Some(self.$owner), state, behavior),
                    _ => Value::Null.into(),
                }
            }
        }
    };
}

subscription! {
    /// A subscription of an account.
    AccountSubscription, account_subscriptions, "account subscription",
    account: Account, "account_dto", searched by login in accounts
}

subscription! {
    /// A subscription of a single device.
    DeviceSubscription, device_subscriptions, "device subscription",
    device: Device, "device_dto", searched by unique_id in devices
}
