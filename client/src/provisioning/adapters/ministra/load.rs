//! Reading accounts by their keys.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::error::{Refusal, Result};
use crate::ministra::{self, Account, AccountNumber, Unreadable, UserKey};
use crate::model::MacAddr;
use crate::provisioning::identity::{Identity, Key, KeyKind};
use crate::provisioning::platform::Found;

use super::catalogue::Kind;
use super::rows::{MinistraRows, Row, written};
use super::{refused, values};

/// The maximum number of account numbers that one request asks for: they are part
/// of its URL.
const TOGETHER: usize = 50;

/// The number of keys up to which each key is looked up by itself; for more keys,
/// one request reads all accounts.
pub(super) const FEW: usize = 200;

/// Loads everybody who has one of these keys. An account that was found is
/// loaded with all others of its number, each number once.
pub(super) async fn load(
    client: &ministra::Ministra,
    identity: &Identity,
    keys: &[Key],
) -> Result<Vec<MinistraRows>> {
    // Of a list with an account that cannot be read, the others are asked for one
    // by one.
    if keys.len() > FEW
        && let Ok(all) = client.accounts().list().await
    {
        return of_all(identity, all, keys);
    }
    let mut loading = Loading {
        client,
        identity,
        groups: BTreeMap::new(),
        alone: Vec::new(),
        everybody: None,
    };
    let mut found: Vec<Account> = Vec::new();
    for key in keys {
        found.extend(loading.by_key(key).await?);
    }
    loading.complete(found).await
}

fn of_all(identity: &Identity, all: Vec<Account>, keys: &[Key]) -> Result<Vec<MinistraRows>> {
    let mut wanted: HashSet<Key> = HashSet::new();
    for key in keys {
        wanted.insert(match key.kind() {
            KeyKind::Subscription => identity.login(owner_of(key.text())?),
            _ => key.clone(),
        });
    }
    let all = fold(identity, all.into_iter().map(Ok).collect());
    let rows = all.into_iter().filter_map(|one| match one {
        Found::Rows(rows) => Some(rows),
        Found::Unreadable { .. } => None,
    });
    let is_wanted =
        |rows: &MinistraRows| (self::keys(identity, rows).iter()).any(|key| wanted.contains(key));
    Ok(rows.filter(is_wanted).collect())
}

struct Loading<'a> {
    client: &'a ministra::Ministra,
    identity: &'a Identity,
    /// By account numbers.
    groups: BTreeMap<Key, Vec<Account>>,
    /// Without a number.
    alone: Vec<Account>,
    everybody: Option<Vec<Account>>,
}

