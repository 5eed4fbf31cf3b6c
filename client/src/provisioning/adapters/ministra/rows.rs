//! The accounts of one subscriber, as the server has them.

use std::fmt;
use std::hash::{Hash, Hasher};

use crate::error::Refusal;
use crate::ministra::{
    Account, AccountNumber, AccountPatch, Login, NewAccount, PackageId, PlanExternalId, UserKey,
};
use crate::model::{MacAddr, Patch};
use crate::provisioning::identity::{Identity, Key};
use crate::provisioning::rows::{Rows, Slot};

use super::refused;

/// The note of an account that this library has made for a further box, so that
/// the account goes with the box.
///
/// No field of an account is free for a mark, and the shape of a login is none:
/// people give logins of that shape too. The note of a further account is not
/// the subscriber's, and whoever looks at the account reads where it comes from.
/// A person who writes another note there takes the account over.
pub const MARK: &str = "made by jsonsql-client for a further box of this account number";

/// The accounts of one subscriber, or a box that the server has added by itself.
///
/// A subscriber is all accounts with one account number; an account without one
/// is a subscriber of its own.
#[derive(Clone, PartialEq, Eq, Default, Hash)]
pub struct MinistraRows(pub(super) Rows<Row>);

/// One account. Its fingerprint is of what can be written: whether a box is
/// connected changes from one look to the next.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Row(pub(super) Account);

impl MinistraRows {
    /// Creates the subscriber of accounts that belong together.
    pub fn new(accounts: impl IntoIterator<Item = Account>) -> MinistraRows {
        let mut rows: Vec<Row> = accounts.into_iter().map(Row::new).collect();
        rows.sort_by(|one, other| one.rank().cmp(&other.rank()));
        MinistraRows(Rows::new(rows))
    }

    /// Returns the accounts.
    pub fn iter(&self) -> impl Iterator<Item = &Account> {
        self.0.iter().map(|row| &row.0)
    }

    /// Returns the account whose login is the subscriber's: of those that were
    /// not made for a further box the one with the shortest login, and of
    /// equally long ones the first in the alphabet.
    pub(super) fn first(&self) -> Option<(Slot, &Row)> {
        self.0
            .slots()
            .min_by(|(_, one), (_, other)| one.rank().cmp(&other.rank()))
    }

    /// Returns `true` if it is a box that the server has added by itself.
    pub(super) fn is_loose(&self) -> bool {
        self.0
            .iter()
            .all(|row| row.login().is_none() && row.number().is_none())
    }

    /// Returns the account number, where it can be asked for.
    pub(super) fn number(&self) -> Option<AccountNumber> {
        let number = AccountNumber::new(self.first()?.1.number()?).ok()?;
        number.is_said_to_accounts().then_some(number)
    }

    /// Returns a key by which the server would change another account, too: a
    /// login that two of them have, or a number that it takes as equal to the
    /// subscriber's and that is another one here.
    pub(super) fn ambiguous(&self, identity: &Identity) -> Option<Key> {
        let numbers = self.0.iter().filter_map(Row::number);
        let mut numbers = numbers.map(|number| identity.reference(&number.into()));
        if let Some(own) = numbers.next()
            && let Some(other) = numbers.find(|number| *number != own)
        {
            return Some(other);
        }
        let mut logins: Vec<Key> = Vec::new();
        for login in self.0.iter().filter_map(Row::login) {
            let key = identity.login(login);
            if logins.contains(&key) {
                return Some(key);
            }
            logins.push(key);
        }
        None
    }

    pub(super) fn slots(&self) -> Vec<Slot> {
        self.0.slots().map(|(slot, _)| slot).collect()
    }
}

impl fmt::Debug for MinistraRows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl Row {
    pub(super) fn new(mut account: Account) -> Row {
        // One that is sold singly can be there several times.
        account.subscribed_id.sort_unstable();
        account.subscribed_id.dedup();
        Row(account)
    }

    /// An account with nothing but a login.
    pub(super) fn of_login(login: impl Into<String>) -> Row {
        Row(Account {
            login: login.into(),
            full_name: None,
            phone: None,
            account_number: None,
            tariff_plan: None,
            tariff_expired_date: None,
            tariff_instead_expired: None,
            stb_sn: None,
            stb_mac: None,
            stb_type: None,
            status: true,
            online: None,
            ip: None,
            version: None,
            comment: None,
            end_date: None,
            account_balance: None,
            last_active: None,
            reseller_id: None,
            reseller_name: None,
            subscribed: Vec::new(),
            subscribed_id: Vec::new(),
        })
    }

    fn rank(&self) -> (bool, bool, usize, &str, Option<&str>) {
        let login = self.0.login.as_str();
        (
            self.is_marked(),
            login.is_empty(),
            login.chars().count(),
            login,
            self.0.stb_mac.as_deref(),
        )
    }

    pub(super) fn login(&self) -> Option<&str> {
        Some(self.0.login.as_str()).filter(|login| !login.is_empty())
    }

    pub(super) fn number(&self) -> Option<&str> {
        self.0.account_number.as_deref()
    }

    /// Returns the box, in whichever spelling it is written.
    pub(super) fn mac(&self) -> Option<MacAddr> {
        self.0.mac()
    }

    /// Returns the box, if it is written so that the server finds it.
    pub(super) fn found_mac(&self) -> Option<MacAddr> {
        let mac = self.mac()?;
        (self.0.stb_mac.as_deref() == Some(written(mac).as_str())).then_some(mac)
    }

    pub(super) fn is_free(&self) -> bool {
        self.0.stb_mac.is_none()
    }

