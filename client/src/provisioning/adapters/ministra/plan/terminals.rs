//! Boxes: which account has which.

use super::super::refused;
use super::super::rows::{MARK, Row, written};
use super::super::write::{MinistraWrite, Write};
use super::create::mac_of;
use super::{Planning, missing, shown, without_box};
use crate::ministra::AccountPatch;
use crate::model::{FieldLoss, MacAddr, Patch};
use crate::provisioning::desired::{Members, TerminalKey};
use crate::provisioning::identity::Key;
use crate::provisioning::plan::{FieldDiff, Step, Unplanned};
use crate::provisioning::rows::Slot;

impl Planning<'_> {
    /// Takes away what is not to be there. A box that is there twice is left
    /// alone unless the whole set is managed: then one of the two stays.
    ///
    /// An account that this library has made for a box goes with it, unless a
    /// box that is to come needs one.
    pub(super) fn unwanted_terminals(&mut self) -> Result<(), Unplanned> {
        let keys = |keys: &[TerminalKey]| -> Vec<Key> {
            keys.iter().map(|key| key.key(self.identity)).collect()
        };
        let wanted = keys(self.wanted.terminals.wanted());
        let unwanted = keys(self.wanted.terminals.unwanted());
        let mut needed = self.needed_accounts();
        let first = self.rows.first().map(|(slot, _)| slot);
        let mut kept: Vec<Key> = Vec::new();
        let mut slots = self.rows.slots();
        slots.sort_by_key(|slot| (self.row(*slot).is_marked(), Some(*slot) != first));
        for slot in slots {
            let row = self.row(slot);
            let Some(text) = row.0.stb_mac.clone() else {
                continue;
            };
            // By its address, in whichever spelling; what is none, as it is.
            let id = self.identity.terminal(&text.as_str().into());
            let own = row.mac().map_or(id.clone(), |mac| self.identity.mac(mac));
            let among = |keys: &[Key]| keys.contains(&own) || keys.contains(&id);
            let stays = match &self.wanted.terminals {
                Members::Keep => true,
                Members::Exactly(_) => among(&wanted) && !kept.contains(&own),
                Members::Change { .. } => among(&wanted) || !among(&unwanted),
            };
            if stays {
                kept.push(own);
                continue;
            }
            let differs = FieldDiff::new("terminals", Some(own.text()), None::<String>);
            if row.is_marked() && Some(slot) != first && needed == 0 {
                self.delete_one(slot, differs)?;
            } else {
                needed = needed.saturating_sub(1);
                self.update_one("take the box away", slot, without_box(), differs)?;
            }
        }
        Ok(())
    }

    /// Returns how many accounts there are too few for the boxes to come.
    fn needed_accounts(&self) -> usize {
        let wanted = self.wanted.terminals.wanted().iter().filter_map(mac_of);
        let has = |mac: MacAddr| self.rows.0.iter().any(|row| row.mac() == Some(mac));
        let coming = wanted.filter(|mac| !has(*mac)).count();
        let free = self.rows.0.iter().filter(|row| row.is_free()).count();
        coming.saturating_sub(free)
    }

    pub(super) fn wanted_terminals(&mut self) -> Result<(), Unplanned> {
        for key in self.wanted.terminals.wanted() {
            let Some(mac) = mac_of(key) else {
                return Err(missing("terminal"));
            };
            let holders = self
                .rows
                .0
                .slots()
                .filter(|(_, row)| row.mac() == Some(mac));
            let holders: Vec<(Slot, bool)> = holders
                .map(|(slot, row)| (slot, row.found_mac().is_some()))
                .collect();
            match holders.as_slice() {
                [] => self.give(mac)?,
                // The server does not find it as it is written.
                [(slot, false)] => {
                    let found = self.row(*slot).0.stb_mac;
                    let differs = FieldDiff::new("terminals", found, Some(written(mac)));
                    self.update_one("spell the address", *slot, with_box(mac), differs)?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Gives a box an account of the subscriber's, or a new one like the first.
    fn give(&mut self, mac: MacAddr) -> Result<(), Unplanned> {
        let loose = self.loose(mac)?;
        let differs = FieldDiff::new("terminals", None::<String>, Some(shown(mac)));
        let first = self.rows.first().map(|(slot, _)| slot);
        let free = (self.rows.0.slots())
            .filter(|(_, row)| row.is_free())
            .min_by_key(|(slot, row)| (Some(*slot) != first, row.is_marked()))
            .map(|(slot, _)| slot);
        if let Some(slot) = free {
            self.drop_loose(mac, &loose);
            return self.update_one("write the address", slot, with_box(mac), differs);
        }
        let like_first = self.further()?;
        if let [loose] = loose.as_slice() {
            let mut row = like_first;
            row.0.stb_mac.clone_from(&loose.0.stb_mac);
            row.0.subscribed_id.clone_from(&loose.0.subscribed_id);
            row.to_patch()?;
            let write = Write::Claim(mac, Box::new(row));
            let step = Step::new("claim the box's account", MinistraWrite(write));
            self.push(step, vec![differs]);
            return Ok(());
        }
        self.drop_loose(mac, &loose);
        let mut row = like_first;
        row.0.stb_mac = Some(written(mac));
        row.to_new()?;
        let write = Write::Create(Box::new(row), None);
        let step = Step::new("create the box's account", MinistraWrite(write)).never_again();
        self.push(step, vec![differs]);
        Ok(())
    }

    /// Makes room for an account: the server would find two by the address.
    fn drop_loose(&mut self, mac: MacAddr, loose: &[Row]) {
        if loose.is_empty() {
            return;
        }
        let step = Step::new(
            "delete the account that the server has added",
            MinistraWrite(Write::DropLoose(mac)),
        );
        let differs = FieldDiff::new("account", Some(shown(mac)), None::<String>);
        self.push(step.removes(), vec![differs]);
    }

    /// Returns an account like the first one, without a box and packages.
    fn further(&mut self) -> Result<Row, Unplanned> {
        let Some((_, first)) = self.rows.first() else {
            return Err(missing("subscriber"));
        };
        let first = first.0.clone();
        if self.rows.number().is_none() {
            let reason = "a second box needs an external reference that can be asked for, which \
                          holds the two accounts together";
            return Err(refused(reason).into());
        }
        if first.tariff_plan.as_deref() == Some("") {
            let reason = "the plan has no external id: the new box gets the default one";
            self.losses.push(FieldLoss::new("subscriptions", reason));
        }
        let mut row = Row::of_login(self.free_login()?);
        row.0.full_name = first.full_name;
        row.0.phone = first.phone;
        row.0.account_number = first.account_number;
        row.0.tariff_plan = first.tariff_plan.filter(|plan| !plan.is_empty());
        row.0.tariff_expired_date = first.tariff_expired_date;
        row.0.tariff_instead_expired = first.tariff_instead_expired;
        row.0.status = first.status;
        row.0.end_date = first.end_date;
        row.0.account_balance = first.account_balance;
        row.0.reseller_id = first.reseller_id;
        row.0.comment = Some(MARK.to_owned());
        Ok(row)
    }
}

fn with_box(mac: MacAddr) -> AccountPatch {
    AccountPatch {
        stb_mac: Patch::Set(mac),
        ..AccountPatch::default()
    }
}
