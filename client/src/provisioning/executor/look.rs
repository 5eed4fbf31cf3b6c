//! Loading what a round has to know, and nothing twice.

use std::collections::{HashMap, HashSet};

use super::job::Outcome;
use super::task::{Drawn, Task, mark};
use super::world::{Neighbours, World, handle};
use super::{Draft, Executor, fingerprint};
use crate::error::Error;
use crate::provisioning::conflict::Conflict;
use crate::provisioning::desired::Presence;
use crate::provisioning::identity::{Key, KeyKind};
use crate::provisioning::plan::{Plan, Repeat, Step, Unplanned};
use crate::provisioning::platform::{Context, Platform};

impl<P: Platform> Executor<'_, P> {
    /// Finds, plans and orders everything that is still open.
    pub(super) async fn prepare(&mut self, tasks: &mut [Task<P>]) -> Draft<P> {
        let identity = self.platform.identity();
        let open = tasks.iter().filter(|task| task.is_open());
        let count = open.map(|task| task.first_keys(identity).len()).sum();
        // Then one question is enough.
        let asks_for_all = self.platform.reads_everybody(count);
        let keys = |task: &Task<P>| {
            let mut keys = task.first_keys(identity);
            if asks_for_all {
                keys.extend(task.wanted.terminal_keys(identity));
            }
            keys
        };
        self.load_for(tasks, keys).await;
        let is_first = tasks.iter().all(|task| task.was_there.is_none());
        self.identify(tasks);
        let platform = self.platform;
        let handle = |task: &Task<P>| {
            let present = task.present.as_ref();
            present.and_then(|present| handle(&platform.keys(present)))
        };
        if is_first && let Some(turn) = self.turn {
            let handles: Vec<Key> = tasks.iter().filter_map(handle).collect();
            if turn.found(handles).await {
                self.world = World::new();
                self.load_for(tasks, keys).await;
                self.identify(tasks);
            }
        }
        if is_first {
            leave_doubles(tasks, handle);
        }
        for task in tasks.iter_mut().filter(|task| task.is_open()) {
            leave_if_changed(task);
            settle(task);
        }
        self.plan_all(tasks).await;
        let keys = |task: &Task<P>| {
            let keys = |drawn: &Drawn<P::Write>| {
                let mut keys = drawn.needs.clone();
                keys.extend(drawn.step.touches.iter().cloned());
                keys
            };
            task.steps.iter().flat_map(keys).collect()
        };
        self.load_for(tasks, keys).await;
        let mut draft = self.draft(tasks).await;
        draft.transfer = self.transfer(tasks);
        draft
    }

    pub(super) fn identify(&self, tasks: &mut [Task<P>]) {
        for task in tasks.iter_mut().filter(|task| task.is_open()) {
            task.identify(self.platform, self.catalogue.as_deref(), &self.world);
        }
    }

    /// Loads what is not known of the keys that each open task has to know. If
    /// the server rejects the request for all of them, each is asked for alone:
    /// one that cannot be read is nobody else's problem.
    pub(super) async fn load_for(
        &mut self,
        tasks: &mut [Task<P>],
        keys: impl Fn(&Task<P>) -> Vec<Key>,
    ) {
        let identity = self.platform.identity();
        let mut asking: Vec<(usize, Vec<Key>)> = Vec::new();
        let mut all: Vec<Key> = Vec::new();
        let mut seen = HashSet::new();
        for (place, task) in tasks.iter().enumerate().filter(|(_, task)| task.is_open()) {
            let mut own = keys(task);
            own.retain(|key| !self.world.knows(identity, key));
            all.extend(
                own.iter()
                    .filter(|key| seen.insert((*key).clone()))
                    .cloned(),
            );
            if !own.is_empty() {
                asking.push((place, own));
            }
        }
        if asking.is_empty() {
            return;
        }
        let error = match self.load(&all).await {
            Ok(()) => return,
            Err(error) => error,
        };
        let alone = asking.len() == 1 || error.is_retryable() || error.is_auth();
        for (place, own) in asking {
            let loaded = match alone {
                true => Err(error.clone()),
                false => self.load(&own).await,
            };
            if let Err(error) = loaded {
                tasks[place].fail("look", error);
            }
        }
    }

    async fn load(&mut self, keys: &[Key]) -> Result<(), Error> {
        let (known, loaded) = self.ahead.take(self.platform, keys);
        let mut rest = keys.to_vec();
        if !known.is_empty() {
            self.world.add(self.platform, &known, loaded);
            let identity = self.platform.identity();
            rest.retain(|key| !self.world.knows(identity, key));
        }
        if rest.is_empty() {
            return Ok(());
        }
        let loaded = match &self.about {
            Some(about) => self.platform.load_for(&rest, about).await?,
            None => self.platform.load(&rest).await?,
        };
        self.world.add(self.platform, &rest, loaded);
        Ok(())
    }

    pub(super) fn plan_of(
        &self,
        task: &Task<P>,
        place: usize,
    ) -> Result<Plan<P::Write>, Unplanned> {
        let others = Neighbours {
            identity: self.platform.identity(),
            world: &self.world,
            reserved: &self.reserved,
            own: place,
        };
        let context = Context::new(self.world.now(), self.catalogue.as_deref(), &others);
        self.platform
            .plan(task.present.as_ref(), &task.wanted, &context)
    }

    /// Takes a plan over, with the keys that each step needs and frees.
    pub(super) fn draw(&self, task: &mut Task<P>, plan: Plan<P::Write>) {
        // What was left out of what is written already is lost all the same.
        for loss in plan.losses {
            if !task.losses.contains(&loss) {
                task.losses.push(loss);
            }
        }
        task.steps.clear();
        let mut present = task.present.clone();
        let keys = |present: &Option<P::Observed>| match present {
            Some(present) => self.platform.keys(present),
            None => Vec::new(),
        };
        let mut before = keys(&present);
        for step in plan.steps {
            present = self.platform.after(present.as_ref(), &step.write);
            let after = keys(&present);
            let needs = without(&after, &before);
            let frees = without(&before, &after);
            task.steps.push(Drawn { step, needs, frees });
            before = after;
        }
        task.settle_effects();
        if task.steps.is_empty() {
            return task.finish();
        }
        let steps = || task.steps.iter().map(|drawn| &drawn.step);
        let is_never = |step: &&Step<P::Write>| {
            step.repeat == Repeat::Never && task.lost.contains(&mark(step))
        };
        if let Some(step) = steps().find(|step| task.does_not_take(step)) {
            task.outcome = Some(Outcome::NotApplied {
                step: step.name,
                fields: step.differs.clone(),
            });
        } else if steps().any(|step| is_never(&step)) {
            // It may still be under way.
            task.give_up(super::TOO_OFTEN);
        }
    }
}

