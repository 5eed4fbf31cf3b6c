//! Everybody, in the lists that there are.

use std::collections::HashMap;

use super::Tvip;
use super::load::odd_part;
use super::rows::{AccountRow, DeviceRow, OddPart, SubscriptionRow, TvipRows};
use crate::error::Result;
use crate::provisioning::Records;
use crate::tvip::{
    Account, AccountFilter, AccountNetworkFilter, AccountSubscriptionFilter, DeviceFilter,
    DeviceSubscriptionFilter, Listed, OddRow,
};

/// The maximum number of accounts that are assembled at a time.
const PAGE: usize = 500;

/// The records that belong to accounts. They are read before the accounts, because
/// they are not in the order of the accounts.
#[derive(Default)]
struct Belongings {
    devices: HashMap<i64, Vec<DeviceRow>>,
    subscriptions: HashMap<i64, Vec<SubscriptionRow>>,
    of_devices: HashMap<i64, Vec<SubscriptionRow>>,
    networks: HashMap<i64, Vec<i64>>,
    /// Rows that cannot be read, by the account they are of.
    odd: HashMap<i64, Vec<OddPart>>,
    /// Devices that are nobody's.
    loose: Vec<DeviceRow>,
    /// Rows that cannot be read, to be told.
    unreadable: Vec<OddRow>,
    /// The number of rows that were read.
    rows: usize,
}

struct Walk<'a> {
    tvip: &'a Tvip,
    belongings: Option<Belongings>,
    accounts: Option<Records<'static, Listed<Account>>>,
    is_done: bool,
}

impl Tvip {
    /// Streams everybody. Rows that cannot be read come beside those of the
    /// subscriber they are of.
    pub(super) fn everybody(&self) -> Records<'_, Listed<TvipRows>> {
        let walk = Walk {
            tvip: self,
            belongings: None,
            accounts: None,
            is_done: false,
        };
        Records::paged(walk, |mut walk| {
            Box::pin(async move { Ok(walk.next().await?.map(|page| (page, walk))) })
        })
    }

    async fn belongings(&self) -> Result<Belongings> {
        let mut all = Belongings::default();
        // By the number of the device, for whose subscriptions are its own.
        let mut unique_ids: HashMap<i64, (String, Option<i64>)> = HashMap::new();
        let mut rows = self.raw.devices().pages(DeviceFilter::default());
        while let Some(row) = rows.next().await {
            all.rows += 1;
            match row? {
                Listed::Read(device) => {
                    let account = device.account.map(|account| account.0);
                    let (id, provider) = (device.id.0, device.provider);
                    let row = DeviceRow::from(device);
                    unique_ids.insert(id, (row.unique_id.clone(), account));
                    match account {
                        Some(account) => all.devices.entry(account).or_default().push(row),
                        None if self.sees(provider) => all.loose.push(row),
                        None => {}
                    }
                }
                Listed::Odd(odd) => all.spoil(odd, "account", true),
            }
        }
        let filter = AccountSubscriptionFilter::default();
        let mut rows = self.raw.account_subscriptions().pages(filter);
        while let Some(row) = rows.next().await {
            all.rows += 1;
            match row? {
                Listed::Read(row) => {
                    let of = all.subscriptions.entry(row.account.0).or_default();
                    of.push(SubscriptionRow::of_account(&row));
                }
                Listed::Odd(odd) => all.spoil(odd, "account", false),
            }
        }
        let filter = DeviceSubscriptionFilter::default();
        let mut rows = self.raw.device_subscriptions().pages(filter);
        while let Some(row) = rows.next().await {
            all.rows += 1;
            match row? {
                Listed::Read(row) => {
                    if let Some((unique_id, _)) = unique_ids.get(&row.device.0) {
                        let of = all.of_devices.entry(row.device.0).or_default();
                        of.push(SubscriptionRow::of_device(&row, unique_id));
                    }
                }
                Listed::Odd(odd) => {
                    let device = odd.value["device"].as_i64();
                    let owner = device.and_then(|id| unique_ids.get(&id)?.1);
                    if let Some(owner) = owner {
                        let of = all.odd.entry(owner).or_default();
                        of.push(odd_part(&odd, false));
                    }
                    all.unreadable.push(odd);
                }
            }
        }
        let filter = AccountNetworkFilter::default();
        let mut rows = self.raw.account_network().pages(filter);
        while let Some(row) = rows.next().await {
            all.rows += 1;
            if let Listed::Read(row) = row? {
                all.networks
                    .entry(row.account.0)
                    .or_default()
                    .push(row.id.0);
            }
        }
        Ok(all)
    }
}

impl Belongings {
    /// A row that cannot be read is told, and known to whoever it is of.
    fn spoil(&mut self, odd: OddRow, owner: &str, is_device: bool) {
        if let Some(owner) = odd.value[owner].as_i64() {
            let of = self.odd.entry(owner).or_default();
            of.push(odd_part(&odd, is_device));
        }
        self.unreadable.push(odd);
    }

    fn of_account(&mut self, account: Account) -> TvipRows {
        let id = account.id.0;
        let devices = self.devices.remove(&id).unwrap_or_default();
        let mut subscriptions = self.subscriptions.remove(&id).unwrap_or_default();
        for device in &devices {
            let own = device.id.and_then(|id| self.of_devices.remove(&id));
            subscriptions.extend(own.unwrap_or_default());
        }
        TvipRows {
            account: Some(AccountRow::from(account)),
            devices: devices.into_iter().collect(),
            subscriptions: subscriptions.into_iter().collect(),
            networks: (self.networks.remove(&id).unwrap_or_default())
                .into_iter()
                .collect(),
            odd: self.odd.remove(&id).unwrap_or_default(),
            devices_unread: false,
            is_foreign: false,
        }
    }
}

impl Walk<'_> {
    async fn next(&mut self) -> Result<Option<Vec<Listed<TvipRows>>>> {
        if self.is_done {
            return Ok(None);
        }
        if self.belongings.is_none() {
            self.belongings = Some(self.tvip.belongings().await?);
        }
        let belongings = self.belongings.get_or_insert_default();
        let accounts = self.accounts.get_or_insert_with(|| {
            let filter = AccountFilter {
                provider: self.tvip.raw.options().provider,
                ..AccountFilter::default()
            };
            self.tvip.raw.accounts().pages(filter)
        });
        let mut page = Vec::new();
        while page.len() < PAGE {
            let account = accounts.next().await.transpose()?;
            belongings.rows += 1;
            match account {
                Some(Listed::Read(account)) if self.tvip.sees(account.provider) => {
                    page.push(Listed::Read(belongings.of_account(account)));
                }
                Some(Listed::Read(_)) => {}
                Some(Listed::Odd(odd)) => page.push(Listed::Odd(odd)),
                None => {
                    self.is_done = true;
                    self.tvip.keep_size(belongings.rows);
                    for device in std::mem::take(&mut belongings.loose) {
                        let own = device.id.and_then(|id| belongings.of_devices.remove(&id));
                        page.push(Listed::Read(TvipRows {
                            subscriptions: own.unwrap_or_default().into_iter().collect(),
                            devices: [device].into_iter().collect(),
                            ..TvipRows::default()
                        }));
                    }
                    let unreadable = std::mem::take(&mut belongings.unreadable);
                    page.extend(unreadable.into_iter().map(Listed::Odd));
                    break;
                }
            }
        }
        for one in &mut page {
            if let Listed::Read(rows) = one {
                self.tvip.name_models(rows).await?;
            }
        }
        Ok(Some(page))
    }
}
