//! The plan: each step is made on a copy, on which the next one is planned.

mod create;
mod fields;
mod packages;
mod terminals;

use crate::error::Refusal;
use crate::ministra::{AccountPatch, PackageId};
use crate::model::{FieldLoss, MacAddr, Patch};
use crate::provisioning::conflict::Conflict;
use crate::provisioning::desired::{Desired, Presence};
use crate::provisioning::identity::{Identity, Key, KeyKind};
use crate::provisioning::plan::{FieldDiff, Plan, Step, Unplanned};
use crate::provisioning::platform::Context;
use crate::provisioning::rows::Slot;

use super::rows::{MinistraRows, Row};
use super::write::{MinistraWrite, Write};
use super::{Ministra, values};

/// A plan that is being made.
struct Planning<'a> {
    identity: &'a Identity,
    wanted: &'a Desired,
    context: &'a Context<'a, Ministra>,
    /// The accounts as the steps so far leave them.
    rows: MinistraRows,
    steps: Vec<Step<MinistraWrite>>,
    losses: Vec<FieldLoss>,
}

pub(super) fn plan(
    identity: &Identity,
    present: Option<&MinistraRows>,
    wanted: &Desired,
    context: &Context<'_, Ministra>,
) -> Result<Plan<MinistraWrite>, Unplanned> {
    let mut planning = Planning {
        identity,
        wanted,
        context,
        rows: present.cloned().unwrap_or_default(),
        steps: Vec::new(),
        losses: Vec::new(),
    };
    if let Some(key) = planning.rows.ambiguous(identity) {
        return Err(Conflict::Ambiguous { key }.into());
    }
    if wanted.presence == Presence::Absent {
        planning.delete()?;
    } else {
        if present.is_none() {
            planning.create()?;
        }
        planning.fields()?;
        planning.unwanted_terminals()?;
        planning.wanted_terminals()?;
        planning.packages()?;
        planning.tell_end();
    }
    Ok(Plan {
        steps: planning.steps,
        losses: planning.losses,
    })
}

