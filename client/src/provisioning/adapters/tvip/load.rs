//! Loading subscribers by their keys.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::Ordering;

use super::parts::Parts;
use super::rows::{AccountRow, DeviceRow, OddPart, SubscriptionRow, TvipRows};
use super::view::OF_DEVICE;
use super::{Tvip, number};
use crate::error::{At, Error, ProtocolError, Refusal, Result};
use crate::model::{MacAddr, SubscriberId, TerminalId};
use crate::provisioning::Collation;
use crate::provisioning::identity::{Key, KeyKind};
use crate::provisioning::platform::Loaded;
use crate::tvip::{
    Account, AccountFilter, AccountId, AccountNetworkFilter, AccountSubscription,
    AccountSubscriptionFilter, AccountSubscriptionId, Device, DeviceFilter, DeviceId,
    DeviceSubscription, DeviceSubscriptionFilter, DeviceSubscriptionId, Listed, OddRow, ProviderId,
    unique_id,
};

/// The number of keys, or of devices of one account, up to which each one is looked
/// up by itself; for more of them, the whole list is read. Of a server whose lists are
/// known to be long it is more keys.
const FEW: usize = 10;

/// The number of requests that one key takes: for the account, its devices, their
/// subscriptions and its own, its networks.
const REQUESTS: usize = 5;

/// The records that the keys have led to so far.
#[derive(Default)]
struct Draft {
    accounts: BTreeMap<i64, Account>,
    devices: BTreeMap<i64, Device>,
    of_accounts: Vec<AccountSubscription>,
    of_devices: Vec<DeviceSubscription>,
    /// Accounts that were reached by a device.
    through_devices: BTreeSet<i64>,
}

impl Tvip {
    pub(super) async fn load_parts(&self, keys: &[Key], parts: Parts) -> Result<Loaded<TvipRows>> {
        keys.iter().try_for_each(refuse_foreign)?;
        let found = match self.reads_lists(keys.len()) {
            true => self.load_many(keys).await?,
            false => self.load_few(keys, parts).await?,
        };
        Ok(Loaded {
            found,
            now: Some(self.raw.now()),
        })
    }

    /// Returns `true` if the lists of everybody are fewer requests than this many keys.
    pub(super) fn reads_lists(&self, keys: usize) -> bool {
        let pages = self.pages.load(Ordering::Relaxed);
        keys > FEW.max(pages / REQUESTS)
    }

    /// Keeps how many requests the lists of everybody are, when all of them were read.
    pub(super) fn keep_size(&self, rows: usize) {
        // The first row of a page is the last one of the page before.
        let of_page = self.raw.options().page_rows.saturating_sub(1).max(1);
        let of_page = usize::try_from(of_page).unwrap_or(usize::MAX);
        self.pages.store(rows / of_page, Ordering::Relaxed);
    }

    async fn load_few(&self, keys: &[Key], parts: Parts) -> Result<Vec<TvipRows>> {
        let mut draft = Draft::default();
        for key in keys {
            self.follow(key, &mut draft).await?;
        }
        let mut owners: BTreeSet<i64> = BTreeSet::new();
        for device in draft.devices.values() {
            owners.extend(device.account.map(|account| account.0));
        }
        for &owner in &owners {
            draft.through_devices.insert(owner);
            if !draft.accounts.contains_key(&owner)
                && let Some(account) = self.account(owner).await?
            {
                draft.accounts.insert(owner, account);
            }
        }
        let mut found = Vec::new();
        for account in std::mem::take(&mut draft.accounts).into_values() {
            found.push(self.whole(account, &mut draft, parts).await?);
        }
        // What is left is nobody's.
        for device in draft.devices.into_values() {
            let mut rows = TvipRows {
                is_foreign: !self.sees(device.provider),
                ..TvipRows::default()
            };
            self.read_of_device(&device, &mut rows).await?;
            rows.devices.add(DeviceRow::from(device));
            found.push(rows);
        }
        for rows in &mut found {
            self.name_models(rows).await?;
        }
        Ok(found)
    }

