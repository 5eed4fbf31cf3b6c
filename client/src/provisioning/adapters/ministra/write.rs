//! Writes: what each leaves behind, and the requests it is.

use secrecy::SecretString;

use crate::error::{Refusal, Result};
use crate::ministra::{
    self, AccountKey, AccountNumber, AccountPatch, Outcome, PackageChange, PackageId, UserKey,
};
use crate::model::MacAddr;
use crate::provisioning::platform::Proof;
use crate::provisioning::rows::Slot;

use super::refused;
use super::rows::{MinistraRows, Row};

/// One request that writes.
#[derive(Clone)]
pub struct MinistraWrite(pub(super) Write);

#[derive(Clone)]
pub(super) enum Write {
    /// A new account.
    Create(Box<Row>, Option<SecretString>),
    /// A box that the server has added by itself becomes this account.
    Claim(MacAddr, Box<Row>),
    /// A box that the server has added by itself makes room for an account.
    DropLoose(MacAddr),
    /// Accounts change. With another plan go the packages that are not in it;
    /// these stay.
    Update {
        slots: Vec<Slot>,
        patch: Box<AccountPatch>,
        stay: Option<Vec<PackageId>>,
    },
    /// Packages of accounts change.
    Packages {
        slots: Vec<Slot>,
        add: Vec<PackageId>,
        remove: Vec<PackageId>,
    },
    /// Accounts go.
    Delete(Vec<Slot>),
}

/// The account or accounts that a request applies to.
pub(super) enum Target {
    All(AccountNumber),
    One(UserKey),
}

impl MinistraRows {
    pub(super) fn apply(&mut self, write: &Write) {
        match write {
            Write::Create(row, _) => drop(self.0.add((**row).clone())),
            Write::Claim(_, row) => drop(self.0.add((**row).clone())),
            Write::DropLoose(_) => {}
            Write::Update { slots, patch, stay } => {
                for slot in slots {
                    if let Some(row) = self.0.get_mut(*slot) {
                        row.apply(patch);
                        if let Some(stay) = stay {
                            row.0.subscribed_id.retain(|id| stay.contains(id));
                        }
                    }
                }
            }
            Write::Packages { slots, add, remove } => {
                for slot in slots {
                    if let Some(row) = self.0.get_mut(*slot) {
                        let has = &mut row.0.subscribed_id;
                        has.retain(|id| !remove.contains(id));
                        has.extend(add);
                        has.sort_unstable();
                        has.dedup();
                    }
                }
            }
            Write::Delete(slots) => {
                for slot in slots {
                    self.0.remove(*slot);
                }
            }
        }
    }

    /// Returns whom a write of these accounts is addressed to: all of them at
    /// once by their number, one by its login or box.
    ///
    /// # Errors
    ///
    /// If the server cannot be told.
    pub(super) fn target(&self, slots: &[Slot]) -> Result<Target, Refusal> {
        if slots.len() == self.0.len()
            && let Some(number) = self.number()
        {
            return Ok(Target::All(number));
        }
        let [slot] = slots else {
            return Err(refused("the account number cannot be asked for"));
        };
        let row = self.0.get(*slot).ok_or_else(gone)?;
        Ok(Target::One(row.address()?))
    }

    /// The same for packages: the server takes a long number for an address.
    pub(super) fn package_target(&self, slots: &[Slot]) -> Result<AccountKey, Refusal> {
        if slots.len() == self.0.len()
            && let Some(number) = self.number().filter(AccountNumber::is_short)
        {
            return Ok(AccountKey::Number(number));
        }
        let mac = match slots {
            [slot] => self.0.get(*slot).and_then(Row::found_mac),
            _ => None,
        };
        mac.map(AccountKey::Mac).ok_or_else(|| {
            refused(
                "an account without a box can be given packages only by an account number \
                 (`external_ref`) of less than 12 characters",
            )
        })
    }
}

fn gone() -> Refusal {
    refused("the account is not there any more")
}

pub(super) async fn perform(
    client: &ministra::Ministra,
    write: &Write,
    present: Option<&MinistraRows>,
) -> Result<Proof<MinistraRows>> {
    let rows = present.cloned().unwrap_or_default();
    let mut after = rows.clone();
    after.apply(write);
    let after = (!after.0.is_empty()).then_some(after);
    let answered = Ok(Proof::Answered(after));
    match write {
        Write::Create(row, password) => {
            let new = ministra::NewAccount {
                password: password.clone(),
                ..row.to_new()?
            };
            client.accounts().create(&new).await?;
            // Which is the default plan, only the server knows.
            match row.number() {
                Some(_) => answered,
                None => Ok(Proof::Accepted),
            }
        }
        Write::Claim(mac, row) => {
            client.users().update(*mac, &row.to_patch()?).await?;
            Ok(Proof::Accepted)
        }
        Write::DropLoose(mac) => match client.users().delete(*mac).await {
            Err(error) if error.is_not_found() => answered,
            deleted => {
                deleted?;
                answered
            }
        },
        Write::Update { slots, patch, stay } => {
            match rows.target(slots)? {
                Target::All(number) => client.accounts().update(number, patch).await?,
                Target::One(key) => client.users().update(key, patch).await?,
            }
            // Packages that were there with this plan before come back.
            match stay {
                Some(_) => Ok(Proof::Accepted),
                None => answered,
            }
        }
        Write::Packages { slots, add, remove } => {
            let change = PackageChange {
                subscribed_id: add.clone(),
                unsubscribed_id: remove.clone(),
                ..PackageChange::default()
            };
            let target = rows.package_target(slots)?;
            let outcome = client
                .account_subscription()
                .change(target, &change)
                .await?;
            // `true` says that at least one package changed in each account.
            match outcome == Outcome::Done && add.len() + remove.len() == 1 {
                true => answered,
                false => Ok(Proof::Accepted),
            }
        }
        Write::Delete(slots) => {
            match rows.target(slots)? {
                Target::All(number) => client.accounts().delete(number).await?,
                Target::One(key) => client.users().delete(key).await?,
            }
            answered
        }
    }
}