impl Planning<'_> {
    /// Tells until when the server's own billing lets the subscriber watch, of one
    /// who is enabled or gets something until it is ended. That date is the
    /// server's own business: it is not moved.
    fn tell_end(&mut self) {
        let mut added = self.wanted.subscriptions.wanted().iter();
        let is_open =
            self.wanted.enabled == Some(true) || added.any(|one| one.until == Patch::Clear);
        let end = self.rows.0.iter().filter_map(|row| row.0.end_date).min();
        if let Some(end) = end.filter(|_| is_open) {
            let reason = format!(
                "the server's own billing ends the account on {}",
                end.date()
            );
            self.losses.push(FieldLoss::new("until", reason));
        }
    }

    /// Adds a step, and makes it on the copy.
    fn push(&mut self, mut step: Step<MinistraWrite>, differs: Vec<FieldDiff>) {
        self.rows.apply(&step.write().0.clone());
        for difference in differs {
            step = step.differs(difference);
        }
        self.steps.push(step);
    }

    fn row(&self, slot: Slot) -> Row {
        let row = self.rows.0.get(slot).cloned();
        row.unwrap_or_else(|| Row::of_login(""))
    }

    /// Changes accounts: all of them in one request, where they can be named by
    /// their number, or one after the other.
    fn update(
        &mut self,
        name: &'static str,
        slots: &[Slot],
        patch: &AccountPatch,
        stay: Option<&[PackageId]>,
        differs: Vec<FieldDiff>,
    ) -> Result<(), Unplanned> {
        let all = self.rows.0.len();
        if self.rows.number().is_some() && (slots.len() > 1 || all == 1) {
            let write = Write::Update {
                slots: self.rows.slots(),
                patch: Box::new(patch.clone()),
                stay: stay.map(<[PackageId]>::to_vec),
            };
            self.push(Step::new(name, MinistraWrite(write)), differs);
            return Ok(());
        }
        for slot in slots {
            let touched = self.row(*slot).address_key(self.identity)?;
            let write = Write::Update {
                slots: vec![*slot],
                patch: Box::new(patch.clone()),
                stay: stay.map(<[PackageId]>::to_vec),
            };
            let step = Step::new(name, MinistraWrite(write)).touches(touched);
            self.push(step, differs.clone());
        }
        Ok(())
    }

    /// Deletes all accounts in one request, so that none is left half-way; or
    /// the first one last: as long as it is there, so is the subscriber.
    ///
    /// Packages are not removed first: each removal restarts a box, and what the
    /// server leaves behind of them is under a number that it never gives out
    /// again.
    fn delete(&mut self) -> Result<(), Unplanned> {
        let gone = |row: &Row| {
            let login = row.login().unwrap_or_default().to_owned();
            FieldDiff::new("account", Some(login), None::<String>)
        };
        if self.rows.number().is_some() {
            let differs = self.rows.0.iter().map(gone).collect();
            let write = Write::Delete(self.rows.slots());
            let step = Step::new("delete the accounts", MinistraWrite(write)).removes();
            self.push(step, differs);
            return Ok(());
        }
        let first = self.rows.first().map(|(slot, _)| slot);
        let mut slots = self.rows.slots();
        slots.sort_by_key(|slot| Some(*slot) == first);
        for slot in slots {
            self.delete_one(slot, gone(&self.row(slot)))?;
        }
        Ok(())
    }

    fn delete_one(&mut self, slot: Slot, differs: FieldDiff) -> Result<(), Unplanned> {
        let touched = self.row(slot).address_key(self.identity)?;
        let write = Write::Delete(vec![slot]);
        let step = Step::new("delete the account", MinistraWrite(write)).removes();
        self.push(step.touches(touched), vec![differs]);
        Ok(())
    }

    /// Returns a text as the server will have it.
    fn text(
        &mut self,
        field: &'static str,
        text: &str,
        longest: Option<usize>,
    ) -> Result<Option<String>, Refusal> {
        let (text, loss) = values::text(field, text, longest)?;
        if let Some(loss) = loss
            && !self.losses.contains(&loss)
        {
            self.losses.push(loss);
        }
        Ok(Some(text).filter(|text| !text.is_empty()))
    }
}

fn missing(record: &'static str) -> Unplanned {
    Conflict::Missing { record }.into()
}

/// Takes a login or a box away for a while.
pub(super) fn park(
    identity: &Identity,
    present: &MinistraRows,
    key: &Key,
    temporary: &str,
) -> Option<Step<MinistraWrite>> {
    let has_login =
        |row: &Row| row.login().map(|login| identity.login(login)).as_ref() == Some(key);
    let has_box = |row: &Row| row.mac().map(|mac| identity.mac(mac)).as_ref() == Some(key);
    let (name, slot, patch, differs) = match key.kind() {
        KeyKind::Login => {
            let (slot, row) = present.0.slots().find(|(_, row)| has_login(row))?;
            let patch = AccountPatch {
                login: Some(values::login(temporary).ok()?),
                ..AccountPatch::default()
            };
            let differs = FieldDiff::new("login", row.login(), Some(temporary));
            ("park the login", slot, patch, differs)
        }
        KeyKind::Terminal => {
            let (slot, row) = present.0.slots().find(|(_, row)| has_box(row))?;
            let patch = without_box();
            let differs = FieldDiff::new("terminals", row.mac().map(shown), None::<String>);
            ("park the box", slot, patch, differs)
        }
        _ => return None,
    };
    let write = Write::Update {
        slots: vec![slot],
        patch: Box::new(patch),
        stay: None,
    };
    present.target(&[slot]).ok()?;
    Some(Step::new(name, MinistraWrite(write)).differs(differs))
}

fn without_box() -> AccountPatch {
    AccountPatch {
        stb_mac: Patch::Clear,
        ..AccountPatch::default()
    }
}

fn shown(mac: MacAddr) -> String {
    mac.to_string()
}
