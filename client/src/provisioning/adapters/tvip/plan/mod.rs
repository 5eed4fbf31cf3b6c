//! The plan: each step is made on a copy, on which the next one is planned.

mod devices;
mod ends;
mod fields;
mod subscriptions;

use std::borrow::Cow;

use super::Tvip;
use super::rows::{OddPart, TvipRows};
use super::write::{TvipWrite, Write};
use crate::error::Refusal;
use crate::model::{FieldLoss, Timestamp};
use crate::provisioning::conflict::Conflict;
use crate::provisioning::desired::{Desired, Presence};
use crate::provisioning::plan::{FieldDiff, Plan, Step, Unplanned};
use crate::provisioning::platform::Context;

/// A plan that is being made.
pub(super) struct Planning<'a> {
    tvip: &'a Tvip,
    wanted: &'a Desired,
    context: &'a Context<'a, Tvip>,
    /// The time at the server, in whole seconds as it writes them.
    now: Timestamp,
    /// The rows as the steps so far leave them.
    rows: TvipRows,
    steps: Vec<Step<TvipWrite>>,
    losses: Vec<FieldLoss>,
}

pub(super) fn plan(
    tvip: &Tvip,
    present: Option<&TvipRows>,
    wanted: &Desired,
    context: &Context<'_, Tvip>,
) -> Result<Plan<TvipWrite>, Unplanned> {
    let mut planning = Planning {
        tvip,
        wanted,
        context,
        now: whole(context.now()),
        rows: present.cloned().unwrap_or_default(),
        steps: Vec::new(),
        losses: Vec::new(),
    };
    planning.check()?;
    if wanted.presence == Presence::Absent {
        planning.delete();
    } else {
        match present {
            Some(_) => planning.change_account(),
            None => planning.create_account()?,
        }
        planning.unwanted_devices();
        planning.wanted_devices()?;
        planning.subscriptions()?;
    }
    Ok(Plan {
        steps: planning.steps,
        losses: planning.losses,
    })
}

impl Planning<'_> {
    /// Refuses to touch what is another provider's, and what cannot be read.
    fn check(&self) -> Result<(), Unplanned> {
        if self.rows.is_foreign {
            return Err(refused("it is another provider's").into());
        }
        let wanted = self.wanted;
        let is_touched = |is_device: bool| match (wanted.presence, is_device) {
            (Presence::Absent, _) => true,
            (_, true) => !wanted.terminals.is_keep(),
            (_, false) => !wanted.subscriptions.is_keep(),
        };
        let odd = self.rows.odd.iter().find(|odd| is_touched(odd.is_device));
        match odd {
            Some(odd) => Err(unreadable(odd).into()),
            None => Ok(()),
        }
    }

    /// Adds a step, and makes it on the copy.
    fn push(
        &mut self,
        name: &'static str,
        write: Write,
        differs: impl IntoIterator<Item = FieldDiff>,
        mark: impl Fn(Step<TvipWrite>) -> Step<TvipWrite>,
    ) {
        self.rows.apply(&write);
        let step = mark(Step::new(name, TvipWrite(write)));
        let differs = differs.into_iter();
        self.steps.push(differs.fold(step, Step::differs));
    }

    /// Deletes everything that belongs to the account, and then the account. It is
    /// not known whether servers delete the records of an account with it, or
    /// refuse to delete an account that has any.
    fn delete(&mut self) {
        let slots: Vec<_> = self
            .rows
            .subscriptions
            .slots()
            .map(|(slot, _)| slot)
            .collect();
        for slot in slots {
            self.delete_subscription(slot);
        }
        let slots: Vec<_> = self.rows.devices.slots().map(|(slot, _)| slot).collect();
        for slot in slots {
            self.delete_device(slot);
        }
        let slots: Vec<_> = self
            .rows
            .networks
            .slots()
            .map(|(slot, id)| (slot, *id))
            .collect();
        for (slot, id) in slots {
            let differs = FieldDiff::new("networks", Some(id.to_string()), None::<String>);
            let write = Write::DeleteNetwork(slot);
            self.push("delete the network", write, [differs], Step::removes);
        }
        let login = self
            .rows
            .account
            .as_ref()
            .map(|account| account.login.clone());
        let differs = FieldDiff::new("account", login, None::<String>);
        self.push(
            "delete the account",
            Write::DeleteAccount,
            [differs],
            Step::removes,
        );
    }

    fn missing(record: &'static str) -> Unplanned {
        Conflict::Missing { record }.into()
    }
}

fn refused(reason: impl Into<Cow<'static, str>>) -> Refusal {
    Refusal::new("plan", reason)
}

fn unreadable(odd: &OddPart) -> Refusal {
    refused(format!(
        "the row {} cannot be read: {}",
        odd.name, odd.reason
    ))
}

/// A time as the server writes it: without a fraction.
fn whole(time: Timestamp) -> Timestamp {
    Timestamp::from_second(time.as_second()).unwrap_or(time)
}

fn shown(time: Option<Timestamp>) -> Option<String> {
    time.map(|time| time.to_string())
}
