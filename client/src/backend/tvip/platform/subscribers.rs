//! Writing accounts.

use super::super::{
    Account, AccountChange, AccountFilter, AccountId, AccountNetworkFilter,
    AccountSubscriptionFilter, DeviceFilter, NewAccount, Tvip, Unbind,
};
use super::convert::{subscriber, text};
use super::find::number;
use super::lost;
use super::steps::Steps;
use crate::backend::{Applied, Change};
use crate::error::{Error, Refusal, RejectionKind, Result};
use crate::model::{Lossy, NewSubscriber, Patch, Subscriber, SubscriberId, SubscriberPatch};

const CREATE: &str = "create subscriber";
const CHANGE: &str = "change subscriber";
const DELETE: &str = "delete subscriber";

impl Tvip {
    pub(super) async fn create_or_adopt(&self, new: &NewSubscriber) -> Result<Applied<Subscriber>> {
        checked_login(CREATE, &new.login)?;
        let losses = losses(new.email.is_some(), new.phone.is_some());
        if let Some(found) = self.same(new).await? {
            return self.adopt(found, new, losses).await;
        }
        let optional = |field: &Option<String>| text(field.clone());
        let account = NewAccount {
            enabled: new.enabled,
            password: new.password.clone(),
            fullname: optional(&new.name),
            provider: self.options().provider,
            remote_custom_field: new.external_ref.as_ref().map(|key| key.as_str().to_owned()),
            main_address: optional(&new.address),
            account_desc: optional(&new.note),
            devices_per_account_limit: new.device_limit,
            ..NewAccount::of(&new.login)
        };
        let created = match self.accounts().create(&account).await {
            // The login is taken, by somebody who was faster or by a creation
            // of ours that is thought lost; which of the errors of HTTP 400
            // says so is not known.
            Err(Error::Rejected(rejection))
                if matches!(
                    rejection.kind(),
                    RejectionKind::Invalid | RejectionKind::Conflict
                ) =>
            {
                return match self.same(new).await? {
                    Some(found) => self.adopt(found, new, losses).await,
                    None => Err(Error::Rejected(rejection)),
                };
            }
            // It was not there, and is now as it was to be made.
            Err(lost) if lost.is_indeterminate() => match self.same(new).await {
                Ok(Some(found)) if is_as(&found, &wish(new), Some(new.enabled)) => found,
                _ => return Err(lost),
            },
            created => created?,
        };
        confirm(CREATE, &created, &wish(new), Some(new.enabled))?;
        Ok(Applied::new(subscriber(created), Change::Made, losses))
    }

    /// The account that this subscriber has already.
    async fn same(&self, new: &NewSubscriber) -> Result<Option<Account>> {
        let taken = |key| {
            Err(Error::Taken {
                record: "subscriber",
                key,
            })
        };
        if let Some(external) = &new.external_ref
            && let Some(found) = self.find_by_external_ref(external.as_str()).await?
        {
            if found.login != new.login {
                return taken("external reference");
            }
            return Ok(Some(found));
        }
        let found = self.find_by_login(&new.login).await?;
        if let (Some(found), Some(_)) = (&found, &new.external_ref)
            && text(found.remote_custom_field.clone()).is_some()
        {
            return taken("login");
        }
        Ok(found)
    }

    async fn adopt(
        &self,
        found: Account,
        new: &NewSubscriber,
        losses: Vec<Lossy>,
    ) -> Result<Applied<Subscriber>> {
        let (account, _) = self
            .write(CREATE, found, &wish(new), Some(new.enabled))
            .await?;
        Ok(Applied::new(subscriber(account), Change::Adopted, losses))
    }

    pub(super) async fn change(
        &self,
        id: &SubscriberId,
        patch: &SubscriberPatch,
    ) -> Result<Applied<Subscriber>> {
        if let Some(login) = &patch.login {
            checked_login(CHANGE, login)?;
        }
        let losses = losses_of(patch);
        let found = self.present_account(CHANGE, id).await?;
        self.refuse_taken_keys(&found, patch).await?;
        let (account, change) = self.write(CHANGE, found, patch, None).await?;
        Ok(Applied::new(subscriber(account), change, losses))
    }

