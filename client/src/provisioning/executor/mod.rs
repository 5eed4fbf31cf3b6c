//! The one executor: load, plan, order, perform, look again.

mod ahead;
mod ask;
mod draft;
mod groups;
mod job;
mod look;
mod perform;
mod restore;
mod supervisor;
mod task;
mod transfer;
mod world;

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use ahead::Ahead;
pub(super) use groups::{AT_ONCE, groups};
pub use job::{Change, Forecast, ForecastStep, Job, Outcome, Report};
pub use supervisor::Supervisor;

use super::conflict::Conflict;
use super::desired::Desired;
use super::effect::{Effect, on_screens};
use super::fit::{check, fit};
use super::identity::Key;
use super::kept_lists::KeptLists;
use super::plan::Step;
use super::platform::{Loaded, Platform};
use super::queue::Turn;
use super::removal::{irreversible, takes_away, without_restored};
use super::view::View;
use draft::{Draft, State};
use task::Task;
pub(super) use world::handle;
use world::{Reserved, World};

/// The maximum number of rounds in which steps are made and then verified.
const ROUNDS: usize = 3;

/// A platform that leaves so many steps in a row without an answer is down, and not worth its deadline
/// for each of the others.
const MOST_FAILURES_IN_A_ROW: usize = 10;

/// The reason why a job was not completed.
const TOO_OFTEN: &str = "the platform failed too often before it was come to";
const STOPPED: &str = "the run was stopped before it was as wanted";

/// Somebody who is told how many of how many are done.
pub type Watch = dyn Fn(usize, usize) + Send + Sync;

/// Returns the fingerprint of a subscriber's rows, by which a plan that was
/// made from them is recognised as stale. It is the same within one build of a
/// program, not from one to the next.
pub fn fingerprint<O: Hash>(observed: &O) -> u64 {
    let mut hasher = DefaultHasher::new();
    observed.hash(&mut hasher);
    hasher.finish()
}

/// Runs jobs on a platform.
///
/// Each job's subscriber is loaded, planned for and brought to the desired
/// state, in an order in which no step needs a key that another subscriber
/// holds. A job that fails stops those that wait for its keys, and nobody else.
pub struct Executor<'a, P: Platform> {
    platform: &'a P,
    catalogue: Option<Arc<P::Catalogue>>,
    /// The lists are those of an earlier operation.
    has_kept_lists: bool,
    kept_lists: Option<&'a KeptLists<P::Catalogue>>,
    world: World<P::Observed>,
    ahead: Ahead<P::Observed>,
    reserved: Reserved,
    turn: Option<&'a Turn<'a>>,
    all_or_none: bool,
    /// Steps that failed, one after the other.
    failures: usize,
    supervisor: &'a dyn Supervisor,
    reads_all: bool,
    /// The places of these jobs among those of all groups; none if there is one.
    places: Vec<usize>,
    /// Jobs of groups that are done.
    come_to: usize,
    /// The desired state that alone decides which rows are needed.
    about: Option<Desired>,
}

