//! An operation as the writes it takes, found out by reading only.
//!
//! Each operation is planned from what is there, made, and planned again: when
//! nothing is left to be done, it is as asked for, whatever the answers said.

use super::super::{
    AccountKey, AccountNumber, AccountPatch, Event, Ministra, NewAccount, PackageChange,
    StbMessage, UserKey,
};
use crate::backend::{Applied, Change, Effect, Operation};
use crate::error::{Error, Partial, Refusal, Result};
use crate::model::{Lossy, MacAddr, SubscriberId};

/// What is to be done.
#[derive(Default)]
pub(super) struct Plan {
    pub(super) steps: Vec<Step>,
    pub(super) effects: Vec<Effect>,
    pub(super) losses: Vec<Lossy>,
    /// What was to be created is there already.
    pub(super) adopts: bool,
}

/// One write.
pub(super) struct Step {
    /// For errors: `switch the packages`.
    name: &'static str,
    write: Write,
    /// Reading does not show whether it was done: a password, an event.
    blind: bool,
}

pub(super) enum Write {
    Create(Box<NewAccount>),
    /// One account.
    One(UserKey, Box<AccountPatch>),
    /// All accounts of a number.
    All(AccountNumber, Box<AccountPatch>),
    DeleteOne(UserKey),
    DeleteAll(AccountNumber),
    Packages(AccountKey, PackageChange),
    Message(Vec<MacAddr>, StbMessage),
    Event(Vec<MacAddr>, super::super::NewEvent),
}

/// How often somebody else may be faster before it is given up.
const CONFLICTS: u32 = 3;

impl Step {
    fn is_creation(&self) -> bool {
        matches!(self.write, Write::Create(_))
    }
}

impl Plan {
    /// Adds a write, if the server would not misread it.
    pub(super) fn push(&mut self, name: &'static str, write: Write) -> Result<(), Refusal> {
        let mut blind = false;
        match &write {
            Write::Create(new) => {
                new.form(name)?;
            }
            Write::One(_, patch) | Write::All(_, patch) => {
                patch.form(name)?;
                blind = patch.is_password_only();
            }
            Write::Message(..) | Write::Event(..) => blind = true,
            Write::DeleteOne(_) | Write::DeleteAll(_) | Write::Packages(..) => {}
        }
        self.steps.push(Step { name, write, blind });
        Ok(())
    }

    /// These boxes will restart.
    pub(super) fn reboots(&mut self, boxes: usize) {
        if boxes > 0 {
            let boxes = u32::try_from(boxes).unwrap_or(u32::MAX);
            self.effects.push(Effect::Reboot { boxes });
        }
    }

    fn is_done(&self) -> bool {
        self.steps.iter().all(|step| step.blind)
    }

    fn change(&self) -> Change {
        if self.adopts {
            Change::Adopted
        } else if self.steps.is_empty() {
            Change::Nothing
        } else {
            Change::Made
        }
    }
}

/// An operation that was made.
pub(super) struct Made {
    operation: &'static str,
    change: Change,
    losses: Vec<Lossy>,
    wrote: bool,
}

impl Made {
    /// With what was read back.
    pub(super) fn with<T>(self, read: Result<T>) -> Result<Applied<T>> {
        match read {
            Ok(value) => Ok(Applied::new(value, self.change, self.losses)),
            Err(cause) if self.wrote => Err(Partial::of(
                self.operation,
                vec!["everything"],
                "reading it back",
                cause,
            )),
            Err(error) => Err(error),
        }
    }
}

impl Ministra {
    /// Makes an operation.
    pub(super) async fn make(&self, operation: &Operation) -> Result<Made> {
        let mut plan = self.plan(operation).await?;
        let mut made = Made {
            operation: operation.name(),
            change: plan.change(),
            wrote: !plan.steps.is_empty(),
            losses: std::mem::take(&mut plan.losses),
        };
        let is_seen = !plan.steps.iter().all(|step| step.blind);
        let mut done = Vec::new();
        let mut conflicts = 0;
        let mut steps = std::mem::take(&mut plan.steps).into_iter();
        while let Some(step) = steps.next() {
            let Err(error) = self.write(&step.write).await else {
                done.push(step.name);
                continue;
            };
            // Whether it was done, or somebody else did it, reading tells.
            if !step.blind && is_answered(&error) {
                match self.plan_again(operation).await {
                    // A password is left, for who was faster has given another.
                    // Or a login for a box was somebody's in the meantime.
                    Ok(left)
                        if left.is_done()
                            || step.is_creation()
                                && conflicts < CONFLICTS
                                && error.is_conflict() =>
                    {
                        if left.adopts && error.is_conflict() {
                            made.change = Change::Adopted;
                        }
                        if left.is_done() {
                            done.push(step.name);
                        }
                        if left.steps.is_empty() {
                            return Ok(made);
                        }
                        conflicts += 1;
                        steps = left.steps.into_iter();
                        continue;
                    }
                    Err(taken @ Error::Taken { .. }) => {
                        return Err(Partial::of(operation.name(), done, step.name, taken));
                    }
                    _ => {}
                }
            }
            return Err(Partial::of(operation.name(), done, step.name, error));
        }
        if !is_seen {
            return Ok(made);
        }
        match self.plan_again(operation).await {
            Ok(left) if left.is_done() => Ok(made),
            Ok(left) => Err(Error::NotApplied {
                operation: operation.name(),
                found: left
                    .steps
                    .first()
                    .map_or("it is not so", |step| step.name)
                    .into(),
                place: None,
            }),
            Err(error) => Err(Partial::of(
                operation.name(),
                done,
                "reading it back",
                error,
            )),
        }
    }

    /// A subscriber that got another login has another id.
    async fn plan_again(&self, operation: &Operation) -> Result<Plan> {
        let planned = self.plan(operation).await;
        if let (Operation::ChangeSubscriber(_, patch), Err(Error::Missing { .. })) =
            (operation, &planned)
            && let Some(login) = &patch.login
        {
            let id = SubscriberId::new(login.as_str());
            return self
                .plan(&Operation::ChangeSubscriber(id, patch.clone()))
                .await;
        }
        planned
    }

    async fn write(&self, write: &Write) -> Result<()> {
        match write {
            Write::Create(new) => self.accounts().create(new).await,
            Write::One(key, patch) => self.users().update(key, patch).await,
            Write::All(number, patch) => self.accounts().update(number, patch).await,
            Write::DeleteOne(key) => self.users().delete(key).await,
            Write::DeleteAll(number) => self.accounts().delete(number).await,
            // Neither true nor false proves anything.
            Write::Packages(key, change) => {
                self.account_subscription().change(key, change).await?;
                Ok(())
            }
            Write::Message(macs, message) => self.stb_msg().send(macs.clone(), message).await,
            Write::Event(macs, event) => self.send_event().send(macs.clone(), event.clone()).await,
        }
    }
}

/// Whether the server said something, or may have done something.
fn is_answered(error: &Error) -> bool {
    matches!(
        error,
        Error::Indeterminate(_) | Error::Rejected(_) | Error::NotApplied { .. }
    )
}

impl Write {
    pub(super) fn event(macs: Vec<MacAddr>, event: Event) -> Write {
        Write::Event(macs, event.into())
    }
}
