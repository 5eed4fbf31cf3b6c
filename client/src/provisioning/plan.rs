//! Steps between what is there and what is wanted, as data.

use std::fmt;

use super::conflict::Conflict;
use super::identity::Key;
use crate::Printable;
use crate::error::Refusal;
use crate::model::FieldLoss;

/// The steps that one subscriber needs, made without asking anybody.
#[derive(Debug, Clone)]
pub struct Plan<W> {
    /// The steps, in their order. None if everything is as wanted.
    pub steps: Vec<Step<W>>,
    /// The losses: data that the platform will not keep.
    pub losses: Vec<FieldLoss>,
}

impl<W> Default for Plan<W> {
    fn default() -> Plan<W> {
        Plan {
            steps: Vec::new(),
            losses: Vec::new(),
        }
    }
}

/// A plan that is not made.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Unplanned {
    /// The holders of these keys have to be known first: the core loads them and
    /// asks for the plan again.
    Ask(Vec<Key>),
    /// The lists have to be read first.
    Catalogue,
    /// The subscriber is to be left as it is.
    Refused(Conflict),
}

impl From<Conflict> for Unplanned {
    fn from(conflict: Conflict) -> Unplanned {
        Unplanned::Refused(conflict)
    }
}

impl From<Refusal> for Unplanned {
    fn from(refusal: Refusal) -> Unplanned {
        Unplanned::Refused(refusal.into())
    }
}

/// One write.
///
/// Keys that it needs or frees are not said by the adapter: the core computes
/// them from all keys of the subscriber before and after, for only so a
/// terminal that is there twice is not taken as freed by half.
#[derive(Debug, Clone)]
#[must_use]
pub struct Step<W> {
    pub(super) write: W,
    pub(super) name: &'static str,
    pub(super) touches: Vec<Key>,
    pub(super) differs: Vec<FieldDiff>,
    pub(super) restarts: Vec<Key>,
    pub(super) blind: bool,
    pub(super) removes: bool,
    pub(super) repeat: Repeat,
}

/// Repetition of a step whose answer was lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Repeat {
    /// Doing it twice is the same as doing it once.
    Safe,
    /// It may still be under way and would be there twice: as a rule, what has
    /// no key that is unique.
    Never,
}

impl<W> Step<W> {
    /// A step with this name in messages, which says what it does:
    /// `create the account`.
    pub fn new(name: &'static str, write: W) -> Step<W> {
        Step {
            write,
            name,
            touches: Vec::new(),
            differs: Vec::new(),
            restarts: Vec::new(),
            blind: false,
            removes: false,
            repeat: Repeat::Safe,
        }
    }

    /// Adds a field that it mends. A step without any cannot be recognised
    /// after its answer was lost.
    pub fn differs(mut self, difference: FieldDiff) -> Step<W> {
        self.differs.push(difference);
        self
    }

    /// Adds a key by which the write is addressed and which others may have:
    /// then they would be changed too.
    pub fn touches(mut self, key: Key) -> Step<W> {
        self.touches.push(key);
        self
    }

    /// Adds a terminal that starts again because of it.
    pub fn restarts(mut self, terminal: Key) -> Step<W> {
        self.restarts.push(terminal);
        self
    }

    /// Says that nothing read back shows it, as of a password: acknowledged, it
    /// is done.
    pub fn blind(mut self) -> Step<W> {
        self.blind = true;
        self
    }

    /// Says that what it removes cannot be had back.
    pub fn removes(mut self) -> Step<W> {
        self.removes = true;
        self
    }

    /// Says that it must not be sent again while its outcome is unknown.
    pub fn never_again(mut self) -> Step<W> {
        self.repeat = Repeat::Never;
        self
    }

    /// Returns the write.
    pub fn write(&self) -> &W {
        &self.write
    }

    /// Returns the name.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Returns the fields that it mends.
    pub fn differences(&self) -> &[FieldDiff] {
        &self.differs
    }

    /// Returns `true` if what it removes cannot be had back.
    pub fn is_removal(&self) -> bool {
        self.removes
    }
}

/// A field that is not as wanted.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct FieldDiff {
    field: &'static str,
    // A plan may have millions of them: no text has room for more.
    found: Option<Box<str>>,
    wanted: Option<Box<str>>,
}

impl FieldDiff {
    /// A field with what is there and what is wanted; none is nothing.
    pub fn new(
        field: &'static str,
        found: Option<impl Into<Box<str>>>,
        wanted: Option<impl Into<Box<str>>>,
    ) -> FieldDiff {
        FieldDiff {
            field,
            found: found.map(Into::into),
            wanted: wanted.map(Into::into),
        }
    }

    /// A field whose values are not to be shown to anybody.
    pub fn secret(field: &'static str) -> FieldDiff {
        FieldDiff {
            field,
            found: None,
            wanted: None,
        }
    }

    /// Returns the field's name.
    pub fn field(&self) -> &'static str {
        self.field
    }

    /// Returns what is there.
    pub fn found(&self) -> Option<&str> {
        self.found.as_deref()
    }

    /// Returns what is wanted.
    pub fn wanted(&self) -> Option<&str> {
        self.wanted.as_deref()
    }
}

/// `enabled: wanted false, found true`; of a personal field its name alone.
impl fmt::Display for FieldDiff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.field)?;
        let fields = [
            "enabled",
            "registered",
            "device_limit",
            "until",
            "subscriptions",
        ];
        if !fields.contains(&self.field) {
            return Ok(());
        }
        let shown = |value: Option<&str>| Printable(value.unwrap_or("nothing").to_owned());
        let (wanted, found) = (shown(self.wanted()), shown(self.found()));
        write!(f, ": wanted {wanted}, found {found}")
    }
}

/// Shows the field, not its values.
impl fmt::Debug for FieldDiff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FieldDiff({})", self.field)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_wanted_and_found_is_told_of_what_is_not_personal() {
        let enabled = FieldDiff::new("enabled", Some("true"), Some("false"));
        assert_eq!(enabled.to_string(), "enabled: wanted false, found true");
        let package = FieldDiff::new("subscriptions", None::<String>, Some("7"));
        assert_eq!(
            package.to_string(),
            "subscriptions: wanted 7, found nothing"
        );
        let name = FieldDiff::new("name", Some("Anna"), Some("Boris"));
        assert_eq!(name.to_string(), "name");
    }
}
