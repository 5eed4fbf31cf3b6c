//! The account of an operation: what would be done, what was, and how it ended.

use jsonsql_client::Printable;
use jsonsql_client::model::{FieldLoss, PackageId};
use jsonsql_client::provisioning::{Change, Effect, Key, PackageNames, Preview};
use serde_json::{Value, json};

use crate::exit::{Failure, Status};
use crate::records::lines;

/// The end of an operation. The names are part of the interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It was only shown.
    Previewed,
    /// It was written.
    Done,
    /// Everything was as asked for already.
    Nothing,
    /// The subscriber that was to be created was there, and is as asked for now.
    Adopted,
    /// A guard or a person said no.
    Declined,
    /// The platform or this program refused it, or it failed.
    Failed,
    /// Nobody knows whether it was written.
    Unknown,
}

impl Outcome {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Outcome::Previewed => "previewed",
            Outcome::Done => "done",
            Outcome::Nothing => "nothing",
            Outcome::Adopted => "adopted",
            Outcome::Declined => "declined",
            Outcome::Failed => "failed",
            Outcome::Unknown => "unknown",
        }
    }

    pub(crate) fn text(self) -> &'static str {
        match self {
            Outcome::Previewed => "would be done; nothing was written",
            Outcome::Done => "done",
            Outcome::Nothing => "nothing to do: it was so already",
            Outcome::Adopted => "was there already, and is as asked for now",
            Outcome::Declined => "not done",
            Outcome::Failed => "failed",
            Outcome::Unknown => "nobody knows whether it was done",
        }
    }

    pub(crate) fn of(failure: &Failure) -> Outcome {
        match failure.status() {
            Status::Guarded => Outcome::Declined,
            Status::Unknown => Outcome::Unknown,
            _ => Outcome::Failed,
        }
    }
}

impl From<Change> for Outcome {
    fn from(change: Change) -> Outcome {
        match change {
            Change::Made => Outcome::Done,
            Change::Nothing => Outcome::Nothing,
            Change::Adopted => Outcome::Adopted,
        }
    }
}

/// Everything that is said of one operation.
#[derive(Debug)]
pub(crate) struct Account {
    operation: &'static str,
    platform: Option<&'static str>,
    steps: Vec<&'static str>,
    effects: Vec<Effect>,
    losses: Vec<FieldLoss>,
    /// Packages are shown by their names.
    names: PackageNames,
    pub(crate) outcome: Outcome,
    pub(crate) record: Value,
    pub(crate) error: Option<String>,
}

impl Account {
    pub(crate) fn new(operation: &'static str) -> Account {
        Account {
            operation,
            platform: None,
            steps: Vec::new(),
            effects: Vec::new(),
            losses: Vec::new(),
            names: PackageNames::default(),
            outcome: Outcome::Previewed,
            record: Value::Null,
            error: None,
        }
    }

    /// Tells which platform it is on.
    pub(crate) fn on(&mut self, platform: &'static str) {
        self.platform = Some(platform);
    }

    /// Tells what would be done.
    pub(crate) fn foreseen(&mut self, preview: Preview, names: PackageNames) {
        self.names = names;
        self.steps = preview.steps;
        self.effects = preview.effects;
        self.losses = preview.losses;
    }

    /// Tells what was done.
    pub(crate) fn applied(&mut self, change: Change, effects: Vec<Effect>, losses: Vec<FieldLoss>) {
        self.outcome = change.into();
        self.effects = effects;
        self.losses = losses;
    }

    /// Returns `true` if there is nothing to be written.
    pub(crate) fn has_no_steps(&self) -> bool {
        self.steps.is_empty()
    }

    /// The lines of the preview.
    pub(crate) fn preview(&self) -> String {
        let mut text = format!("{} on {}:", self.operation, self.platform.unwrap_or("?"));
        for step in &self.steps {
            text.push_str(&format!("\n  step: {step}"));
        }
        text.push_str(&self.details());
        text
    }

