//! The order of a round's steps, with the temporary ones that rings need.

use std::collections::HashMap;

use super::Executor;
use super::job::Outcome;
use super::task::{Task, mark};
use super::world::handle;
use crate::provisioning::conflict::Conflict;
use crate::provisioning::identity::{Key, KeyKind};
use crate::provisioning::order::{self, Action, Holder, Input, Parking, Reason, order};
use crate::provisioning::plan::Step;
use crate::provisioning::platform::Platform;

/// The maximum number of attempts to find temporary logins that are free.
const NAMES: u32 = 4;

/// The steps that a round is going to make.
pub(super) struct Draft<P: Platform> {
    pub(super) entries: Vec<order::Entry>,
    /// The one write of a move.
    pub(super) transfer: Option<P::Write>,
    keys: Vec<Key>,
    parks: Vec<Park<P>>,
}

/// Rows of a job, and the step that leads to them; none leads to the first.
pub(super) type State<'t, P> = (
    Option<&'t Step<<P as Platform>::Write>>,
    Option<<P as Platform>::Observed>,
);

/// A key that a job gives up for a while.
struct Park<P: Platform> {
    job: usize,
    before: usize,
    key: u32,
    step: Step<P::Write>,
    temporary: Option<Key>,
}

impl<P: Platform> Draft<P> {
    pub(super) fn key(&self, key: u32) -> &Key {
        &self.keys[key as usize]
    }

    /// Returns the step that gives a job's key up for a while.
    pub(super) fn park(&self, job: u32, key: u32) -> Option<&Step<P::Write>> {
        let park = self
            .parks
            .iter()
            .find(|park| park.job == job as usize && park.key == key);
        park.map(|park| &park.step)
    }

    /// Returns the rows of a job before its first step and after each one, as
    /// they will be: without a step for the first of them.
    pub(super) fn states<'t>(
        &'t self,
        platform: &P,
        task: &'t Task<P>,
        job: usize,
    ) -> Vec<State<'t, P>> {
        states(platform, task, job, &self.parks, task.steps.len())
    }
}

/// The states up to a step that is not among them.
fn states<'t, P: Platform>(
    platform: &P,
    task: &'t Task<P>,
    job: usize,
    parks: &'t [Park<P>],
    end: usize,
) -> Vec<State<'t, P>> {
    let mut states = vec![(None, task.present.clone())];
    for place in 0..=end {
        let parks = parks
            .iter()
            .filter(|park| park.job == job && park.before == place);
        let own = task.steps[..end].get(place).map(|drawn| &drawn.step);
        for step in parks.map(|park| &park.step).chain(own) {
            let present = states.last().and_then(|(_, state)| state.as_ref());
            let after = platform.after(present, &step.write);
            states.push((Some(step), after));
        }
    }
    states
}

