//! Making the steps of a round.

use super::Executor;
use super::draft::{Draft, is_again, step_of};
use super::job::Outcome;
use super::task::{Task, mark};
use super::world::World;
use crate::error::Error;
use crate::provisioning::conflict::Conflict;
use crate::provisioning::identity::Key;
use crate::provisioning::order::{Action, Entry};
use crate::provisioning::plan::Step;
use crate::provisioning::platform::{Platform, Proof};

/// The state of a job within its round.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// Every answer so far has proved what it did.
    Proven,
    /// It has to be looked at.
    Unproven,
    /// No further step of it is made in this round.
    Stopped,
}

impl<P: Platform> Executor<'_, P> {
    /// Makes the steps in their order, and finishes those whose answers prove
    /// that they are as wanted.
    pub(super) async fn perform(&mut self, tasks: &mut [Task<P>], draft: &Draft<P>) {
        let mut ways = vec![Way::Proven; tasks.len()];
        let mut made = vec![false; draft.entries.len()];
        let mut created = Vec::new();
        for task in tasks.iter_mut().filter(|task| task.is_open()) {
            task.acknowledged.push(Vec::new());
            task.waits = None;
        }
        for (at, entry) in draft.entries.iter().enumerate() {
            let job = entry.job as usize;
            self.supervisor
                .progress(self.come_to + at + 1, self.come_to + draft.entries.len());
            if made[at] || ways[job] == Way::Stopped || !tasks[job].is_open() {
                continue;
            }
            if let Some((key, holder)) = blocked(draft, &made, entry) {
                ways[job] = Way::Stopped;
                match tasks[holder].is_open() {
                    true => tasks[job].waits = Some((key, holder)),
                    false => leave(&mut tasks[job], key, holder),
                }
                continue;
            }
            if let Some(write) = draft.transfer_at(tasks, entry) {
                if self.supervisor.is_stopped() {
                    break;
                }
                match (self.make_transfer(tasks, write).await, draft.taking()) {
                    (Some(way), Some(taking)) => {
                        ways = vec![way; tasks.len()];
                        (made[at], made[taking]) = (true, true);
                    }
                    _ => ways[job] = Way::Stopped,
                }
                continue;
            }
            let task = &mut tasks[job];
            let Some(step) = step_of(draft, task, entry).cloned() else {
                ways[job] = Way::Stopped;
                continue;
            };
            if self.supervisor.is_stopped() {
                break;
            }
            let is_creation = task.present.is_none();
            let before = task.present.clone();
            let performed = self.platform.perform(&step.write, task.present.as_ref());
            let performed = performed.await;
            let failed = performed.as_ref().err();
            self.supervisor.step(self.place(job), step.name, failed);
            match performed {
                Ok(proof) => {
                    self.failures = 0;
                    made[at] = true;
                    let is_proven = matches!(proof, Proof::Answered(_));
                    if !is_proven {
                        ways[job] = Way::Unproven;
                    }
                    self.take_over(task, &step, proof);
                    let effects = self.step_effects(&step, before.as_ref(), task.present.as_ref());
                    match is_proven {
                        true => task.effects.extend(effects),
                        false => task.unproven.push((mark(&step), effects)),
                    }
                    if let Action::Park(key) = entry.action {
                        task.parked.push(draft.key(key).clone());
                    }
                    if is_creation {
                        task.created = true;
                        created.push(job);
                    }
                }
                Err(error) => {
                    ways[job] = Way::Stopped;
                    self.count_failure(&error);
                    if error.is_indeterminate() {
                        let after = self.platform.after(before.as_ref(), &step.write);
                        let effects = self.step_effects(&step, before.as_ref(), after.as_ref());
                        task.unproven.push((mark(&step), effects));
                    }
                    refuse(task, &step, step.name, error);
                    if self.is_down() {
                        break;
                    }
                }
            }
        }
        self.find_twins(tasks, &created).await;
        for (job, way) in ways.iter().enumerate() {
            if tasks[job].is_open() && *way == Way::Proven && self.is_as_wanted(&tasks[job], job) {
                tasks[job].finish();
            }
        }
    }

    pub(super) fn take_over(
        &self,
        task: &mut Task<P>,
        step: &Step<P::Write>,
        proof: Proof<P::Observed>,
    ) {
        task.present = match proof {
            Proof::Answered(present) => present,
            Proof::Accepted => self.platform.after(task.present.as_ref(), &step.write),
        };
        task.done.push(step.name);
        if step.blind {
            task.wanted.password = None;
        } else {
            if let Some(round) = task.acknowledged.last_mut() {
                round.push(mark(step));
            }
        }
        task.trouble = None;
    }

    /// Returns `true` if nothing is left to do with the rows as the server has
    /// answered them.
    fn is_as_wanted(&self, task: &Task<P>, job: usize) -> bool {
        if task.present.is_none() {
            return task.wanted.presence == crate::provisioning::Presence::Absent;
        }
        let plan = self.plan_of(task, job);
        plan.is_ok_and(|plan| plan.steps.is_empty())
    }

    /// Reads the keys of those who were created again, where the platform has
    /// no unique index that would have kept another one from them.
    async fn find_twins(&mut self, tasks: &mut [Task<P>], created: &[usize]) {
        let identity = self.platform.identity();
        let keys = |task: &Task<P>| -> Vec<Key> {
            let needs = task.steps.iter().flat_map(|drawn| &drawn.needs);
            needs
                .filter(|key| identity.has_twins(key.kind()))
                .cloned()
                .collect()
        };
        let all: Vec<Key> = created.iter().flat_map(|job| keys(&tasks[*job])).collect();
        if all.is_empty() {
            return;
        }
        let mut world = World::new();
        match self.platform.load(&all).await {
            Ok(loaded) => world.add(self.platform, &all, loaded),
            // The next round looks again, if it comes to that.
            Err(error) => {
                for job in created {
                    tasks[*job]
                        .trouble
                        .get_or_insert(("look for twins", error.clone()));
                }
                return;
            }
        }
        for job in created {
            let task = &mut tasks[*job];
            for key in keys(task) {
                let somebody = |one: &&P::Observed| self.view_of(one).subscriber.is_some();
                let mut holders = world
                    .with_handles(&key)
                    .map(|(one, _)| one)
                    .filter(somebody);
                let two = (holders.next(), holders.next());
                match two {
                    (Some(_), Some(_)) => {
                        task.outcome = Some(Outcome::Left(Conflict::Twin { key: key.clone() }));
                        break;
                    }
                    (Some(only), None) if task.is_open() => task.present = Some(only.clone()),
                    _ => {}
                }
            }
        }
    }
}

