//! TVIP TMS, over its provider API.
//!
//! [`Tvip`] has a method for each resource, and is a
//! [`Backend`](crate::provisioning::Backend) too.
//!
//! ```no_run
//! use jsonsql_client::tvip::{AccountChange, NewAccount, ProviderId, Tvip};
//!
//! # async fn example() -> jsonsql_client::Result<()> {
//! let tvip = Tvip::builder()
//!     .url("https://tms.example.com/api/provider")
//!     .credentials("billing", "a password from somewhere safe")
//!     .provider(ProviderId(212))
//!     .build()?;
//!
//! let new = NewAccount {
//!     password: Some("a password from somewhere safe".into()),
//!     provider: Some(ProviderId(212)),
//!     ..NewAccount::new("user")
//! };
//! let account = tvip.accounts().create(&new).await?;
//!
//! let off = AccountChange { enabled: Some(false), ..AccountChange::default() };
//! tvip.accounts().update(account.id, &off).await?;
//! # Ok(())
//! # }
//! ```
//!
//! A server creates if a POST has no `id` and changes if it has one; here they
//! are [`create`](Calls::create) and [`update`](Calls::update). A change sends
//! what it names and nothing else.
//!
//! | what happened | |
//! | --- | --- |
//! | the answer to a creation or command is lost | [`Error::Indeterminate`](crate::Error::Indeterminate) |
//! | the answer to a change or deletion is lost | it is sent again: doing it twice is doing it once |
//! | HTTP 401, 403 | [`Error::Denied`](crate::Error::Denied) |
//! | an error in JSON, of either shape | [`Error::Rejected`](crate::Error::Rejected), without what was sent |
//! | a page of HTML | [`Error::Status`](crate::Error::Status), or [`Error::Protocol`](crate::Error::Protocol) with HTTP 200 |

mod account;
mod account_network;
mod account_subscription;
mod answer;
mod calls;
mod channel;
mod command;
mod debug;
mod device;
mod device_subscription;
mod device_type;
mod entity;
mod favorite_group;
mod fields;
mod ids;
mod listed;
mod options;
mod pager;
mod provider;
mod query;
mod region;
mod secret;
mod send;
mod subscription_change;
mod tarif;
mod tarif_tag;
mod timestamp;

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;

pub use account::{Account, AccountChange, AccountFilter, NewAccount};
pub use account_network::{
    AccountNetwork, AccountNetworkChange, AccountNetworkFilter, NewAccountNetwork,
};
pub use account_subscription::{
    AccountSubscription, AccountSubscriptionFilter, NewAccountSubscription,
};
pub use calls::Calls;
pub use channel::{Channel, ChannelFilter};
pub use command::Command;
pub(crate) use device::unique_id;
pub use device::{Device, DeviceChange, DeviceFilter, NewDevice};
pub use device_subscription::{
    DeviceSubscription, DeviceSubscriptionFilter, NewDeviceSubscription,
};
pub use device_type::{DeviceType, DeviceTypeChange, DeviceTypeFilter, NewDeviceType};
pub use favorite_group::{FavoriteGroup, FavoriteGroupFilter};
pub use ids::{
    AccountId, AccountNetworkId, AccountSubscriptionId, ChannelId, DeviceId, DeviceSubscriptionId,
    DeviceTypeId, FavoriteGroupId, ProviderId, RegionId, TarifId, TarifTagId,
};
pub use jiff::tz::Offset;
pub(crate) use listed::{Listed, OddRow};
pub use options::{Ending, Options, Unbind};
pub use provider::{Provider, ProviderFilter};
pub use region::{Region, RegionFilter};
pub use secret::PinMd5;
pub use send::Commands;
pub use subscription_change::SubscriptionChange;
pub use tarif::{NewTarif, Tarif, TarifChange, TarifFilter};
pub use tarif_tag::{NewTarifTag, TarifTag, TarifTagChange, TarifTagFilter};
pub use timestamp::{EpochUnit, OffsetDateTime, ParseOffsetDateTimeError};

use self::answer::Asked;
use crate::builder::ClientBuilder;
use crate::error::Place;
use crate::http::rest::Rest;

