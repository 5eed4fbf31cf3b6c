//! The server that is not there: rows, what its requests do to them, and faults.

use std::collections::HashMap;
use std::time::Duration;

use secrecy::SecretString;

use super::Layout;
use super::row::{MemoryRows, Row, RowChange, Write};
use crate::error::{
    Error, Indeterminate, Rejection, RejectionKind, TransportError, TransportErrorKind,
};
use crate::model::{MacAddr, Package, Timestamp};
use crate::provisioning::identity::{Identity, Key, KeyKind};
use crate::provisioning::rows::Rows;

/// Something that goes wrong with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Fault {
    /// The answer is lost, and the server has done nothing.
    LostBefore,
    /// The answer is lost, and the server has done it.
    LostAfter,
    /// The server refuses it.
    Rejected,
    /// From this request on there is no connection any more.
    Dead,
}

/// Requests that a [`Memory`](super::Memory) has got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Requests {
    /// Requests that read, one for each key.
    pub reads: usize,
    /// Requests that write.
    pub writes: usize,
}

#[derive(Debug, Clone)]
pub(super) struct Server {
    pub(super) layout: Layout,
    pub(super) identity: Identity,
    pub(super) rows: Vec<Row>,
    pub(super) passwords: HashMap<u64, SecretString>,
    pub(super) packages: Vec<Package>,
    pub(super) faults: Vec<(usize, Fault)>,
    pub(super) latency: Duration,
    pub(super) now: Option<Timestamp>,
    pub(super) count: usize,
    pub(super) requests: Requests,
    pub(super) next_id: u64,
    pub(super) is_dead: bool,
}

impl Server {
    pub(super) fn insert(&mut self, mut row: Row) -> u64 {
        self.next_id += 1;
        let id = *row.id.get_or_insert(self.next_id);
        self.next_id = self.next_id.max(id);
        self.rows.push(row);
        id
    }

    /// The fault of the request that comes now.
    fn fault(&mut self) -> Option<Fault> {
        self.count += 1;
        let at = self.count;
        let fault = self.faults.iter().find(|(place, _)| *place == at);
        let fault = fault.map(|(_, fault)| *fault);
        self.is_dead |= fault == Some(Fault::Dead);
        match self.is_dead {
            true => Some(Fault::Dead),
            false => fault,
        }
    }

    /// Counts a read.
    pub(super) fn read(&mut self) -> Result<(), Error> {
        self.requests.reads += 1;
        match self.fault() {
            None => Ok(()),
            Some(fault) => Err(failure("read", fault, false)),
        }
    }

    /// Counts a command, which changes no row.
    pub(super) fn write_nothing(&mut self) -> Result<(), Error> {
        self.requests.writes += 1;
        match self.fault() {
            None => Ok(()),
            Some(fault) => Err(failure("command", fault, true)),
        }
    }

    /// Returns everybody, as the rows belong together: where a row has one
    /// terminal, rows with one reference are one subscriber.
    pub(super) fn all(&self) -> Vec<MemoryRows> {
        let mut groups: Vec<Vec<Row>> = Vec::new();
        let mut by_reference: HashMap<Key, usize> = HashMap::new();
        for row in &self.rows {
            let reference = row.reference.as_deref();
            let key = reference
                .filter(|_| self.layout == Layout::RowPerTerminal)
                .map(|text| self.identity.reference(&text.into()));
            let next = groups.len();
            let place = key.map_or(next, |key| *by_reference.entry(key).or_insert(next));
            match groups.get_mut(place) {
                Some(group) => group.push(row.clone()),
                None => groups.push(vec![row.clone()]),
            }
        }
        let rows = |group: Vec<Row>| MemoryRows(Rows::new(group));
        groups.into_iter().map(rows).collect()
    }

    /// Makes a write on the row that `present` knows by its slot.
    pub(super) fn write(
        &mut self,
        write: &Write,
        present: Option<&MemoryRows>,
    ) -> Result<Option<u64>, Error> {
        self.requests.writes += 1;
        let fault = self.fault();
        match fault {
            None | Some(Fault::LostAfter) => {}
            Some(fault) => return Err(failure("write", fault, true)),
        }
        let made = self.make(write, present);
        match fault {
            Some(fault) => Err(failure("write", fault, true)),
            None => made,
        }
    }

