//! What is to be done, and what is left alone.

use std::fmt;
use std::str::FromStr;

use jsonsql_client::Printable;
use jsonsql_client::model::NewSubscriber;

use super::forecast::Forecast;
use super::step::{Action, Step};

/// Steps, and what is not among them.
#[derive(Debug, Default)]
pub struct Plan {
    /// In the order in which they are done.
    pub steps: Vec<Step>,
    /// Where what is wanted and what is there do not go together. They stay as
    /// they are until somebody has looked.
    pub conflicts: Vec<Conflict>,
    /// Subscribers who are as wanted.
    pub unchanged: usize,
    /// Subscribers of the platform that nobody wants and that are not owned.
    pub left_alone: usize,
    /// Subscribers of the platform that may be deleted if nobody wants them.
    pub owned: usize,
}

/// Something that is left as it is.
#[derive(Debug, PartialEq, Eq)]
pub struct Conflict {
    /// Whom it is about.
    pub login: String,
    /// Why.
    pub reason: &'static str,
}

/// Whose subscribers those that nobody wants may be. Without any rule nothing
/// is owned, so accounts made by hand survive.
#[derive(Debug, Clone, Default)]
pub struct Ownership {
    /// Those whose external reference begins like this.
    pub reference_prefix: Option<String>,
    /// Those whose login begins like this.
    pub login_prefix: Option<String>,
}

impl Ownership {
    /// Whether the billing may delete it.
    pub fn owns(&self, record: &NewSubscriber) -> bool {
        let begins = |prefix: &Option<String>, text: &str| {
            let prefix = prefix.as_deref().filter(|prefix| !prefix.is_empty());
            prefix.is_some_and(|prefix| text.starts_with(prefix))
        };
        let reference = record.external_ref.as_ref();
        reference.is_some_and(|text| begins(&self.reference_prefix, text.as_str()))
            || begins(&self.login_prefix, &record.login)
    }
}

/// How many subscribers one run may delete.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Limit {
    /// So many.
    Count(usize),
    /// So many of a hundred owned.
    Percent(f64),
}

impl FromStr for Limit {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Limit, Self::Err> {
        let expected = "expected a number such as 10, or a percentage such as 2%";
        match text.strip_suffix('%') {
            None => text.parse().map(Limit::Count).map_err(|_| expected),
            Some(number) => match number.trim().parse() {
                Ok(percent) if (0.0..=100.0).contains(&percent) => Ok(Limit::Percent(percent)),
                _ => Err(expected),
            },
        }
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Limit::Count(count) => write!(f, "{count}"),
            Limit::Percent(percent) => write!(f, "{percent}%"),
        }
    }
}

impl Plan {
    /// How many steps have this name.
    pub fn count(&self, name: &str) -> usize {
        let named = |step: &&Step| step.action.name() == name;
        self.steps.iter().filter(named).count()
    }

    /// How many subscribers it deletes.
    pub fn deletes(&self) -> usize {
        self.count(Action::Delete.name())
    }

    /// Whether it deletes no more than allowed.
    pub fn keeps(&self, limit: Limit) -> bool {
        let deletes = self.deletes();
        match limit {
            Limit::Count(count) => deletes <= count,
            Limit::Percent(percent) => deletes as f64 * 100.0 <= percent * self.owned as f64,
        }
    }

    /// The plan as text, with what is known of its steps beforehand.
    pub fn with<'a>(&'a self, forecast: &'a Forecast) -> impl fmt::Display + 'a {
        Shown(self, forecast)
    }
}

struct Shown<'a>(&'a Plan, &'a Forecast);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Shown(plan, forecast) = self;
        let mut names: Vec<&str> = plan.steps.iter().map(|step| step.action.name()).collect();
        names.dedup();
        for name in names {
            writeln!(f, "{:>6}  {name}", plan.count(name))?;
        }
        writeln!(f, "{:>6}  unchanged", plan.unchanged)?;
        if plan.left_alone > 0 {
            let left = "left alone: not asked for, and not owned";
            writeln!(f, "{:>6}  {left}", plan.left_alone)?;
        }
        if !plan.steps.is_empty() {
            writeln!(f)?;
        }
        for (step, note) in plan.steps.iter().zip(&forecast.notes) {
            write!(f, "  {step}")?;
            match note.as_str() {
                "" => writeln!(f)?,
                note => writeln!(f, " ({})", Printable(note))?,
            }
        }
        if !plan.conflicts.is_empty() {
            writeln!(f, "\nLeft as it is, to be looked at:")?;
        }
        for Conflict { login, reason } in &plan.conflicts {
            writeln!(f, "  {}: {}", Printable(login), Printable(reason))?;
        }
        write!(f, "{forecast}")
    }
}