    /// Servers refuse a login that is another's, but not an external reference.
    async fn refuse_taken_keys(&self, found: &Account, patch: &SubscriberPatch) -> Result<()> {
        if let Some(login) = patch.login.as_ref().filter(|login| **login != found.login)
            && self.is_of_another(found, login_filter(login)).await?
        {
            return Err(Error::Taken {
                record: "subscriber",
                key: "login",
            });
        }
        if let Patch::Set(external) = &patch.external_ref
            && found.remote_custom_field.as_deref() != Some(external.as_str())
            && self
                .is_of_another(found, external_filter(external.as_str()))
                .await?
        {
            return Err(Error::Taken {
                record: "subscriber",
                key: "external reference",
            });
        }
        Ok(())
    }

    async fn is_of_another(&self, account: &Account, mut filter: AccountFilter) -> Result<bool> {
        filter.provider = account.provider.or(self.options().provider);
        let found = self.accounts().list(filter).collect().await?;
        Ok(found.iter().any(|other| other.id != account.id))
    }

    pub(super) async fn switch(
        &self,
        operation: &'static str,
        id: &SubscriberId,
        enabled: bool,
    ) -> Result<Applied<Subscriber>> {
        let found = self.present_account(operation, id).await?;
        let nothing = SubscriberPatch::default();
        let (account, change) = self
            .write(operation, found, &nothing, Some(enabled))
            .await?;
        Ok(Applied::new(subscriber(account), change, Vec::new()))
    }

    /// Sends what differs, if anything does, and looks at the answer.
    async fn write(
        &self,
        operation: &'static str,
        found: Account,
        wanted: &SubscriberPatch,
        enabled: Option<bool>,
    ) -> Result<(Account, Change)> {
        let change = difference(&found, wanted, enabled);
        if differing(&change).is_none() {
            return Ok((found, Change::Nothing));
        }
        let written = self.accounts().update(found.id, &change).await;
        let account = lost::settle(self.accounts(), found.id, written, |account| {
            let seen = change.password.is_none() || account.pin_md5.is_some();
            seen && is_as(account, wanted, enabled)
        })
        .await?;
        confirm(operation, &account, wanted, enabled)?;
        Ok((account, Change::Made))
    }

    /// Whether servers delete what belongs to an account, or refuse to delete
    /// an account with anything, is not known: everything goes before it.
    pub(super) async fn delete_with_all(&self, id: &SubscriberId) -> Result<Applied<()>> {
        let id = AccountId(number(DELETE, id.as_str())?);
        if self.account(id).await?.is_none() {
            return Ok(Applied::new((), Change::Nothing, Vec::new()));
        }
        let mut steps = Steps::of(DELETE);
        let devices = self.devices().list(DeviceFilter {
            account: Some(id),
            ..DeviceFilter::default()
        });
        for device in devices.collect().await? {
            self.release(&device, Unbind::Delete, &mut steps).await?;
        }
        let filter = AccountSubscriptionFilter {
            account: Some(id),
            ..AccountSubscriptionFilter::default()
        };
        let calls = self.account_subscriptions();
        let listed = calls.list(filter).collect();
        for row in steps.read("list subscriptions", listed).await? {
            steps
                .step("delete subscription", calls.delete(row.id))
                .await?;
        }
        let filter = AccountNetworkFilter {
            account: Some(id),
            ..AccountNetworkFilter::default()
        };
        let calls = self.account_network();
        let listed = calls.list(filter).collect();
        for row in steps.read("list networks", listed).await? {
            steps.step("delete network", calls.delete(row.id)).await?;
        }
        steps
            .step("delete account", self.accounts().delete(id))
            .await?;
        let gone = async {
            match self.accounts().get(id).await? {
                None => Ok(()),
                Some(_) => Err(Error::NotApplied {
                    operation: DELETE,
                    found: "the account is there".into(),
                }),
            }
        };
        steps.read("read it back", gone).await?;
        Ok(Applied::new((), Change::Made, Vec::new()))
    }
}

fn login_filter(login: &str) -> AccountFilter {
    AccountFilter {
        login: Some(login.to_owned()),
        ..AccountFilter::default()
    }
}

fn external_filter(external: &str) -> AccountFilter {
    AccountFilter {
        remote_custom_field: Some(external.to_owned()),
        ..AccountFilter::default()
    }
}

pub(super) fn checked_login(operation: &'static str, login: &str) -> Result<(), Refusal> {
    match login.trim().is_empty() {
        true => Err(Refusal::new(operation, "login: empty")),
        false => Ok(()),
    }
}

