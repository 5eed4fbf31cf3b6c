//! Writing accounts.

use super::super::{Account, AccountFilter, NewAccount, Tvip};
use super::convert::{subscriber, text};
use super::difference::{confirm, difference, differing, is_as, wish};
use super::lost;
use crate::backend::{Applied, Change, texts};
use crate::error::{Error, Refusal, RejectionKind, Result};
use crate::model::{Lossy, NewSubscriber, Patch, Subscriber, SubscriberId, SubscriberPatch};

const CREATE: &str = "create subscriber";
const CHANGE: &str = "change subscriber";

impl Tvip {
    pub(super) async fn create_or_adopt(&self, new: &NewSubscriber) -> Result<Applied<Subscriber>> {
        checked_new(CREATE, new)?;
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
                place: None,
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
        // The same one if somebody has created it in between.
        if let (Some(found), Some(external)) = (&found, &new.external_ref)
            && text(found.remote_custom_field.clone()).is_some_and(|is| is != external.as_str())
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
        checked_patch(CHANGE, patch)?;
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
                place: None,
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
                place: None,
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

pub(super) fn checked_new(operation: &'static str, new: &NewSubscriber) -> Result<(), Refusal> {
    texts::key(operation, "login", &new.login)?;
    if let Some(external) = &new.external_ref {
        texts::key(operation, "external reference", external.as_str())?;
    }
    texts::password(operation, new.password.as_ref())
}

pub(super) fn checked_patch(
    operation: &'static str,
    patch: &SubscriberPatch,
) -> Result<(), Refusal> {
    if let Some(login) = &patch.login {
        texts::key(operation, "login", login)?;
    }
    if let Patch::Set(external) = &patch.external_ref {
        texts::key(operation, "external reference", external.as_str())?;
    }
    texts::password(operation, patch.password.as_ref())
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