/// Returns the keys that nobody else may have, of those that are only in the
/// first list. A subscription goes with its subscriber.
fn without(these: &[Key], those: &[Key]) -> Vec<Key> {
    let contended = |key: &&Key| key.kind() != KeyKind::Subscription;
    let only = these.iter().filter(|key| !those.contains(key));
    only.filter(contended).cloned().collect()
}

/// A subscriber that two jobs are about is touched by neither.
pub(super) fn leave_doubles<P: Platform>(
    tasks: &mut [Task<P>],
    key: impl Fn(&Task<P>) -> Option<Key>,
) {
    let mut places: HashMap<Key, usize> = HashMap::new();
    for place in 0..tasks.len() {
        let Some(key) = key(&tasks[place]) else {
            continue;
        };
        if let Some(other) = places.insert(key.clone(), place) {
            for place in [other, place] {
                let key = key.clone();
                tasks[place].outcome = Some(Outcome::Left(Conflict::Ambiguous { key }));
            }
        }
    }
}

fn leave_if_changed<P: Platform>(task: &mut Task<P>) {
    if let Some(expected) = task.fingerprint.take()
        && task.present.as_ref().map(fingerprint) != expected
    {
        task.outcome = Some(Outcome::Left(Conflict::Withheld {
            reason: "it has changed since the plan was made",
        }));
    }
}

/// Settles what needs no plan.
fn settle<P: Platform>(task: &mut Task<P>) {
    if !task.is_open() || task.present.is_some() {
        return;
    }
    match task.wanted.presence {
        Presence::Create => {}
        Presence::Absent => {
            task.steps.clear();
            task.settle_effects();
            task.finish();
        }
        Presence::Existing => {
            let record = task
                .find
                .first()
                .map_or("subscriber", |key| key.kind().record());
            task.outcome = Some(Outcome::Left(Conflict::Missing { record }));
        }
    }
}