impl<'a, P: Platform> Executor<'a, P> {
    /// Creates an executor that knows nothing yet.
    pub fn new(platform: &'a P) -> Executor<'a, P> {
        Executor {
            platform,
            catalogue: None,
            has_kept_lists: false,
            kept_lists: None,
            world: World::new(),
            ahead: Ahead::new(0),
            reserved: Reserved::default(),
            turn: None,
            all_or_none: false,
            failures: 0,
            supervisor: &(),
            reads_all: false,
            places: Vec::new(),
            come_to: 0,
            about: None,
        }
    }

    /// Writes nothing at all if one of the jobs is refused before anything is
    /// written: what is taken away here is not given there then.
    #[must_use]
    pub fn all_or_none(mut self) -> Self {
        self.all_or_none = true;
        self
    }

    /// Has somebody look on, who may end the run.
    #[must_use]
    pub fn supervised(mut self, supervisor: &'a dyn Supervisor) -> Self {
        self.supervisor = supervisor;
        self
    }

    /// Reads all rows of a subscriber, those too that only effects need.
    pub(super) fn reading_all(mut self) -> Self {
        self.reads_all = true;
        self
    }

    /// Waits at the queue of each subscriber.
    pub(super) fn queued(mut self, turn: &'a Turn<'a>) -> Self {
        self.turn = Some(turn);
        self
    }

    /// Uses the lists of earlier operations, and keeps those that it reads.
    pub(super) fn keeping_lists(mut self, kept: &'a KeptLists<P::Catalogue>) -> Self {
        self.kept_lists = Some(kept);
        self
    }

    /// Tells the lists, so that they are not read again.
    #[must_use]
    pub fn with_catalogue(mut self, catalogue: Arc<P::Catalogue>) -> Self {
        self.catalogue = Some(catalogue);
        self
    }

    /// Tells what was loaded by these keys, so that it is not asked again.
    #[must_use]
    pub fn knowing(mut self, keys: &[Key], loaded: Loaded<P::Observed>) -> Self {
        self.world.add(self.platform, keys, loaded);
        self
    }

    /// Reserves the keys of which this returns `true`: somebody is to have them
    /// who may be in no job of this run.
    #[must_use]
    pub fn reserving(mut self, is_wanted: impl Fn(&Key) -> bool + Send + Sync + 'static) -> Self {
        self.reserved.by_nobody_here = Some(Box::new(is_wanted));
        self
    }

    /// Returns for each job what would be done, or why nothing would. Nothing is
    /// written, and nothing read beyond what a run reads first.
    pub async fn preview(mut self, jobs: Vec<Job>) -> Vec<Result<Forecast, Outcome>> {
        self.preview_group(jobs).await
    }

    async fn preview_group(&mut self, jobs: Vec<Job>) -> Vec<Result<Forecast, Outcome>> {
        let mut tasks = self.tasks(jobs);
        let draft = self.prepare(&mut tasks).await;
        if self.all_or_none {
            withhold_all(&mut tasks);
        }
        let mut forecasts = Vec::new();
        for (place, task) in tasks.iter().enumerate() {
            forecasts.push(match &task.outcome {
                Some(Outcome::Done(_)) | None => Ok(self.forecast(&tasks, place, &draft)),
                Some(other) => Err(other.clone()),
            });
        }
        forecasts
    }

    /// Runs the jobs, and reports of each.
    pub async fn run(mut self, jobs: Vec<Job>) -> Vec<Report<P::Observed>> {
        self.about = match jobs.as_slice() {
            // A fingerprint is of all rows.
            [only] if only.fingerprint.is_none() && !self.reads_all => Some(only.wanted.clone()),
            _ => None,
        };
        let mut tasks = self.tasks(jobs);
        self.rounds(&mut tasks).await;
        self.about = None;
        self.restore(&mut tasks).await;
        self.reports(tasks)
    }

    async fn rounds(&mut self, tasks: &mut [Task<P>]) {
        for round in 0..=ROUNDS {
            if round > 0 {
                self.world = World::new();
            }
            let draft = self.prepare(tasks).await;
            if round == 0 && self.all_or_none {
                withhold_all(tasks);
            }
            if round == ROUNDS {
                give_up(tasks, TOO_OFTEN);
            }
            if tasks.iter().all(|task| !task.is_open()) {
                return;
            }
            self.perform(tasks, &draft).await;
            if self.supervisor.is_stopped() {
                give_up(tasks, STOPPED);
            }
            if self.is_down() {
                give_up(tasks, TOO_OFTEN);
            }
            if tasks.iter().all(|task| !task.is_open()) {
                return;
            }
        }
    }

    fn is_down(&self) -> bool {
        self.failures >= MOST_FAILURES_IN_A_ROW
    }

    fn tasks(&mut self, jobs: Vec<Job>) -> Vec<Task<P>> {
        let identity = self.platform.identity();
        for (place, job) in jobs.iter().enumerate() {
            if let Some(login) = &job.wanted.login {
                self.reserved.add(identity.login(login), place);
            }
        }
        let mut tasks: Vec<Task<P>> = jobs.into_iter().map(Task::new).collect();
        let capabilities = self.platform.capabilities();
        for task in &mut tasks {
            let fits =
                check(&task.find, &task.wanted).and_then(|()| fit(&mut task.wanted, &capabilities));
            match fits {
                Ok(losses) => task.lacks = losses,
                Err(refusal) => task.outcome = Some(Outcome::Left(refusal.into())),
            }
        }
        let first = |task: &Task<P>| task.find.first().cloned();
        look::leave_doubles(&mut tasks, first);
        tasks
    }

    fn view(&self, present: Option<&P::Observed>) -> Option<View> {
        present.map(|present| self.view_of(present))
    }

    fn view_of(&self, present: &P::Observed) -> View {
        let catalogue = self.catalogue.as_deref();
        self.platform.view(present, catalogue, self.world.now())
    }

    /// Returns the effects of one step beside what terminals show.
    fn step_effects(
        &self,
        step: &Step<P::Write>,
        before: Option<&P::Observed>,
        after: Option<&P::Observed>,
    ) -> Vec<Effect> {
        let restart = |terminal: &Key| Effect::Restart {
            terminal: terminal.clone(),
        };
        let mut effects: Vec<Effect> = step.restarts.iter().map(restart).collect();
        let (before, after) = (self.view(before), self.view(after));
        let views = (before.as_ref(), after.as_ref());
        effects.extend(irreversible(step, views, &self.platform.capabilities()));
        effects
    }

    fn forecast(&self, tasks: &[Task<P>], place: usize, draft: &Draft<P>) -> Forecast {
        let task = &tasks[place];
        let states = draft.states(self.platform, task, place);
        let view = |state: Option<&State<'_, P>>| self.view(state?.1.as_ref());
        let (first, last) = (view(states.first()), view(states.last()));
        let mut effects = self.effects_on_screens(tasks, place, |task, place| {
            let states = draft.states(self.platform, task, place);
            (view(states.first()), view(states.last()))
        });
        let mut of_steps = Vec::new();
        for (place, (step, state)) in states.iter().enumerate().skip(1) {
            let Some(step) = step else { continue };
            let before = states[place - 1].1.as_ref();
            of_steps.extend(self.step_effects(step, before, state.as_ref()));
        }
        effects.extend(without_restored(of_steps, last.as_ref()));
        let steps = states.iter().filter_map(|(step, _)| *step);
        let mut steps: Vec<ForecastStep> = steps
            .map(|step| ForecastStep {
                name: step.name,
                differs: step.differs.clone(),
            })
            .collect();
        draft.name_transfer(&mut steps, place);
        // There may be a million of them.
        steps.shrink_to_fit();
        effects.shrink_to_fit();
        Forecast {
            steps,
            effects,
            losses: [&*task.lacks, &*task.losses].concat(),
            takes_away: takes_away(first.as_ref(), last.as_ref()),
            fingerprint: task.present.as_ref().map(fingerprint),
        }
    }

    fn reports(&self, tasks: Vec<Task<P>>) -> Vec<Report<P::Observed>> {
        let views = |task: &Task<P>, _| {
            let (before, after) = (task.before.as_ref(), task.present.as_ref());
            (self.view(before), self.view(after))
        };
        let effects: Vec<Vec<Effect>> = (0..tasks.len())
            .map(|place| self.effects_on_screens(&tasks, place, views))
            .collect();
        let tasks = tasks.into_iter().zip(effects);
        tasks
            .map(|(task, effects)| self.report(task, effects))
            .collect()
    }

    fn report(&self, task: Task<P>, mut effects: Vec<Effect>) -> Report<P::Observed> {
        let last = self.view(task.present.as_ref());
        effects.extend(without_restored(task.effects, last.as_ref()));
        Report {
            outcome: (task.outcome).unwrap_or(Outcome::Left(Conflict::Withheld {
                reason: "it was not come to",
            })),
            present: task.present,
            effects,
            losses: [task.lacks, task.losses].concat(),
            now: self.world.now(),
        }
    }

    /// Returns what terminals show otherwise because of a job. Jobs that are all made or
    /// none are about the same terminals: the last of them has the effects of all.
    fn effects_on_screens(
        &self,
        tasks: &[Task<P>],
        place: usize,
        views: impl Fn(&Task<P>, usize) -> (Option<View>, Option<View>),
    ) -> Vec<Effect> {
        let places = match (self.all_or_none, place + 1 == tasks.len()) {
            (false, _) => place..place + 1,
            (true, true) => 0..tasks.len(),
            (true, false) => return Vec::new(),
        };
        let views: Vec<_> = places.map(|place| views(&tasks[place], place)).collect();
        let views: Vec<_> = (views.iter())
            .map(|(before, after)| (before.as_ref(), after.as_ref()))
            .collect();
        on_screens(&views)
    }
}

/// Ends all that is not done.
fn give_up<P: Platform>(tasks: &mut [Task<P>], reason: &'static str) {
    for task in tasks.iter_mut().filter(|task| task.is_open()) {
        match task.waits.take() {
            Some((key, holder)) => perform::leave(task, key, holder),
            None => task.give_up(reason),
        }
    }
}

/// Leaves everybody as they are if one job cannot be done.
fn withhold_all<P: Platform>(tasks: &mut [Task<P>]) {
    let is_refused = |task: &Task<P>| task.outcome.as_ref().is_some_and(|one| !one.is_done());
    if !tasks.iter().any(is_refused) {
        return;
    }
    for task in tasks.iter_mut().filter(|task| task.is_open()) {
        task.outcome = Some(Outcome::Left(Conflict::Withheld {
            reason: "another part of the operation cannot be done",
        }));
    }
}
