//! Planning for everybody, with as many questions as the plans have.

use std::sync::Arc;

use super::Executor;
use super::job::Outcome;
use super::task::Task;
use crate::provisioning::conflict::Conflict;
use crate::provisioning::kept_lists::KeptLists;
use crate::provisioning::plan::Unplanned;
use crate::provisioning::platform::Platform;

/// The maximum number of times that a plan may ask for further data.
const QUESTIONS: usize = 16;

impl<P: Platform> Executor<'_, P> {
    pub(super) async fn plan_all(&mut self, tasks: &mut [Task<P>]) {
        let mut open: Vec<usize> = (tasks.iter().enumerate())
            .filter(|(_, task)| task.is_open())
            .map(|(place, _)| place)
            .collect();
        for _ in 0..QUESTIONS {
            let mut asking = Vec::new();
            let mut without_lists = Vec::new();
            let refused_by_kept_lists = self.has_kept_lists;
            for &place in &open {
                tasks[place].asks.clear();
                match self.plan_of(&tasks[place], place) {
                    Ok(plan) => self.draw(&mut tasks[place], plan),
                    Err(Unplanned::Ask(keys)) => {
                        tasks[place].asks = keys;
                        asking.push(place);
                    }
                    Err(Unplanned::Catalogue) => without_lists.push(place),
                    // The lists may be others since they were read.
                    Err(Unplanned::Refused(_)) if refused_by_kept_lists => {
                        without_lists.push(place);
                    }
                    Err(Unplanned::Refused(conflict)) => {
                        tasks[place].outcome = Some(Outcome::Left(conflict));
                    }
                }
            }
            if !without_lists.is_empty() {
                self.read_catalogue(tasks, &without_lists).await;
            }
            self.load_for(tasks, |task| task.asks.clone()).await;
            if self.about.is_some() {
                // It may have what was asked about itself.
                self.identify(tasks);
            }
            asking.extend(without_lists);
            open = asking;
            open.retain(|place| tasks[*place].is_open());
            if open.is_empty() {
                return;
            }
        }
        for place in open {
            tasks[place].outcome = Some(Outcome::Left(Conflict::Withheld {
                reason: "its plan needs to know more and more",
            }));
        }
    }

    async fn read_catalogue(&mut self, tasks: &mut [Task<P>], asking: &[usize]) {
        let kept = match self.has_kept_lists {
            true => None,
            false => self.kept_lists.and_then(KeptLists::recent),
        };
        self.has_kept_lists = kept.is_some();
        if kept.is_some() {
            self.catalogue = kept;
            return;
        }
        match self.platform.catalogue().await {
            Ok(catalogue) => {
                let catalogue = Arc::new(catalogue);
                if let Some(kept) = self.kept_lists {
                    kept.keep(&catalogue);
                }
                self.catalogue = Some(catalogue);
            }
            Err(error) => {
                for &place in asking {
                    tasks[place].fail("read the lists", error.clone());
                }
            }
        }
    }
}
