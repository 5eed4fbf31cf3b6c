//! Finding what an operation is about.

use super::super::{Account, AccountFilter, AccountId, Device, DeviceId, ProviderId, Tvip};
use crate::backend::texts;
use crate::error::{Error, Place, Refusal, Result};
use crate::model::{SubscriberId, SubscriberKey, TerminalId};

const FIND: &str = "find subscriber";

/// The number an id of the model is here.
pub(super) fn number(
    operation: &'static str,
    what: &'static str,
    id: &str,
) -> Result<i64, Refusal> {
    let refused = || {
        let reason = format!("the id of a {what} is a whole number above 0 here");
        Refusal::new(operation, reason)
    };
    texts::number(id).filter(|id| *id > 0).ok_or_else(refused)
}

impl Tvip {
    /// Whether records of this provider are those to be seen.
    pub(super) fn sees(&self, provider: Option<ProviderId>) -> bool {
        match (self.options().provider, provider) {
            (Some(own), Some(provider)) => own == provider,
            _ => true,
        }
    }

    pub(super) async fn find(&self, key: &SubscriberKey) -> Result<Option<Account>> {
        match key {
            SubscriberKey::Id(id) => {
                let id = number(FIND, "subscriber", id.as_str())?;
                self.account(AccountId(id)).await
            }
            SubscriberKey::Login(login) => {
                texts::findable(FIND, "login", login)?;
                self.find_by_login(login).await
            }
            SubscriberKey::ExternalRef(external) => {
                texts::findable(FIND, "external reference", external.as_str())?;
                self.find_by_external_ref(external.as_str()).await
            }
        }
    }

    pub(super) async fn find_by_login(&self, login: &str) -> Result<Option<Account>> {
        self.find_one(AccountFilter {
            login: Some(login.to_owned()),
            ..AccountFilter::default()
        })
        .await
    }

    pub(super) async fn find_by_external_ref(&self, external: &str) -> Result<Option<Account>> {
        self.find_one(AccountFilter {
            remote_custom_field: Some(external.to_owned()),
            ..AccountFilter::default()
        })
        .await
    }

    /// An empty text is nobody's: servers would leave the filter out.
    async fn find_one(&self, mut filter: AccountFilter) -> Result<Option<Account>> {
        let empty = |text: &Option<String>| text.as_deref() == Some("");
        if empty(&filter.login) || empty(&filter.remote_custom_field) {
            return Ok(None);
        }
        filter.provider = self.options().provider;
        let mut found = self.accounts().list(filter).collect().await?;
        match found.len() {
            0 | 1 => Ok(found.pop()),
            found => Err(Error::ManyRows {
                found,
                place: Some(Place::of_operation("accounts with one login or reference")),
            }),
        }
    }

    pub(super) async fn account(&self, id: AccountId) -> Result<Option<Account>> {
        let account = self.accounts().get(id).await?;
        Ok(account.filter(|account| self.sees(account.provider)))
    }

    pub(super) async fn present_account(
        &self,
        operation: &'static str,
        id: &SubscriberId,
    ) -> Result<Account> {
        let id = AccountId(number(operation, "subscriber", id.as_str())?);
        let missing = Error::Missing {
            record: "subscriber",
            place: None,
        };
        self.account(id).await?.ok_or(missing)
    }

    pub(super) async fn device(&self, id: DeviceId) -> Result<Option<Device>> {
        let device = self.devices().get(id).await?;
        Ok(device.filter(|device| self.sees(device.provider)))
    }

    pub(super) async fn present_device(
        &self,
        operation: &'static str,
        id: &TerminalId,
    ) -> Result<Device> {
        let id = DeviceId(number(operation, "terminal", id.as_str())?);
        let missing = Error::Missing {
            record: "terminal",
            place: None,
        };
        self.device(id).await?.ok_or(missing)
    }
}
