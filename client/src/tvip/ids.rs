//! Keys of TVIP's records: numbers that look alike and must not be exchanged.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! ids {
    ($($(#[doc = $doc:literal])* $name:ident;)*) => {$(
        $(#[doc = $doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl From<$name> for i64 {
            fn from(id: $name) -> i64 {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )*};
}

ids! {
    /// The key of an [`Account`](super::Account).
    AccountId;
    /// The key of an [`AccountSubscription`](super::AccountSubscription), which
    /// is not the tariff's: a client in production deletes the subscription
    /// with the tariff's number, which is a stranger's.
    ///
    /// ```compile_fail,E0308
    /// use jsonsql_client::tvip::{TarifId, Tvip};
    ///
    /// # async fn example(tvip: &Tvip) -> jsonsql_client::Result<()> {
    /// let tarif = TarifId(69);
    /// tvip.account_subscriptions().delete(tarif).await?; // expects `AccountSubscriptionId`
    /// # Ok(())
    /// # }
    /// ```
    AccountSubscriptionId;
    /// The key of a [`Device`](super::Device).
    DeviceId;
    /// The key of a [`DeviceSubscription`](super::DeviceSubscription).
    DeviceSubscriptionId;
    /// The key of a [`Tarif`](super::Tarif).
    TarifId;
    /// The key of a [`TarifTag`](super::TarifTag).
    TarifTagId;
    /// The key of a [`Channel`](super::Channel).
    ChannelId;
    /// The key of a [`Provider`](super::Provider).
    ProviderId;
    /// The key of a [`Region`](super::Region).
    RegionId;
    /// The key of an [`AccountNetwork`](super::AccountNetwork).
    AccountNetworkId;
    /// The key of a [`DeviceType`](super::DeviceType).
    DeviceTypeId;
    /// The key of a [`FavoriteGroup`](super::FavoriteGroup).
    FavoriteGroupId;
}