    /// Finds the account or the device that a key is of.
    async fn follow(&self, key: &Key, draft: &mut Draft) -> Result<()> {
        let number = key.text().parse::<i64>().ok();
        match key.kind() {
            KeyKind::Id => {
                if let Some(id) = number
                    && !draft.accounts.contains_key(&id)
                {
                    let account = self.account(id).await?;
                    let ours = account.filter(|account| self.sees(account.provider));
                    draft.accounts.extend(ours.map(|account| (id, account)));
                }
            }
            KeyKind::Login | KeyKind::Reference => {
                for account in self.accounts_by(key).await? {
                    draft.accounts.insert(account.id.0, account);
                }
            }
            KeyKind::Terminal => {
                for device in self.devices_by(key).await? {
                    draft.devices.insert(device.id.0, device);
                }
            }
            KeyKind::TerminalId => {
                if let Some(id) = number
                    && !draft.devices.contains_key(&id)
                {
                    let device = self.raw.devices().get(DeviceId(id)).await;
                    let device = device.map_err(|error| named(error, "devices", id))?;
                    draft.devices.extend(device.map(|device| (id, device)));
                }
            }
            KeyKind::Subscription => self.follow_subscription(key.text(), draft).await?,
        }
        Ok(())
    }

    async fn follow_subscription(&self, id: &str, draft: &mut Draft) -> Result<()> {
        if let Some(id) = id.strip_prefix(OF_DEVICE).map(str::parse::<i64>) {
            let Ok(id) = id else { return Ok(()) };
            let calls = self.raw.device_subscriptions();
            let row = calls.get(DeviceSubscriptionId(id)).await;
            let row = row.map_err(|error| named(error, "device_subscriptions", id))?;
            if let Some(row) = row
                && let Some(device) = self.raw.devices().get(row.device).await?
                && device.account.is_some()
            {
                draft.of_devices.push(row);
                draft.devices.insert(device.id.0, device);
            }
        } else if let Ok(id) = id.parse::<i64>() {
            let calls = self.raw.account_subscriptions();
            let row = calls.get(AccountSubscriptionId(id)).await;
            let row = row.map_err(|error| named(error, "account_subscriptions", id))?;
            if let Some(row) = row
                && let Some(account) = self.account(row.account.0).await?
                && self.sees(account.provider)
            {
                draft.of_accounts.push(row);
                draft.accounts.insert(account.id.0, account);
            }
        }
        Ok(())
    }

    async fn account(&self, id: i64) -> Result<Option<Account>> {
        let account = self.raw.accounts().get(AccountId(id)).await;
        account.map_err(|error| named(error, "accounts", id))
    }

    /// Accounts with a login or reference, compared here: that the server does
    /// it exactly is not known. Where letter case does not count, its search is
    /// asked too, for its filter may look at it.
    async fn accounts_by(&self, key: &Key) -> Result<Vec<Account>> {
        let text = key.text().to_owned();
        let provider = self.raw.options().provider;
        let base = AccountFilter {
            provider,
            ..AccountFilter::default()
        };
        let (filter, field) = match key.kind() {
            KeyKind::Login => (
                AccountFilter {
                    login: Some(text.clone()),
                    ..base.clone()
                },
                "login",
            ),
            _ => (
                AccountFilter {
                    remote_custom_field: Some(text.clone()),
                    ..base.clone()
                },
                "remote_custom_field",
            ),
        };
        let search = AccountFilter {
            quick_search: Some(text),
            ..base
        };
        let searches = self.collation != Collation::Exact;
        for filter in [Some(filter), searches.then_some(search)]
            .into_iter()
            .flatten()
        {
            let mut found = Vec::new();
            for row in self.raw.accounts().rows(filter).await? {
                match row {
                    Listed::Read(account) if self.has(&account, key) => found.push(account),
                    Listed::Read(_) => {}
                    Listed::Odd(odd) => {
                        let own = odd.value[field].as_str();
                        if own.is_some_and(|own| self.make(key.kind(), own) == *key) {
                            return Err(unreadable(&odd));
                        }
                    }
                }
            }
            if !found.is_empty() {
                return Ok(found);
            }
        }
        Ok(Vec::new())
    }