    fn make(&mut self, write: &Write, present: Option<&MemoryRows>) -> Result<Option<u64>, Error> {
        let row = |slot| present.and_then(|present| present.0.get(slot));
        match write {
            Write::Insert(_, row) => {
                self.refuse_second(row.login.as_deref(), row.reference.as_deref(), None)?;
                for mac in &row.terminals {
                    self.take_terminal(*mac)?;
                }
                Ok(Some(self.insert(Row::clone(row))))
            }
            Write::Delete(slot) => {
                let place = row(*slot).and_then(|row| self.place(row));
                let place = place.ok_or_else(|| rejected(RejectionKind::NotFound))?;
                self.rows.remove(place);
                Ok(None)
            }
            Write::Update(slot, changes) => {
                let place = row(*slot).and_then(|row| self.place(row));
                let place = place.ok_or_else(|| rejected(RejectionKind::NotFound))?;
                let own = self.rows[place].id;
                for change in changes {
                    match change {
                        RowChange::Login(login) => self.refuse_second(Some(login), None, own)?,
                        RowChange::Reference(reference) => {
                            self.refuse_second(None, reference.as_deref(), own)?;
                        }
                        RowChange::AddTerminal(mac) => self.take_terminal(*mac)?,
                        _ => {}
                    }
                }
                let place = self
                    .rows
                    .iter()
                    .position(|row| row.id == own)
                    .unwrap_or(place);
                for change in changes {
                    self.rows[place].apply(change);
                    if let (RowChange::Password(password), Some(id)) = (change, own) {
                        self.passwords.insert(id, password.clone());
                    }
                }
                Ok(None)
            }
        }
    }

    /// Finds a row as a request would name it: by its number, or by its login.
    fn place(&self, row: &Row) -> Option<usize> {
        match (self.layout, &row.login) {
            (Layout::RowPerTerminal, Some(login)) => {
                let key = self.identity.login(login);
                let is_it = |own: &Row| {
                    own.login.as_deref().map(|own| self.identity.login(own)) == Some(key.clone())
                };
                self.rows.iter().position(is_it)
            }
            _ => self.rows.iter().position(|own| own.id == row.id),
        }
    }

    fn refuse_second(
        &self,
        login: Option<&str>,
        reference: Option<&str>,
        own: Option<u64>,
    ) -> Result<(), Error> {
        let same = |row: &Row, key: &Key| match key.kind() {
            KeyKind::Login => {
                row.login
                    .as_deref()
                    .map(|text| self.identity.login(text))
                    .as_ref()
                    == Some(key)
            }
            _ => {
                row.reference
                    .as_deref()
                    .map(|text| self.identity.reference(&text.into()))
                    .as_ref()
                    == Some(key)
            }
        };
        let mut keys = Vec::new();
        if !self.identity.has_twins(KeyKind::Login) {
            keys.extend(login.map(|login| self.identity.login(login)));
        }
        if self.layout == Layout::RowPerSubscriber && !self.identity.has_twins(KeyKind::Reference) {
            keys.extend(reference.map(|text| self.identity.reference(&text.into())));
        }
        let second =
            |row: &Row| (own.is_none() || row.id != own) && keys.iter().any(|key| same(row, key));
        match self.rows.iter().any(second) {
            true => Err(rejected(RejectionKind::Conflict)),
            false => Ok(()),
        }
    }

    /// A terminal that is nobody's is taken; one that is somebody's is not.
    fn take_terminal(&mut self, mac: MacAddr) -> Result<(), Error> {
        let has = |row: &Row| row.terminals.contains(&mac);
        if self.rows.iter().any(|row| !row.is_loose() && has(row)) {
            return Err(rejected(RejectionKind::Conflict));
        }
        self.rows.retain(|row| !(row.is_loose() && has(row)));
        Ok(())
    }
}

fn rejected(kind: RejectionKind) -> Error {
    Rejection::new("memory", kind, 400, "no").into()
}

fn failure(resource: &'static str, fault: Fault, is_write: bool) -> Error {
    let error = |sent: bool| -> Error {
        let kind = TransportErrorKind::Broken;
        match sent {
            true => TransportError::maybe_sent(kind, "by request of the test"),
            false => TransportError::not_sent(kind, "by request of the test"),
        }
        .into()
    };
    match fault {
        Fault::Rejected => rejected(RejectionKind::Other),
        Fault::Dead => error(false),
        Fault::LostBefore | Fault::LostAfter if is_write => Indeterminate::new(
            crate::error::Write::Request {
                method: crate::http_method::HttpMethod::Post,
                resource,
                path: String::new(),
            },
            error(true),
        )
        .into(),
        Fault::LostBefore | Fault::LostAfter => error(true),
    }
}
