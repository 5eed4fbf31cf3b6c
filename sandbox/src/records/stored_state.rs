//! A surface's state and its stored copy.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use serde::Serialize;
use serde_json::{Map, Value};

use super::changes::json;
use super::store::{Others, Owned, StateStore};
use super::{Changes, Kept, Row, WHOLE};
use crate::journal::Change;

/// A state that can be stored record by record, and read from its seed's JSON.
pub(crate) trait State: Default + Serialize {
    /// The surface, as it is called in the database.
    const SURFACE: &'static str;

    /// All of its tables.
    fn tables(&mut self) -> Vec<&mut dyn Kept>;

    /// Reads a state, or says what is wrong with it.
    fn read(json: &str) -> Result<Self, String>;
}

/// A state, and where it is stored.
pub(crate) struct StoredState<S> {
    state: S,
    store: Arc<dyn StateStore>,
    owner: String,
    /// Rows of a write that failed, as they have to be: whether it was carried
    /// out all the same is not known, so they go with the next one.
    unsure: Vec<Row>,
    /// `true` if that was a write of everything; everything is written again
    /// then.
    all_unsure: bool,
}

impl<S: State> StoredState<S> {
    /// The stored state; the seed's where nothing is stored.
    pub(crate) fn open(
        store: Arc<dyn StateStore>,
        seed: impl FnOnce() -> Result<S, String>,
    ) -> Result<StoredState<S>, OpenError> {
        let mut stored = StoredState {
            state: S::default(),
            store,
            owner: owner().map_err(OpenError::Storage)?,
            unsure: Vec::new(),
            all_unsure: false,
        };
        let rows = stored.store.take_over(stored.owned());
        let rows = rows.map_err(OpenError::Storage)?;
        if rows.is_empty() {
            let state = seed().map_err(OpenError::Seed)?;
            stored.replace(state).map_err(OpenError::Storage)?;
        } else {
            let unreadable = |what| format!("the stored records of {}: {what}", S::SURFACE);
            stored.state = assembled(rows).map_err(|what| OpenError::Storage(unreadable(what)))?;
        }
        Ok(stored)
    }

    /// Stores what was touched and says what that was. What cannot be stored
    /// is undone.
    pub(crate) fn commit(&mut self) -> Result<Vec<Change>, String> {
        let mut changes = Changes::default();
        for table in self.state.tables() {
            table.pending(&mut changes);
        }
        if changes.rows.is_empty() {
            for table in self.state.tables() {
                table.settle();
            }
            return Ok(Vec::new());
        }
        let (rows, others) = if self.all_unsure {
            (all(&mut self.state), Others::Go)
        } else {
            let unsure = self.unsure.iter().cloned();
            (latest(unsure.chain(changes.rows)), Others::Stay)
        };
        match self.store.write(self.owned(), rows, others) {
            Ok(()) => {
                self.unsure.clear();
                self.all_unsure = false;
                for table in self.state.tables() {
                    table.settle();
                }
                Ok(changes.reported)
            }
            Err(error) => {
                self.undo();
                let unsure = std::mem::take(&mut self.unsure);
                self.unsure = latest(unsure.into_iter().chain(changes.before));
                Err(error)
            }
        }
    }

    /// Everything touched since the last commit is again what it was.
    pub(crate) fn undo(&mut self) {
        for table in self.state.tables() {
            table.undo();
        }
    }

    /// All records, as they are stored.
    pub(crate) fn rows(&mut self) -> Vec<Row> {
        all(&mut self.state)
    }

    /// Puts another state in place of this one, if it can be stored.
    pub(crate) fn replace(&mut self, mut state: S) -> Result<(), String> {
        let rows = all(&mut state);
        if let Err(error) = self.store.write(self.owned(), rows, Others::Go) {
            self.all_unsure = true;
            return Err(error);
        }
        for table in state.tables() {
            table.settle();
        }
        self.unsure.clear();
        self.all_unsure = false;
        self.state = state;
        Ok(())
    }