pub(super) fn losses(email: bool, phone: bool) -> Vec<Lossy> {
    let mut losses = Vec::new();
    for (given, field) in [(email, "email"), (phone, "phone")] {
        if given {
            losses.push(Lossy::new(field, "TVIP has no place for it"));
        }
    }
    losses
}

pub(super) fn losses_of(patch: &SubscriberPatch) -> Vec<Lossy> {
    let set = |patch: &Patch<String>| matches!(patch, Patch::Set(_));
    losses(set(&patch.email), set(&patch.phone))
}

/// What an account adopted is to be: what the new one does not name stays.
fn wish(new: &NewSubscriber) -> SubscriberPatch {
    fn set<T: Clone>(field: &Option<T>) -> Patch<T> {
        field.clone().map_or(Patch::Keep, Patch::Set)
    }
    SubscriberPatch {
        login: Some(new.login.clone()),
        password: new.password.clone(),
        external_ref: set(&new.external_ref),
        name: set(&new.name),
        address: set(&new.address),
        note: set(&new.note),
        device_limit: set(&new.device_limit),
        ..SubscriberPatch::default()
    }
}

/// What has to be sent to make the account as wanted.
fn difference(found: &Account, wanted: &SubscriberPatch, enabled: Option<bool>) -> AccountChange {
    let external = match &wanted.external_ref {
        Patch::Keep => Patch::Keep,
        Patch::Clear => Patch::Clear,
        Patch::Set(key) => Patch::Set(key.as_str().to_owned()),
    };
    AccountChange {
        enabled: enabled.filter(|enabled| *enabled != found.enabled),
        login: wanted.login.clone().filter(|login| *login != found.login),
        password: wanted
            .password
            .clone()
            // What the server shows it has need not be sent again.
            .filter(|password| {
                !found
                    .pin_md5
                    .as_ref()
                    .is_some_and(|pin| pin.is_of(password))
            }),
        remote_custom_field: differs(&external, &found.remote_custom_field),
        fullname: differs(&wanted.name, &found.fullname),
        main_address: differs(&wanted.address, &found.main_address),
        account_desc: differs(&wanted.note, &found.account_desc),
        devices_per_account_limit: match &wanted.device_limit {
            Patch::Set(limit) if found.devices_per_account_limit != Some((*limit).into()) => {
                Patch::Set(*limit)
            }
            Patch::Clear if found.devices_per_account_limit.is_some() => Patch::Clear,
            _ => Patch::Keep,
        },
        ..AccountChange::default()
    }
}

fn differs(wanted: &Patch<String>, found: &Option<String>) -> Patch<String> {
    let found = text(found.clone());
    let wanted = match wanted {
        Patch::Keep => return Patch::Keep,
        Patch::Clear => None,
        Patch::Set(text) => Some(text.clone()).filter(|text| !text.is_empty()),
    };
    if wanted == found {
        return Patch::Keep;
    }
    wanted.into()
}

/// The first field that a change names.
fn differing(change: &AccountChange) -> Option<&'static str> {
    [
        ("enabled", change.enabled.is_some()),
        ("login", change.login.is_some()),
        ("password", change.password.is_some()),
        ("external_ref", !change.remote_custom_field.is_keep()),
        ("name", !change.fullname.is_keep()),
        ("address", !change.main_address.is_keep()),
        ("note", !change.account_desc.is_keep()),
        ("device_limit", !change.devices_per_account_limit.is_keep()),
    ]
    .into_iter()
    .find_map(|(field, differs)| differs.then_some(field))
}

/// The server answers with what it has stored; a password only if it likes.
fn confirm(
    operation: &'static str,
    account: &Account,
    wanted: &SubscriberPatch,
    enabled: Option<bool>,
) -> Result<()> {
    match left(account, wanted, enabled) {
        None => Ok(()),
        Some(field) => Err(Error::NotApplied {
            operation,
            found: format!("`{field}` is not as asked for").into(),
        }),
    }
}

fn is_as(account: &Account, wanted: &SubscriberPatch, enabled: Option<bool>) -> bool {
    left(account, wanted, enabled).is_none()
}

/// The first field that is not as wanted, as far as can be seen.
fn left(
    account: &Account,
    wanted: &SubscriberPatch,
    enabled: Option<bool>,
) -> Option<&'static str> {
    let mut left = difference(account, wanted, enabled);
    if account.pin_md5.is_none() {
        left.password = None;
    }
    differing(&left)
}
