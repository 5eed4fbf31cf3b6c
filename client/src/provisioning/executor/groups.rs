//! Jobs in groups, so that a million that have nothing to do with one another
//! are not all held in memory with their plans.

use super::job::{Job, Outcome, Report};
use super::{Executor, STOPPED, TOO_OFTEN, World, give_up};
use crate::provisioning::conflict::Conflict;
use crate::provisioning::platform::Platform;

/// The number of jobs that are planned at a time where none needs what another
/// one has.
const AT_ONCE: usize = 20_000;

/// Returns the places of the jobs group by group: first those that may need what
/// another one has, all in one, and then the others.
pub(in crate::provisioning) fn groups(is_alone: impl Iterator<Item = bool>) -> Vec<Vec<usize>> {
    let (alone, together): (Vec<_>, Vec<_>) = is_alone.enumerate().partition(|(_, alone)| *alone);
    let place = |(place, _): &(usize, bool)| *place;
    let together: Vec<usize> = together.iter().map(place).collect();
    let alone = alone.chunks(AT_ONCE);
    let alone = alone.map(|group| group.iter().map(place).collect());
    let all = std::iter::once(together).chain(alone);
    all.filter(|group: &Vec<usize>| !group.is_empty()).collect()
}

impl<P: Platform> Executor<'_, P> {
    /// Runs the jobs as [`run`](Self::run) does, group by group; the flag of one
    /// that needs nothing that another one has is set. A platform that is down is
    /// down for all groups.
    pub(in crate::provisioning) async fn run_in_groups(
        mut self,
        jobs: &[(&Job, bool)],
    ) -> Vec<Report<P::Observed>> {
        let mut reports: Vec<Option<Report<P::Observed>>> = Vec::new();
        reports.resize_with(jobs.len(), || None);
        for group in groups(jobs.iter().map(|(_, alone)| *alone)) {
            self.world = World::new();
            self.reserved.forget_jobs();
            let own = group.iter().map(|place| jobs[*place].0.clone()).collect();
            let mut tasks = self.tasks(own);
            let ended = match (self.supervisor.is_stopped(), self.is_down()) {
                (true, _) => Some(STOPPED),
                (_, true) => Some(TOO_OFTEN),
                _ => None,
            };
            self.places = group;
            match ended {
                Some(reason) => give_up(&mut tasks, reason),
                None => {
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
        let groups = groups(all);
        assert_eq!(groups[0], [1, 4]);
        assert_eq!(groups[1][..4], [0, 2, 3, 5]);
        let sizes: Vec<usize> = groups.iter().map(Vec::len).collect();
        assert_eq!(sizes, [2, AT_ONCE, AT_ONCE, 3]);
    }
}
