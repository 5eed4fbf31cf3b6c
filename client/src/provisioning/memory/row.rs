//! Rows of the server, and the changes that a write makes to one.

use secrecy::SecretString;

use crate::model::{MacAddr, PackageId, Timestamp};
use crate::provisioning::rows::{Rows, Slot};

/// A row of a [`Memory`](super::Memory): a subscriber, or one of its boxes where
/// each row has one box.
#[derive(Clone, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub struct Row {
    /// The server's number; none while it is not made.
    pub id: Option<u64>,
    /// The name to log in with.
    pub login: Option<String>,
    /// The billing's key.
    pub reference: Option<String>,
    /// Switched off.
    pub disabled: bool,
    /// The person's name.
    pub name: Option<String>,
    /// The e-mail address.
    pub email: Option<String>,
    /// The telephone number.
    pub phone: Option<String>,
    /// The postal address.
    pub address: Option<String>,
    /// The operator's note.
    pub note: Option<String>,
    /// The limit of terminals.
    pub device_limit: Option<u32>,
    /// The mark of a row that this library has made for a further terminal, so
    /// that the row goes with it.
    pub marked: bool,
    /// The terminals on it.
    pub terminals: Vec<MacAddr>,
    /// The packages on it.
    pub packages: Vec<Held>,
}

/// A package on a row.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Held {
    /// The package.
    pub package: PackageId,
    /// The only terminal it holds for, which then has no others.
    pub terminal: Option<MacAddr>,
    /// The beginning.
    pub from: Option<Timestamp>,
    /// The end.
    pub until: Option<Timestamp>,
}

impl Held {
    /// Returns `true` if it is in use at this time.
    pub fn is_running(&self, now: Timestamp) -> bool {
        self.from.is_none_or(|from| from <= now) && !self.has_ended(now)
    }

    /// Returns `true` if its end has passed.
    pub fn has_ended(&self, now: Timestamp) -> bool {
        self.until.is_some_and(|until| until <= now)
    }
}

impl Row {
    /// A row with this login.
    pub fn new(login: impl Into<String>) -> Row {
        Row {
            login: Some(login.into()),
            ..Row::default()
        }
    }

    /// A row that is nobody's: a terminal that the server has added by itself.
    pub fn loose(mac: MacAddr) -> Row {
        Row::default().terminal(mac)
    }

    /// Sets the billing's key.
    #[must_use]
    pub fn reference(mut self, reference: impl Into<String>) -> Row {
        self.reference = Some(reference.into());
        self
    }

    /// Sets the person's name.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Row {
        self.name = Some(name.into());
        self
    }

    /// Switches it off.
    #[must_use]
    pub fn disabled(mut self) -> Row {
        self.disabled = true;
        self
    }

    /// Marks it as made for a further terminal.
    #[must_use]
    pub fn marked(mut self) -> Row {
        self.marked = true;
        self
    }

    /// Adds a terminal.
    #[must_use]
    pub fn terminal(mut self, mac: MacAddr) -> Row {
        self.terminals.push(mac);
        self
    }

    /// Adds a package without dates.
    #[must_use]
    pub fn package(self, package: impl Into<PackageId>) -> Row {
        self.held(Held {
            package: package.into(),
            terminal: None,
            from: None,
            until: None,
        })
    }

    /// Adds a package.
    #[must_use]
    pub fn held(mut self, held: Held) -> Row {
        self.packages.push(held);
        self
    }

    pub(super) fn is_loose(&self) -> bool {
        self.login.is_none() && self.reference.is_none()
    }

    pub(super) fn apply(&mut self, change: &RowChange) {
        match change {
            RowChange::Login(login) => self.login = Some(login.clone()),
            RowChange::Reference(reference) => self.reference.clone_from(reference),
            RowChange::Disabled(disabled) => self.disabled = *disabled,
            RowChange::Name(text) => self.name.clone_from(text),
            RowChange::Email(text) => self.email.clone_from(text),
            RowChange::Phone(text) => self.phone.clone_from(text),
            RowChange::Address(text) => self.address.clone_from(text),
            RowChange::Note(text) => self.note.clone_from(text),
            RowChange::DeviceLimit(limit) => self.device_limit = *limit,
            RowChange::Password(_) => {}
            RowChange::AddTerminal(mac) => self.terminals.push(*mac),
            RowChange::RemoveTerminal(mac) => {
                if let Some(place) = self.terminals.iter().position(|own| own == mac) {
                    self.terminals.remove(place);
                }
            }
            RowChange::Add(held) => self.packages.push(held.clone()),
            RowChange::Remove(held) => self.packages.retain(|own| own != held),
            RowChange::End(held, until) => {
                for own in self.packages.iter_mut().filter(|own| *own == held) {
                    own.until = *until;
                }
            }
        }
    }
}

/// Does not show who it is.
impl std::fmt::Debug for Row {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Row")
            .field("id", &self.id)
            .field("disabled", &self.disabled)
            .field("marked", &self.marked)
            .field("terminals", &self.terminals)
            .field("packages", &self.packages)
            .finish_non_exhaustive()
    }
}

/// A change of one row.
#[derive(Clone)]
pub(super) enum RowChange {
    Login(String),
    Reference(Option<String>),
    Disabled(bool),
    Name(Option<String>),
    Email(Option<String>),
    Phone(Option<String>),
    Address(Option<String>),
    Note(Option<String>),
    DeviceLimit(Option<u32>),
    Password(SecretString),
    AddTerminal(MacAddr),
    RemoveTerminal(MacAddr),
    Add(Held),
    Remove(Held),
    End(Held, Option<Timestamp>),
}

/// A write of a [`Memory`](super::Memory).
#[derive(Clone)]
pub struct MemoryWrite(pub(super) Write);

#[derive(Clone)]
pub(super) enum Write {
    Insert(Slot, Box<Row>),
    Update(Slot, Vec<RowChange>),
    Delete(Slot),
}

/// The rows of one subscriber of a [`Memory`](super::Memory).
#[derive(Clone, PartialEq, Eq, Hash, Default)]
pub struct MemoryRows(pub(super) Rows<Row>);

impl MemoryRows {
    /// Returns the rows.
    pub fn iter(&self) -> impl Iterator<Item = &Row> {
        self.0.iter()
    }

    /// Returns the row whose login is the subscriber's: the shortest of those
    /// that were not made for a further terminal.
    pub(super) fn first(&self) -> Option<(Slot, &Row)> {
        self.0.slots().min_by_key(|(_, row)| {
            let login = row.login.as_deref();
            (
                row.marked,
                login.is_none(),
                login.map(str::len),
                login.map(str::to_owned),
                row.id,
            )
        })
    }

    pub(super) fn apply(&mut self, write: &Write) {
        match write {
            Write::Insert(_, row) => drop(self.0.add(Row::clone(row))),
            Write::Delete(slot) => drop(self.0.remove(*slot)),
            Write::Update(slot, changes) => {
                if let Some(row) = self.0.get_mut(*slot) {
                    changes.iter().for_each(|change| row.apply(change));
                }
            }
        }
    }
}