    fn owned(&self) -> Owned<'_> {
        Owned {
            surface: S::SURFACE,
            owner: &self.owner,
        }
    }
}

impl<S> Deref for StoredState<S> {
    type Target = S;

    fn deref(&self) -> &S {
        &self.state
    }
}

impl<S> DerefMut for StoredState<S> {
    fn deref_mut(&mut self) -> &mut S {
        &mut self.state
    }
}

/// The reason why a state cannot be opened.
#[derive(Debug)]
pub(crate) enum OpenError {
    /// The seed is none.
    Seed(String),
    /// The database fails, or what is in it cannot be read.
    Storage(String),
}

/// A name no other sandbox has.
fn owner() -> Result<String, String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| error.to_string())?;
    let mut owner = String::new();
    for byte in bytes {
        let _ = write!(owner, "{byte:02x}");
    }
    Ok(owner)
}

/// Of rows with one key, the last.
fn latest(rows: impl Iterator<Item = Row>) -> Vec<Row> {
    let keyed = rows.map(|row| ((row.kind.clone(), row.key), row));
    keyed.collect::<BTreeMap<_, _>>().into_values().collect()
}

/// The rows of a whole state: its members that are no tables, its records.
fn all<S: State>(state: &mut S) -> Vec<Row> {
    let members = match serde_json::to_value(&*state) {
        Ok(Value::Object(members)) => members,
        _ => Map::new(),
    };
    let mut rows = Vec::new();
    let mut tables = Vec::new();
    for table in state.tables() {
        tables.push(table.kind());
        table.all(&mut rows);
    }
    let others = members
        .iter()
        .filter(|(name, _)| !tables.contains(&name.as_str()));
    rows.extend(others.map(|(name, value)| Row::new(name, WHOLE, Some(json(value)))));
    rows
}

/// The state of all its rows. As text, since a JSON object read into a map
/// would lose the order of its members, which is part of some values.
pub(crate) fn assembled<S: State>(rows: Vec<Row>) -> Result<S, String> {
    let mut tables: BTreeMap<String, Vec<String>> = S::default()
        .tables()
        .iter()
        .map(|table| (table.kind().to_owned(), Vec::new()))
        .collect();
    let mut given = BTreeMap::new();
    let mut members = Vec::new();
    for Row {
        kind,
        key,
        document,
    } in rows
    {
        let document = document.unwrap_or_default();
        match tables.get_mut(&kind) {
            Some(_) if key == WHOLE => {
                let last: i64 = document.parse().map_err(|_| format!("{kind}, last id"))?;
                given.insert(kind, last);
            }
            Some(records) => records.push(document),
            None => members.push(format!("{}:{document}", json(&kind))),
        }
    }
    for (kind, records) in &tables {
        members.push(format!("{}:[{}]", json(kind), records.join(",")));
    }
    let mut state = S::read(&format!("{{{}}}", members.join(",")))?;
    for table in state.tables() {
        if let Some(last) = given.get(table.kind()) {
            table.given_up_to(*last);
        }
    }
    Ok(state)
}

/// A state's JSON with these records in it, each in place of the one with its
/// id. Members that are no lists are replaced.
pub(crate) fn merged(mut whole: Value, records: Value) -> Result<Value, String> {
    let Value::Object(kinds) = records else {
        return Err("expected an object with a list for each kind of record".to_owned());
    };
    for (kind, records) in kinds {
        match (whole.get_mut(&kind), records) {
            (Some(Value::Array(there)), Value::Array(records)) => {
                for record in records {
                    let id = record.get("id").filter(|id| !id.is_null());
                    let same = there
                        .iter_mut()
                        .find(|one| id.is_some() && one.get("id") == id);
                    match same {
                        Some(one) => *one = record,
                        None => there.push(record),
                    }
                }
            }
            // What is not known is refused with the rest.
            (_, records) => whole[&kind] = records,
        }
    }
    Ok(whole)
}
