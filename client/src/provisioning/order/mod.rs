//! The order of steps of many subscribers who want one another's keys.
//!
//! No platform is in it: keys are numbers, and steps are what they need, touch
//! and free. It is linear in the number of steps, but for a heap.

mod graph;
mod refuse;
#[cfg(test)]
mod tests;

use graph::Graph;

/// The steps of all jobs, and who holds the keys.
#[derive(Debug, Clone, Default)]
pub(super) struct Input {
    /// The steps of each job, in their order.
    pub(super) jobs: Vec<Vec<Step>>,
    /// For each key, its holders at the beginning.
    pub(super) holders: Vec<Vec<Holder>>,
}

/// A step, as far as keys are concerned.
#[derive(Debug, Clone, Default)]
pub(super) struct Step {
    /// Keys that its subscriber has after it and not before.
    pub(super) needs: Vec<u32>,
    /// Keys that nobody else may have while it is made.
    pub(super) touches: Vec<u32>,
    /// Keys that its subscriber has before it and not after.
    pub(super) frees: Vec<u32>,
    /// It comes as late as it can.
    pub(super) removes: bool,
}

/// A holder of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holder {
    /// The subscriber of a job.
    Job(u32),
    /// Somebody who is no job's.
    Outsider,
}

/// The reason why a job is left as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reason {
    /// Two jobs need the key.
    Ambiguous(u32),
    /// Somebody holds the key and keeps it.
    Taken(u32),
    /// The job that holds the key is left as it is.
    Waits {
        /// The key.
        key: u32,
        /// The job.
        holder: u32,
    },
}

/// One entry of the order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    /// The job.
    pub(super) job: u32,
    /// The action.
    pub(super) action: Action,
    /// Entries of other jobs that have to be made before, with the key that
    /// each of them frees.
    pub(super) waits: Vec<(u32, u32)>,
}

/// The action of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Action {
    /// The job's step.
    Step(u32),
    /// The job gives up a key for a while.
    Park(u32),
}

/// The order.
#[derive(Debug, Clone, Default)]
pub(super) struct Order {
    /// The entries, one after the other.
    pub(super) entries: Vec<Entry>,
    /// Jobs that are left as they are.
    pub(super) refused: Vec<(u32, Reason)>,
}

/// A key to be given up for a while, in the middle of a ring.
#[derive(Debug, Clone, Copy)]
pub(super) struct Parking {
    /// The job that gives it up.
    pub(super) job: u32,
    /// The step before which it does.
    pub(super) before: u32,
    /// The key.
    pub(super) key: u32,
}

/// Orders the steps so that no step needs or touches a key that another one
/// holds. `park` returns `true` if the job can give the key up for a while; it
/// is asked again from the beginning if somebody has to be refused after all,
/// which is announced by `restart`.
pub(super) fn order(
    input: &Input,
    mut park: impl FnMut(Parking) -> bool,
    mut restart: impl FnMut(),
) -> Order {
    let mut unwilling = Vec::new();
    loop {
        let refused = refuse::refuse(input, &unwilling);
        match Graph::new(input, &refused).run(&mut park) {
            Ok(entries) => {
                let refused = (0..).zip(refused);
                return Order {
                    entries,
                    refused: refused.filter_map(|(job, why)| Some((job, why?))).collect(),
                };
            }
            Err(ring) => {
                unwilling.extend(ring);
                restart();
            }
        }
    }
}
