//! Subscriptions: which tariffs the account and single devices have, and when.

use super::ends::label;
use super::{Planning, refused, unreadable, whole};
use crate::model::{FieldLoss, Patch, Timestamp};
use crate::provisioning::adapters::tvip::number;
use crate::provisioning::adapters::tvip::rows::SubscriptionRow;
use crate::provisioning::adapters::tvip::write::Write;
use crate::provisioning::desired::{TerminalKey, WantedSubscription};
use crate::provisioning::plan::{FieldDiff, Step, Unplanned};
use crate::provisioning::rows::Slot;

/// A tariff that the account, or one device, is to have.
#[derive(PartialEq)]
struct Member {
    tarif: i64,
    device: Option<String>,
}

impl Member {
    fn has(&self, row: &SubscriptionRow) -> bool {
        row.tarif == self.tarif && row.device == self.device
    }
}

impl Planning<'_> {
    pub(super) fn subscriptions(&mut self) -> Result<(), Unplanned> {
        let wanted = &self.wanted.subscriptions;
        let mut members: Vec<Member> = Vec::new();
        for one in wanted.wanted() {
            let member = self.member(one)?;
            if members.contains(&member) {
                return Err(refused("a package is wanted twice").into());
            }
            members.push(member);
        }
        if wanted.is_exact() {
            self.end_others(&members);
        }
        for ended in wanted.ended() {
            self.end_named(ended)?;
        }
        for (one, member) in wanted.wanted().iter().zip(&members) {
            self.have(one, member)?;
        }
        if !wanted.is_exact() {
            self.tell_shadows(&members);
        }
        Ok(())
    }

    fn member(&self, wanted: &WantedSubscription) -> Result<Member, Unplanned> {
        let tarif = number(wanted.package.as_str());
        let tarif = tarif.ok_or_else(|| Self::missing("package"))?;
        let device = match &wanted.terminal {
            None => None,
            Some(id) => {
                let key = TerminalKey::Id(id.clone());
                let identity = &self.tvip.identity;
                let mut devices = self.rows.devices.iter();
                let device = devices.find(|device| {
                    let number = device.id.map(|id| identity.terminal(&id.into()));
                    let wanted = key.key(identity);
                    number.as_ref() == Some(&wanted) || device.key(identity) == wanted
                });
                let device = device.ok_or_else(|| Self::missing("terminal"))?;
                Some(device.unique_id.clone())
            }
        };
        Ok(Member { tarif, device })
    }

    /// Ends what is no member, and of two subscriptions to one package that run
    /// at once all but the longest.
    ///
    /// A device with any subscription of its own, even an ended one, shows
    /// nothing of its account's: where it is to, its own are deleted.
    fn end_others(&mut self, members: &[Member]) {
        let rows: Vec<(Slot, SubscriptionRow)> = (self.rows.subscriptions.slots())
            .map(|(slot, row)| (slot, row.clone()))
            .collect();
        let for_all = members.iter().any(|member| member.device.is_none());
        let of_device = |device: &Option<String>| members.iter().any(|one| one.device == *device);
        for (slot, row) in &rows {
            let shadows = row.device.is_some() && for_all && !of_device(&row.device);
            if shadows {
                self.delete_subscription(*slot);
                continue;
            }
            if row.has_ended(self.now) {
                continue;
            }
            let is_longer = |(other, one): &(Slot, SubscriptionRow)| {
                let same = one.tarif == row.tarif && one.device == row.device;
                let place = |slot: Slot, row: &SubscriptionRow| {
                    (row.stop.unwrap_or(Timestamp::MAX), std::cmp::Reverse(slot))
                };
                other != slot
                    && same
                    && one.is_running(self.now)
                    && place(*other, one) > place(*slot, row)
            };
            let is_double = row.is_running(self.now) && rows.iter().any(is_longer);
            if is_double || !members.iter().any(|member| member.has(row)) {
                self.stop_now(*slot);
            }
        }
    }

    /// Gives a package, or sets the end of the one that is there.
    fn have(&mut self, wanted: &WantedSubscription, member: &Member) -> Result<(), Unplanned> {
        let from = wanted.from.map(whole).filter(|from| *from > self.now);
        let begins = from.unwrap_or(self.now);
        let until = match wanted.until {
            Patch::Set(until) => Patch::Set(whole(until)),
            other => other,
        };
        if matches!(until, Patch::Set(until) if until <= begins) {
            return Err(refused("the subscription ends before it begins").into());
        }
        let mut rows: Vec<(Slot, SubscriptionRow)> = (self.rows.subscriptions.slots())
            .filter(|(_, row)| member.has(row) && !row.has_ended(self.now))
            .map(|(slot, row)| (slot, row.clone()))
            .collect();
        rows.sort_by_key(|(_, row)| row.start);
        let covers = |row: &SubscriptionRow| {
            row.start.is_none_or(|start| start <= begins)
                && row.stop.is_none_or(|stop| stop > begins)
        };
        let mut covering = (rows.iter().enumerate())
            .filter(|(_, (_, row))| covers(row))
            .map(|(place, _)| place);
        let (first, second) = (covering.next(), covering.next());
        let end = match until {
            Patch::Set(until) => Some(until),
            Patch::Keep | Patch::Clear => None,
        };
        let Some(first) = first else {
            let is_next = |(_, row): &(Slot, SubscriptionRow)| {
                row.start
                    .is_some_and(|start| start > begins && end.is_none_or(|end| start < end))
            };
            if rows.iter().any(is_next) {
                let reason = "it would run into the next subscription to the package";
                return Err(refused(reason).into());
            }
            if wanted.from.is_some_and(|from| whole(from) < self.now) {
                let reason = "it is in the past; the package begins now";
                self.losses.push(FieldLoss::new("from", reason));
            }
            return self.add(member, begins, end);
        };
        if second.is_some() {
            return Err(refused("the subscriber has the package twice at that time").into());
        }
        if from.is_some() && rows[first].1.start != from {
            let reason = "the subscriber has the package already, from another time";
            return Err(refused(reason).into());
        }
        match until {
            Patch::Keep => Ok(()),
            _ => self.reach(&rows, first, end),
        }
    }

    /// Lets a package that is there last until the time. What follows on it
    /// without a gap is as good as one subscription.
    fn reach(
        &mut self,
        rows: &[(Slot, SubscriptionRow)],
        first: usize,
        end: Option<Timestamp>,
    ) -> Result<(), Unplanned> {
        let mut chain = vec![first];
        let mut last = &rows[first];
        while let Some(next) =
            (last.1.stop).and_then(|stop| rows.iter().position(|(_, row)| row.start == Some(stop)))
        {
            chain.push(next);
            last = &rows[next];
        }
        let has = last.1.stop;
        if has == end {
            return Ok(());
        }
        let is_longer = match (has, end) {
            (None, _) => true,
            (Some(has), Some(end)) => has > end,
            (Some(_), None) => false,
        };
        if !is_longer {
            if self.next_begins_before(last.0, &last.1, end) {
                let reason = "it would run into the next subscription to the package";
                return Err(refused(reason).into());
            }
            self.set_stop(last.0, end);
            return Ok(());
        }
        // An addition makes nothing shorter that is there.
        if !self.wanted.subscriptions.is_exact() {
            let reason = "the subscriber has the package for longer, which is not made shorter";
            self.losses.push(FieldLoss::new("until", reason));
            return Ok(());
        }
        for place in chain {
            let (slot, row) = &rows[place];
            if row.start >= end && row.start.is_some() {
                self.delete_subscription(*slot);
            } else if row.stop.is_none_or(|stop| Some(stop) > end) {
                self.set_stop(*slot, end);
            }
        }
        Ok(())
    }

    /// Adds a subscription, of which servers would take a second one.
    fn add(
        &mut self,
        member: &Member,
        from: Timestamp,
        until: Option<Timestamp>,
    ) -> Result<(), Unplanned> {
        let tarif = match self.context.catalogue()?.find(member.tarif) {
            Some(Ok(tarif)) if self.tvip.sees(tarif.provider) => tarif,
            Some(Err(odd)) => return Err(unreadable(odd).into()),
            Some(Ok(_)) | None => return Err(Self::missing("package")),
        };
        if tarif.enabled == Some(false) {
            return Err(refused("the package is not available").into());
        }
        let row = SubscriptionRow {
            id: None,
            device: member.device.clone(),
            tarif: member.tarif,
            start: Some(from),
            stop: until,
        };
        let differs = FieldDiff::new("subscriptions", None::<String>, Some(label(&row)));
        if until.is_some() {
            self.tell_later_end(&row);
        }
        let write = Write::AddSubscription(self.rows.subscriptions.next_slot(), row);
        self.push("add the package", write, [differs], Step::never_again);
        Ok(())
    }

    /// Tells which devices will not show a package of the account.
    fn tell_shadows(&mut self, members: &[Member]) {
        for member in members.iter().filter(|member| member.device.is_none()) {
            for device in self.rows.devices.iter() {
                if self.rows.held_by(Some(&device.unique_id)).next().is_some() {
                    let reason = format!(
                        "terminal {} has packages of its own, and does not show package {}",
                        device.unique_id, member.tarif
                    );
                    self.losses.push(FieldLoss::new("subscriptions", reason));
                }
            }
        }
    }
}