impl Loading<'_> {
    /// Returns accounts whose numbers have to be looked at yet.
    async fn by_key(&mut self, key: &Key) -> Result<Vec<Account>> {
        let text = key.text();
        match key.kind() {
            KeyKind::Reference => {
                if !self.groups.contains_key(key) {
                    let rows = match values::number(text) {
                        Ok(number) => found(self.client.accounts().get(&number).await)?,
                        Err(_) => Some(self.of_number(key).await?),
                    };
                    self.groups.insert(key.clone(), rows.unwrap_or_default());
                }
                Ok(Vec::new())
            }
            KeyKind::Terminal => match text.parse::<MacAddr>() {
                Ok(mac) => self.by_mac(mac).await,
                Err(_) => self.by_written(text).await,
            },
            KeyKind::TerminalId => self.by_written(text).await,
            KeyKind::Subscription => self.by_login(owner_of(text)?).await,
            _ => self.by_login(text).await,
        }
    }

    /// Finds the subscriber with this id: a login, or the address of a box
    /// whose account has none.
    async fn by_login(&mut self, text: &str) -> Result<Vec<Account>> {
        if let Ok(mac) = text.parse::<MacAddr>()
            && written(mac) == text
        {
            return self.by_mac(mac).await;
        }
        if let Ok(login) = values::login(text) {
            let row = found(self.client.users().get(UserKey::Login(login)).await)?;
            return Ok(row.into_iter().collect());
        }
        // It cannot be asked for; its account may be there all the same.
        let (identity, key) = (self.identity, self.identity.login(text));
        let all = self.everybody().await?.iter();
        let own = all.filter(|account| !account.login.is_empty());
        Ok(own
            .filter(|account| identity.login(&account.login) == key)
            .cloned()
            .collect())
    }

    /// Returns the accounts of a number that cannot be asked for.
    async fn of_number(&mut self, key: &Key) -> Result<Vec<Account>> {
        let identity = self.identity;
        let all = self.everybody().await?.iter();
        Ok(all
            .filter(|account| has_number(identity, account, key))
            .cloned()
            .collect())
    }

    async fn by_mac(&mut self, mac: MacAddr) -> Result<Vec<Account>> {
        let rows = found(self.client.accounts().get(mac).await)?;
        Ok(rows.unwrap_or_default())
    }

    /// Something that is no address, or is written so that the server does not
    /// find it.
    async fn by_written(&mut self, text: &str) -> Result<Vec<Account>> {
        let all = self.everybody().await?;
        let is_it = |account: &&Account| account.stb_mac.as_deref() == Some(text);
        let found: Vec<Account> = all.iter().filter(is_it).cloned().collect();
        match text.parse::<MacAddr>() {
            Ok(mac) if found.is_empty() => self.by_mac(mac).await,
            _ => Ok(found),
        }
    }

    async fn everybody(&mut self) -> Result<&[Account]> {
        if self.everybody.is_none() {
            self.everybody = Some(self.client.accounts().list().await?);
        }
        Ok(self.everybody.as_deref().unwrap_or_default())
    }

    /// Loads the others of each account's number.
    async fn complete(mut self, found_so_far: Vec<Account>) -> Result<Vec<MinistraRows>> {
        let mut numbers: Vec<AccountNumber> = Vec::new();
        let mut asked: HashSet<Key> = HashSet::new();
        for account in found_so_far {
            let Some(number) = &account.account_number else {
                // Found by its login and by its box, it is one; of two boxes that
                // the server has added, each is.
                if account.login.is_empty() || !self.alone.contains(&account) {
                    self.alone.push(account);
                }
                continue;
            };
            let key = self.identity.reference(&number.as_str().into());
            if self.groups.contains_key(&key) || !asked.insert(key.clone()) {
                continue;
            }
            match values::number(number) {
                Ok(number) => numbers.push(number),
                Err(_) => {
                    let own = self.of_number(&key).await?;
                    self.groups.insert(key, own);
                }
            }
        }
        for numbers in numbers.chunks(TOGETHER) {
            self.of_numbers(numbers).await?;
        }
        let groups = self.groups.into_values().filter(|rows| !rows.is_empty());
        let alone = self.alone.into_iter().map(|row| vec![row]);
        Ok(groups.chain(alone).map(MinistraRows::new).collect())
    }

    /// Loads the accounts of numbers that are there, unless somebody has deleted
    /// one since.
    async fn of_numbers(&mut self, numbers: &[AccountNumber]) -> Result<()> {
        let identity = self.identity;
        let key_of = |number: &str| identity.reference(&number.into());
        let asked: HashSet<Key> = numbers
            .iter()
            .map(|number| key_of(number.as_str()))
            .collect();
        let rows = found(self.client.accounts().get(numbers.to_vec()).await)?;
        let number_of = |row: &Account| key_of(row.account_number.as_deref().unwrap_or_default());
        match rows {
            Some(rows) if rows.iter().all(|row| asked.contains(&number_of(row))) => {
                for row in rows {
                    self.groups.entry(number_of(&row)).or_default().push(row);
                }
            }
            // The server takes two numbers as equal that are not so here: which
            // of those that were asked for has found whom has to be known.
            _ => {
                for number in numbers {
                    let rows = found(self.client.accounts().get(number).await)?;
                    self.groups
                        .insert(key_of(number.as_str()), rows.unwrap_or_default());
                }
            }
        }
        Ok(())
    }
}

