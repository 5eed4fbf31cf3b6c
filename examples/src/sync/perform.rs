//! Making the steps of a plan, one after the other.
//!
//! There is no journal to lose: every step says what is to be, so after a run
//! that was broken off another one plans and makes what is left.

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use jsonsql_client::Result;
use jsonsql_client::backend::{Backend, Change};
use jsonsql_client::model::{Lossy, SubscriberId};

use super::progress::Progress;
use super::step::{Action, Step};

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
pub async fn perform(platform: &dyn Backend, steps: &[Step], progress: &mut Progress) -> Outcome {
    let mut outcome = Outcome::default();
    let mut created = HashMap::new();
    let mut in_a_row = 0;
    for step in steps {
        progress.step();
        let id = step
            .subscriber
            .as_ref()
            .or_else(|| created.get(&step.login));
        let creates = matches!(step.action, Action::Create(_));
        if in_a_row >= MOST_FAILURES_IN_A_ROW || (id.is_none() && !creates) {
            outcome.skipped += 1;
            continue;
        }
        match perform_one(platform, step, id).await {
            Ok((change, losses, new)) => {
                in_a_row = 0;
                for loss in losses
                    .iter()
                    .filter(|_| step.subscriber.is_none() && !creates)
                {
                    *outcome.losses.entry(loss.to_string()).or_default() += 1;
                }
                created.extend(new.map(|id| (step.login.clone(), id)));
                match change {
                    Change::Made => outcome.made += 1,
                    Change::Adopted => outcome.adopted += 1,
                    Change::Nothing => outcome.nothing += 1,
                }
            }
            Err(error) if error.is_indeterminate() => {
                in_a_row += 1;
                outcome.unknown.push(format!("{step}: {error}"));
            }
            Err(error) => {
                // A refusal says nothing about the platform's health.
                let refused =
                    matches!(error, jsonsql_client::Error::Refused(_)) || error.is_conflict();
                in_a_row = if refused { 0 } else { in_a_row + 1 };
                outcome.failed.push(format!("{step}: {error}"));
            }
        }
    }
    outcome
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
        return Err(jsonsql_client::Error::Missing {
            record: "subscriber",
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
            writeln!(f, "{count:>6}  not kept as it is: {loss}")?;
        }
        for (title, steps) in [("Failed", &self.failed), ("Unknown", &self.unknown)] {
            if !steps.is_empty() {
                writeln!(f, "\n{title}:")?;
            }
            for step in steps {
                writeln!(f, "  {step}")?;
            }
        }
        Ok(())
    }
}
