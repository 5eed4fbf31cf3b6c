//! Operations: each is a run of one job or two, or a preview of it.

use super::Adapter;
use crate::error::{Error, Partial, Refusal, Result};
use crate::model::{NewSubscription, Subscriber, Subscription, Terminal, TerminalId, Timestamp};
use crate::provisioning::conflict::Conflict;
use crate::provisioning::executor::{Change, Executor, Job, Outcome, Report};
use crate::provisioning::identity::Key;
use crate::provisioning::operation::{self, Applied, Operation, Preview};
use crate::provisioning::platform::{Loaded, Platform};
use crate::provisioning::view::View;

impl<P: Platform> Adapter<P> {
    pub(super) async fn subscriber(&self, operation: Operation) -> Result<Applied<Subscriber>> {
        let applied = self.run(&operation).await?;
        let missing = Error::Missing {
            record: "subscriber",
            place: None,
        };
        pick(applied, missing, |view| view.subscriber)
    }

    pub(super) async fn terminal(
        &self,
        operation: Operation,
        key: Key,
    ) -> Result<Applied<Terminal>> {
        let identity = self.platform.identity();
        let applied = self.run(&operation).await?;
        let is_it = |terminal: &Terminal| {
            identity.terminal(&terminal.id) == key
                || terminal.mac.is_some_and(|mac| identity.mac(mac) == key)
        };
        let missing = Error::Missing {
            record: "terminal",
            place: None,
        };
        pick(applied, missing, |view| {
            view.terminals.into_iter().find(is_it)
        })
    }

    pub(super) async fn subscription(
        &self,
        new: &NewSubscription,
    ) -> Result<Applied<Subscription>> {
        let applied = self.run(&Operation::AddSubscription(new.clone())).await?;
        let is_it = |one: &Subscription| {
            one.package == new.package && (one.terminal == new.terminal || new.terminal.is_none())
        };
        let missing = Error::Missing {
            record: "subscription",
            place: None,
        };
        pick(applied, missing, |view| {
            let (mut current, ended): (Vec<_>, Vec<_>) = (view.subscriptions.into_iter())
                .filter(is_it)
                .partition(|one| one.active);
            current.pop().or(ended.into_iter().next_back())
        })
    }

    /// Makes an operation, and returns how its subscriber is then.
    pub(super) async fn run(&self, operation: &Operation) -> Result<Applied<Option<View>>> {
        let jobs = operation.jobs(self.platform.identity());
        let turn = self.queue.turn(keys(&jobs)).await;
        let executor = Executor::new(&self.platform).keeping_lists(&self.kept_lists);
        let mut executor = executor.queued(&turn);
        if self.reports_all_effects {
            executor = executor.reading_all();
        }
        let (executor, jobs) = self.ready(executor, operation, jobs).await?;
        let mut reports = executor.run(jobs).await;
        let Some(last) = reports.pop() else {
            return Ok(Applied::new(None, Change::Nothing));
        };
        // What is taken away is taken away before it is given.
        let mut applied = Applied::new(None, Change::Nothing);
        let is_withheld = |report: &Report<P::Observed>| {
            matches!(report.outcome, Outcome::Left(Conflict::Withheld { .. }))
        };
        if reports.iter().any(is_withheld) {
            // The reason is the other's.
            self.add(&mut applied, operation, last.clone())?;
        }
        for report in reports {
            self.add(&mut applied, operation, report)?;
        }
        let (present, now) = (last.present.clone(), last.now);
        let was_taken = applied.change == Change::Made;
        self.add(&mut applied, operation, last)
            .map_err(|error| match was_taken {
                true => Partial::of(
                    operation.name(),
                    vec!["take the terminal away"],
                    "give the terminal",
                    error,
                ),
                false => error,
            })?;
        if let Some(present) = present {
            let read = self.whole_view(&present, now).await;
            applied.value = Some(read.map_err(|error| match applied.change {
                Change::Nothing => error,
                // It has been made, which an error of a read alone would deny.
                Change::Made | Change::Adopted => {
                    let done = vec![operation.name()];
                    Partial::of(operation.name(), done, "read it back", error)
                }
            })?);
        }
        Ok(applied)
    }

