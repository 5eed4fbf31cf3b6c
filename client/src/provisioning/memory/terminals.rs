//! Terminals: which row has which.

use super::plan::Planning;
use super::refused;
use super::row::{MemoryWrite, Row, RowChange, Write};
use crate::model::MacAddr;
use crate::provisioning::desired::{Members, TerminalKey};
use crate::provisioning::plan::{FieldDiff, Step, Unplanned};
use crate::provisioning::rows::Slot;

/// The hardware address, which is the id of a terminal here.
fn mac(key: &TerminalKey) -> Option<MacAddr> {
    match key {
        TerminalKey::Mac(mac) => Some(*mac),
        TerminalKey::Id(id) => id.as_str().parse().ok(),
    }
}

impl Planning<'_> {
    /// Takes away what is not to be there. A terminal that is there twice is
    /// left alone unless the whole set is managed: then one of the two stays.
    pub(super) fn unwanted_terminals(&mut self) {
        let wanted: Vec<MacAddr> = self
            .wanted
            .terminals
            .wanted()
            .iter()
            .filter_map(mac)
            .collect();
        let unwanted: Vec<MacAddr> = self
            .wanted
            .terminals
            .unwanted()
            .iter()
            .filter_map(mac)
            .collect();
        let mut kept: Vec<MacAddr> = Vec::new();
        let mut slots = self.slots();
        slots.sort_by_key(|slot| self.row(*slot).marked);
        for slot in slots {
            for mac in self.row(slot).terminals {
                let stays = match &self.wanted.terminals {
                    Members::Keep => true,
                    Members::Exactly(_) => wanted.contains(&mac) && !kept.contains(&mac),
                    Members::Change { .. } => wanted.contains(&mac) || !unwanted.contains(&mac),
                };
                match stays {
                    true => kept.push(mac),
                    false => self.take(slot, mac),
                }
            }
        }
    }

    fn take(&mut self, slot: Slot, mac: MacAddr) {
        let differs = vec![FieldDiff::new(
            "terminals",
            Some(mac.to_string()),
            None::<String>,
        )];
        let is_first = self.rows.first().map(|(first, _)| first) == Some(slot);
        let write = match self.row(slot).marked && !is_first {
            true => Write::Delete(slot),
            false => Write::Update(slot, vec![RowChange::RemoveTerminal(mac)]),
        };
        let step = Step::new("take the terminal away", MemoryWrite(write.clone()));
        match write {
            Write::Delete(_) => self.step(step.removes(), differs),
            _ => self.step(step, differs),
        }
    }

    pub(super) fn wanted_terminals(&mut self) -> Result<(), Unplanned> {
        for key in self.wanted.terminals.wanted() {
            let Some(mac) = mac(key) else {
                return Err(Self::missing("terminal"));
            };
            if self.rows.iter().any(|row| row.terminals.contains(&mac)) {
                continue;
            }
            let has: usize = self.rows.iter().map(|row| row.terminals.len()).sum();
            let limit = self.rows.first().and_then(|(_, row)| row.device_limit);
            if limit.is_some_and(|limit| has >= limit as usize) {
                return Err(refused("the subscriber has as many terminals as it may").into());
            }
            self.give(mac)?;
        }
        Ok(())
    }

    fn give(&mut self, mac: MacAddr) -> Result<(), Unplanned> {
        let differs = FieldDiff::new("terminals", None::<String>, Some(mac.to_string()));
        let has_room = |row: &Row| !self.further_rows() || row.terminals.is_empty();
        let mut rows: Vec<(Slot, &Row)> = self
            .rows
            .0
            .slots()
            .filter(|(_, row)| has_room(row))
            .collect();
        rows.sort_by_key(|(_, row)| row.marked);
        if let Some(&(slot, _)) = rows.first() {
            self.update(
                "give the terminal",
                slot,
                RowChange::AddTerminal(mac),
                differs,
            );
            return Ok(());
        }
        let Some((_, first)) = self.rows.first() else {
            return Err(Self::missing("subscriber"));
        };
        if first.reference.is_none() {
            let reason =
                "a second terminal needs an external reference, which holds the rows together";
            return Err(refused(reason).into());
        }
        let row = Row {
            id: None,
            login: Some(self.free_login()?),
            marked: true,
            terminals: vec![mac],
            ..first.clone()
        };
        let slot = self.rows.0.next_slot();
        let step = Step::new(
            "create a further row",
            MemoryWrite(Write::Insert(slot, Box::new(row))),
        );
        self.step(step.never_again(), vec![differs]);
        Ok(())
    }
}
