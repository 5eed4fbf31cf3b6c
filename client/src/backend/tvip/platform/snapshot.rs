//! Everything there is, in six lists.

use std::collections::{HashMap, HashSet};

use super::super::pager::Pager;
use super::super::{
    Account, AccountFilter, AccountId, AccountSubscription, AccountSubscriptionFilter, Channel,
    ChannelFilter, Device, DeviceFilter, DeviceId, DeviceSubscription, DeviceSubscriptionFilter,
    Tarif, TarifFilter, Tvip,
};
use super::convert;
use crate::backend::{Record, Records};
use crate::error::Result;

/// The lists, read one after the other. Of the records given out only keys are
/// kept, to tell whose a subscription is.
struct Snapshot {
    tvip: Tvip,
    stage: Stage,
    accounts: HashSet<AccountId>,
    /// Whose the devices are.
    owners: HashMap<DeviceId, AccountId>,
}

enum Stage {
    Tarifs(Pager<Tarif>),
    Channels(Pager<Channel>),
    Accounts(Pager<Account>),
    Devices(Pager<Device>),
    AccountSubscriptions(Pager<AccountSubscription>),
    DeviceSubscriptions(Pager<DeviceSubscription>),
    Done,
}

impl Tvip {
    pub(super) fn everything(&self) -> Records<'_, Record> {
        let snapshot = Snapshot {
            tvip: self.clone(),
            stage: Stage::Tarifs(Pager::new(self.clone(), TarifFilter::default())),
            accounts: HashSet::new(),
            owners: HashMap::new(),
        };
        Records::paged(snapshot, |mut snapshot| {
            Box::pin(async move { Ok(snapshot.next().await?.map(|page| (page, snapshot))) })
        })
    }
}

impl Snapshot {
    async fn next(&mut self) -> Result<Option<Vec<Record>>> {
        loop {
            if let Some(page) = self.page().await? {
                return Ok(Some(page));
            }
            if !self.advance() {
                return Ok(None);
            }
        }
    }

    async fn page(&mut self) -> Result<Option<Vec<Record>>> {
        let Snapshot {
            tvip,
            stage,
            accounts,
            owners,
        } = self;
        let now = tvip.now();
        Ok(match stage {
            Stage::Tarifs(pager) => pager.next().await?.map(|rows| {
                let seen = rows.into_iter().filter(|row| tvip.sees(row.provider));
                seen.map(|row| Record::Package(convert::package(row)))
                    .collect()
            }),
            Stage::Channels(pager) => pager.next().await?.map(|rows| {
                rows.into_iter()
                    .map(|row| Record::Channel(convert::channel(row)))
                    .collect()
            }),
            Stage::Accounts(pager) => pager.next().await?.map(|rows| {
                accounts.extend(rows.iter().map(|row| row.id));
                rows.into_iter()
                    .map(|row| Record::Subscriber(convert::subscriber(row)))
                    .collect()
            }),
            Stage::Devices(pager) => pager.next().await?.map(|rows| {
                owners.extend(rows.iter().filter_map(|row| Some((row.id, row.account?))));
                rows.into_iter()
                    .map(|row| Record::Terminal(convert::terminal(row, now)))
                    .collect()
            }),
            Stage::AccountSubscriptions(pager) => pager.next().await?.map(|rows| {
                rows.into_iter()
                    .filter(|row| accounts.contains(&row.account))
                    .map(|row| Record::Subscription(convert::account_subscription(row, now)))
                    .collect()
            }),
            // Those of a device that is nobody's have nobody who has them.
            Stage::DeviceSubscriptions(pager) => pager.next().await?.map(|rows| {
                rows.into_iter()
                    .filter_map(|row| {
                        let of = *owners.get(&row.device)?;
                        Some(Record::Subscription(convert::device_subscription(
                            row, of, now,
                        )))
                    })
                    .collect()
            }),
            Stage::Done => None,
        })
    }

    /// To the next list, if there is one.
    fn advance(&mut self) -> bool {
        let tvip = || self.tvip.clone();
        let provider = self.tvip.options().provider;
        self.stage = match self.stage {
            Stage::Tarifs(_) => Stage::Channels(Pager::new(tvip(), ChannelFilter::default())),
            Stage::Channels(_) => {
                let filter = AccountFilter {
                    provider,
                    ..AccountFilter::default()
                };
                Stage::Accounts(Pager::new(tvip(), filter))
            }
            Stage::Accounts(_) => {
                let filter = DeviceFilter {
                    provider,
                    ..DeviceFilter::default()
                };
                Stage::Devices(Pager::new(tvip(), filter))
            }
            Stage::Devices(_) => {
                let filter = AccountSubscriptionFilter::default();
                Stage::AccountSubscriptions(Pager::new(tvip(), filter))
            }
            Stage::AccountSubscriptions(_) => {
                let filter = DeviceSubscriptionFilter::default();
                Stage::DeviceSubscriptions(Pager::new(tvip(), filter))
            }
            Stage::DeviceSubscriptions(_) | Stage::Done => Stage::Done,
        };
        !matches!(self.stage, Stage::Done)
    }
}
