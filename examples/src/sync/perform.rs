//! Making the steps of a plan, one after the other.
//!
//! There is no journal to lose: every step says what is to be, so after a run
//! that was broken off another one plans and makes what is left.

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use jsonsql_client::Printable;
use jsonsql_client::backend::{Backend, Change};
use jsonsql_client::model::{Lossy, SubscriberId};
use jsonsql_client::{Error, Result};

use super::step::{Action, Step};
use crate::progress::Progress;

/// A platform that fails so often in a row is down, and not worth its
/// deadline thousands of times.
const MOST_FAILURES_IN_A_ROW: usize = 10;

/// What became of a plan.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Steps that were made.
    pub made: usize,
    /// Subscribers that were there already when they were to be created.
    pub adopted: usize,
    /// Steps that found everything as it was to be.
    pub nothing: usize,
    /// Steps that were not made, and why.
    pub failed: Vec<String>,
    /// Steps of which nobody knows whether they were made.
    pub unknown: Vec<String>,
    /// Steps not tried, as their subscriber was not created or too much failed.
    pub skipped: usize,
    /// What was not kept, and of how many steps, of those that nothing was
    /// known of before.
    pub losses: BTreeMap<String, usize>,
}

impl Outcome {
    /// Whether everything is as planned.
    pub fn is_complete(&self) -> bool {
        self.failed.is_empty() && self.unknown.is_empty() && self.skipped == 0
    }
}

/// Makes the steps. One that fails does not keep the others from being made.
/// One that is refused is tried once more in the end: a later one may be what
/// it waited for, as packages on Ministra may wait for a box.
pub async fn perform(platform: &dyn Backend, steps: &[Step], progress: &mut Progress) -> Outcome {
    let mut run = Run {
        platform,
        outcome: Outcome::default(),
        created: HashMap::new(),
        in_a_row: 0,
    };
    let mut refused = Vec::new();
    for step in steps {
        progress.step();
        if let Some(Error::Refused(_)) = run.step(step).await {
            refused.push(step);
        }
    }
    for step in refused {
        if let Some(error) = run.step(step).await {
            run.outcome.failed.push(format!("{step}: {error}"));
        }
    }
    run.outcome
}

/// Steps under way.
struct Run<'a> {
    platform: &'a dyn Backend,
    outcome: Outcome,
    /// The keys of those that were created, by their logins.
    created: HashMap<String, SubscriberId>,
    in_a_row: usize,
}

impl Run<'_> {
    /// Makes one step and counts it; a refusal is for the caller to count.
    async fn step(&mut self, step: &Step) -> Option<Error> {
        let created = self.created.get(&step.login);
        let id = step.subscriber.as_ref().or(created);
        let creates = matches!(step.action, Action::Create(_));
        if self.in_a_row >= MOST_FAILURES_IN_A_ROW || (id.is_none() && !creates) {
            self.outcome.skipped += 1;
            return None;
        }
        let outcome = &mut self.outcome;
        match perform_one(self.platform, step, id).await {
            Ok((change, losses, new)) => {
                self.in_a_row = 0;
                if step.subscriber.is_none() && !creates {
                    for loss in losses {
                        *outcome.losses.entry(loss.to_string()).or_default() += 1;
                    }
                }
                self.created.extend(new.map(|id| (step.login.clone(), id)));
                match change {
                    Change::Made => outcome.made += 1,
                    Change::Adopted => outcome.adopted += 1,
                    Change::Nothing => outcome.nothing += 1,
                }
            }
            // It says nothing about the platform's health.
            Err(error @ Error::Refused(_)) => return Some(error),
            Err(error) if error.is_indeterminate() => {
                self.in_a_row += 1;
                outcome.unknown.push(format!("{step}: {error}"));
            }
            Err(error) => {
                self.in_a_row = if error.is_conflict() {
                    0
                } else {
                    self.in_a_row + 1
                };
                outcome.failed.push(format!("{step}: {error}"));
            }
        }
        None
    }
}

type Performed = (Change, Vec<Lossy>, Option<SubscriberId>);

async fn perform_one(
    platform: &dyn Backend,
    step: &Step,
    id: Option<&SubscriberId>,
) -> Result<Performed> {
    if let Action::Create(new) = &step.action {
        let created = platform.create_subscriber(new).await?;
        return Ok((created.change, created.losses, Some(created.value.id)));
    }
    let Some(id) = id else {
        return Err(Error::Missing {
            record: "subscriber",
            place: None,
        });
    };
    let applied = platform.apply(&step.operation(id)).await?;
    Ok((applied.change, applied.losses, None))
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = [
            (self.made, "made"),
            (self.adopted, "adopted: was there already"),
            (self.nothing, "as wanted already"),
            (self.failed.len(), "failed"),
            (self.unknown.len(), "unknown whether made"),
            (self.skipped, "not tried, because of these"),
        ];
        for (count, what) in counts.iter().filter(|(count, _)| *count > 0) {
            writeln!(f, "{count:>6}  {what}")?;
        }
        for (loss, count) in &self.losses {
            writeln!(f, "{count:>6}  not kept as it is: {}", Printable(loss))?;
        }
        for (title, steps) in [("Failed", &self.failed), ("Unknown", &self.unknown)] {
            if !steps.is_empty() {
                writeln!(f, "\n{title}:")?;
            }
            for step in steps {
                writeln!(f, "  {}", Printable(step))?;
            }
        }
        Ok(())
    }
}
