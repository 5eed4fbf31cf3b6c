//! The losses of a migration, and the names of those who lose something.

use std::collections::BTreeMap;
use std::fmt;

use crate::Printable;

/// The data that is not migrated, or not as it was, with the names of those who
/// lose it: logins, or addresses of terminals.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Losses(BTreeMap<String, Vec<String>>);

impl Losses {
    /// Adds one loss.
    pub(in crate::provisioning) fn add(&mut self, what: impl Into<String>, whose: &str) {
        self.0
            .entry(what.into())
            .or_default()
            .push(whose.to_owned());
    }

    /// Returns all losses with whose they are.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.0
            .iter()
            .map(|(what, whose)| (what.as_str(), whose.as_slice()))
    }
}

/// One line for each kind, with the number and all names.
impl fmt::Display for Losses {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (what, whose) in &self.0 {
            let (count, names) = (whose.len(), whose.join(", "));
            writeln!(f, "{count:>6}  {}: {}", Printable(what), Printable(names))?;
        }
        Ok(())
    }
}
