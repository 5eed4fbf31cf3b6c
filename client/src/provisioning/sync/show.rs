//! A schedule, and what became of it, for people.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::item::Item;
use super::schedule::{Applied, Left, Schedule};
use crate::Printable;
use crate::provisioning::effect::Effect;
use crate::provisioning::executor::{Change, ForecastStep, Outcome};
use crate::provisioning::migration::Losses;
use crate::provisioning::package_names::PackageNames;
use crate::provisioning::plan::FieldDiff;
use crate::provisioning::platform::Platform;

/// The text about a job: what the person who agrees to it has to see.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ItemText {
    /// Steps with the names of their fields: `change the subscriber: phone`.
    pub(super) steps: Vec<String>,
    pub(super) effects: Vec<EffectText>,
    pub(super) losses: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct EffectText {
    /// The heading under which it is counted.
    kind: String,
    text: String,
}

impl<P: Platform> Schedule<P> {
    /// Returns the schedule for a person to read: how many of what, each
    /// subscriber's steps, what viewers notice, what is left as it is and what is
    /// not kept. Of fields it has names, of terminals and packages which.
    pub fn show<'a>(&'a self, platform: &P) -> impl fmt::Display + use<'a, P> {
        Shown {
            schedule: self,
            packages: self.package_names(platform),
        }
    }

    pub(super) fn package_names(&self, platform: &P) -> PackageNames {
        let catalogue = self.catalogue.as_ref();
        let packages = catalogue.map(|catalogue| platform.packages(catalogue));
        PackageNames::new(&packages.unwrap_or_default())
    }
}

struct Shown<'a, P: Platform> {
    schedule: &'a Schedule<P>,
    packages: PackageNames,
}

impl<P: Platform> fmt::Display for Shown<'_, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let schedule = self.schedule;
        let count = |is: fn(&Item) -> bool| schedule.items.iter().filter(|item| is(item)).count();
        let created = count(Item::is_creation);
        let deleted = count(Item::is_deletion);
        counts(
            f,
            [
                (created, "to be created"),
                (schedule.items.len() - created - deleted, "to be changed"),
                (deleted, "to be deleted"),
                (schedule.unchanged, "as wanted"),
                (
                    schedule.unlisted,
                    "left alone: not asked for, and not owned",
                ),
                (
                    schedule.left.len(),
                    "left as they are, for the reasons below",
                ),
            ],
        )?;
        let mut losses = Losses::default();
        let mut effects: BTreeMap<String, usize> = BTreeMap::new();
        for (number, item) in schedule.items.iter().enumerate() {
            let between = if number == 0 { "\n" } else { "" };
            writeln!(f, "{between}  {}", item.name())?;
            let text = item.text(&self.packages);
            for step in &text.steps {
                writeln!(f, "    {}", Printable(step))?;
            }
            for EffectText { kind, text } in text.effects {
                writeln!(f, "    ({})", Printable(text))?;
                *effects.entry(kind).or_default() += 1;
            }
            for loss in text.losses {
                losses.add(loss, &item.login);
            }
        }
        if !effects.is_empty() {
            f.write_str("\nWhat viewers notice, and what cannot be had back:\n")?;
            let effects = effects.iter();
            counts(f, effects.map(|(what, count)| (*count, what.as_str())))?;
        }
        if losses != Losses::default() {
            write!(f, "\nNot kept as it is:\n{losses}")?;
        }
        if !schedule.left.is_empty() {
            f.write_str("\nLeft as it is:\n")?;
        }
        for left in &schedule.left {
            writeln!(f, "  {left}")?;
        }
        Ok(())
    }
}

fn counts<'a>(
    f: &mut fmt::Formatter<'_>,
    counts: impl IntoIterator<Item = (usize, &'a str)>,
) -> fmt::Result {
    for (count, what) in counts.into_iter().filter(|(count, _)| *count > 0) {
        writeln!(f, "{count:>6}  {}", Printable(what))?;
    }
    Ok(())
}