impl<P: Platform> Executor<'_, P> {
    /// Orders the steps of everything that is open; who cannot have what it
    /// needs is left as it is.
    pub(super) async fn draft(&mut self, tasks: &mut [Task<P>]) -> Draft<P> {
        let (input, keys) = self.input(tasks);
        for attempt in 0..NAMES {
            let mut parks: Vec<Park<P>> = Vec::new();
            let parked = std::cell::RefCell::new(&mut parks);
            let order = order(
                &input,
                |parking| {
                    let mut parks = parked.borrow_mut();
                    let park = self.park(tasks, &keys, &parks, parking, attempt);
                    let can = park.is_some();
                    parks.extend(park);
                    can
                },
                || parked.borrow_mut().clear(),
            );
            let temporary: Vec<Key> = parks
                .iter()
                .filter_map(|park| park.temporary.clone())
                .collect();
            let open = |task: &mut Task<P>| task.asks.clear();
            tasks.iter_mut().for_each(open);
            for park in &parks {
                tasks[park.job].asks.extend(park.temporary.clone());
            }
            self.load_for(tasks, |task| task.asks.clone()).await;
            let is_held = |key: &Key| self.world.with_handles(key).next().is_some();
            if temporary.iter().any(is_held) {
                continue;
            }
            for (job, reason) in order.refused {
                let conflict = self.conflict(tasks, &keys, reason);
                tasks[job as usize].outcome = Some(Outcome::Left(conflict));
            }
            return Draft {
                entries: order.entries,
                transfer: None,
                keys,
                parks,
            };
        }
        for task in tasks.iter_mut().filter(|task| task.is_open()) {
            task.outcome = Some(Outcome::Left(Conflict::Withheld {
                reason: "no temporary login is free",
            }));
        }
        Draft {
            entries: Vec::new(),
            transfer: None,
            keys,
            parks: Vec::new(),
        }
    }

    /// Returns the steps as the order sees them, and the keys by their numbers.
    fn input(&self, tasks: &[Task<P>]) -> (Input, Vec<Key>) {
        let mut numbers: HashMap<Key, u32> = HashMap::new();
        let mut keys: Vec<Key> = Vec::new();
        let mut number = |key: &Key| {
            *numbers.entry(key.clone()).or_insert_with(|| {
                keys.push(key.clone());
                u32::try_from(keys.len() - 1).unwrap_or(u32::MAX)
            })
        };
        let mut jobs = Vec::with_capacity(tasks.len());
        let mut owners: HashMap<Key, u32> = HashMap::new();
        for (job, task) in (0..).zip(tasks) {
            if !task.is_open() {
                jobs.push(Vec::new());
                continue;
            }
            let present = task.present.as_ref();
            if let Some(handle) = present.and_then(|present| handle(&self.platform.keys(present))) {
                owners.insert(handle, job);
            }
            let steps = task.steps.iter().map(|drawn| order::Step {
                needs: drawn.needs.iter().map(&mut number).collect(),
                touches: drawn.step.touches.iter().map(&mut number).collect(),
                frees: drawn.frees.iter().map(&mut number).collect(),
                removes: drawn.step.removes,
            });
            jobs.push(steps.collect());
        }
        let holders = keys.iter().map(|key| {
            let somebody = self
                .world
                .with_handles(key)
                .filter(|(one, _)| self.view_of(one).subscriber.is_some());
            let holder = |(_, handle): (_, Option<&Key>)| {
                let owner = handle.and_then(|handle| owners.get(handle));
                owner.map_or(Holder::Outsider, |job| Holder::Job(*job))
            };
            somebody.map(holder).collect()
        });
        let holders = holders.collect();
        (Input { jobs, holders }, keys)
    }

    /// Plans how a job gives up a key for a while, if it can and stays itself.
    fn park(
        &self,
        tasks: &[Task<P>],
        keys: &[Key],
        parks: &[Park<P>],
        parking: Parking,
        attempt: u32,
    ) -> Option<Park<P>> {
        let (job, before) = (parking.job as usize, parking.before as usize);
        let (task, key) = (&tasks[job], &keys[parking.key as usize]);
        if task.pin.as_ref() == Some(key) {
            return None;
        }
        let present = states(self.platform, task, job, parks, before).pop()?.1?;
        let temporary = format!("_{:x}", u32::try_from(parks.len()).ok()? + 0x1000 * attempt);
        let step = self.platform.park(&present, key, &temporary)?;
        let after = self.platform.after(Some(&present), &step.write)?;
        let identity = self.platform.identity();
        let view = self.view_of(&after);
        let temporary = (key.kind() == KeyKind::Login).then(|| identity.login(&temporary));
        let is_parked = !self.platform.keys(&after).contains(key)
            && handle(&self.platform.keys(&after)) == task.pin
            // Another row would be the subscriber's first one then.
            && (temporary.iter()).all(|own| Some(own) == view.login().map(|is| identity.login(is)).as_ref());
        is_parked.then_some(Park {
            job,
            before,
            key: parking.key,
            step,
            temporary,
        })
    }

    fn conflict(&self, tasks: &[Task<P>], keys: &[Key], reason: Reason) -> Conflict {
        match reason {
            Reason::Ambiguous(key) => Conflict::Ambiguous {
                key: keys[key as usize].clone(),
            },
            Reason::Waits { key, holder } => Conflict::Waits {
                key: keys[key as usize].clone(),
                holder: holder as usize,
            },
            Reason::Taken(key) => {
                let key = keys[key as usize].clone();
                match self.left_holder(tasks, &key) {
                    Some(holder) => Conflict::Waits { key, holder },
                    None => Conflict::Taken { key },
                }
            }
        }
    }

    /// Returns the job that holds the key and is left as it is.
    fn left_holder(&self, tasks: &[Task<P>], key: &Key) -> Option<usize> {
        let holds = |task: &Task<P>| {
            let present = task.present.as_ref();
            present.is_some_and(|present| self.platform.keys(present).contains(key))
        };
        let left = |task: &&Task<P>| match &task.outcome {
            None | Some(Outcome::Done(_)) => false,
            Some(_) => holds(task),
        };
        tasks.iter().position(|task| left(&task))
    }
}

/// Returns the marks of what an entry makes.
pub(super) fn step_of<'t, P: Platform>(
    draft: &'t Draft<P>,
    task: &'t Task<P>,
    entry: &order::Entry,
) -> Option<&'t Step<P::Write>> {
    match entry.action {
        Action::Step(step) => task.steps.get(step as usize).map(|drawn| &drawn.step),
        Action::Park(key) => draft.park(entry.job, key),
    }
}

/// Returns `true` if a later plan has this step again.
pub(super) fn is_again<W>(marks: &[super::task::Mark], step: &Step<W>) -> bool {
    marks.contains(&mark(step))
}
