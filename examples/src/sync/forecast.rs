//! What the steps will do beside what they say, found out by reading only.

use std::collections::BTreeMap;
use std::fmt;

use jsonsql_client::Printable;
use jsonsql_client::backend::{Backend, Effect};
use jsonsql_client::{Error, Result};

use super::step::{Action, Step};
use crate::progress::Progress;

/// What is known of a plan before it is made.
#[derive(Debug, Default)]
pub struct Forecast {
    /// Of each step, in words; nothing if there is nothing to say.
    pub notes: Vec<String>,
    /// Restarts of boxes.
    pub reboots: u64,
    /// Steps during which there is no service for a moment.
    pub gaps: usize,
    /// Steps that cannot be undone.
    pub irreversible: usize,
    /// Steps that the platform would refuse as things are now.
    pub refused: usize,
    /// What is not kept, and of how many steps.
    pub losses: BTreeMap<String, usize>,
}

/// Asks the platform about every step. Those of subscribers that are yet to be
/// created can only be asked about afterwards.
///
/// # Errors
///
/// When the platform cannot be asked.
pub async fn forecast(
    platform: &dyn Backend,
    steps: &[Step],
    progress: &mut Progress,
) -> Result<Forecast> {
    let mut forecast = Forecast::default();
    for step in steps {
        progress.step();
        let operation = match (&step.subscriber, &step.action) {
            (Some(id), _) => step.operation(id),
            (None, Action::Create(new)) => {
                jsonsql_client::backend::Operation::CreateSubscriber((**new).clone())
            }
            (None, _) => {
                forecast.notes.push(String::new());
                continue;
            }
        };
        let mut words = Vec::new();
        match platform.preview(&operation).await {
            Ok(preview) => {
                for effect in preview.effects {
                    words.push(forecast.count(effect));
                }
                for loss in preview.losses {
                    *forecast.losses.entry(loss.to_string()).or_default() += 1;
                }
            }
            // As things are now: an earlier step may be what it waits for.
            Err(Error::Refused(refusal)) => {
                forecast.refused += 1;
                words.push(format!("refused now: {}", refusal.reason()));
            }
            Err(Error::Missing { .. }) => {}
            Err(error) => return Err(error),
        }
        forecast.notes.push(words.join(", "));
    }
    Ok(forecast)
}

impl Forecast {
    fn count(&mut self, effect: Effect) -> String {
        match effect {
            Effect::Reboot { boxes } => {
                self.reboots += u64::from(boxes);
                format!(
                    "restarts {boxes} {}",
                    if boxes == 1 { "box" } else { "boxes" }
                )
            }
            Effect::ServiceGap => {
                self.gaps += 1;
                "no service for a moment".to_owned()
            }
            Effect::Irreversible => {
                self.irreversible += 1;
                "cannot be undone".to_owned()
            }
            other => format!("{other:?}"),
        }
    }
}

impl fmt::Display for Forecast {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let effects = [
            (self.reboots, "restarts of boxes"),
            (self.gaps as u64, "gaps in the service"),
            (self.irreversible as u64, "steps that cannot be undone"),
            (
                self.refused as u64,
                "steps refused as things are now, unless earlier ones change that",
            ),
        ];
        if effects.iter().any(|(count, _)| *count > 0) {
            writeln!(f, "\nSide effects:")?;
        }
        for (count, what) in effects.iter().filter(|(count, _)| *count > 0) {
            writeln!(f, "{count:>6}  {what}")?;
        }
        if !self.losses.is_empty() {
            writeln!(f, "\nNot kept as it is:")?;
        }
        for (loss, count) in &self.losses {
            writeln!(f, "{count:>6}  {}", Printable(loss))?;
        }
        Ok(())
    }
}
