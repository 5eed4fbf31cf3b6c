//! The changes that a request made.

use serde::Serialize;
use serde_json::{Map, Value};

use super::Record;
use crate::journal::{Change, Done};

/// One row of the stored records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) kind: String,
    pub(crate) key: i64,
    /// The record as JSON; none once it is deleted.
    pub(crate) document: Option<String>,
}

impl Row {
    pub(crate) fn new(kind: &str, key: i64, document: Option<String>) -> Row {
        Row {
            kind: kind.to_owned(),
            key,
            document,
        }
    }
}

/// The rows that are written, the rows that were there before, and the changes
/// that the journal tells of.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    pub(crate) rows: Vec<Row>,
    pub(crate) before: Vec<Row>,
    pub(crate) reported: Vec<Change>,
}

impl Changes {
    /// Notes what became of one record; nothing if it is what it was.
    pub(super) fn note<R: Record>(&mut self, key: i64, before: Option<&R>, after: Option<&R>) {
        let done = match (before, after) {
            (None, None) => return,
            (None, Some(_)) => Done::Created,
            (Some(_), None) => Done::Deleted,
            (Some(before), Some(after)) if before == after => return,
            (Some(before), Some(after)) => Done::Changed(differing(before, after)),
        };
        self.rows.push(Row::new(R::KIND, key, after.map(json)));
        self.before.push(Row::new(R::KIND, key, before.map(json)));
        let mut reported = self.reported.iter_mut();
        match reported.find(|change| change.kind == R::KIND && change.done == done) {
            Some(change) => change.keys.push(key),
            None => self.reported.push(Change {
                kind: R::KIND,
                done,
                keys: vec![key],
            }),
        }
    }
}

/// A record as it is stored.
pub(super) fn json(record: &impl Serialize) -> String {
    // Numbers, texts and lists under names: nothing JSON cannot have.
    serde_json::to_string(record).expect("records are written as JSON")
}

/// The names of the fields that are not the same.
fn differing(before: &impl Serialize, after: &impl Serialize) -> Vec<String> {
    let (before, after) = (fields(before), fields(after));
    let differs = |name: &&String| before.get(*name) != after.get(*name);
    after.keys().filter(differs).cloned().collect()
}

fn fields(record: &impl Serialize) -> Map<String, Value> {
    match serde_json::to_value(record) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    }
}
