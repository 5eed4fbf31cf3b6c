//! Boxes are bound, moved and unbound.
//!
//! A terminal's id is its address, for that is what a box keeps when it gets
//! another account: a move that stopped half-way is found by it again.

use super::super::{
    Account, AccountKey, AccountPatch, Login, Ministra, NewAccount, PackageChange, PlanExternalId,
};
use super::group::{Group, address, canonical, identity, key};
use super::plan::{Plan, Write};
use super::reads::found;
use crate::error::{Error, Place, Refusal, Result};
use crate::model::{Lossy, MacAddr, Patch, SubscriberId, TerminalId};

impl Ministra {
    pub(super) async fn plan_binding(&self, id: &SubscriberId, mac: MacAddr) -> Result<Plan> {
        const BIND: &str = "bind terminal";
        let group = self.required(BIND, id).await?;
        let holders = self.holders(mac).await?;
        let mut plan = Plan::default();
        // The server does not look whether it is another's.
        if holders.iter().any(|row| !group.has(row)) {
            return Err(Error::Taken {
                record: "terminal",
                key: "MAC address",
                place: None,
            });
        }
        self.give(BIND, &mut plan, &group, mac).await?;
        Ok(plan)
    }

    /// It is taken away before it is given, so that it never has two accounts.
    /// Half-way no account has it: then it is given, as one that was unbound.
    pub(super) async fn plan_move(&self, id: &TerminalId, to: &SubscriberId) -> Result<Plan> {
        const MOVE: &str = "move terminal";
        let mac = match canonical(id.as_str()) {
            Some(mac) => mac,
            None => {
                let holders = self.holders_of(MOVE, id).await?;
                let is_so = |row: &Account| row.stb_mac.as_deref() == Some(id.as_str());
                match address(id.as_str()) {
                    _ if holders.is_empty() => {
                        return Err(Error::Missing {
                            record: "terminal",
                            place: None,
                        });
                    }
                    Some(mac) if !holders.iter().any(is_so) => mac,
                    _ => {
                        let reason = "what is written in place of the address is none; unbind \
                                      it, then bind it";
                        return Err(Refusal::new(MOVE, reason).into());
                    }
                }
            }
        };
        let group = self.required(MOVE, to).await?;
        let mut plan = Plan::default();
        for row in self.holders(mac).await? {
            if !group.has(&row) {
                self.take(MOVE, &mut plan, row).await?;
            }
        }
        self.give(MOVE, &mut plan, &group, mac).await?;
        Ok(plan)
    }

    pub(super) async fn plan_unbinding(&self, id: &TerminalId) -> Result<Plan> {
        const UNBIND: &str = "unbind terminal";
        let mut plan = Plan::default();
        for row in self.holders_of(UNBIND, id).await? {
            self.take(UNBIND, &mut plan, row).await?;
        }
        Ok(plan)
    }

    /// Gives the box one of the subscriber's accounts, or a new one like the
    /// first.
    async fn give(
        &self,
        operation: &'static str,
        plan: &mut Plan,
        group: &Group,
        mac: MacAddr,
    ) -> Result<()> {
        let first = group.first();
        let mut missing = first.subscribed_id.clone();
        let own = group.rows().iter().find(|row| row.mac() == Some(mac));
        let free = || group.rows().iter().find(|row| row.stb_mac.is_none());
        if let Some(row) = own.or_else(free) {
            let mut patch = AccountPatch::default();
            if own.is_none() {
                patch.stb_mac = Patch::Set(mac);
            }
            // Begun and not completed, it is completed now.
            if group.is_made_for_a_box(row) {
                if row.tariff_plan != first.tariff_plan {
                    patch.tariff_plan = plan_of(first);
                }
                missing.retain(|package| !row.subscribed_id.contains(package));
            } else {
                missing.clear();
            }
            if !patch.is_empty() {
                let key = key(operation, &identity(row))?;
                plan.push("write the address", Write::One(key, Box::new(patch)))?;
            }
        } else {
            let new = NewAccount {
                stb_mac: Some(mac),
                ..self.account_for_a_box(operation, plan, group).await?
            };
            plan.push("create the box's account", Write::Create(Box::new(new)))?;
        }
        if missing.is_empty() {
            return Ok(());
        }
        plan.reboots(1);
        let change = PackageChange {
            subscribed_id: missing,
            ..PackageChange::default()
        };
        let write = Write::Packages(AccountKey::Mac(mac), change);
        Ok(plan.push("add the packages", write)?)
    }

    /// An account like the subscriber's first one, without a box.
    async fn account_for_a_box(
        &self,
        operation: &'static str,
        plan: &mut Plan,
        group: &Group,
    ) -> Result<NewAccount> {
        let first = group.first();
        let Some(number) = group.number() else {
            let reason = "a second box needs an external reference, which holds the two together";
            return Err(Refusal::new(operation, reason).into());
        };
        if first.tariff_plan.as_deref() == Some("") {
            let reason = "the plan has no external id: the new box gets the default one";
            plan.losses.push(Lossy::new("subscriptions", reason));
        }
        let instead = first.tariff_instead_expired.as_deref();
        Ok(NewAccount {
            full_name: first.full_name.clone(),
            phone: first.phone.clone(),
            account_number: Some(number),
            tariff_plan: plan_of(first),
            tariff_expired_date: first.tariff_expired_date,
            tariff_instead_expired: instead.and_then(|id| PlanExternalId::new(id).ok()),
            status: Some(first.status),
            comment: first.comment.clone(),
            end_date: first.end_date,
            account_balance: first.account_balance.clone(),
            reseller_id: first.reseller_id,
            ..NewAccount::of(self.free_login(operation, group).await?)
        })
    }

    /// The first of `ivanov-2`, `ivanov-3`, … that nobody has.
    async fn free_login(&self, operation: &'static str, group: &Group) -> Result<Login> {
        let first = identity(group.first());
        for number in 2_u64.. {
            let text = format!("{first}-{number}");
            if group
                .rows()
                .iter()
                .any(|row| super::group::same(&row.login, &text))
            {
                continue;
            }
            let login = Login::new(&text).map_err(|refusal| {
                Refusal::new(operation, format!("a further login {}", refusal.reason()))
            })?;
            if found(self.users().get(&login).await)?.is_none() {
                return Ok(login);
            }
        }
        Err(Error::NoRow {
            place: Some(Place::of_operation(operation)),
        })
    }

    /// Takes a box from an account, and with it the account, if it was made for
    /// the box.
    async fn take(&self, operation: &'static str, plan: &mut Plan, row: Account) -> Result<()> {
        let key = key(operation, &identity(&row))?;
        let group = self.group_of(row.clone()).await?;
        if group.is_made_for_a_box(&row) {
            plan.push("delete the box's account", Write::DeleteOne(key))?;
        } else {
            let patch = AccountPatch {
                stb_mac: Patch::Clear,
                ..AccountPatch::default()
            };
            plan.push("clear the address", Write::One(key, Box::new(patch)))?;
        }
        Ok(())
    }
}

fn plan_of(row: &Account) -> Option<PlanExternalId> {
    PlanExternalId::new(row.tariff_plan.as_deref()?).ok()
}
