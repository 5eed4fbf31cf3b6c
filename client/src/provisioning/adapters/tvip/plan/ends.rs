//! Ending subscriptions.

use super::{Planning, refused, shown, whole};
use crate::model::{End, FieldLoss, Timestamp};
use crate::provisioning::adapters::tvip::rows::SubscriptionRow;
use crate::provisioning::adapters::tvip::view::subscription_id;
use crate::provisioning::adapters::tvip::write::Write;
use crate::provisioning::desired::{EndedSubscription, SubscriptionKey};
use crate::provisioning::plan::{FieldDiff, Step, Unplanned};
use crate::provisioning::rows::Slot;
use crate::tvip::Ending;

impl Planning<'_> {
    /// Ends a subscription at once.
    ///
    /// A device with any subscription of its own, even an ended one, shows
    /// nothing of its account's: with the last one that has not ended, all of
    /// them are deleted, so that it does not stay without anything.
    fn end_now(&mut self, slot: Slot) {
        let Some(row) = self.rows.subscriptions.get(slot) else {
            return;
        };
        let own: Vec<(Slot, bool)> = (self.rows.subscriptions.slots())
            .filter(|(_, one)| row.device.is_some() && one.device == row.device)
            .map(|(slot, one)| (slot, one.has_ended(self.now)))
            .collect();
        let goes_on = |(other, has_ended): &(Slot, bool)| *other != slot && !has_ended;
        if own.is_empty() || own.iter().any(goes_on) {
            return self.stop_now(slot);
        }
        for (slot, _) in own {
            self.delete_subscription(slot);
        }
    }

    /// Ends a subscription at once; it stays to be seen. One that has not begun
    /// leaves no history.
    pub(super) fn stop_now(&mut self, slot: Slot) {
        let Some(row) = self.rows.subscriptions.get(slot) else {
            return;
        };
        let has_begun = row.start.is_none_or(|start| start <= self.now);
        if !has_begun || self.tvip.raw.options().ending == Ending::Delete {
            return self.delete_subscription(slot);
        }
        let differs = ended(row);
        let write = Write::SetStop(slot, Some(self.now));
        self.push("end the package", write, [differs], |step| step);
    }

    pub(super) fn delete_subscription(&mut self, slot: Slot) {
        let Some(row) = self.rows.subscriptions.get(slot) else {
            return;
        };
        let differs = ended(row);
        let write = Write::DeleteSubscription(slot);
        self.push("delete the package", write, [differs], Step::removes);
    }

    /// Sets the end of a subscription that is there.
    pub(super) fn set_stop(&mut self, slot: Slot, stop: Option<Timestamp>) {
        let row = self.rows.subscriptions.get(slot);
        let found = shown(row.and_then(|row| row.stop));
        let differs = FieldDiff::new("until", found, shown(stop));
        let write = Write::SetStop(slot, stop);
        self.push("set the end", write, [differs], |step| step);
    }

    /// Ends what is named as not to be there. An id that is another
    /// subscriber's is among none of these rows.
    pub(super) fn end_named(&mut self, ended: &EndedSubscription) -> Result<(), Unplanned> {
        let rows: Vec<(Slot, SubscriptionRow)> = (self.rows.subscriptions.slots())
            .filter(|(_, row)| !row.has_ended(self.now))
            .map(|(slot, row)| (slot, row.clone()))
            .collect();
        for (slot, row) in rows {
            let by_id = match &ended.subscription {
                SubscriptionKey::Package(package) => {
                    if *package != row.tarif.into() {
                        continue;
                    }
                    false
                }
                SubscriptionKey::Id(id) => {
                    if subscription_id(&row).as_ref() != Some(id) {
                        continue;
                    }
                    true
                }
            };
            let at = match ended.end {
                End::At(at) if whole(at) > self.now => whole(at),
                End::At(_) | End::Now => {
                    self.end_now(slot);
                    continue;
                }
            };
            if row.start.is_some_and(|start| start >= at) {
                self.delete_subscription(slot);
                continue;
            }
            let is_longer = row.stop.is_none_or(|stop| stop > at);
            if row.stop == Some(at) || !is_longer && !by_id {
                continue;
            }
            if !is_longer && self.next_begins_before(slot, &row, Some(at)) {
                return Err(
                    refused("it would run into the next subscription to the package").into(),
                );
            }
            self.tell_later_end(&row);
            self.set_stop(slot, Some(at));
        }
        Ok(())
    }

    /// Tells that a device will show nothing when its own package ends: then
    /// nobody is there to delete it.
    pub(super) fn tell_later_end(&mut self, row: &SubscriptionRow) {
        if let Some(device) = &row.device {
            let reason = format!(
                "when it ends, terminal {device} shows nothing of its account's until the \
                 packages of its own are deleted"
            );
            self.losses.push(FieldLoss::new("until", reason));
        }
    }

    /// Returns `true` if another subscription to the package begins after the
    /// end of this one and before the time.
    pub(super) fn next_begins_before(
        &self,
        slot: Slot,
        row: &SubscriptionRow,
        until: Option<Timestamp>,
    ) -> bool {
        let others = self.rows.subscriptions.slots();
        let mut others = others.filter(|(other, one)| {
            *other != slot && one.tarif == row.tarif && one.device == row.device
        });
        others.any(|(_, one)| {
            !one.has_ended(self.now)
                && one.start.is_some_and(|start| {
                    row.stop.is_some_and(|stop| start >= stop)
                        && until.is_none_or(|until| start < until)
                })
        })
    }
}

fn ended(row: &SubscriptionRow) -> FieldDiff {
    FieldDiff::new("subscriptions", Some(label(row)), None::<String>)
}

/// The package, with the device if it is only for one.
pub(super) fn label(row: &SubscriptionRow) -> String {
    match &row.device {
        Some(device) => format!("{} on {device}", row.tarif),
        None => row.tarif.to_string(),
    }
}