impl Item {
    /// Returns the text about the job: that of the plan file it was read from, or that
    /// of its forecast.
    pub(super) fn text(&self, packages: &PackageNames) -> ItemText {
        if let Some(saved) = &self.saved {
            return ItemText::clone(saved);
        }
        let Some(forecast) = &self.forecast else {
            return ItemText::default();
        };
        let effect = |effect: &Effect| EffectText {
            kind: kind(effect).to_owned(),
            text: effect.with_names(packages).to_string(),
        };
        let steps = forecast.steps.iter();
        ItemText {
            steps: steps.map(|step| shown(step, packages)).collect(),
            effects: forecast.effects.iter().map(effect).collect(),
            losses: forecast.losses.iter().map(ToString::to_string).collect(),
        }
    }

    fn name(&self) -> String {
        match self.line {
            Some(line) => format!("{}, line {line}", Printable(&self.login)),
            None => Printable(&self.login).to_string(),
        }
    }
}

/// `10002, line 3: its login is another subscriber's`.
impl fmt::Display for Left {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", Printable(&self.login))?;
        if let Some(line) = self.line {
            write!(f, ", line {line}")?;
        }
        write!(f, ": {}", Printable(&self.reason))
    }
}

/// `add the package: +premium`, `change the subscriber: phone`.
fn shown(step: &ForecastStep, packages: &PackageNames) -> String {
    let mut parts = Vec::new();
    for differs in &step.differs {
        // Values of other fields are personal.
        let value = match differs.field() {
            "terminals" | "subscriptions" => differs.wanted().or(differs.found()),
            _ => None,
        };
        parts.push(match value {
            None => differs.field().to_owned(),
            Some(value) => {
                let sign = if differs.wanted().is_some() { '+' } else { '-' };
                let name = packages.name(&value.into());
                format!("{sign}{}", name.unwrap_or(value))
            }
        });
    }
    match parts.is_empty() {
        true => step.name.to_owned(),
        false => format!("{}: {}", step.name, parts.join(", ")),
    }
}

fn kind(effect: &Effect) -> &'static str {
    match effect {
        Effect::SwitchedOn { .. } => "terminals are switched on",
        Effect::SwitchedOff { .. } => "terminals are switched off",
        Effect::Shows { .. } => "terminals show other packages",
        Effect::Restart { .. } => "restarts of terminals",
        Effect::Unread => "changes on terminals that were not read",
        Effect::Irreversible { .. } => "steps that cannot be undone",
    }
}

impl<O> fmt::Display for Applied<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut made: BTreeMap<&str, usize> = BTreeMap::new();
        let mut others: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for (item, report) in &self.reports {
            let (title, reason) = match &report.outcome {
                Outcome::Done(Change::Nothing) => {
                    *made.entry("as wanted already").or_default() += 1;
                    continue;
                }
                Outcome::Done(_) => {
                    *made.entry("done").or_default() += 1;
                    continue;
                }
                Outcome::Left(conflict) => ("Left as it is", conflict.to_string()),
                Outcome::Unknown { step, error, .. } => ("Unknown", format!("{step}: {error}")),
                Outcome::Failed { step, error, .. } => ("Failed", format!("{step}: {error}")),
                Outcome::NotApplied { step, fields } => {
                    let fields: Vec<String> = fields.iter().map(FieldDiff::to_string).collect();
                    let what = "the server says it is done, and it is not so";
                    ("Failed", format!("{step}: {what}: {}", fields.join("; ")))
                }
            };
            let line = format!("{}: {}", item.name(), Printable(reason));
            others.entry(title).or_default().push(line);
        }
        counts(f, made.into_iter().map(|(what, count)| (count, what)))?;
        for (title, lines) in others {
            writeln!(f, "\n{title}:")?;
            for line in lines {
                writeln!(f, "  {line}")?;
            }
        }
        Ok(())
    }
}