    /// Leaves out the job of whoever gives up the terminal, if nobody has to.
    async fn ready<'e>(
        &'e self,
        executor: Executor<'e, P>,
        operation: &Operation,
        mut jobs: Vec<Job>,
    ) -> Result<(Executor<'e, P>, Vec<Job>)> {
        let Operation::MoveTerminal(terminal, _) = operation else {
            return Ok((executor, jobs));
        };
        let find = keys(&jobs);
        let loaded = self.platform.load(&find).await?;
        if !self.has_to_be_given_up(terminal, &find, &loaded)? {
            jobs.remove(0);
        }
        Ok((executor.knowing(&find, loaded).all_or_none(), jobs))
    }

    /// Returns `true` if the terminal that is to be moved is another subscriber's, and
    /// `false` if it is where it is to be already.
    fn has_to_be_given_up(
        &self,
        terminal: &TerminalId,
        find: &[Key],
        loaded: &Loaded<P::Observed>,
    ) -> Result<bool> {
        let mut holders = (loaded.found.iter())
            .filter(|one| self.platform.keys(one).contains(&find[0]))
            .peekable();
        if holders.peek().is_none() {
            return Err(Error::Missing {
                record: "terminal",
                place: None,
            });
        }
        let is_somebodys = |one: &&P::Observed| {
            let view = self.platform.view(one, None, Timestamp::now());
            view.subscriber.is_some()
        };
        let mut owners = holders.filter(is_somebodys).peekable();
        if owners.peek().is_none() {
            let reason = format!(
                "terminal `{terminal}` has no subscriber to be moved from: it can be bound"
            );
            return Err(Refusal::new(operation::MOVE, reason).into());
        }
        Ok(owners.any(|one| !self.platform.keys(one).contains(&find[1])))
    }

    fn add(
        &self,
        applied: &mut Applied<Option<View>>,
        operation: &Operation,
        report: Report<P::Observed>,
    ) -> Result<()> {
        let change = match report.outcome.into_result(operation.name()) {
            Err(Error::Missing { .. }) if operation.is_removal() => Change::Nothing,
            change => change?,
        };
        if applied.change == Change::Nothing {
            applied.change = change;
        }
        applied.losses.extend(report.losses);
        applied.effects.extend(report.effects);
        Ok(())
    }

    pub(super) async fn forecast(&self, operation: &Operation) -> Result<Preview> {
        if let Operation::Send(_, command) = operation {
            self.refuse_lacking(command)?;
            return Ok(Preview {
                losses: self.platform.losses(command),
                ..Preview::default()
            });
        }
        let jobs = operation.jobs(self.platform.identity());
        let executor = Executor::new(&self.platform).keeping_lists(&self.kept_lists);
        let (executor, jobs) = self.ready(executor, operation, jobs).await?;
        let mut preview = Preview::default();
        for forecast in executor.preview(jobs).await {
            let forecast = match forecast {
                Ok(forecast) => forecast,
                Err(Outcome::Left(Conflict::Missing { .. })) if operation.is_removal() => {
                    continue;
                }
                Err(outcome) => {
                    outcome.into_result(operation.name())?;
                    continue;
                }
            };
            preview.effects.extend(forecast.effects);
            preview.losses.extend(forecast.losses);
            preview
                .steps
                .extend(forecast.steps.iter().map(|step| step.name));
        }
        Ok(preview)
    }
}

fn keys(jobs: &[Job]) -> Vec<Key> {
    jobs.iter().flat_map(|job| job.find().to_vec()).collect()
}

fn pick<T>(
    applied: Applied<Option<View>>,
    missing: Error,
    pick: impl FnOnce(View) -> Option<T>,
) -> Result<Applied<T>> {
    let mut value = None;
    let applied = applied.map(|view| value = view.and_then(pick));
    let value = value.ok_or(missing)?;
    Ok(applied.map(|()| value))
}
