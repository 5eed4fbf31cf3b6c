//! Keys as numbers: eight bytes each, confirmed by the keys themselves.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use super::wanted::WantedRows;
use crate::model::Patch;
use crate::provisioning::desired::Desired;
use crate::provisioning::identity::{Identity, Key};

/// Returns the number of a key.
pub(super) fn number(key: &Key) -> u64 {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish()
}

/// Returns the reference that a row is to have.
pub(super) fn reference(identity: &Identity, desired: &Desired) -> Option<Key> {
    match &desired.external_ref {
        Patch::Set(reference) => Some(identity.reference(reference)),
        _ => None,
    }
}

/// Returns the login that a row is to have.
pub(super) fn login(identity: &Identity, desired: &Desired) -> Option<Key> {
    let login = desired.login.as_deref();
    login.map(|login| identity.login(login))
}

/// The rows of an export by their references and logins.
#[derive(Debug, Default)]
pub(super) struct Index {
    references: Vec<(u64, u32)>,
    logins: Vec<(u64, u32)>,
    terminals: Vec<(u64, u32)>,
    /// Rows that cannot be had, with their reasons.
    pub(super) problems: Vec<(u32, String)>,
    /// A row has neither a reference nor a login: anybody may be meant.
    pub(super) is_nameless: bool,
}

impl Index {
    /// Numbers all keys. Rows that share one are returned with it: they are to
    /// have one reference, one login or one terminal.
    pub(super) fn new(identity: &Identity, wanted: &dyn WantedRows) -> (Index, Vec<(u32, Key)>) {
        let mut index = Index::default();
        for place in 0..wanted.len() {
            let row = wanted.row(place);
            let place = u32::try_from(place).unwrap_or(u32::MAX);
            let add = |numbers: &mut Vec<(u64, u32)>, key: &Key| {
                numbers.push((number(key), place));
            };
            let keys = (
                reference(identity, &row.desired),
                login(identity, &row.desired),
            );
            index.is_nameless |= keys == (None, None);
            if let Some(key) = keys.0 {
                add(&mut index.references, &key);
            }
            if let Some(key) = keys.1 {
                add(&mut index.logins, &key);
            }
            if let Some(problem) = &row.problem {
                index.problems.push((place, problem.clone()));
            }
            for terminal in row.desired.terminals.wanted() {
                add(&mut index.terminals, &terminal.key(identity));
            }
        }
        let mut doubles = Vec::new();
        for numbers in [
            &mut index.references,
            &mut index.logins,
            &mut index.terminals,
        ] {
            numbers.sort_unstable();
            numbers.dedup();
            for same in numbers.chunk_by(|(one, _), (other, _)| one == other) {
                if same.len() > 1 {
                    doubles.extend(shared(identity, wanted, same));
                }
            }
        }
        (index, doubles)
    }

    /// Returns the numbers of all logins, in their order.
    pub(super) fn login_numbers(&self) -> Arc<[u64]> {
        self.logins.iter().map(|(number, _)| *number).collect()
    }

    /// Returns `true` if the key is perhaps that of a terminal that somebody is to have.
    pub(super) fn may_want(&self, terminal: &Key) -> bool {
        find(&self.terminals, terminal).next().is_some()
    }

    /// Returns the rows with this reference.
    pub(super) fn with_reference(
        &self,
        identity: &Identity,
        wanted: &dyn WantedRows,
        key: &Key,
    ) -> Vec<u32> {
        let is_it = |place: &u32| {
            reference(identity, &wanted.row(*place as usize).desired).as_ref() == Some(key)
        };
        find(&self.references, key).filter(is_it).collect()
    }

    /// Returns the rows with this login.
    pub(super) fn with_login(
        &self,
        identity: &Identity,
        wanted: &dyn WantedRows,
        key: &Key,
    ) -> Vec<u32> {
        let is_it = |place: &u32| {
            login(identity, &wanted.row(*place as usize).desired).as_ref() == Some(key)
        };
        find(&self.logins, key).filter(is_it).collect()
    }
}

/// Returns the rows of those with one number that really share a key.
fn shared(identity: &Identity, wanted: &dyn WantedRows, same: &[(u64, u32)]) -> Vec<(u32, Key)> {
    let keys = |place: u32| -> Vec<Key> {
        let desired = &wanted.row(place as usize).desired;
        let terminals = desired.terminals.wanted().iter();
        (reference(identity, desired).into_iter())
            .chain(login(identity, desired))
            .chain(terminals.map(|terminal| terminal.key(identity)))
            .collect()
    };
    let all: Vec<(u32, Vec<Key>)> = (same.iter())
        .map(|(value, place)| {
            let own = keys(*place).into_iter().filter(|key| number(key) == *value);
            (*place, own.collect())
        })
        .collect();
    let share = |place: u32, key: &Key| {
        all.iter()
            .any(|(other, keys)| *other != place && keys.contains(key))
    };
    (all.iter())
        .flat_map(|(place, keys)| keys.iter().map(move |key| (*place, key.clone())))
        .filter(|(place, key)| share(*place, key))
        .collect()
}

fn find(numbers: &[(u64, u32)], key: &Key) -> impl Iterator<Item = u32> {
    let number = number(key);
    let begin = numbers.partition_point(|(own, _)| *own < number);
    let same = numbers[begin..]
        .iter()
        .take_while(move |(own, _)| *own == number);
    same.map(|(_, place)| *place)
}