    /// The lines of the result.
    pub(crate) fn result(&self) -> String {
        let end = match self.outcome {
            Outcome::Nothing if !self.losses.is_empty() => {
                "nothing was changed: the platform has no place for it, or it was so already"
            }
            outcome => outcome.text(),
        };
        let mut text = format!("{}: {end}", self.operation);
        if self.outcome != Outcome::Previewed {
            text.push_str(&self.details());
        }
        text.push('\n');
        text.push_str(&lines(&self.record));
        text
    }

    fn details(&self) -> String {
        let mut text = String::new();
        for effect in &self.effects {
            let mark = match effect {
                Effect::Irreversible { .. } => "IRREVERSIBLE: ",
                _ => "effect: ",
            };
            let effect = effect.with_names(&self.names);
            text.push_str(&format!("\n  {mark}{}", Printable(effect)));
        }
        for loss in &self.losses {
            text.push_str(&format!("\n  not kept as it is: {}", Printable(loss)));
        }
        text
    }

    /// The one object of JSON.
    pub(crate) fn object(&self) -> Value {
        let losses = self
            .losses
            .iter()
            .map(|loss| json!({"field": loss.field, "reason": loss.reason}));
        json!({
            "operation": self.operation,
            "platform": self.platform,
            "steps": self.steps,
            "effects": self.effects.iter().map(effect).collect::<Vec<_>>(),
            "losses": losses.collect::<Vec<_>>(),
            "outcome": self.outcome.name(),
            "record": self.record,
            "error": self.error,
        })
    }
}

/// An effect as an object; all of them have the same members.
fn effect(effect: &Effect) -> Value {
    let ids = |all: &[PackageId]| json!(all.iter().map(PackageId::as_str).collect::<Vec<_>>());
    let none = json!([]);
    let (kind, terminal, gained, lost) = match effect {
        Effect::SwitchedOn { terminal } => ("switched_on", Some(terminal), none.clone(), none),
        Effect::SwitchedOff { terminal } => ("switched_off", Some(terminal), none.clone(), none),
        Effect::Shows {
            terminal,
            gained,
            lost,
        } => ("shows", Some(terminal), ids(gained), ids(lost)),
        Effect::Restart { terminal } => ("restart", Some(terminal), none.clone(), none),
        Effect::Unread => ("unread", None, none.clone(), none),
        Effect::Irreversible { lost, .. } => {
            let lost: Vec<String> = lost.iter().map(ToString::to_string).collect();
            ("irreversible", None, none, json!(lost))
        }
        _ => ("other", None, none.clone(), none),
    };
    json!({
        "kind": kind,
        "terminal": terminal.map(Key::text),
        "gained": gained,
        "lost": lost,
        "irreversible": matches!(effect, Effect::Irreversible { .. }),
        "text": effect.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use jsonsql_client::provisioning::LostRecord;

    use super::*;

    #[test]
    fn the_object_has_the_same_members_however_it_ended() {
        let begun = Account::new("delete subscriber");
        let mut ended = Account::new("delete subscriber");
        ended.applied(
            Change::Made,
            vec![Effect::Irreversible {
                step: "delete the subscriber",
                lost: vec![LostRecord::Subscriber("12345".to_owned())],
            }],
            Vec::new(),
        );
        let names = |account: &Account| {
            let object = account.object();
            let members = object.as_object().expect("an object");
            members.keys().cloned().collect::<Vec<_>>()
        };
        assert_eq!(names(&begun), names(&ended));
        assert_eq!(ended.object()["outcome"], "done");
        assert_eq!(ended.object()["effects"][0]["irreversible"], true);
        assert!(
            ended
                .result()
                .contains("IRREVERSIBLE: cannot be undone: subscriber 12345")
        );
    }

    #[test]
    fn a_record_cannot_forge_lines() {
        let mut account = Account::new("change subscriber");
        account.record = json!({"name": "a\nid: 9\u{1b}[2J"});
        assert_eq!(
            account.result(),
            "change subscriber: would be done; nothing was written\n  name: a\\nid: 9\\u{1b}[2J\n"
        );
    }
}
