//! Pages have to go on from one another.
//!
//! A server that takes no notice of `where`, `order_by` or `limit`, or a proxy
//! that answers from a cache, would be read for ever, or with rows left out.

use std::cmp::Ordering;
use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};

use jsonsql::ast::Direction;

use super::key::KeyValue;
use super::query::Term;
use crate::error::{Error, Result};

/// The progress of reading.
#[derive(Default)]
pub(super) struct Progress {
    pub(super) last: Option<Box<[KeyValue]>>,
    /// The keys of the last page, where their order cannot be told.
    page: HashSet<Box<[KeyValue]>>,
    /// A hash of the first key of each page: pages that come round again do so
    /// at their first rows.
    firsts: HashSet<u64>,
    hasher: RandomState,
    rows: u64,
}

impl Progress {
    /// Takes the keys of the next page, row after row, unless they cannot be the next.
    pub(super) fn accept<'k>(
        &mut self,
        order: &[Term],
        keys: impl ExactSizeIterator<Item = &'k [KeyValue]> + Clone,
    ) -> Result<()> {
        let mut told = true;
        let mut last = self.last.as_deref();
        let rows = keys.len();
        for (index, key) in keys.clone().enumerate() {
            let has_null =
                |(term, value): (&Term, &KeyValue)| !term.nullable && *value == KeyValue::Null;
            if order.iter().zip(key).any(has_null) {
                return Err(self.broken("NULL in a column of the key"));
            }
            if let Some(last) = last {
                match compare(order, last, key) {
                    Some(Ordering::Less) => {}
                    Some(Ordering::Greater) if index == 0 => {
                        return Err(self.broken("a row from before those it had answered with"));
                    }
                    Some(Ordering::Greater) => {
                        return Err(self.broken("rows that are not in the order asked for"));
                    }
                    Some(Ordering::Equal) if index == 0 => return Err(self.broken(REPEATED)),
                    Some(Ordering::Equal) => {
                        return Err(self.broken("two rows of one key"));
                    }
                    None => told = false,
                }
            }
            last = Some(key);
        }
        let last = last.map(Box::from);
        if !told {
            self.remember(keys)?;
        }
        self.rows += u64::try_from(rows).unwrap_or(u64::MAX);
        self.last = last;
        Ok(())
    }

    /// Refuses keys that were there before.
    fn remember<'k>(
        &mut self,
        keys: impl ExactSizeIterator<Item = &'k [KeyValue]> + Clone,
    ) -> Result<()> {
        let first = keys.clone().next().map(|key| self.hasher.hash_one(key));
        let mut page = HashSet::with_capacity(keys.len());
        for key in keys {
            if self.page.contains(key) || !page.insert(key.into()) {
                return Err(self.broken(REPEATED));
            }
        }
        self.page = page;
        if first.is_some_and(|first| !self.firsts.insert(first)) {
            return Err(self.broken(REPEATED));
        }
        Ok(())
    }

    fn broken(&self, found: &'static str) -> Error {
        Error::PageSequence {
            rows: self.rows,
            found,
            place: None,
        }
    }
}

const REPEATED: &str = "a row that it had answered with before";

/// The order of two rows, where it can be told.
fn compare(order: &[Term], one: &[KeyValue], other: &[KeyValue]) -> Option<Ordering> {
    for (term, (one, other)) in order.iter().zip(one.iter().zip(other)) {
        let ordering = one.compare(other)?;
        if ordering.is_ne() {
            return Some(match term.direction {
                Direction::Ascending => ordering,
                Direction::Descending => ordering.reverse(),
            });
        }
    }
    Some(Ordering::Equal)
}
