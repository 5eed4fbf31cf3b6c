//! The job for one subscriber, and its outcome.

use crate::error::{Error, Partial, Result};
use crate::model::{FieldLoss, Patch, Timestamp};
use crate::provisioning::conflict::Conflict;
use crate::provisioning::desired::{Desired, Presence};
use crate::provisioning::effect::Effect;
use crate::provisioning::identity::{Identity, Key};
use crate::provisioning::plan::FieldDiff;

/// The desired state of one subscriber, and how to find it.
#[derive(Debug, Clone)]
pub struct Job {
    pub(super) find: Vec<Key>,
    pub(in crate::provisioning) wanted: Desired,
    pub(super) fingerprint: Option<Option<u64>>,
}

impl Job {
    /// A subscriber found by the first of these keys that anybody has.
    ///
    /// One that is to be deleted is found by one key alone: a second one could
    /// be another subscriber's.
    pub fn new(find: impl IntoIterator<Item = Key>, wanted: Desired) -> Job {
        let mut find: Vec<Key> = find.into_iter().collect();
        if wanted.presence == Presence::Absent {
            find.truncate(1);
        }
        find.shrink_to_fit();
        Job {
            find,
            wanted,
            fingerprint: None,
        }
    }

    /// Leaves the subscriber as it is unless its rows have this fingerprint; none
    /// is that of a subscriber that was not there.
    #[must_use]
    pub fn unless_changed(mut self, fingerprint: Option<u64>) -> Job {
        self.fingerprint = Some(fingerprint);
        self
    }

    /// Returns the desired state.
    pub fn wanted(&self) -> &Desired {
        &self.wanted
    }

    /// Returns the keys it is found by.
    pub fn find(&self) -> &[Key] {
        &self.find
    }

    /// Returns the keys whose holders have to be known, as far as it is seen without a
    /// plan: those it is found by, and those that the subscriber is to have.
    pub(in crate::provisioning) fn keys(&self, identity: &Identity) -> Vec<Key> {
        let mut keys = self.find.clone();
        if let Patch::Set(reference) = &self.wanted.external_ref {
            keys.push(identity.reference(reference));
        }
        let login = self.wanted.login.as_deref();
        keys.extend(login.map(|login| identity.login(login)));
        keys.extend(self.wanted.terminal_keys(identity));
        keys
    }
}

/// The outcome of a job.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Outcome {
    /// The subscriber is as wanted.
    Done(Change),
    /// It was left as it is.
    Left(Conflict),
    /// A step failed, and was not made; those in `done` were.
    Failed {
        /// The steps that were made.
        done: Vec<&'static str>,
        /// The step that failed.
        step: &'static str,
        /// The error.
        error: Error,
    },
    /// Nobody knows whether a step was made.
    Unknown {
        /// The steps that were made.
        done: Vec<&'static str>,
        /// The step.
        step: &'static str,
        /// The error.
        error: Error,
    },
    /// The server says that it did as asked, and what is there says otherwise.
    NotApplied {
        /// The step.
        step: &'static str,
        /// The fields that are not as wanted.
        fields: Vec<FieldDiff>,
    },
}

impl Outcome {
    /// Returns `true` if the subscriber is as wanted.
    pub fn is_done(&self) -> bool {
        matches!(self, Outcome::Done(_))
    }

    /// The result of a single operation.
    pub(in crate::provisioning) fn into_result(self, operation: &'static str) -> Result<Change> {
        match self {
            Outcome::Done(change) => Ok(change),
            Outcome::Left(conflict) => Err(conflict.into_error(operation)),
            Outcome::Failed { done, step, error } | Outcome::Unknown { done, step, error } => {
                Err(Partial::of(operation, done, step, error))
            }
            Outcome::NotApplied { step, fields } => {
                let left: Vec<_> = fields.iter().map(FieldDiff::to_string).collect();
                Err(Error::NotApplied {
                    place: None,
                    operation,
                    found: format!(
                        "after the step `{step}` these are not as wanted: {}",
                        left.join("; ")
                    )
                    .into(),
                })
            }
        }
    }
}

/// The kind of change that a run made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Change {
    /// Something was written.
    Made,
    /// Everything was as wanted already.
    Nothing,
    /// The subscriber that was to be created existed already, and is as wanted now.
    Adopted,
}

/// The result of a run for one job.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Report<O> {
    /// The outcome of the job.
    pub outcome: Outcome,
    /// The rows as they were seen last; none if there are none.
    pub present: Option<O>,
    /// The effects that viewers noticed, and removals that cannot be undone.
    pub effects: Vec<Effect>,
    /// The losses: data that the platform did not keep.
    pub losses: Vec<FieldLoss>,
    /// The server's time when it was seen last.
    pub now: Timestamp,
}

/// The forecast of a run for one job.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Forecast {
    /// Steps, in their order.
    pub steps: Vec<ForecastStep>,
    /// The effects that viewers will notice, and removals that cannot be undone.
    pub effects: Vec<Effect>,
    /// The losses: data that the platform will not keep.
    pub losses: Vec<FieldLoss>,
    /// Returns `true` if anything is taken away: the subscriber is deleted or
    /// disabled, loses a terminal or a package, or a field is cleared.
    pub takes_away: bool,
    /// The fingerprint of the rows that were read; none if there were none.
    pub fingerprint: Option<u64>,
}

/// One step of a forecast.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ForecastStep {
    /// The name: `create the account`.
    pub name: &'static str,
    /// The fields that it mends.
    pub differs: Vec<FieldDiff>,
}