    fn make(&self, kind: KeyKind, text: &str) -> Key {
        match kind {
            KeyKind::Login => self.identity.login(text),
            _ => self.identity.reference(&text.into()),
        }
    }

    fn has(&self, account: &Account, key: &Key) -> bool {
        let own = match key.kind() {
            KeyKind::Login => Some(account.login.as_str()),
            _ => account.remote_custom_field.as_deref(),
        };
        let own = own.filter(|own| !own.is_empty());
        self.sees(account.provider) && own.is_some_and(|own| self.make(key.kind(), own) == *key)
    }

    /// Devices with a hardware address, by the server's search: in which letter
    /// case a server keeps an address is not known, and its filter may look at
    /// it. The vendor's SDK and a client in production search so.
    async fn devices_by(&self, key: &Key) -> Result<Vec<Device>> {
        let mac = key.text().parse::<MacAddr>().ok();
        let filter = match mac {
            Some(mac) => DeviceFilter {
                quick_search: Some(unique_id(mac)),
                ..DeviceFilter::default()
            },
            None => DeviceFilter {
                unique_id: Some(key.text().to_owned()),
                ..DeviceFilter::default()
            },
        };
        let is_it = |unique_id: &str| match mac {
            Some(mac) => unique_id.parse() == Ok(mac),
            None => unique_id == key.text(),
        };
        let mut found = Vec::new();
        for row in self.raw.devices().rows(filter).await? {
            match row {
                Listed::Read(device) if is_it(&device.unique_id) => found.push(device),
                Listed::Read(_) => {}
                Listed::Odd(odd) => {
                    if odd.value["unique_id"].as_str().is_some_and(is_it) {
                        return Err(unreadable(&odd));
                    }
                }
            }
        }
        Ok(found)
    }

    /// Reads what belongs to an account.
    async fn whole(&self, account: Account, draft: &mut Draft, parts: Parts) -> Result<TvipRows> {
        let id = account.id;
        let limited = account.devices_per_account_limit.is_some() && parts.devices_if_limited;
        let reads_devices = parts.devices || limited || draft.through_devices.contains(&id.0);
        let mut rows = TvipRows {
            is_foreign: !self.sees(account.provider),
            devices_unread: !(reads_devices && parts.of_devices),
            ..TvipRows::default()
        };
        let mut devices: BTreeMap<i64, Device> = BTreeMap::new();
        let found: BTreeSet<i64> = draft.devices.keys().copied().collect();
        draft.devices.retain(|key, device| {
            let is_its = device.account == Some(id);
            if is_its {
                devices.insert(*key, device.clone());
            }
            !is_its
        });
        if reads_devices {
            let filter = DeviceFilter {
                account: Some(id),
                ..DeviceFilter::default()
            };
            for row in self.raw.devices().rows(filter).await? {
                match row {
                    Listed::Read(device) if device.account == Some(id) => {
                        devices.insert(device.id.0, device);
                    }
                    Listed::Read(_) => {}
                    Listed::Odd(odd) => rows.odd.push(odd_part(&odd, true)),
                }
            }
        }
        let mut subscriptions: BTreeMap<i64, SubscriptionRow> = BTreeMap::new();
        for row in draft.of_accounts.iter().filter(|row| row.account == id) {
            subscriptions.insert(row.id.0, SubscriptionRow::of_account(row));
        }
        if parts.subscriptions {
            let filter = AccountSubscriptionFilter {
                account: Some(id),
                ..AccountSubscriptionFilter::default()
            };
            for row in self.raw.account_subscriptions().rows(filter).await? {
                match row {
                    Listed::Read(row) if row.account == id => {
                        subscriptions.insert(row.id.0, SubscriptionRow::of_account(&row));
                    }
                    Listed::Read(_) => {}
                    Listed::Odd(odd) => rows.odd.push(odd_part(&odd, false)),
                }
            }
        }
        rows.subscriptions = subscriptions.into_values().collect();
        if parts.of_devices && devices.len() > FEW {
            self.read_of_devices(&devices, &mut rows).await?;
        } else if parts.of_devices || parts.of_found {
            for (id, device) in &devices {
                if parts.of_devices || found.contains(id) {
                    self.read_of_device(device, &mut rows).await?;
                }
            }
        } else {
            for row in &draft.of_devices {
                if let Some(device) = devices.get(&row.device.0) {
                    rows.subscriptions
                        .add(SubscriptionRow::of_device(row, &device.unique_id));
                }
            }
        }
        if parts.networks {
            let filter = AccountNetworkFilter {
                account: Some(id),
                ..AccountNetworkFilter::default()
            };
            let networks = self.raw.account_network().list(filter).collect().await?;
            rows.networks = networks.into_iter().map(|network| network.id.0).collect();
        }
        rows.devices = devices.into_values().map(DeviceRow::from).collect();
        rows.account = Some(AccountRow::from(account));
        Ok(rows)
    }

