//! Plans and packages, account by account.

use super::super::catalogue::{Kind, MinistraLists, package_id, plan_of};
use super::super::refused;
use super::super::rows::Row;
use super::super::write::{MinistraWrite, Write};
use super::create::mac_of;
use super::{Planning, missing};
use crate::ministra::{AccountPatch, PackageId, PlanExternalId};
use crate::model::{FieldLoss, Patch};
use crate::provisioning::desired::SubscriptionKey;
use crate::provisioning::identity::Key;
use crate::provisioning::plan::{FieldDiff, Step, Unplanned};
use crate::provisioning::rows::Slot;

/// The packages that one account is to get and to lose.
struct Change {
    slot: Slot,
    add: Vec<PackageId>,
    remove: Vec<PackageId>,
}

impl Planning<'_> {
    pub(super) fn packages(&mut self) -> Result<(), Unplanned> {
        let wanted = self.wanted_packages()?;
        let unwanted = self.unwanted_packages()?;
        if let Some(plan) = self.wanted_plan()? {
            self.replace_plan(&plan)?;
        }
        self.mirror_plan()?;
        for package in &wanted {
            self.check(*package)?;
        }
        self.change_packages(&wanted, &unwanted)
    }

    /// Returns the plan that is wanted; a subscriber has exactly one.
    pub(super) fn wanted_plan(&self) -> Result<Option<PlanExternalId>, Unplanned> {
        let mut plans = Vec::new();
        for wanted in self.wanted.subscriptions.wanted() {
            match Kind::of(&wanted.package) {
                Some(Kind::Plan(external)) => plans.push(external),
                Some(Kind::NamelessPlan(id)) => {
                    if !self.context.catalogue()?.has_plan(id) {
                        return Err(missing("package"));
                    }
                    let reason = "the plan has no external id, by which alone it can be given";
                    return Err(refused(reason).into());
                }
                Some(Kind::Package(_)) => {}
                None => return Err(missing("package")),
            }
        }
        plans.dedup();
        match plans.as_slice() {
            [] => Ok(None),
            // An unknown one the server takes for the default plan.
            [plan] if self.context.catalogue()?.named(plan.as_str()).is_none() => {
                Err(missing("package"))
            }
            [plan] => Ok(Some(plan.clone())),
            _ => Err(refused("a subscriber has one plan, not two").into()),
        }
    }

    fn wanted_packages(&self) -> Result<Vec<PackageId>, Unplanned> {
        let mut packages = Vec::new();
        for wanted in self.wanted.subscriptions.wanted() {
            let Some(Kind::Package(id)) = Kind::of(&wanted.package) else {
                continue;
            };
            if !self.context.catalogue()?.has_package(id) {
                return Err(missing("package"));
            }
            if !packages.contains(&id) {
                packages.push(id);
            }
        }
        Ok(packages)
    }

    fn unwanted_packages(&self) -> Result<Vec<PackageId>, Unplanned> {
        let mut packages = Vec::new();
        let owner = self
            .rows
            .first()
            .map(|(_, first)| super::super::view::id(first));
        for ended in self.wanted.subscriptions.unwanted() {
            let package = match &ended.subscription {
                SubscriptionKey::Package(package) => package.clone(),
                SubscriptionKey::Id(id) => match id.as_str().split_once('/') {
                    // Another subscriber's ends nothing here.
                    Some((of, package)) => {
                        let is_own = owner.as_ref().is_some_and(|owner| {
                            self.identity.login(owner.as_str()) == self.identity.login(of)
                        });
                        match is_own {
                            true => package.into(),
                            false => continue,
                        }
                    }
                    None => return Err(missing("subscription")),
                },
            };
            match Kind::of(&package) {
                Some(Kind::Package(id)) => packages.push(id),
                Some(Kind::Plan(_) | Kind::NamelessPlan(_)) => {
                    self.refuse_to_end(&package)?;
                }
                None => return Err(missing("package")),
            }
        }
        Ok(packages)
    }

    fn refuse_to_end(&self, plan: &crate::model::PackageId) -> Result<(), Unplanned> {
        let Some((_, first)) = self.rows.first() else {
            return Ok(());
        };
        let lists = match first.0.tariff_plan.as_deref() {
            Some("") => Some(self.context.catalogue()?),
            _ => None,
        };
        let is_another = || -> Result<bool, Unplanned> {
            let wanted = self.wanted_plan()?;
            Ok(wanted.is_some_and(|wanted| format!("plan:{wanted}") != plan.as_str()))
        };
        if plan_of(&first.0, lists).as_ref() != Some(plan) || is_another()? {
            return Ok(());
        }
        let reason = "a subscriber always has a plan: give another one instead";
        Err(refused(reason).into())
    }

    /// Gives all accounts a plan. What ends with the old one ends: a plan that
    /// is bought until it is ended does not fall back on another one's date.
    fn replace_plan(&mut self, plan: &PlanExternalId) -> Result<(), Unplanned> {
        let lists = self.context.catalogue()?;
        let dates_go = (self.wanted.subscriptions.wanted().iter()).any(|wanted| {
            wanted.package.as_str() == format!("plan:{plan}") && wanted.until == Patch::Clear
        });
        let is_other = |row: &Row| row.0.tariff_plan.as_deref() != Some(plan.as_str());
        let ends = |row: &Row| dates_go && row.0.tariff_expired_date.is_some();
        let rows = || self.rows.0.slots();
        let slots: Vec<Slot> = rows()
            .filter(|(_, row)| is_other(row) || ends(row))
            .map(|(slot, _)| slot)
            .collect();
        if slots.is_empty() {
            return Ok(());
        }
        let (any_other, any_ends) = (
            rows().any(|(_, row)| is_other(row)),
            rows().any(|(_, row)| ends(row)),
        );
        let mut patch = AccountPatch::default();
        let mut differs = Vec::new();
        for slot in &slots {
            let row = self.row(*slot);
            if is_other(&row) {
                let wanted = format!("plan:{plan}");
                let found = plan_of(&row.0, Some(lists)).map(|plan| plan.to_string());
                differs.push(FieldDiff::new("subscriptions", found, Some(wanted)));
            }
            if ends(&row) {
                let found = row.0.tariff_expired_date.map(|date| date.to_string());
                differs.push(FieldDiff::new("until", found, None::<String>));
            }
        }
        if any_other {
            patch.tariff_plan = Some(plan.clone());
        }
        if any_ends {
            patch.tariff_expired_date = Patch::Clear;
            patch.tariff_instead_expired = Patch::Clear;
        }
        let stay = optional(lists, plan.as_str());
        // Of a set that is managed, what is not in it is not to be there.
        if any_other && !self.wanted.subscriptions.is_exact() {
            self.lose_packages(&slots, &stay);
        }
        let stay = any_other.then_some(stay.as_slice());
        self.update("change the plan", &slots, &patch, stay, differs)
    }

    /// They stay in the database, and come back with the old plan.
    fn lose_packages(&mut self, slots: &[Slot], stay: &[PackageId]) {
        let mut lost: Vec<PackageId> = Vec::new();
        for id in slots
            .iter()
            .flat_map(|slot| self.row(*slot).0.subscribed_id)
        {
            if !stay.contains(&id) && !lost.contains(&id) {
                lost.push(id);
            }
        }
        for id in lost {
            let reason = format!("{} is not optional in the new plan", package_id(id));
            self.losses.push(FieldLoss::new("subscriptions", reason));
        }
    }

    /// An account that was made for a box is like the first one: begun and not
    /// completed, it is completed now.
    fn mirror_plan(&mut self) -> Result<(), Unplanned> {
        let Some((_, first)) = self.rows.first() else {
            return Ok(());
        };
        let Some(wanted) = first.0.tariff_plan.clone().filter(|plan| !plan.is_empty()) else {
            return Ok(());
        };
        let stay = first.0.subscribed_id.clone();
        for slot in self.mirrors() {
            let found = self.row(slot).0.tariff_plan;
            // Of one that is still to be made the server has not said it yet.
            if found.is_none() || found.as_deref() == Some(wanted.as_str()) {
                continue;
            }
            let patch = AccountPatch {
                tariff_plan: Some(PlanExternalId::new(&wanted)?),
                ..AccountPatch::default()
            };
            let differs = FieldDiff::new("subscriptions", found, Some(wanted.clone()));
            self.update(
                "change the plan",
                &[slot],
                &patch,
                Some(&stay),
                vec![differs],
            )?;
        }
        Ok(())
    }

    /// Returns the accounts that were made for boxes that are to be there.
    fn mirrors(&self) -> Vec<Slot> {
        let first = self.rows.first().map(|(slot, _)| slot);
        let wanted: Vec<_> = (self.wanted.terminals.wanted().iter())
            .filter_map(mac_of)
            .collect();
        let is_mirror = |(slot, row): &(Slot, &Row)| {
            row.is_marked()
                && Some(*slot) != first
                && row.mac().is_some_and(|mac| wanted.contains(&mac))
        };
        self.rows
            .0
            .slots()
            .filter(is_mirror)
            .map(|(slot, _)| slot)
            .collect()
    }

    /// Refuses what is not optional in an account's plan: the server leaves it
    /// out, and says nothing.
    fn check(&mut self, package: PackageId) -> Result<(), Unplanned> {
        let lists = self.context.catalogue()?;
        for row in self.rows.0.iter() {
            let its = lists.tariff_of(&row.0).map(|tariff| &tariff.packages);
            let its = its.into_iter().flatten().find(|its| its.id == package);
            let reason = match its {
                Some(its) if its.optional => continue,
                Some(_) => "the package is part of the subscriber's plan, not optional",
                None => "the package is not in the subscriber's plan",
            };
            return Err(refused(reason).into());
        }
        let is_missing = |row: &Row| !row.has(package);
        if lists.is_single(package) && self.rows.0.iter().any(is_missing) {
            let reason = format!(
                "{} is sold for a time and ends by itself",
                package_id(package)
            );
            self.losses.push(FieldLoss::new("subscriptions", reason));
        }
        Ok(())
    }

    fn change_packages(
        &mut self,
        wanted: &[PackageId],
        unwanted: &[PackageId],
    ) -> Result<(), Unplanned> {
        let mirrors = self.mirrors();
        let first = self
            .rows
            .first()
            .map(|(_, first)| first.0.subscribed_id.clone());
        let first = first.unwrap_or_default();
        let is_exact = self.wanted.subscriptions.is_exact();
        let mut changes = Vec::new();
        for (slot, row) in self.rows.0.slots() {
            let mut target = match is_exact {
                true => Vec::new(),
                false => row.0.subscribed_id.clone(),
            };
            if !is_exact && mirrors.contains(&slot) {
                target.extend(&first);
            }
            target.retain(|id| !unwanted.contains(id));
            target.extend(wanted);
            let has = &row.0.subscribed_id;
            let mut add = target.clone();
            add.retain(|id| !has.contains(id));
            add.sort_unstable();
            add.dedup();
            let mut remove = has.clone();
            remove.retain(|id| !target.contains(id));
            if !add.is_empty() || !remove.is_empty() {
                changes.push(Change { slot, add, remove });
            }
        }
        match self.at_once(&changes)? {
            Some(change) => self.push_change(self.rows.slots(), &change, &changes),
            None => {
                for change in &changes {
                    self.push_change(vec![change.slot], change, std::slice::from_ref(change))?;
                }
                Ok(())
            }
        }
    }

    /// Returns the one change that does the same for all accounts as the
    /// changes one by one: what an account has already it does not get again,
    /// unless it is sold singly.
    fn at_once(&self, changes: &[Change]) -> Result<Option<Change>, Unplanned> {
        let [one, others @ ..] = changes else {
            return Ok(None);
        };
        let mut all = Change {
            slot: one.slot,
            add: one.add.clone(),
            remove: one.remove.clone(),
        };
        for other in others {
            all.add.extend(&other.add);
            all.remove.extend(&other.remove);
        }
        for list in [&mut all.add, &mut all.remove] {
            list.sort_unstable();
            list.dedup();
        }
        if self.rows.package_target(&self.rows.slots()).is_err() {
            return Ok(None);
        }
        // `false` of an account that has it already would have to be looked at.
        let box_of = |slot| self.rows.0.get(slot).and_then(Row::found_mac);
        if others.is_empty()
            && self.rows.0.len() > 1
            && let Some(mac) = box_of(one.slot)
            && self.context.holders(&self.identity.mac(mac)).is_ok()
        {
            return Ok(None);
        }
        for (slot, row) in self.rows.0.slots() {
            let own = changes.iter().find(|change| change.slot == slot);
            let is_to_get = |id: &PackageId| own.is_some_and(|own| own.add.contains(id));
            let is_to_lose = |id: &PackageId| own.is_some_and(|own| own.remove.contains(id));
            let mut same = (all.add.iter()).all(|id| row.has(*id) || is_to_get(id))
                && (all.remove.iter()).all(|id| !row.has(*id) || is_to_lose(id));
            // Only what is to be added has been looked up.
            for id in all.add.iter().filter(|id| row.has(**id)) {
                same &= self.rows.0.len() == 1 || !self.is_single(*id)?;
            }
            if !same {
                return Ok(None);
            }
        }
        Ok(Some(all))
    }

    fn is_single(&self, id: PackageId) -> Result<bool, Unplanned> {
        Ok(self.context.catalogue()?.is_single(id))
    }

    fn push_change(
        &mut self,
        slots: Vec<Slot>,
        change: &Change,
        each: &[Change],
    ) -> Result<(), Unplanned> {
        let target = self.rows.package_target(&slots)?;
        let write = Write::Packages {
            slots,
            add: change.add.clone(),
            remove: change.remove.clone(),
        };
        let mut step = Step::new("change the packages", MinistraWrite(write));
        if let crate::ministra::AccountKey::Mac(mac) = target {
            step = step.touches(self.identity.mac(mac));
        }
        if !change.remove.is_empty() {
            step = step.removes();
        }
        let mut is_sold_again = false;
        for id in &change.add {
            is_sold_again |= self.is_known_single(*id);
        }
        if is_sold_again {
            step = step.never_again();
        }
        // The server restarts the boxes of accounts that change, and no others.
        let restarted = each.iter().filter_map(|change| self.row(change.slot).mac());
        let restarted: Vec<Key> = restarted.map(|mac| self.identity.mac(mac)).collect();
        for terminal in restarted {
            step = step.restarts(terminal);
        }
        let mut differs = Vec::new();
        for one in each {
            let added = one
                .add
                .iter()
                .map(|id| (None, Some(package_id(*id).to_string())));
            let removed = one
                .remove
                .iter()
                .map(|id| (Some(package_id(*id).to_string()), None));
            for (found, to) in added.chain(removed) {
                differs.push(FieldDiff::new("subscriptions", found, to));
            }
        }
        self.push(step, differs);
        Ok(())
    }

    /// Of what was looked up.
    fn is_known_single(&self, id: PackageId) -> bool {
        self.is_single(id).is_ok_and(|single| single)
    }
}

fn optional(lists: &MinistraLists, plan: &str) -> Vec<PackageId> {
    let packages = lists.named(plan).map(|tariff| &tariff.packages);
    let optional = packages.into_iter().flatten().filter(|its| its.optional);
    optional.map(|its| its.id).collect()
}
