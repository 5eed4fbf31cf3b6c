//! The data of the REST surfaces, record by record.
//!
//! A surface's state is tables of records. Each table notes which records a
//! request touched; this one list decides what is written to the database,
//! before the answer leaves, and what the journal says. A write that cannot be
//! stored is undone and refused.
//!
//! One row is stored for each record: surface, kind, key, JSON. The row with
//! the key 0 is about the kind as a whole: the last number a table gave, or the
//! value of a member that is no table.

use std::hash::Hash;

use serde::Serialize;
use serde::de::DeserializeOwned;

mod changes;
mod numbered;
mod store;
mod stored_state;
mod table;

pub(crate) use changes::{Changes, Row};
pub(crate) use store::{Nowhere, Others, Owned, StateStore, TAKEN_OVER};
pub(crate) use stored_state::{OpenError, State, StoredState, assembled, merged};
pub(crate) use table::{Kept, Table};

/// The key of the row that is about a kind as a whole. No record has it.
pub(crate) const WHOLE: i64 = 0;

/// One record of a table.
pub(crate) trait Record:
    Clone + PartialEq + Serialize + DeserializeOwned + Send + 'static
{
    /// The member of the state that the table is.
    const KIND: &'static str;

    /// The type of the terms by which it is found beside its id. Several records
    /// may share a term.
    type Term: Clone + Eq + Hash + Send;

    /// Its number, from 1.
    fn id(&self) -> i64;

    /// Whatever it is found by now.
    fn terms(&self) -> Vec<Self::Term>;
}
