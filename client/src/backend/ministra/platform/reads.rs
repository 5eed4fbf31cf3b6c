//! Looking up subscribers and boxes.

use super::super::{Account, AccountNumber, Ministra};
use super::group::{Group, address, canonical, key};
use crate::error::{Error, Place, Refusal, Result};
use crate::model::{MacAddr, SubscriberId, TerminalId};

impl Ministra {
    /// The account with this login, and all that belong to it.
    pub(super) async fn group_of_login(
        &self,
        operation: &'static str,
        login: &str,
    ) -> Result<Option<Group>> {
        let key = key(operation, login)?;
        match found(self.users().get(&key).await)? {
            None => Ok(None),
            Some(row) => self.group_of(row).await.map(Some),
        }
    }

    /// The account, and all that belong to it.
    pub(super) async fn group_of(&self, row: Account) -> Result<Group> {
        let group = match row.account_number.as_deref() {
            None => None,
            Some(text) => {
                let rows = match AccountNumber::new(text) {
                    Ok(number) if number.is_said_to_accounts() => {
                        found(self.accounts().get(&number).await)?.unwrap_or_default()
                    }
                    // It cannot be asked for.
                    _ => self.accounts().list().await?,
                };
                Group::of_number(text, rows)
            }
        };
        // Moved away in the meantime, it is alone.
        match group {
            Some(group) if group.has(&row) => Ok(group),
            _ => Group::of(vec![row]).ok_or(Error::NoRow {
                place: Some(Place::of_operation("GET accounts")),
            }),
        }
    }

    /// The subscriber with this id: the login of a further account is none.
    pub(super) async fn group(
        &self,
        operation: &'static str,
        id: &SubscriberId,
    ) -> Result<Option<Group>> {
        let group = self.group_of_login(operation, id.as_str()).await?;
        Ok(group.filter(|group| group.is(id.as_str())))
    }

    /// The subscriber with this id, unless there is no account with it. One
    /// that is there and somebody else's must not be taken for one that is gone.
    pub(super) async fn group_unless_gone(
        &self,
        operation: &'static str,
        id: &SubscriberId,
    ) -> Result<Option<Group>> {
        match self.group_of_login(operation, id.as_str()).await? {
            Some(group) if !group.is(id.as_str()) => {
                let reason = "the login is no subscriber's id: it is that of a further account \
                              with the same account number (`external_ref`)";
                Err(Refusal::new(operation, reason).into())
            }
            group => Ok(group),
        }
    }

    pub(super) async fn required(
        &self,
        operation: &'static str,
        id: &SubscriberId,
    ) -> Result<Group> {
        let group = self.group(operation, id).await?;
        group.ok_or(Error::Missing {
            record: "subscriber",
            place: None,
        })
    }

    pub(super) async fn group_of_number(&self, number: &AccountNumber) -> Result<Option<Group>> {
        let rows = found(self.accounts().get(number).await)?;
        Ok(rows.and_then(|rows| Group::of_number(number.as_str(), rows)))
    }

    /// All accounts that have this box. The server finds it only if it is
    /// written with colons.
    pub(super) async fn holders(&self, mac: MacAddr) -> Result<Vec<Account>> {
        Ok(found(self.accounts().get(mac).await)?.unwrap_or_default())
    }

    /// All accounts that have this terminal, whatever is written in place of
    /// its address.
    pub(super) async fn holders_of(
        &self,
        operation: &'static str,
        terminal: &TerminalId,
    ) -> Result<Vec<Account>> {
        let id = terminal.as_str();
        if id.trim().is_empty() {
            return Err(Refusal::new(operation, "the id of the terminal is empty").into());
        }
        if let Some(mac) = canonical(id) {
            return self.holders(mac).await;
        }
        let mut all = self.accounts().list().await?;
        all.retain(|row| row.stb_mac.as_deref() == Some(id));
        // An address in another spelling is of the same box.
        match address(id) {
            Some(mac) if all.is_empty() => self.holders(mac).await,
            _ => Ok(all),
        }
    }
}

/// What is not found is none.
pub(super) fn found<T>(answer: Result<T>) -> Result<Option<T>> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error),
    }
}

/// An external reference as an account number.
pub(super) fn number(operation: &'static str, text: &str) -> Result<AccountNumber, Refusal> {
    let refused =
        |reason: &str| Refusal::new(operation, format!("the external reference {reason}"));
    let number = AccountNumber::new(text).map_err(|refusal| refused(refusal.reason()))?;
    if !number.is_said_to_accounts() {
        let reason = "of 12 or more characters with a colon in it is taken for a MAC address";
        return Err(refused(reason));
    }
    Ok(number)
}
