//! Outcomes, as the tables of cases show them.

use jsonsql_client::provisioning::{Conflict, Outcome};

pub(crate) fn show(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Done(change) => format!("{change:?}"),
        Outcome::Left(Conflict::Taken { key }) => {
            format!("taken: {} {}", key.kind().as_str(), key.text())
        }
        Outcome::Left(Conflict::Ambiguous { key }) => {
            format!("ambiguous: {} {}", key.kind().as_str(), key.text())
        }
        Outcome::Left(Conflict::Waits { key, holder }) => {
            format!(
                "waits for {} {} of job {holder}",
                key.kind().as_str(),
                key.text()
            )
        }
        Outcome::Left(conflict) => format!("left: {conflict}"),
        Outcome::Failed { step, error, .. } => format!("failed: {step}: {error}"),
        Outcome::Unknown { step, .. } => format!("unknown: {step}"),
        Outcome::NotApplied { step, fields } => format!("not applied: {step} {fields:?}"),
        other => format!("{other:?}"),
    }
}
