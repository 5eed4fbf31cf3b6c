//! Every subscriber of the platform against the export, in one pass.

mod finish;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::index::{Index, number, reference};
use super::schedule::{Item, Left, Schedule};
use super::wanted::{Removal, WantedRows};
use crate::error::Result;
use crate::model::Timestamp;
use crate::provisioning::conflict::Conflict;
use crate::provisioning::executor::Watch;
use crate::provisioning::fit::fit;
use crate::provisioning::identity::{Identity, Key, KeyKind};
use crate::provisioning::plan::Unplanned;
use crate::provisioning::platform::{Context, Found, Others, Platform};

/// The result of a comparison, before any of it is forecast.
#[derive(Debug)]
pub struct Comparison<P: Platform> {
    pub(super) schedule: Schedule<P>,
    pub(super) pending: Vec<Pending<P::Observed>>,
}

/// A job that is still to be forecast.
#[derive(Debug)]
pub(super) struct Pending<O> {
    pub(super) item: Item,
    /// Keys of whose holders all are in the rows of these jobs.
    pub(super) known: Vec<Key>,
    /// The subscriber's rows.
    pub(super) rows: Option<O>,
    /// Terminals that are nobody's, which it is to have.
    pub(super) loose: Vec<O>,
}

impl<O> Pending<O> {
    /// Returns the keys whose holders may have to be asked for.
    pub(super) fn unknown(&self, identity: &Identity) -> Vec<Key> {
        let mut keys = self.item.job.keys(identity);
        keys.retain(|key| !self.known.contains(key));
        keys
    }
}

/// Compares. With nothing left to do there are no jobs: a run that was broken
/// off is completed by another one.
///
/// # Errors
///
/// When the platform cannot be read to its end: half of it would plan
/// deletions.
pub async fn compare<P: Platform>(
    platform: &P,
    wanted: &dyn WantedRows,
    removal: &Removal<'_>,
) -> Result<Comparison<P>> {
    let catalogue = Arc::new(platform.catalogue().await?);
    compare_with(platform, catalogue, wanted, removal, &|_, _| {}).await
}

/// Compares as [`compare`] does, for whoever has read the lists already; tells
/// how many subscribers have been read, and how many rows there are.
///
/// # Errors
///
/// When the platform cannot be read to its end.
pub async fn compare_with<P: Platform>(
    platform: &P,
    catalogue: Arc<P::Catalogue>,
    wanted: &dyn WantedRows,
    removal: &Removal<'_>,
    watch: &Watch,
) -> Result<Comparison<P>> {
    let (mut index, doubles) = Index::new(platform.identity(), wanted);
    let problems = std::mem::take(&mut index.problems);
    let mut pass = Pass {
        platform,
        wanted,
        index,
        removal,
        catalogue: &catalogue,
        places: vec![Place::Nobody; wanted.len()],
        left: Vec::new(),
        found: HashMap::new(),
        loose: HashMap::new(),
        seen: HashMap::new(),
        twins: HashSet::new(),
        spoken_for: HashSet::new(),
        matched: 0,
        owned: 0,
        unlisted: 0,
        unchanged: 0,
    };
    for (place, problem) in problems {
        pass.leave_row(place, problem);
    }
    for (place, key) in doubles {
        pass.leave_row(place, Conflict::Ambiguous { key });
    }
    let mut all = platform.load_all();
    let mut ordinal = 0;
    while let Some(found) = all.next().await {
        match found? {
            Found::Rows(rows) => {
                pass.look_at(ordinal, rows);
                ordinal += 1;
                watch(ordinal as usize, wanted.len());
            }
            Found::Unreadable { id, reason } => pass.left.push(Left {
                line: None,
                login: id,
                reason: format!("its rows cannot be read: {reason}"),
            }),
        }
    }
    let comparison = pass.finish();
    let mut schedule = comparison.schedule;
    schedule.catalogue = Some(catalogue);
    Ok(Comparison {
        schedule,
        pending: comparison.pending,
    })
}

/// The subscriber of the platform that a row of the export stands for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Nobody,
    ByReference(u32),
    /// Somebody with the reference may still come.
    ByLogin(u32),
    Conflict,
}

/// The holder of a key that several have.
const SEVERAL: u32 = u32::MAX;

struct Pass<'a, P: Platform> {
    platform: &'a P,
    wanted: &'a dyn WantedRows,
    index: Index,
    removal: &'a Removal<'a>,
    catalogue: &'a P::Catalogue,
    places: Vec<Place>,
    left: Vec<Left>,
    /// Subscribers that differ, or may have to be deleted, by their place in
    /// the stream.
    found: HashMap<u32, Candidate<P::Observed>>,
    /// Terminals that are nobody's and that somebody is to have, by their place in the
    /// stream.
    loose: HashMap<u32, P::Observed>,
    /// Who has each key that others want, rows that are nobody's among them.
    seen: HashMap<u64, u32>,
    /// Those whose key somebody else has too.
    twins: HashSet<u32>,
    /// Those that are somebody of the export's, in doubt too.
    spoken_for: HashSet<u32>,
    matched: usize,
    owned: usize,
    unlisted: usize,
    unchanged: usize,
}

struct Candidate<O> {
    observed: O,
    login: String,
    is_owned: bool,
}

