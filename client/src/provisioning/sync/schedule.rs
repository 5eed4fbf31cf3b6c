//! The schedule that a comparison leads to: it is forecast, guarded and applied.

use std::fmt;
use std::sync::Arc;

use secrecy::SecretString;

use super::compare::{Comparison, Pending, Rows};
use super::guard::{Exceeded, Limit};
use super::index::{login, number};
use super::item::Item;
use super::wanted::WantedRows;
use crate::provisioning::conflict::Conflict;
use crate::provisioning::executor::{
    AT_ONCE, Executor, Forecast, Outcome, Report, Supervisor, groups,
};
use crate::provisioning::platform::Platform;

/// Jobs with what they will do, and what is left as it is.
pub struct Schedule<P: Platform> {
    pub(super) platform: &'static str,
    pub(super) base: usize,
    pub(super) unchanged: usize,
    pub(super) unlisted: usize,
    pub(super) items: Vec<Item>,
    pub(super) left: Vec<Left>,
    /// The rows that jobs are made from.
    pub(super) export: Arc<dyn WantedRows>,
    pub(super) catalogue: Option<Arc<P::Catalogue>>,
    /// The number of jobs that are planned at a time.
    pub(super) at_once: usize,
    /// All logins of the export, as numbers in their order.
    pub(super) reserved: Arc<[u64]>,
}

/// A subscriber that is left as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Left {
    /// The line of the export; none if it is not in it.
    pub line: Option<u64>,
    /// The login; the platform's key of rows that cannot be read.
    pub login: String,
    /// The reason.
    pub reason: String,
}

/// The result of applying a schedule.
#[derive(Debug)]
#[non_exhaustive]
pub struct Applied<O> {
    /// The report of each job.
    pub reports: Vec<(Item, Report<O>)>,
}

impl<O> Applied<O> {
    /// Returns `true` if everybody is as wanted.
    pub fn is_complete(&self) -> bool {
        self.reports
            .iter()
            .all(|(_, report)| report.outcome.is_done())
    }
}

impl<P: Platform> Comparison<P> {
    /// Plans and makes this many jobs at a time, of those that have nothing to do
    /// with one another: 20,000 by default. Fewer need less memory.
    #[must_use]
    pub fn at_once(mut self, jobs: usize) -> Comparison<P> {
        self.schedule.at_once = jobs;
        self
    }

    /// Finds out what the jobs will do. Only who holds the keys that they need
    /// is read, and of more than 100,000 subscribers that differ the others once more.
    ///
    /// A job that would be refused is left as it is, with its reason, and so is a
    /// subscriber that has changed before it was read once more.
    pub async fn forecast(self, platform: &P) -> Schedule<P> {
        let Comparison {
            mut schedule,
            mut pending,
        } = self;
        let is_alone = |one: &Pending<_>| one.item.as_ref().is_some_and(|item| item.is_alone);
        let groups = groups(pending.iter().map(is_alone), schedule.at_once);
        let identity = platform.identity();
        let export = Arc::clone(&schedule.export);
        let mut executor = schedule.executor(platform);
        for (number, group) in groups.iter().enumerate() {
            let unknown = |place: usize| {
                let one = &pending[place];
                let job = one.item.as_ref().map(|item| item.job(identity, &*export));
                let keys = job.map(|job| one.keys(job.keys(identity)));
                keys.map_or(Vec::new(), |(_, unknown)| unknown)
            };
            executor.load_ahead(&groups, number, unknown).await;
            let (mut items, mut jobs) = (Vec::new(), Vec::new());
            let (mut known, mut rows) = (Vec::new(), Vec::new());
            for place in group {
                let one = &mut pending[*place];
                let Some(item) = one.item.take() else {
                    continue;
                };
                let job = item.job(identity, &*export);
                known.extend(one.keys(job.keys(identity)).0);
                rows.append(&mut one.loose);
                jobs.push(match one.rows.take() {
                    Some(Rows::Again(read)) => job.unless_changed(Some(read)),
                    Some(Rows::Held(held)) => {
                        rows.push(*held);
                        job
                    }
                    None => job,
                });
                items.push(item);
            }
            let forecasts = executor.preview_next(jobs, &known, rows).await;
            for (own, item) in schedule.take_over(items, forecasts) {
                pending[group[own]].item = Some(item);
            }
        }
        schedule.items = pending.into_iter().filter_map(|one| one.item).collect();
        schedule.left.sort_by_key(|left| left.line);
        schedule
    }
}

impl<P: Platform> Schedule<P> {
    /// Returns the items that have steps, with their places among these; who is
    /// left as it is, is listed.
    fn take_over(
        &mut self,
        items: Vec<Item>,
        forecasts: Vec<Result<Forecast, Outcome>>,
    ) -> impl Iterator<Item = (usize, Item)> + use<P> {
        let mut logins: Vec<String> = Vec::new();
        if forecasts.iter().any(Result::is_err) {
            logins.extend(items.iter().map(|item| item.login.clone()));
        }
        let mut taken = Vec::new();
        for (place, (mut item, forecast)) in items.into_iter().zip(forecasts).enumerate() {
            match forecast {
                // Who had to be asked about has turned out to be as wanted.
                Ok(forecast) if forecast.steps.is_empty() => self.unchanged += 1,
                Ok(forecast) => {
                    item.forecast = Some(forecast);
                    taken.push((place, item));
                }
                Err(outcome) => self.left.push(Left {
                    line: item.line,
                    login: item.login,
                    reason: reason(outcome, &logins),
                }),
            }
        }
        taken.into_iter()
    }
}

