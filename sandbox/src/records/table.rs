//! Records by their numbers, and by their terms.

use std::collections::{BTreeSet, HashMap};
use std::ops::{Deref, DerefMut};

use serde::de::{Deserializer, Error};
use serde::{Deserialize, Serialize, Serializer};

use super::changes::json;
use super::numbered::Numbered;
use super::{Changes, Record, Row, WHOLE};

/// The records of one kind. A number is never given twice, so that a client
/// that kept one too long finds nothing rather than a stranger.
#[derive(Clone)]
pub(crate) struct Table<R: Record> {
    rows: Numbered<R>,
    terms: HashMap<R::Term, BTreeSet<i64>>,
    next: i64,
    /// The records touched since the last commit as they were before.
    before: Numbered<Option<R>>,
}

impl<R: Record> Default for Table<R> {
    fn default() -> Table<R> {
        Table {
            rows: Numbered::default(),
            terms: HashMap::new(),
            next: 1,
            before: Numbered::default(),
        }
    }
}

impl<R: Record> Table<R> {
    pub(crate) fn get(&self, id: i64) -> Option<&R> {
        self.rows.get(id)
    }

    /// All, in the order of their numbers.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &R> {
        self.rows.values()
    }

    pub(crate) fn ids(&self) -> impl Iterator<Item = i64> {
        self.rows.numbers()
    }

    /// The first number of those there are.
    pub(crate) fn first_id(&self) -> Option<i64> {
        self.rows.numbers().next()
    }

    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Those found by this term, in the order of their numbers.
    pub(crate) fn by<'t>(&'t self, term: &R::Term) -> impl Iterator<Item = &'t R> + use<'t, R> {
        let ids = self.terms.get(term).into_iter().flatten();
        ids.filter_map(|id| self.rows.get(*id))
    }

    /// Returns `true` if any record is found by this term.
    pub(crate) fn has(&self, term: &R::Term) -> bool {
        self.terms.contains_key(term)
    }

    /// The number the next new record gets.
    pub(crate) fn next_id(&self) -> i64 {
        self.next
    }

    /// Adds a record or replaces the one with its number.
    pub(crate) fn put(&mut self, row: R) {
        let id = row.id();
        let old = self.take(id);
        self.note(id, old);
        self.next = self.next.max(id.saturating_add(1));
        self.set(row);
    }

    /// The record, to be changed in its place; its number stays.
    pub(crate) fn edit(&mut self, id: i64) -> Option<Edit<'_, R>> {
        let row = self.take(id)?;
        Some(Edit {
            before: row.clone(),
            row: Some(row),
            table: self,
        })
    }

    pub(crate) fn remove(&mut self, id: i64) -> Option<R> {
        let row = self.take(id)?;
        self.note(id, Some(row.clone()));
        Some(row)
    }

    pub(crate) fn remove_by(&mut self, term: &R::Term) {
        let ids = self.terms.get(term).into_iter().flatten().copied();
        for id in ids.collect::<Vec<_>>() {
            self.remove(id);
        }
    }

    /// Takes it out of the rows and the terms.
    fn take(&mut self, id: i64) -> Option<R> {
        let row = self.rows.remove(id)?;
        for term in row.terms() {
            if let Some(ids) = self.terms.get_mut(&term) {
                ids.remove(&id);
                if ids.is_empty() {
                    self.terms.remove(&term);
                }
            }
        }
        Some(row)
    }

    fn set(&mut self, row: R) {
        for term in row.terms() {
            self.terms.entry(term).or_default().insert(row.id());
        }
        self.rows.put(row.id(), row);
    }

    /// Notes what a record was before this request first touched it.
    fn note(&mut self, id: i64, before: Option<R>) {
        if !self.before.has(id) {
            self.before.put(id, before);
        }
    }
}

/// A record being changed; at the end of its scope it is found by its new terms.
pub(crate) struct Edit<'t, R: Record> {
    table: &'t mut Table<R>,
    before: R,
    /// There until the end.
    row: Option<R>,
}

impl<R: Record> Deref for Edit<'_, R> {
    type Target = R;

    fn deref(&self) -> &R {
        self.row.as_ref().unwrap_or(&self.before)
    }
}

impl<R: Record> DerefMut for Edit<'_, R> {
    fn deref_mut(&mut self) -> &mut R {
        self.row.as_mut().unwrap_or(&mut self.before)
    }
}

impl<R: Record> Drop for Edit<'_, R> {
    fn drop(&mut self) {
        let Some(row) = self.row.take() else { return };
        let before = &self.before;
        self.table.note(before.id(), Some(before.clone()));
        self.table.set(row);
    }
}

/// A table of any kind, as it is stored.
pub(crate) trait Kept {
    fn kind(&self) -> &'static str;

    /// Adds the changes since the last commit.
    fn pending(&self, changes: &mut Changes);

    /// Makes the changes since the last commit final.
    fn settle(&mut self);

    /// Undoes the changes since the last commit; the numbers given stay given.
    fn undo(&mut self);

    /// All there is.
    fn all(&self, rows: &mut Vec<Row>);

    /// No number up to this one is given again.
    fn given_up_to(&mut self, last: i64);
}

impl<R: Record> Table<R> {
    /// The last number given, where the records no longer show it.
    fn forgotten(&self) -> Option<Row> {
        let highest = self.rows.numbers().next_back().unwrap_or_default();
        let last = self.next - 1;
        (last > highest).then(|| Row::new(R::KIND, WHOLE, Some(last.to_string())))
    }
}

impl<R: Record> Kept for Table<R> {
    fn kind(&self) -> &'static str {
        R::KIND
    }

    fn pending(&self, changes: &mut Changes) {
        for id in self.before.numbers() {
            let before = self.before.get(id).and_then(Option::as_ref);
            changes.note(id, before, self.get(id));
        }
        if !self.before.is_empty() {
            changes.rows.extend(self.forgotten());
        }
    }

    fn settle(&mut self) {
        self.before = Numbered::default();
    }

    fn undo(&mut self) {
        let mut before = std::mem::take(&mut self.before);
        for id in before.numbers().collect::<Vec<_>>() {
            self.take(id);
            if let Some(Some(row)) = before.remove(id) {
                self.set(row);
            }
        }
    }

    fn all(&self, rows: &mut Vec<Row>) {
        let records = self.rows.values();
        rows.extend(records.map(|row| Row::new(R::KIND, row.id(), Some(json(row)))));
        rows.extend(self.forgotten());
    }

    fn given_up_to(&mut self, last: i64) {
        self.next = self.next.max(last.saturating_add(1));
    }
}

impl<R: Record> Serialize for Table<R> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de, R: Record> Deserialize<'de> for Table<R> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Table<R>, D::Error> {
        let mut table = Table::default();
        for row in Vec::<R>::deserialize(deserializer)? {
            let id = row.id();
            // The last number of all would leave none for the next record.
            if !(1..i64::MAX).contains(&id) || table.get(id).is_some() {
                let text = format!("the id {id} is out of range or there twice");
                return Err(D::Error::custom(text));
            }
            table.next = table.next.max(id + 1);
            table.set(row);
        }
        Ok(table)
    }
}