/// Returns the login in a subscription's id. The id of another platform is not one
/// whose subscription has ended.
fn owner_of(subscription: &str) -> std::result::Result<&str, Refusal> {
    let parts = subscription.split_once('/');
    let own = parts.filter(|(_, package)| Kind::of(&(*package).into()).is_some());
    own.map(|(owner, _)| owner).ok_or_else(|| {
        refused(
            "the id of the subscription is not one of this platform: a login, a slash, and a \
             package such as `package:3` or `plan:FULL`",
        )
    })
}

fn has_number(identity: &Identity, account: &Account, key: &Key) -> bool {
    let own = account.account_number.as_deref();
    own.is_some_and(|number| identity.reference(&number.into()) == *key)
}

/// Puts accounts of one number together, in the order of their first ones. A
/// subscriber of whom an account cannot be read is not seen in part.
pub(super) fn fold(
    identity: &Identity,
    accounts: Vec<std::result::Result<Account, Unreadable>>,
) -> Vec<Found<MinistraRows>> {
    let number_of = |number: &Option<String>| {
        let number = number.as_deref()?;
        Some(identity.reference(&number.into()))
    };
    let mut groups: Vec<Vec<Account>> = Vec::new();
    let mut places: HashMap<Key, usize> = HashMap::new();
    let mut unreadable = Vec::new();
    let mut in_part: HashSet<Key> = HashSet::new();
    for account in accounts {
        let account = match account {
            Ok(account) => account,
            Err(Unreadable {
                id,
                account_number,
                reason,
            }) => {
                in_part.extend(number_of(&account_number));
                unreadable.push(Found::Unreadable { id, reason });
                continue;
            }
        };
        let place = match number_of(&account.account_number) {
            Some(key) => *places.entry(key).or_insert(groups.len()),
            None => groups.len(),
        };
        match groups.get_mut(place) {
            Some(group) => group.push(account),
            None => groups.push(vec![account]),
        }
    }
    let found = groups.into_iter().map(|group| {
        let key = number_of(&group[0].account_number);
        match key.is_some_and(|key| in_part.contains(&key)) {
            false => Found::Rows(MinistraRows::new(group)),
            true => Found::Unreadable {
                id: group[0].login.clone(),
                reason: "another account of its number cannot be read".to_owned(),
            },
        }
    });
    found.chain(unreadable).collect()
}

/// Returns `None` if the record was not found.
fn found<T>(answer: Result<T>) -> Result<Option<T>> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error),
    }
}

/// Returns all keys of all accounts.
pub(super) fn keys(identity: &Identity, rows: &MinistraRows) -> Vec<Key> {
    let mut keys = Vec::new();
    let mut add = |key: Key| {
        if !keys.contains(&key) {
            keys.push(key);
        }
    };
    for row in rows.0.iter() {
        if let Some(number) = row.number() {
            add(identity.reference(&number.into()));
        }
        if let Some(login) = row.login() {
            add(identity.login(login));
        }
    }
    for row in rows.0.iter() {
        terminal_keys(identity, row).into_iter().for_each(&mut add);
    }
    if !rows.is_loose() {
        if let Some((_, first)) = rows.first().filter(|(_, first)| first.login().is_none())
            && let Some(mac) = first.found_mac()
        {
            // Its id is the address of its box.
            add(identity.login(&written(mac)));
        }
        for id in super::view::subscription_ids(rows, None) {
            add(identity.subscription(&id));
        }
    }
    keys
}

/// Returns the keys of what is written in place of a box's address.
fn terminal_keys(identity: &Identity, row: &Row) -> Vec<Key> {
    let Some(written) = row.0.stb_mac.as_deref() else {
        return Vec::new();
    };
    let mut keys: Vec<Key> = row.mac().map(|mac| identity.mac(mac)).into_iter().collect();
    let id = identity.terminal(&written.into());
    if !keys.contains(&id) {
        keys.push(id);
    }
    keys
}