    async fn read_of_device(&self, device: &Device, rows: &mut TvipRows) -> Result<()> {
        let filter = DeviceSubscriptionFilter {
            device: Some(device.id),
            ..DeviceSubscriptionFilter::default()
        };
        for row in self.raw.device_subscriptions().rows(filter).await? {
            match row {
                Listed::Read(row) if row.device == device.id => {
                    let row = SubscriptionRow::of_device(&row, &device.unique_id);
                    rows.subscriptions.add(row);
                }
                Listed::Read(_) => {}
                Listed::Odd(odd) => rows.odd.push(odd_part(&odd, false)),
            }
        }
        Ok(())
    }

    /// Many devices: the list of everybody's, for there is no filter by account.
    async fn read_of_devices(
        &self,
        devices: &BTreeMap<i64, Device>,
        rows: &mut TvipRows,
    ) -> Result<()> {
        let filter = DeviceSubscriptionFilter::default();
        let mut all = self.raw.device_subscriptions().pages(filter);
        let mut own: BTreeMap<(i64, i64), SubscriptionRow> = BTreeMap::new();
        while let Some(row) = all.next().await {
            match row? {
                Listed::Read(row) => {
                    if let Some(device) = devices.get(&row.device.0) {
                        let key = (row.device.0, row.id.0);
                        own.insert(key, SubscriptionRow::of_device(&row, &device.unique_id));
                    }
                }
                Listed::Odd(odd) => {
                    let device = odd.value["device"].as_i64();
                    if device.is_some_and(|device| devices.contains_key(&device)) {
                        rows.odd.push(odd_part(&odd, false));
                    }
                }
            }
        }
        for row in own.into_values() {
            rows.subscriptions.add(row);
        }
        Ok(())
    }

    /// Many keys: the lists, of which those who have one are kept.
    async fn load_many(&self, keys: &[Key]) -> Result<Vec<TvipRows>> {
        let wanted: BTreeSet<&Key> = keys.iter().collect();
        let mut all = self.everybody();
        let mut found = Vec::new();
        while let Some(one) = all.next().await {
            match one? {
                Listed::Read(rows) => {
                    if self.all_keys(&rows).iter().any(|key| wanted.contains(key)) {
                        found.push(rows);
                    }
                }
                Listed::Odd(odd) if self.may_be(&odd, &wanted) => return Err(unreadable(&odd)),
                Listed::Odd(_) => {}
            }
        }
        Ok(found)
    }