fn reason(outcome: Outcome, logins: &[String]) -> String {
    match outcome {
        Outcome::Left(Conflict::Waits { key, holder }) => format!(
            "its {} is held by `{}`, which is left as it is",
            key.kind().as_str(),
            logins.get(holder).map(String::as_str).unwrap_or_default(),
        ),
        Outcome::Left(conflict) => conflict.to_string(),
        other => match other.into_result("plan") {
            Ok(_) => String::new(),
            Err(error) => error.to_string(),
        },
    }
}

impl<P: Platform> Schedule<P> {
    /// A schedule that was read from a file.
    pub(super) fn of_items(platform: &P, base: usize, items: Vec<Item>) -> Schedule<P> {
        let identity = platform.identity();
        let export: Arc<dyn WantedRows> = Arc::new(Vec::new());
        let jobs = items.iter().map(|item| item.job(identity, &*export));
        let logins = jobs.filter_map(|job| login(identity, job.wanted()));
        let mut reserved: Vec<u64> = logins.map(|login| number(&login)).collect();
        reserved.sort_unstable();
        Schedule {
            platform: platform.name(),
            base,
            unchanged: 0,
            unlisted: 0,
            items,
            left: Vec::new(),
            export,
            catalogue: None,
            at_once: AT_ONCE,
            reserved: Arc::from(reserved),
        }
    }

    /// An executor that knows what this schedule knows.
    fn executor<'p>(&self, platform: &'p P) -> Executor<'p, P> {
        let logins = Arc::clone(&self.reserved);
        let executor = Executor::new(platform)
            .reserving(move |key| logins.binary_search(&number(key)).is_ok());
        match &self.catalogue {
            Some(catalogue) => executor.with_catalogue(Arc::clone(catalogue)),
            None => executor,
        }
    }

    /// Returns the jobs.
    pub fn items(&self) -> &[Item] {
        &self.items
    }

    /// Returns those that are left as they are.
    pub fn left(&self) -> &[Left] {
        &self.left
    }

    /// Returns how many are as wanted already.
    pub fn unchanged(&self) -> usize {
        self.unchanged
    }

    /// Returns how many of the platform are neither in the export nor the
    /// billing's.
    pub fn unlisted(&self) -> usize {
        self.unlisted
    }

    /// Returns how many something would be taken away from.
    pub fn takers(&self) -> usize {
        self.items.iter().filter(|item| item.takes_away()).count()
    }

    /// Refuses to take something away from more subscribers than allowed: to
    /// delete or disable them, to take a terminal or a package or to clear a
    /// field, all counted together.
    ///
    /// # Errors
    ///
    /// With the numbers.
    pub fn guard(&self, limit: Limit) -> Result<(), Exceeded> {
        let takers = self.takers();
        let allowed = limit.of(self.base);
        match takers > allowed {
            true => Err(Exceeded {
                takers,
                allowed,
                limit,
                base: self.base,
            }),
            false => Ok(()),
        }
    }

    /// Takes those out from whom something would be taken away; the others can
    /// be applied.
    pub fn withhold_takers(&mut self) {
        let conflict = Conflict::Withheld {
            reason: "something would be taken away, from too many",
        };
        let (takers, rest): (Vec<Item>, Vec<Item>) =
            self.items.drain(..).partition(Item::takes_away);
        self.items = rest;
        self.left.extend(takers.into_iter().map(|item| Left {
            line: item.line,
            login: item.login,
            reason: conflict.to_string(),
        }));
    }

    /// Returns the logins of those who are to be created.
    pub fn created(&self) -> Vec<String> {
        let created = self.items.iter().filter(|item| item.is_creation());
        created.map(|item| item.login.clone()).collect()
    }

    /// Gives those who are to be created passwords, by their logins, in place of those of
    /// the export: none is no password. Others keep theirs.
    pub fn set_passwords(&mut self, password: impl Fn(&str) -> Option<SecretString>) {
        for item in self.items.iter_mut().filter(|item| item.is_creation()) {
            item.set_password(password(&item.login));
        }
    }

    /// Applies it. A subscriber that has changed since it was looked at is left
    /// as it is.
    pub async fn apply(self, platform: &P) -> Applied<P::Observed> {
        self.apply_supervised(platform, &()).await
    }

    /// Applies it as [`apply`](Self::apply) does, with somebody who looks on and may
    /// end it. The supervisor's jobs are the [`items`](Self::items), by their places.
    pub async fn apply_supervised(
        self,
        platform: &P,
        supervisor: &dyn Supervisor,
    ) -> Applied<P::Observed> {
        let executor = self.executor(platform).supervised(supervisor);
        let alone: Vec<bool> = self.items.iter().map(|item| item.is_alone).collect();
        let identity = platform.identity();
        let job = |place: usize| self.items[place].job(identity, &*self.export);
        let reports = executor.run_in_groups(&alone, job, self.at_once).await;
        Applied {
            reports: self.items.into_iter().zip(reports).collect(),
        }
    }
}

impl<P: Platform> fmt::Debug for Schedule<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Schedule")
            .field("platform", &self.platform)
            .field("items", &self.items.len())
            .field("left", &self.left.len())
            .field("unchanged", &self.unchanged)
            .finish_non_exhaustive()
    }
}
