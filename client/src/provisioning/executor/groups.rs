//! Jobs in groups, so that a million that have nothing to do with one another
//! are not all held in memory with their plans.

use super::ahead::Ahead;
use super::job::{Forecast, Job, Outcome, Report};
use super::{Executor, STOPPED, TOO_OFTEN, World, give_up};
use crate::provisioning::conflict::Conflict;
use crate::provisioning::identity::Key;
use crate::provisioning::platform::{Loaded, Platform};

/// The number of jobs that are planned at a time where none needs what another
/// one has.
pub(in crate::provisioning) const AT_ONCE: usize = 20_000;

/// The number of groups whose rows are loaded at once where that reads everybody's:
/// the bound on the rows that are held in memory.
const LOADED: usize = 10;

/// Returns the places of the jobs group by group: first those that may need what
/// another one has, all in one, and then the others, `at_once` of them in each.
pub(in crate::provisioning) fn groups(
    is_alone: impl Iterator<Item = bool>,
    at_once: usize,
) -> Vec<Vec<usize>> {
    let (alone, together): (Vec<_>, Vec<_>) = is_alone.enumerate().partition(|(_, alone)| *alone);
    let place = |(place, _): &(usize, bool)| *place;
    let together: Vec<usize> = together.iter().map(place).collect();
    let alone = alone.chunks(at_once.max(1));
    let alone = alone.map(|group| group.iter().map(place).collect());
    let all = std::iter::once(together).chain(alone);
    all.filter(|group: &Vec<usize>| !group.is_empty()).collect()
}

impl<P: Platform> Executor<'_, P> {
    /// Loads the rows of a group and of the next ones, if that reads everybody's
    /// rows and would be done for each of them. `keys` returns those whose holders a
    /// job has to know.
    pub(in crate::provisioning) async fn load_ahead(
        &mut self,
        groups: &[Vec<usize>],
        number: usize,
        keys: impl Fn(usize) -> Vec<Key>,
    ) {
        if number < self.ahead.end() || !self.platform.reads_everybody(usize::MAX) {
            return;
        }
        let end = groups.len().min(number + LOADED);
        // Not beside those that are read now.
        self.ahead = Ahead::new(end);
        let places = groups[number..end].iter().flatten();
        let mut all: Vec<Key> = places.flat_map(|place| keys(*place)).collect();
        all.sort_unstable();
        all.dedup();
        // A group whose rows cannot be loaded asks for them itself, and says why.
        if self.platform.reads_everybody(all.len())
            && let Ok(loaded) = self.platform.load(&all).await
        {
            self.ahead.keep(self.platform, all, loaded);
        }
    }

    /// Previews a group of jobs as [`preview`](Self::preview) does, and keeps nothing
    /// of the one before but what was loaded ahead. `rows` are those that were loaded by the keys in `known`.
    pub(in crate::provisioning) async fn preview_next(
        &mut self,
        jobs: Vec<Job>,
        known: &[Key],
        rows: Vec<P::Observed>,
    ) -> Vec<Result<Forecast, Outcome>> {
        self.world = World::new();
        self.reserved.forget_jobs();
        self.world.add(self.platform, known, Loaded::new(rows));
        self.preview_group(jobs).await
    }

    /// Runs the jobs as [`run`](Self::run) does, group by group; the flag of one
    /// that needs nothing that another one has is set. A platform that is down is
    /// down for all groups.
    pub(in crate::provisioning) async fn run_in_groups(
        mut self,
        alone: &[bool],
        job: impl Fn(usize) -> Job,
        at_once: usize,
    ) -> Vec<Report<P::Observed>> {
        let mut reports: Vec<Option<Report<P::Observed>>> = Vec::new();
        reports.resize_with(alone.len(), || None);
        let groups = groups(alone.iter().copied(), at_once);
        let identity = self.platform.identity();
        for (number, group) in groups.iter().enumerate() {
            self.world = World::new();
            self.reserved.forget_jobs();
            let own = group.iter().map(|place| job(*place)).collect();
            let mut tasks = self.tasks(own);
            let ended = match (self.supervisor.is_stopped(), self.is_down()) {
                (true, _) => Some(STOPPED),
                (_, true) => Some(TOO_OFTEN),
                _ => None,
            };
            self.places.clone_from(group);
            match ended {
                Some(reason) => give_up(&mut tasks, reason),
                None => {
                    let keys = |place: usize| job(place).keys(identity);
                    self.load_ahead(&groups, number, keys).await;
                    self.rounds(&mut tasks).await;
                    self.restore(&mut tasks).await;
                }
            }
            for (own, mut report) in self.reports(tasks).into_iter().enumerate() {
                if let Outcome::Left(Conflict::Waits { holder, .. }) = &mut report.outcome {
                    *holder = self.place(*holder);
                }
                let place = self.place(own);
                reports[place] = Some(report);
            }
            self.come_to += self.places.len();
        }
        reports.into_iter().flatten().collect()
    }

    /// Returns the place of a job of this group among all.
    pub(super) fn place(&self, own: usize) -> usize {
        self.places.get(own).copied().unwrap_or(own)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_that_depend_on_one_another_are_one_group_and_come_first() {
        let all = (0..2 * AT_ONCE + 5).map(|place| !matches!(place, 1 | 4));
        let groups = groups(all, AT_ONCE);
        assert_eq!(groups[0], [1, 4]);
        assert_eq!(groups[1][..4], [0, 2, 3, 5]);
        let sizes: Vec<usize> = groups.iter().map(Vec::len).collect();
        assert_eq!(sizes, [2, AT_ONCE, AT_ONCE, 3]);
    }
}
