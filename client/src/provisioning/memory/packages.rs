//! Packages and plans, row by row.

use super::plan::Planning;
use super::row::{Held, MemoryWrite, Row, RowChange, Write};
use super::{Memory, refused};
use crate::model::{End, MacAddr, Package, PackageId, PackageKind, Patch, Timestamp};
use crate::provisioning::desired::{
    EndedSubscription, Members, SubscriptionKey, WantedSubscription,
};
use crate::provisioning::plan::{FieldDiff, Step, Unplanned};
use crate::provisioning::rows::Slot;

impl Planning<'_> {
    pub(super) fn packages(&mut self) -> Result<(), Unplanned> {
        if !self.wanted.subscriptions.wanted().is_empty() {
            self.context.catalogue()?;
        }
        for wanted in self.wanted.subscriptions.wanted() {
            self.check(wanted)?;
        }
        for slot in self.slots() {
            if self.wanted.subscriptions.is_exact() {
                self.end_others(slot)?;
            }
            for ended in self.wanted.subscriptions.ended() {
                self.end(slot, ended)?;
            }
            for wanted in self.wanted.subscriptions.wanted() {
                self.have(slot, wanted)?;
            }
        }
        Ok(())
    }

    fn offer(&self, id: &PackageId) -> Option<&Package> {
        // It was read before anything is planned here.
        let offers = self.context.catalogue().ok()?;
        offers.iter().find(|package| package.id == *id)
    }

    fn is_plan(&self, id: &PackageId) -> bool {
        let offer = self.offer(id);
        offer.is_some_and(|offer| offer.kind == PackageKind::Plan)
    }

    /// Refuses what is not available.
    fn check(&self, wanted: &WantedSubscription) -> Result<(), Unplanned> {
        let Some(offer) = self.offer(&wanted.package) else {
            return Err(Self::missing("package"));
        };
        if !offer.enabled {
            return Err(refused("the package is not available").into());
        }
        if let (Some(from), Patch::Set(until)) = (wanted.from, wanted.until)
            && until <= from
        {
            return Err(refused("the subscription ends before it begins").into());
        }
        let is_offered = |plan: &PackageId| offer.plans.contains(plan);
        let all = self.wanted.subscriptions.wanted();
        let is_to_be = all.iter().find(|other| self.is_plan(&other.package));
        let outside = match is_to_be {
            Some(plan) => !is_offered(&plan.package),
            None => self.rows.iter().any(|row| {
                let mut own = row.packages.iter().map(|held| &held.package);
                !own.any(is_offered)
            }),
        };
        match !offer.plans.is_empty() && outside {
            true => Err(refused("the package is not in the subscriber's plan").into()),
            false => Ok(()),
        }
    }

    fn terminal(wanted: &WantedSubscription) -> Result<Option<MacAddr>, Unplanned> {
        let Some(id) = &wanted.terminal else {
            return Ok(None);
        };
        let mac = id.as_str().parse().map_err(|_| Self::missing("terminal"))?;
        Ok(Some(mac))
    }

    /// Gives the row a package, or sets the end of the one it has.
    fn have(&mut self, slot: Slot, wanted: &WantedSubscription) -> Result<(), Unplanned> {
        let terminal = Self::terminal(wanted)?;
        let row = self.row(slot);
        if terminal.is_some_and(|mac| !row.terminals.contains(&mac)) {
            let somewhere = |row: &Row| terminal.is_some_and(|mac| row.terminals.contains(&mac));
            return match self.rows.iter().any(somewhere) {
                true => Ok(()),
                false => Err(Self::missing("terminal")),
            };
        }
        let now = self.context.now();
        let same = |held: &&Held| held.package == wanted.package && held.terminal == terminal;
        let mut current = row
            .packages
            .iter()
            .filter(same)
            .filter(|held| !held.has_ended(now));
        let until = |kept: Option<Timestamp>| match wanted.until {
            Patch::Keep => kept,
            Patch::Clear => None,
            Patch::Set(until) => Some(until),
        };
        let Some(held) = current.next() else {
            self.replace_plan(slot, &row, wanted)?;
            let held = Held {
                package: wanted.package.clone(),
                terminal,
                from: wanted.from,
                until: until(None),
            };
            let differs = FieldDiff::new(
                "subscriptions",
                None::<String>,
                Some(wanted.package.as_str()),
            );
            self.update("add the package", slot, RowChange::Add(held), differs);
            return Ok(());
        };
        if current.next().is_some() {
            return Err(refused("the subscriber has the package twice").into());
        }
        match wanted.from {
            Some(from) if from > now && held.from != Some(from) => {
                return Err(
                    refused("the subscriber has the package already, from another time").into(),
                );
            }
            None if !held.is_running(now) => {
                return Err(refused("the subscriber has the package from a later time").into());
            }
            _ => {}
        }
        let until = until(held.until);
        // An addition makes nothing shorter that is there.
        let longer = matches!(self.wanted.subscriptions, Members::Change { .. })
            && until.is_some()
            && held.until.is_none_or(|own| Some(own) > until);
        if until != held.until && !longer {
            let shown = |until: Option<Timestamp>| until.map(|until| until.to_string());
            let differs = FieldDiff::new("until", shown(held.until), shown(until));
            self.update(
                "set the end",
                slot,
                RowChange::End(held.clone(), until),
                differs,
            );
        }
        Ok(())
    }

    /// A row has one plan; another one replaces it, and takes away what is not
    /// in it.
    fn replace_plan(
        &mut self,
        slot: Slot,
        row: &Row,
        wanted: &WantedSubscription,
    ) -> Result<(), Unplanned> {
        if !self.is_plan(&wanted.package) {
            return Ok(());
        }
        for held in &row.packages {
            let outside = self.offer(&held.package).is_some_and(|offer| {
                !offer.plans.is_empty() && !offer.plans.contains(&wanted.package)
            });
            if outside {
                let reason = format!("package {} is not in the new plan", held.package);
                self.losses
                    .push(crate::model::FieldLoss::new("subscriptions", reason));
            }
            if self.is_plan(&held.package) || outside {
                self.remove(slot, held);
            }
        }
        Ok(())
    }

    fn end_others(&mut self, slot: Slot) -> Result<(), Unplanned> {
        let now = self.context.now();
        let all = self.wanted.subscriptions.wanted();
        let mut kept: Vec<(PackageId, Option<MacAddr>)> = Vec::new();
        for held in self.row(slot).packages {
            let mut stays = false;
            for wanted in all {
                stays |= wanted.package == held.package && Self::terminal(wanted)? == held.terminal;
            }
            let place = (held.package.clone(), held.terminal);
            // A plan goes when another one comes.
            let is_replaced = self.is_plan(&held.package)
                && all.iter().any(|wanted| self.is_plan(&wanted.package));
            if held.has_ended(now) || !stays && is_replaced {
                continue;
            }
            match stays && !kept.contains(&place) {
                true => kept.push(place),
                false => self.remove(slot, &held),
            }
        }
        Ok(())
    }

    fn end(&mut self, slot: Slot, ended: &EndedSubscription) -> Result<(), Unplanned> {
        let now = self.context.now();
        let Some((_, first)) = self.rows.first() else {
            return Ok(());
        };
        let owner = self.memory.id(first);
        for held in self.row(slot).packages {
            let is_it = match &ended.subscription {
                SubscriptionKey::Package(package) => *package == held.package,
                SubscriptionKey::Id(id) => *id == Memory::subscription_id(&owner, &held),
            };
            if !is_it || held.has_ended(now) {
                continue;
            }
            match ended.end {
                End::Now => self.remove(slot, &held),
                End::At(until) if held.until == Some(until) => {}
                End::At(until) => {
                    let shown = |until: Option<Timestamp>| until.map(|until| until.to_string());
                    let differs = FieldDiff::new("until", shown(held.until), shown(Some(until)));
                    let change = RowChange::End(held.clone(), Some(until));
                    self.update("set the end", slot, change, differs);
                }
            }
        }
        Ok(())
    }

    fn remove(&mut self, slot: Slot, held: &Held) {
        let write = Write::Update(slot, vec![RowChange::Remove(held.clone())]);
        let step = Step::new("end the package", MemoryWrite(write)).removes();
        let differs = FieldDiff::new("subscriptions", Some(held.package.as_str()), None::<String>);
        self.step(step, vec![differs]);
    }
}