    pub(super) fn is_marked(&self) -> bool {
        self.0.comment.as_deref() == Some(MARK)
    }

    /// Returns the operator's note, which the mark is not.
    pub(super) fn note(&self) -> Option<&str> {
        self.0.comment.as_deref().filter(|note| *note != MARK)
    }

    pub(super) fn has(&self, package: PackageId) -> bool {
        self.0.subscribed_id.contains(&package)
    }

    /// Returns what the server finds this account by.
    ///
    /// # Errors
    ///
    /// If it has a login that cannot be said, and no box.
    pub(super) fn address(&self) -> Result<UserKey, Refusal> {
        match (Login::new(&self.0.login), self.found_mac()) {
            (Ok(login), _) => Ok(UserKey::Login(login)),
            (Err(_), Some(mac)) => Ok(UserKey::Mac(mac)),
            (Err(refusal), None) => Err(refused(format!(
                "an account of the subscriber cannot be addressed: it has no box, and its login {}",
                refusal.reason()
            ))),
        }
    }

    /// Returns the key of what it is addressed by.
    pub(super) fn address_key(&self, identity: &Identity) -> Result<Key, Refusal> {
        Ok(match self.address()? {
            UserKey::Login(login) => identity.login(login.as_str()),
            UserKey::Mac(mac) => identity.mac(mac),
        })
    }

    pub(super) fn apply(&mut self, patch: &AccountPatch) {
        fn text(field: &mut Option<String>, patch: &Patch<String>) {
            if let Some(value) = patch.as_change() {
                *field = value.filter(|text| !text.is_empty()).cloned();
            }
        }
        let account = &mut self.0;
        if let Some(login) = &patch.login {
            login.as_str().clone_into(&mut account.login);
        }
        text(&mut account.full_name, &patch.full_name);
        text(&mut account.phone, &patch.phone);
        text(&mut account.comment, &patch.comment);
        text(&mut account.account_balance, &patch.account_balance);
        if let Some(number) = patch.account_number.as_change() {
            account.account_number = number.map(ToString::to_string);
        }
        if let Some(plan) = &patch.tariff_plan {
            account.tariff_plan = Some(plan.as_str().to_owned());
        }
        if let Some(date) = patch.tariff_expired_date.as_change() {
            account.tariff_expired_date = date.copied();
        }
        if let Some(plan) = patch.tariff_instead_expired.as_change() {
            account.tariff_instead_expired = plan.map(ToString::to_string);
        }
        if let Some(status) = patch.status {
            account.status = status;
        }
        if let Some(mac) = patch.stb_mac.as_change() {
            account.stb_mac = mac.copied().map(written);
        }
        if let Some(date) = patch.end_date.as_change() {
            account.end_date = date.copied();
        }
        if let Some(reseller) = patch.reseller_id {
            account.reseller_id = Some(reseller);
        }
    }

    /// Returns the account as it is to be created.
    ///
    /// # Errors
    ///
    /// If it has a login, number or plan that cannot be said.
    pub(super) fn to_new(&self) -> Result<NewAccount, Refusal> {
        let account = &self.0;
        let plan = |id: &Option<String>| {
            let id = id.as_deref().filter(|id| !id.is_empty());
            id.map(PlanExternalId::new).transpose()
        };
        Ok(NewAccount {
            full_name: account.full_name.clone(),
            phone: account.phone.clone(),
            account_number: self.number().map(AccountNumber::new).transpose()?,
            tariff_plan: plan(&account.tariff_plan)?,
            tariff_expired_date: account.tariff_expired_date,
            tariff_instead_expired: plan(&account.tariff_instead_expired)?,
            status: Some(account.status),
            stb_mac: self.mac(),
            comment: account.comment.clone(),
            end_date: account.end_date,
            account_balance: account.account_balance.clone(),
            reseller_id: account.reseller_id,
            ..NewAccount::new(Login::new(&account.login)?)
        })
    }

    /// Returns the change that turns another account into this one, all but its
    /// box and its packages.
    ///
    /// # Errors
    ///
    /// As of [`to_new`](Self::to_new).
    pub(super) fn to_patch(&self) -> Result<AccountPatch, Refusal> {
        let new = self.to_new()?;
        let set = |text: Option<String>| text.map_or(Patch::Keep, Patch::Set);
        Ok(AccountPatch {
            login: Some(new.login),
            full_name: set(new.full_name),
            phone: set(new.phone),
            account_number: new.account_number.map_or(Patch::Keep, Patch::Set),
            tariff_plan: new.tariff_plan,
            tariff_expired_date: new.tariff_expired_date.map_or(Patch::Keep, Patch::Set),
            tariff_instead_expired: new.tariff_instead_expired.map_or(Patch::Keep, Patch::Set),
            status: new.status,
            comment: set(new.comment),
            end_date: new.end_date.map_or(Patch::Keep, Patch::Set),
            account_balance: set(new.account_balance),
            reseller_id: new.reseller_id,
            ..AccountPatch::default()
        })
    }
}

impl Hash for Row {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let account = &self.0;
        account.login.hash(state);
        account.full_name.hash(state);
        account.phone.hash(state);
        account.account_number.hash(state);
        account.tariff_plan.hash(state);
        account.tariff_expired_date.hash(state);
        account.tariff_instead_expired.hash(state);
        account.stb_mac.hash(state);
        account.status.hash(state);
        account.comment.hash(state);
        account.end_date.hash(state);
        account.subscribed_id.hash(state);
    }
}

/// Returns the address as the server writes it: it finds nothing by any other
/// spelling.
pub(super) fn written(mac: MacAddr) -> String {
    mac.to_string().replace('-', ":")
}
