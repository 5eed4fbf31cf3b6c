//! Rows by their id.

use std::collections::BTreeMap;

use serde::de::{Deserializer, Error};
use serde::{Deserialize, Serialize, Serializer};

use super::resource::Resource;

/// The entities of one kind. An id is never given twice, so that a client that
/// kept one too long finds nothing rather than a stranger.
#[derive(Clone)]
pub(super) struct Table<R> {
    rows: BTreeMap<i64, R>,
    next: i64,
}

impl<R> Default for Table<R> {
    fn default() -> Table<R> {
        Table {
            rows: BTreeMap::new(),
            next: 1,
        }
    }
}

impl<R: Resource> Table<R> {
    pub(super) fn get(&self, id: i64) -> Option<&R> {
        self.rows.get(&id)
    }

    pub(super) fn get_mut(&mut self, id: i64) -> Option<&mut R> {
        self.rows.get_mut(&id)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &R> {
        self.rows.values()
    }

    /// The id the next new row gets.
    pub(super) fn next_id(&self) -> i64 {
        self.next
    }

    /// Adds a row or replaces the one with its id.
    pub(super) fn put(&mut self, row: R) {
        self.next = self.next.max(row.id().saturating_add(1));
        self.rows.insert(row.id(), row);
    }

    pub(super) fn remove(&mut self, id: i64) -> Option<R> {
        self.rows.remove(&id)
    }

    pub(super) fn remove_where(&mut self, goes: impl Fn(&R) -> bool) {
        self.rows.retain(|_, row| !goes(row));
    }
}

impl<R: Resource> Serialize for Table<R> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de, R: Resource> Deserialize<'de> for Table<R> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Table<R>, D::Error> {
        let mut table = Table::default();
        for row in Vec::<R>::deserialize(deserializer)? {
            let id = row.id();
            // The last number of all would leave none for the next row.
            if !(1..i64::MAX).contains(&id) || table.get(id).is_some() {
                let text = format!("the id {id} is out of range or there twice");
                return Err(D::Error::custom(text));
            }
            table.put(row);
        }
        Ok(table)
    }
}