    /// Returns `true` if a row that cannot be read has one of the keys.
    fn may_be(&self, odd: &OddRow, wanted: &BTreeSet<&Key>) -> bool {
        let text = |field: &str| odd.value[field].as_str();
        let id = odd.id.map(|id| match odd.list {
            "devices" => self.identity.terminal(&TerminalId::from(id)),
            _ => self.identity.id(&SubscriberId::from(id)),
        });
        let mac = text("unique_id").and_then(|text| text.parse().ok());
        let keys = [
            id.filter(|_| matches!(odd.list, "devices" | "accounts")),
            text("login").map(|login| self.identity.login(login)),
            text("remote_custom_field").map(|text| self.identity.reference(&text.into())),
            mac.map(|mac| self.identity.mac(mac)),
        ];
        keys.iter().flatten().any(|key| wanted.contains(key))
    }

    /// Returns `true` if records of this provider are those to be seen.
    pub(super) fn sees(&self, provider: Option<ProviderId>) -> bool {
        match (self.raw.options().provider, provider) {
            (Some(own), Some(provider)) => own == provider,
            _ => true,
        }
    }

    /// Models carry their types' names, which are read when there is a new one.
    pub(super) async fn name_models(&self, rows: &mut TvipRows) -> Result<()> {
        let slots: Vec<_> = rows.devices.slots().map(|(slot, _)| slot).collect();
        for slot in slots {
            let Some(device) = rows.devices.get_mut(slot) else {
                continue;
            };
            if let Some(model) = device.state.model {
                device.state.model_name = self.model_name(model).await?;
            }
        }
        Ok(())
    }

    async fn model_name(&self, model: i64) -> Result<Option<String>> {
        let known = |tvip: &Tvip| tvip.models().get(&model).cloned();
        if let Some(name) = known(self) {
            return Ok(name);
        }
        let types = self.raw.device_types().rows(Default::default()).await?;
        let mut models = self.models();
        for row in types {
            if let Listed::Read(row) = row {
                models.insert(row.id.0, row.device_type);
            }
        }
        // A type that is not listed is not asked for again.
        Ok(models.entry(model).or_default().clone())
    }
}

/// Refuses the id of another platform: it is not one whose record has gone.
fn refuse_foreign(key: &Key) -> Result<(), Refusal> {
    let text = key.text();
    let (expected, text) = match key.kind() {
        KeyKind::Id => ("a subscriber is a whole number above 0", text),
        KeyKind::TerminalId => ("a terminal is a whole number above 0", text),
        KeyKind::Subscription => (
            "a subscription is a whole number above 0, after `device-` if it is of one device,",
            text.strip_prefix(OF_DEVICE).unwrap_or(text),
        ),
        KeyKind::Login | KeyKind::Reference | KeyKind::Terminal => return Ok(()),
    };
    match number(text) {
        Some(_) => Ok(()),
        None => Err(Refusal::new("look", format!("the id of {expected} here"))),
    }
}

pub(super) fn odd_part(odd: &OddRow, is_device: bool) -> OddPart {
    OddPart {
        name: odd.name(),
        reason: odd.problem.to_string(),
        is_device,
    }
}

/// The error of a row that cannot be read, by the row's name.
fn unreadable(odd: &OddRow) -> Error {
    match &odd.problem {
        ProtocolError::Field { field, expected } => {
            let field = format!("{}: {field}", odd.name()).into();
            let expected = expected.clone();
            Error::Protocol(At::from(ProtocolError::Field { field, expected }))
        }
        other => Error::Protocol(At::from(other.clone())),
    }
}

/// An error of one record, with the record's name.
fn named(error: Error, list: &'static str, id: i64) -> Error {
    match error {
        Error::Protocol(at) => match &*at {
            ProtocolError::Field { field, expected } => {
                let field = format!("{list} {id}: {field}").into();
                let expected = expected.clone();
                Error::Protocol(At::from(ProtocolError::Field { field, expected }))
            }
            _ => Error::Protocol(at),
        },
        other => other,
    }
}