impl<P: Platform> Pass<'_, P> {
    fn look_at(&mut self, ordinal: u32, observed: P::Observed) {
        let now = Timestamp::now();
        let view = self.platform.view(&observed, Some(self.catalogue), now);
        let keys = self.platform.keys(&observed);
        let of_terminals = [KeyKind::Terminal, KeyKind::TerminalId];
        for key in keys.iter().filter(|key| of_terminals.contains(&key.kind())) {
            let holder = self.seen.entry(number(key)).or_insert(ordinal);
            if *holder != ordinal {
                *holder = SEVERAL;
            }
        }
        let Some(subscriber) = view.subscriber else {
            if keys.iter().any(|key| self.index.may_want(key)) {
                self.loose.insert(ordinal, observed);
            }
            return;
        };
        let identity = self.platform.identity();
        for key in &keys {
            if matches!(key.kind(), KeyKind::Login | KeyKind::Reference)
                && let Some(other) = self.seen.insert(number(key), ordinal)
                && other != ordinal
            {
                self.twins.extend([other, ordinal]);
            }
        }
        let own = |kind| keys.iter().filter(move |key| key.kind() == kind);
        let is_owned = self.removal.owns(&subscriber);
        let candidate = |observed| Candidate {
            observed,
            login: subscriber.login.clone(),
            is_owned,
        };

        let mut rows: Vec<u32> = own(KeyKind::Reference)
            .flat_map(|key| self.index.with_reference(identity, self.wanted, key))
            .collect();
        // Each row of a subscriber may have its reference.
        rows.sort_unstable();
        rows.dedup();
        if let [row] = rows[..] {
            match self.places[row as usize] {
                // Two with one reference are among the twins.
                Place::ByReference(_) | Place::Conflict => {
                    self.spoken_for.insert(ordinal);
                    self.keep(ordinal, candidate(observed));
                }
                Place::Nobody | Place::ByLogin(_) => {
                    // Whoever has only the login stays as it is.
                    self.places[row as usize] = Place::ByReference(ordinal);
                    self.spoken_for.insert(ordinal);
                    self.plan(row, ordinal, candidate(observed));
                }
            }
            return;
        }
        if rows.len() > 1 {
            self.spoken_for.insert(ordinal);
            return;
        }
        let key = identity.login(&subscriber.login);
        let rows = self.index.with_login(identity, self.wanted, &key);
        let Some(&row) = rows.first() else {
            return self.unlisted(ordinal, candidate(observed));
        };
        let wanted = reference(identity, &self.wanted.row(row as usize).desired);
        if wanted.is_some() && own(KeyKind::Reference).next().is_some() {
            // Another contract, whose login is to be this row's.
            return self.unlisted(ordinal, candidate(observed));
        }
        self.spoken_for.insert(ordinal);
        if rows.len() == 1 && self.places[row as usize] == Place::Nobody {
            self.places[row as usize] = Place::ByLogin(ordinal);
            self.plan(row, ordinal, candidate(observed));
        }
    }

    fn unlisted(&mut self, ordinal: u32, candidate: Candidate<P::Observed>) {
        match candidate.is_owned {
            true => {
                self.owned += 1;
                self.keep(ordinal, candidate);
            }
            false => self.unlisted += 1,
        }
    }

    fn keep(&mut self, ordinal: u32, candidate: Candidate<P::Observed>) {
        self.found.insert(ordinal, candidate);
    }

    /// Keeps the subscriber if anything of it differs.
    fn plan(&mut self, row: u32, ordinal: u32, candidate: Candidate<P::Observed>) {
        self.matched += 1;
        let wanted = self.wanted.row(row as usize);
        let mut desired = wanted.desired.clone();
        if fit(&mut desired, &self.platform.capabilities()).is_err() {
            // It is refused with its reason when it is foreseen.
            return self.keep(ordinal, candidate);
        }
        let others = Export {
            pass: self,
            own: row,
        };
        let context = Context::new(Timestamp::now(), Some(self.catalogue), &others);
        let plan = self
            .platform
            .plan(Some(&candidate.observed), &desired, &context);
        match plan {
            Ok(plan) if plan.steps.is_empty() => self.unchanged += 1,
            Ok(_) | Err(Unplanned::Ask(_) | Unplanned::Catalogue | Unplanned::Refused(_)) => {
                self.keep(ordinal, candidate);
            }
        }
    }

    fn leave_row(&mut self, row: u32, reason: impl ToString) {
        if self.places[row as usize] != Place::Conflict {
            let wanted = self.wanted.row(row as usize);
            self.left.push(finish::left(&wanted, reason.to_string()));
            self.places[row as usize] = Place::Conflict;
        }
    }
}

/// The export as the others of one row: who holds what is asked later.
struct Export<'p, 'a, P: Platform> {
    pass: &'p Pass<'a, P>,
    own: u32,
}

impl<P: Platform> Others<P::Observed> for Export<'_, '_, P> {
    fn holders(&self, _: &Key) -> Option<Vec<&P::Observed>> {
        None
    }

    fn is_reserved(&self, key: &Key) -> bool {
        let identity = self.pass.platform.identity();
        let rows = self.pass.index.with_login(identity, self.pass.wanted, key);
        rows.iter().any(|row| *row != self.own)
    }
}
