//! Boxes are bound, moved and unbound.
//!
//! A terminal's id is its address, for that is what a box keeps when it gets
//! another account: a move that stopped half-way is found by it again.

use super::super::{
    Account, AccountKey, AccountNumber, AccountPatch, Login, Ministra, NewAccount, PackageChange,
    PackageId, PlanExternalId, UserKey,
};
use super::group::{Group, canonical, identity, key};
use super::plan::{Plan, Write};
use super::reads::found;
use crate::error::{Error, Refusal, Result};
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
            });
        }
        self.give(BIND, &mut plan, &group, mac, &holders).await?;
        Ok(plan)
    }

    /// It is given before it is taken away: half-way it has two accounts, and
    /// is still found.
    pub(super) async fn plan_move(&self, id: &TerminalId, to: &SubscriberId) -> Result<Plan> {
        const MOVE: &str = "move terminal";
        let group = self.required(MOVE, to).await?;
        let holders = self.holders_of(id).await?;
        if holders.is_empty() {
            return Err(Error::Missing { record: "terminal" });
        }
        let Some(mac) = canonical(id.as_str()) else {
            let reason = "what is written in place of the address is none; unbind it, then bind it";
            return Err(Refusal::new(MOVE, reason).into());
        };
        let mut plan = Plan::default();
        let missing = self.give(MOVE, &mut plan, &group, mac, &holders).await?;
        for row in holders {
            if !group.has(&row) {
                self.take(MOVE, &mut plan, row).await?;
            }
        }
        // By the address, which two accounts have until now.
        subscribe(&mut plan, mac, missing)?;
        Ok(plan)
    }

    pub(super) async fn plan_unbinding(&self, id: &TerminalId) -> Result<Plan> {
        let mut plan = Plan::default();
        for row in self.holders_of(id).await? {
            self.take("unbind terminal", &mut plan, row).await?;
        }
        Ok(plan)
    }

    /// Gives the box one of the subscriber's accounts, or a new one. Answers
    /// with the packages that are to follow, once the box is nobody else's.
    async fn give(
        &self,
        operation: &'static str,
        plan: &mut Plan,
        group: &Group,
        mac: MacAddr,
        holders: &[Account],
    ) -> Result<Vec<PackageId>> {
        let is_alone = holders.iter().all(|row| group.has(row));
        let own = group.rows().iter().find(|row| row.mac() == Some(mac));
        let free = || group.rows().iter().find(|row| row.stb_mac.is_none());
        let has = AccountPatch {
            stb_mac: Patch::Set(mac),
            ..AccountPatch::default()
        };
        let first = group.first();
        let mut missing = first.subscribed_id.clone();
        match own.or_else(free) {
            Some(row) => {
                let key = key(operation, &identity(row))?;
                let mut patch = if own.is_some() {
                    AccountPatch::default()
                } else {
                    has
                };
                // One that was made for a box is like the first one; begun and
                // not completed, it is completed now.
                if group.is_made_for_a_box(row) {
                    if row.tariff_plan != first.tariff_plan {
                        patch.tariff_plan = plan_of(first);
                    }
                    missing.retain(|package| !row.subscribed_id.contains(package));
                } else {
                    missing.clear();
                }
                if !patch.is_empty() {
                    plan.push("write the address", Write::One(key, Box::new(patch)))?;
                }
            }
            None => {
                let new = self.account_for_a_box(operation, plan, group).await?;
                let key = UserKey::Login(new.login.clone());
                // Of an address that is another's still, the server would
                // refuse the account, but not the change.
                let at_once = is_alone.then_some(mac);
                let new = NewAccount {
                    stb_mac: at_once,
                    ..new
                };
                plan.push(
                    "create an account for the box",
                    Write::Create(Box::new(new)),
                )?;
                if at_once.is_none() {
                    plan.push("write the address", Write::One(key, Box::new(has)))?;
                }
            }
        }
        plan.reboots(usize::from(!missing.is_empty()));
        if is_alone {
            subscribe(plan, mac, std::mem::take(&mut missing))?;
        }
        Ok(missing)
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
            account_number: Some(AccountNumber::clone(&number)),
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
        Err(Error::NoRow)
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

fn subscribe(plan: &mut Plan, mac: MacAddr, packages: Vec<PackageId>) -> Result<(), Refusal> {
    if packages.is_empty() {
        return Ok(());
    }
    let change = PackageChange {
        subscribed_id: packages,
        ..PackageChange::default()
    };
    plan.push(
        "add the packages",
        Write::Packages(AccountKey::Mac(mac), change),
    )
}
