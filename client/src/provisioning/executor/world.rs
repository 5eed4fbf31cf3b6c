//! The state of the platform, as far as a round knows it.

use std::collections::{HashMap, HashSet};

use crate::model::Timestamp;
use crate::provisioning::identity::{Identity, Key};
use crate::provisioning::platform::{Loaded, Others, Platform};

/// Subscribers that were loaded, by all their keys.
pub(super) struct World<O> {
    all: Vec<Known<O>>,
    by_key: HashMap<Key, Vec<usize>>,
    by_handle: HashMap<Key, Vec<usize>>,
    asked: HashSet<Key>,
    now: Option<Timestamp>,
}

struct Known<O> {
    observed: O,
    handle: Option<Key>,
    is_current: bool,
}

/// Returns the key that tells a subscriber from others best, and that a run
/// holds on to: the platform's number, the billing's key, the login.
pub(in crate::provisioning) fn handle(keys: &[Key]) -> Option<Key> {
    keys.iter().min_by_key(|key| key.kind()).cloned()
}

impl<O> World<O> {
    pub(super) fn new() -> World<O> {
        World {
            all: Vec::new(),
            by_key: HashMap::new(),
            by_handle: HashMap::new(),
            asked: HashSet::new(),
            now: None,
        }
    }

    /// Adds what was loaded by these keys. Who was known before is replaced.
    pub(super) fn add<P: Platform<Observed = O>>(
        &mut self,
        platform: &P,
        asked: &[Key],
        loaded: Loaded<O>,
    ) {
        self.asked.extend(asked.iter().cloned());
        self.now = loaded.now.or(self.now);
        let new: Vec<(O, Vec<Key>)> = (loaded.found.into_iter())
            .map(|observed| {
                let keys = platform.keys(&observed);
                (observed, keys)
            })
            .collect();
        for (_, keys) in &new {
            for &old in (handle(keys).iter())
                .flat_map(|handle| self.by_handle.get(handle))
                .flatten()
            {
                self.all[old].is_current = false;
            }
        }
        for (observed, keys) in new {
            let place = self.all.len();
            let handle = handle(&keys);
            if let Some(handle) = &handle {
                self.by_handle
                    .entry(handle.clone())
                    .or_default()
                    .push(place);
            }
            for key in keys {
                let places = self.by_key.entry(key).or_default();
                if places.last() != Some(&place) {
                    places.push(place);
                }
            }
            self.all.push(Known {
                observed,
                handle,
                is_current: true,
            });
        }
    }

    /// Returns `true` if the holders of the key are known: it was asked for, or is
    /// one that only one record can have, and that record was loaded.
    pub(super) fn knows(&self, identity: &Identity, key: &Key) -> bool {
        self.asked.contains(key)
            || identity.is_unique(key.kind()) && self.with_handles(key).next().is_some()
    }

    /// Returns the holders of a key with their handles.
    pub(super) fn with_handles(&self, key: &Key) -> impl Iterator<Item = (&O, Option<&Key>)> {
        let places = self.by_key.get(key).map_or(&[][..], Vec::as_slice);
        let known = places.iter().map(|place| &self.all[*place]);
        known
            .filter(|known| known.is_current)
            .map(|known| (&known.observed, known.handle.as_ref()))
    }

    /// Returns the server's time; this computer's if the server tells none.
    pub(super) fn now(&self) -> Timestamp {
        self.now.unwrap_or_else(Timestamp::now)
    }
}

/// The others, as one job sees them.
pub(super) struct Neighbours<'a, O> {
    pub(super) identity: &'a Identity,
    pub(super) world: &'a World<O>,
    pub(super) reserved: &'a Reserved,
    pub(super) own: usize,
}

impl<O: Send + Sync> Others<O> for Neighbours<'_, O> {
    fn holders(&self, key: &Key) -> Option<Vec<&O>> {
        let knows = self.world.knows(self.identity, key);
        knows.then(|| self.world.with_handles(key).map(|(one, _)| one).collect())
    }

    fn is_reserved(&self, key: &Key) -> bool {
        self.reserved.by_another(key, self.own)
    }
}

/// Returns `true` for a key that somebody is to have.
type IsWanted = Box<dyn Fn(&Key) -> bool + Send + Sync>;

/// Keys that somebody is to have.
#[derive(Default)]
pub(super) struct Reserved {
    /// The job that is to have a key; none if several are.
    by_jobs: HashMap<Key, Option<usize>>,
    /// Says of a key that somebody is to have it, in this run or not.
    pub(super) by_nobody_here: Option<IsWanted>,
}

impl Reserved {
    /// Reserves a key for a job.
    pub(super) fn add(&mut self, key: Key, job: usize) {
        self.by_jobs
            .entry(key)
            .and_modify(|owner| *owner = owner.filter(|owner| *owner == job))
            .or_insert(Some(job));
    }

    /// Forgets what jobs are to have, before others are run.
    pub(super) fn forget_jobs(&mut self) {
        self.by_jobs.clear();
    }

    fn by_another(&self, key: &Key, own: usize) -> bool {
        match self.by_jobs.get(key) {
            Some(owner) => *owner != Some(own),
            None => (self.by_nobody_here.as_ref()).is_some_and(|is_wanted| is_wanted(key)),
        }
    }
}
