//! Plans and what became of them, for programs.

use std::fmt;

use jsonsql_client::provisioning::sync::{Item, Left, Schedule};
use jsonsql_client::provisioning::{FieldDiff, Outcome, Platform};
use serde_json::{Value, json};

use crate::exit::Status;

/// A line of JSON for each subscriber: what will be done, or why nothing will.
pub(crate) struct JsonLines<'a, P: Platform>(pub(crate) &'a Schedule<P>);

impl<P: Platform> fmt::Display for JsonLines<'_, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let planned = self.0.items().iter().map(item);
        let left = self.0.left().iter().map(left);
        planned
            .chain(left)
            .try_for_each(|line| writeln!(f, "{line}"))
    }
}

fn item(item: &Item) -> Value {
    let forecast = item.forecast.as_ref();
    let steps: Vec<Value> = forecast
        .into_iter()
        .flat_map(|forecast| &forecast.steps)
        .map(|step| {
            let fields: Vec<&str> = step.differs.iter().map(FieldDiff::field).collect();
            json!({"name": step.name, "fields": fields})
        })
        .collect();
    let effects: Vec<String> = forecast
        .into_iter()
        .flat_map(|forecast| &forecast.effects)
        .map(ToString::to_string)
        .collect();
    let losses: Vec<String> = forecast
        .into_iter()
        .flat_map(|forecast| &forecast.losses)
        .map(ToString::to_string)
        .collect();
    json!({
        "line": item.line,
        "login": item.login,
        "steps": steps,
        "effects": effects,
        "losses": losses,
    })
}

fn left(left: &Left) -> Value {
    json!({"line": left.line, "login": left.login, "left": left.reason})
}

/// The end of one subscriber's job: a word, and the reason.
pub(crate) fn outcome(outcome: &Outcome) -> (Status, &'static str, Option<String>) {
    match outcome {
        Outcome::Done(_) => (Status::Done, "done", None),
        Outcome::Left(conflict) => (Status::Failed, "left", Some(conflict.to_string())),
        Outcome::Failed { step, error, .. } => {
            (Status::Failed, "failed", Some(format!("{step}: {error}")))
        }
        Outcome::Unknown { step, error, .. } => {
            (Status::Unknown, "unknown", Some(format!("{step}: {error}")))
        }
        Outcome::NotApplied { step, .. } => {
            let what = "the server says it is done, and it is not so";
            (
                Status::Failed,
                "not applied",
                Some(format!("{step}: {what}")),
            )
        }
        // What a later version of the library adds is not known to be done.
        _ => (Status::Unknown, "unknown", None),
    }
}