/// Returns the key and its holder that an entry waits for in vain.
fn blocked<P: Platform>(draft: &Draft<P>, made: &[bool], entry: &Entry) -> Option<(Key, usize)> {
    let (before, key) = entry
        .waits
        .iter()
        .find(|(before, _)| !made[*before as usize])?;
    let holder = draft.entries[*before as usize].job as usize;
    Some((draft.key(*key).clone(), holder))
}

pub(super) fn leave<P: Platform>(task: &mut Task<P>, key: Key, holder: usize) {
    let conflict = Conflict::Waits { key, holder };
    match task.done.is_empty() {
        true => task.outcome = Some(Outcome::Left(conflict)),
        false => task.fail("wait", conflict.into_error("wait")),
    }
}

/// Takes note of a step that failed: what others did is looked at again, and
/// so is what nobody knows.
pub(super) fn refuse<P: Platform>(
    task: &mut Task<P>,
    step: &Step<P::Write>,
    name: &'static str,
    error: Error,
) {
    let is_somebody_elses = error.is_conflict() || error.is_not_found();
    if error.is_indeterminate() {
        task.lost.push(mark(step));
        task.trouble = Some((name, error));
    } else if is_somebody_elses && !is_again(&task.rejected, step) {
        task.rejected.push(mark(step));
        task.trouble = Some((name, error));
    } else {
        let done = task.done.clone();
        task.outcome = Some(Outcome::Failed {
            done,
            step: name,
            error,
        });
    }
}
