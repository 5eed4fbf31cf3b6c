//! Every subscriber of the platform against the export, in one pass.

mod finish;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::index::{Index, number, reference};
use super::item::Item;
use super::schedule::{Left, Schedule};
use super::wanted::{Removal, WantedRows};
use crate::error::Result;
use crate::model::Timestamp;
use crate::provisioning::conflict::Conflict;
use crate::provisioning::executor::{Watch, fingerprint, handle};
use crate::provisioning::fit::fit;
use crate::provisioning::identity::{Key, KeyKind};
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
    /// None while it is forecast, and if nothing is to be done.
    pub(super) item: Option<Item>,
    /// The keys of the job whose holders all are in the rows of these jobs: the bits of
    /// their places among its keys. Those beyond the last bit are asked for.
    pub(super) known: u64,
    /// The subscriber's rows; none if it is not there.
    pub(super) rows: Option<Rows<O>>,
    /// Terminals that are nobody's, which it is to have.
    pub(super) loose: Vec<O>,
}

/// The rows of a subscriber who differs.
#[derive(Debug)]
pub(super) enum Rows<O> {
    Held(Box<O>),
    /// Too many are held: these are read again. Their fingerprint tells whether they still
    /// are those that the comparison was about.
    Again(u64),
}

impl<O> Pending<O> {
    fn new(item: Item, rows: Option<Rows<O>>) -> Pending<O> {
        Pending {
            item: Some(item),
            known: 0,
            rows,
            loose: Vec::new(),
        }
    }

    /// Returns the keys whose holders are known, and those whose holders may have to be
    /// asked for.
    pub(super) fn keys(&self, all: Vec<Key>) -> (Vec<Key>, Vec<Key>) {
        let mut place = 0;
        all.into_iter().partition(|_| {
            let bit = 1_u64.checked_shl(place).unwrap_or(0);
            place += 1;
            self.known & bit != 0
        })
    }
}

/// Compares. With nothing left to do there are no jobs: a run that was broken
/// off is completed by another one.
///
/// The comparison keeps the export, from which each job is made when it is its turn;
/// an [`Arc`] of one can be compared again.
///
/// # Errors
///
/// When the platform cannot be read to its end: half of it would plan
/// deletions.
pub async fn compare<P: Platform>(
    platform: &P,
    wanted: impl WantedRows + 'static,
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
    wanted: impl WantedRows + 'static,
    removal: &Removal<'_>,
    watch: &Watch,
) -> Result<Comparison<P>> {
    compare_holding(HELD, platform, catalogue, Arc::new(wanted), removal, watch).await
}

/// The number of subscribers whose rows are kept until they are planned: those of any
/// further ones are read again then, so that the memory for a first night, when everybody
/// differs, has a bound.
const HELD: usize = 100_000;

async fn compare_holding<P: Platform>(
    most: usize,
    platform: &P,
    catalogue: Arc<P::Catalogue>,
    wanted: Arc<dyn WantedRows>,
    removal: &Removal<'_>,
    watch: &Watch,
) -> Result<Comparison<P>> {
    let export = Arc::clone(&wanted);
    let wanted = &*wanted;
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
        differ: HashMap::new(),
        owned: Vec::new(),
        left_to_hold: most,
        loose: HashMap::new(),
        seen: HashMap::new(),
        shared: HashMap::new(),
        twins: HashSet::new(),
        matched: 0,
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
    let (schedule, pending) = pass.finish(export, Arc::clone(&catalogue));
    Ok(Comparison { schedule, pending })
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

/// Returns `true` for keys whose holders are kept in mind: no subscriber is to have the
/// number of another one.
fn is_seen(key: &Key) -> bool {
    match key.kind() {
        KeyKind::Login | KeyKind::Reference | KeyKind::Terminal | KeyKind::TerminalId => true,
        KeyKind::Id | KeyKind::Subscription => false,
    }
}

struct Pass<'a, P: Platform> {
    platform: &'a P,
    wanted: &'a dyn WantedRows,
    index: Index,
    removal: &'a Removal<'a>,
    catalogue: &'a P::Catalogue,
    places: Vec<Place>,
    left: Vec<Left>,
    /// Subscribers that differ, by their place in the stream.
    differ: HashMap<u32, Rows<P::Observed>>,
    /// Subscribers of the billing's that are not in the export.
    owned: Vec<Owned<P::Observed>>,
    /// The number of subscribers whose rows can still be held.
    left_to_hold: usize,
    /// Terminals that are nobody's and that somebody is to have, by their place in the
    /// stream.
    loose: HashMap<u32, P::Observed>,
    /// Who has each key that others want, rows that are nobody's among them.
    seen: HashMap<u64, u32>,
    /// All who have a terminal's key that several have.
    shared: HashMap<u64, Vec<u32>>,
    /// Those whose key somebody else has too.
    twins: HashSet<u32>,
    matched: usize,
    unlisted: usize,
    unchanged: usize,
}

