//! The plan: each step is made on a copy, on which the next one is planned.

use super::row::{MemoryRows, MemoryWrite, Row, RowChange, Write};
use super::{Layout, Memory, refused};
use crate::model::{FieldLoss, Patch};
use crate::provisioning::conflict::Conflict;
use crate::provisioning::desired::{Desired, Presence};
use crate::provisioning::plan::{FieldDiff, Plan, Step, Unplanned};
use crate::provisioning::platform::Context;
use crate::provisioning::rows::Slot;

/// A plan that is being made.
pub(super) struct Planning<'a> {
    pub(super) memory: &'a Memory,
    pub(super) wanted: &'a Desired,
    pub(super) context: &'a Context<'a, Memory>,
    /// The rows as the steps so far leave them.
    pub(super) rows: MemoryRows,
    pub(super) steps: Vec<Step<MemoryWrite>>,
    pub(super) losses: Vec<FieldLoss>,
}

pub(super) fn plan(
    memory: &Memory,
    present: Option<&MemoryRows>,
    wanted: &Desired,
    context: &Context<'_, Memory>,
) -> Result<Plan<MemoryWrite>, Unplanned> {
    let mut planning = Planning {
        memory,
        wanted,
        context,
        rows: present.cloned().unwrap_or_default(),
        steps: Vec::new(),
        losses: Vec::new(),
    };
    match (wanted.presence, present) {
        (Presence::Absent, _) => planning.delete(),
        (_, None) => planning.create()?,
        (_, Some(_)) => {}
    }
    if wanted.presence != Presence::Absent {
        planning.fields()?;
        planning.unwanted_terminals();
        planning.wanted_terminals()?;
        planning.packages()?;
    }
    Ok(Plan {
        steps: planning.steps,
        losses: planning.losses,
    })
}

impl Planning<'_> {
    /// Adds a step, and makes it on the copy.
    pub(super) fn push(&mut self, name: &'static str, write: Write, differs: Vec<FieldDiff>) {
        self.step(Step::new(name, MemoryWrite(write)), differs);
    }

    pub(super) fn step(&mut self, mut step: Step<MemoryWrite>, differs: Vec<FieldDiff>) {
        self.rows.apply(&step.write().0.clone());
        for difference in differs {
            step = step.differs(difference);
        }
        self.steps.push(step);
    }

    pub(super) fn update(
        &mut self,
        name: &'static str,
        slot: Slot,
        change: RowChange,
        differs: FieldDiff,
    ) {
        self.push(name, Write::Update(slot, vec![change]), vec![differs]);
    }

    pub(super) fn slots(&self) -> Vec<Slot> {
        self.rows.0.slots().map(|(slot, _)| slot).collect()
    }

    pub(super) fn row(&self, slot: Slot) -> Row {
        self.rows.0.get(slot).cloned().unwrap_or_default()
    }

    /// The first one last: as long as it is there, so is the subscriber.
    fn delete(&mut self) {
        let first = self.rows.first().map(|(slot, _)| slot);
        let mut slots = self.slots();
        slots.sort_by_key(|slot| Some(*slot) == first);
        for slot in slots {
            let login = self.row(slot).login;
            let step = Step::new("delete the row", MemoryWrite(Write::Delete(slot))).removes();
            self.step(
                step,
                vec![FieldDiff::new(
                    "row",
                    login.or(Some(String::new())),
                    None::<String>,
                )],
            );
        }
    }

    fn create(&mut self) -> Result<(), Unplanned> {
        let Some(login) = &self.wanted.login else {
            return Err(refused("a new subscriber needs a login").into());
        };
        let mut row = Row::new(login.clone());
        if let Patch::Set(reference) = &self.wanted.external_ref {
            row.reference = Some(reference.as_str().to_owned());
        }
        row.disabled = self.wanted.enabled == Some(false);
        let slot = self.rows.0.next_slot();
        let step = Step::new(
            "create the row",
            MemoryWrite(Write::Insert(slot, Box::new(row))),
        );
        self.step(
            step.never_again(),
            vec![FieldDiff::new("row", None::<String>, Some(login.clone()))],
        );
        Ok(())
    }

    pub(super) fn further_rows(&self) -> bool {
        self.memory.layout == Layout::RowPerTerminal
    }

    pub(super) fn missing(record: &'static str) -> Unplanned {
        Conflict::Missing { record }.into()
    }
}