/// A client of one TVIP TMS, for one administrator. Clones share connections
/// and limits.
#[derive(Clone)]
pub struct Tvip(Arc<Inner>);

struct Inner {
    rest: Rest,
    options: Options,
}

impl Tvip {
    /// The settings of a client to be built.
    pub fn builder() -> ClientBuilder<Options> {
        ClientBuilder::default()
    }

    /// `/accounts`: subscribers.
    pub fn accounts(&self) -> Calls<'_, Account> {
        Calls::new(self)
    }

    /// `/account_subscriptions`: what accounts are subscribed to.
    pub fn account_subscriptions(&self) -> Calls<'_, AccountSubscription> {
        Calls::new(self)
    }

    /// `/devices`: set-top boxes, telephones, television sets.
    pub fn devices(&self) -> Calls<'_, Device> {
        Calls::new(self)
    }

    /// `/device_subscriptions`: what single devices are subscribed to.
    pub fn device_subscriptions(&self) -> Calls<'_, DeviceSubscription> {
        Calls::new(self)
    }

    /// `/tarifs`: tariffs.
    pub fn tarifs(&self) -> Calls<'_, Tarif> {
        Calls::new(self)
    }

    /// `/tarif_tags`: groups of tariffs.
    pub fn tarif_tags(&self) -> Calls<'_, TarifTag> {
        Calls::new(self)
    }

    /// `/channels`: what is watched.
    pub fn channels(&self) -> Calls<'_, Channel> {
        Calls::new(self)
    }

    /// `/providers`: operators that share the server.
    pub fn providers(&self) -> Calls<'_, Provider> {
        Calls::new(self)
    }

    /// `/regions`: regions with channels of their own.
    pub fn regions(&self) -> Calls<'_, Region> {
        Calls::new(self)
    }

    /// `/account_network`: networks to sign in from without a password.
    pub fn account_network(&self) -> Calls<'_, AccountNetwork> {
        Calls::new(self)
    }

    /// `/device_types`: models of devices.
    pub fn device_types(&self) -> Calls<'_, DeviceType> {
        Calls::new(self)
    }

    /// `/favorite_group`: groups of channels.
    pub fn favorite_group(&self) -> Calls<'_, FavoriteGroup> {
        Calls::new(self)
    }

    /// `/commands/send`: commands to devices.
    pub fn commands(&self) -> Commands<'_> {
        Commands(self)
    }

    /// Returns the question with what its answer must not show: these texts and the
    /// credentials.
    fn asked(&self, operation: &'static str, mut texts: Vec<String>) -> Asked {
        texts.extend(self.rest().credentials().map(str::to_owned));
        Asked { operation, texts }
    }

    /// Returns the place an operation goes to, for its errors.
    pub(crate) fn place_of(&self, operation: &'static str) -> Arc<Place> {
        self.0.rest.place(operation)
    }

    fn rest(&self) -> &Rest {
        &self.0.rest
    }

    pub(crate) fn options(&self) -> &Options {
        &self.0.options
    }

    fn page_rows(&self) -> u64 {
        // A page has the last row of the one before.
        self.options().page_rows.max(2).into()
    }

    fn ttl_unit(&self) -> EpochUnit {
        self.options().ttl_unit
    }

    /// Returns the server's time by the header `Date` of its last answer (RFC 9110,
    /// 6.6.1), in whole seconds; `None` before the first answer, and if it tells none.
    pub fn server_time(&self) -> Option<Timestamp> {
        self.rest().server_time()
    }

    /// The server's time, in whole seconds, as it writes times.
    pub(crate) fn now(&self) -> Timestamp {
        let now = match &self.options().clock {
            Some(clock) => clock(),
            None => self.server_time().unwrap_or_else(Timestamp::now),
        };
        Timestamp::from_second(now.as_second()).unwrap_or(now)
    }
}

impl fmt::Debug for Tvip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tvip")
            .field("server", &self.rest().base().host_str())
            .field("provider", &self.options().provider)
            .finish_non_exhaustive()
    }
}
