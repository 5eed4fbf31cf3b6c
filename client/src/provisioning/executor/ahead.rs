//! Rows that were loaded for several groups of jobs at once.

use std::collections::HashMap;
use std::time::Instant;

use jiff::SignedDuration;

use crate::model::Timestamp;
use crate::provisioning::identity::Key;
use crate::provisioning::platform::{Loaded, Platform};

/// Rows that were loaded ahead, by the keys that were asked for, until the group that
/// needs them comes.
///
/// They are handed over once: what a group has taken is changed by its steps, and is
/// loaded again by whoever else needs it.
pub(super) struct Ahead<O> {
    rows: Vec<Option<O>>,
    /// The rows with a key. A key that nobody has is among them, one that was not
    /// asked for is not.
    places: HashMap<Key, Vec<usize>>,
    now: Option<(Timestamp, Instant)>,
    /// The first group for which nothing was loaded.
    end: usize,
}

impl<O> Ahead<O> {
    /// Nothing is loaded yet, for the groups before `end` neither.
    pub(super) fn new(end: usize) -> Ahead<O> {
        Ahead {
            rows: Vec::new(),
            places: HashMap::new(),
            now: None,
            end,
        }
    }

    /// Returns the first group for which nothing was loaded.
    pub(super) fn end(&self) -> usize {
        self.end
    }

    /// Keeps what was loaded by these keys.
    pub(super) fn keep<P: Platform<Observed = O>>(
        &mut self,
        platform: &P,
        asked: Vec<Key>,
        loaded: Loaded<O>,
    ) {
        self.now = loaded.now.map(|now| (now, Instant::now()));
        self.places = asked.into_iter().map(|key| (key, Vec::new())).collect();
        for (place, row) in loaded.found.iter().enumerate() {
            for key in platform.keys(row) {
                if let Some(places) = self.places.get_mut(&key)
                    && places.last() != Some(&place)
                {
                    places.push(place);
                }
            }
        }
        self.rows = loaded.found.into_iter().map(Some).collect();
    }

    /// Hands over what is known of these keys, with the keys of which all holders are
    /// among the rows: also those of the holders that were asked for with them.
    pub(super) fn take<P: Platform<Observed = O>>(
        &mut self,
        platform: &P,
        keys: &[Key],
    ) -> (Vec<Key>, Loaded<O>) {
        let mut loaded = Loaded::new([]);
        let mut known = Vec::new();
        let mut open: Vec<Key> = match self.places.is_empty() {
            true => Vec::new(),
            false => keys.to_vec(),
        };
        while let Some(key) = open.pop() {
            let Some(places) = self.places.remove(&key) else {
                continue;
            };
            for place in places {
                if let Some(row) = self.rows[place].take() {
                    open.extend(platform.keys(&row));
                    loaded.found.push(row);
                }
            }
            known.push(key);
        }
        loaded.now = self.now.map(|(then, since)| {
            let passed = SignedDuration::try_from(since.elapsed()).unwrap_or_default();
            then.checked_add(passed).unwrap_or(then)
        });
        (known, loaded)
    }
}