/// A subscriber of the billing's that is not in the export.
struct Owned<O> {
    ordinal: u32,
    login: String,
    /// The key that it is deleted by.
    key: Option<Key>,
    rows: Rows<O>,
}

impl<P: Platform> Pass<'_, P> {
    fn look_at(&mut self, ordinal: u32, observed: P::Observed) {
        let now = Timestamp::now();
        let view = self.platform.view(&observed, Some(self.catalogue), now);
        let keys = self.platform.keys(&observed);
        let of_terminals = [KeyKind::Terminal, KeyKind::TerminalId];
        for key in keys.iter().filter(|key| of_terminals.contains(&key.kind())) {
            let number = number(key);
            let holder = self.seen.entry(number).or_insert(ordinal);
            if *holder != ordinal {
                let first = (*holder != SEVERAL).then_some(*holder);
                *holder = SEVERAL;
                let all = self.shared.entry(number).or_default();
                all.extend(first);
                all.push(ordinal);
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
        let mut rows: Vec<u32> = own(KeyKind::Reference)
            .flat_map(|key| self.index.with_reference(identity, self.wanted, key))
            .collect();
        // Each row of a subscriber may have its reference.
        rows.sort_unstable();
        rows.dedup();
        if let [row] = rows[..] {
            match self.places[row as usize] {
                // Two with one reference are among the twins.
                Place::ByReference(_) | Place::Conflict => {}
                Place::Nobody | Place::ByLogin(_) => {
                    // Whoever has only the login stays as it is.
                    self.places[row as usize] = Place::ByReference(ordinal);
                    self.plan(row, ordinal, observed);
                }
            }
            return;
        }
        if rows.len() > 1 {
            return;
        }
        let key = identity.login(&subscriber.login);
        let rows = self.index.with_login(identity, self.wanted, &key);
        // Another contract's, whose login is to be this row's, is not in the export either.
        let is_anothers = |row: u32| {
            let wanted = reference(identity, &self.wanted.row(row as usize).desired);
            wanted.is_some() && own(KeyKind::Reference).next().is_some()
        };
        match rows[..] {
            [row, ..] if !is_anothers(row) => {
                if rows.len() == 1 && self.places[row as usize] == Place::Nobody {
                    self.places[row as usize] = Place::ByLogin(ordinal);
                    self.plan(row, ordinal, observed);
                }
            }
            _ if self.removal.owns(&subscriber) => {
                let owned = Owned {
                    ordinal,
                    login: subscriber.login,
                    key: handle(&keys),
                    rows: self.hold(observed),
                };
                self.owned.push(owned);
            }
            _ => self.unlisted += 1,
        }
    }

    /// Holds rows, unless there are too many already.
    fn hold(&mut self, rows: P::Observed) -> Rows<P::Observed> {
        match self.left_to_hold.checked_sub(1) {
            None => Rows::Again(fingerprint(&rows)),
            Some(left) => {
                self.left_to_hold = left;
                Rows::Held(Box::new(rows))
            }
        }
    }

    /// Keeps the subscriber if anything of it differs.
    fn plan(&mut self, row: u32, ordinal: u32, observed: P::Observed) {
        self.matched += 1;
        if self.is_as_wanted(row, &observed) {
            self.unchanged += 1;
        } else {
            let rows = self.hold(observed);
            self.differ.insert(ordinal, rows);
        }
    }

    fn is_as_wanted(&self, row: u32, observed: &P::Observed) -> bool {
        let wanted = self.wanted.row(row as usize);
        let mut desired = wanted.desired.clone();
        if fit(&mut desired, &self.platform.capabilities()).is_err() {
            // It is refused with its reason when it is foreseen.
            return false;
        }
        let others = Export {
            pass: self,
            own: row,
        };
        let context = Context::new(Timestamp::now(), Some(self.catalogue), &others);
        match self.platform.plan(Some(observed), &desired, &context) {
            Ok(plan) => plan.steps.is_empty(),
            Err(Unplanned::Ask(_) | Unplanned::Catalogue | Unplanned::Refused(_)) => false,
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
