//! The common traits of all kinds of records.

use std::fmt::Display;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::query::Query;

/// A kind of record with a path of its own.
pub trait Entity: DeserializeOwned + Send + Sync + Unpin + 'static {
    /// Its key.
    type Id: Copy + Eq + Display + Into<i64> + Send + Sync + Unpin;
    /// The filter of its list.
    type Filter: Filter<Self>;
    /// The path of its list.
    const PATH: &'static str;
    /// The name of reading in errors, and so on.
    const READ: &'static str;
    /// Creating and changing, which are the same method.
    const WRITE: &'static str;
    /// Deleting.
    const DELETE: &'static str;

    /// The record's key.
    fn id(&self) -> Self::Id;
}

/// A kind of record that clients write.
pub trait Writable: Entity {
    /// One to be created.
    type New: Serialize + Sync;
    /// A change of one.
    type Change: Serialize + Sync;
}

/// A filter that narrows a list.
pub trait Filter<R>: Clone + Default + Send + Sync + Unpin + 'static {
    /// Asks the server for it.
    fn ask(&self, query: &mut Query);

    /// Returns `true` if the record is what was asked for, as far as its fields tell.
    fn admits(&self, record: &R) -> bool {
        let _ = record;
        true
    }
}

/// The names by which a kind of record goes.
macro_rules! paths {
    ($path:literal) => {
        const PATH: &'static str = $path;
        const READ: &'static str = concat!("GET ", $path);
        const WRITE: &'static str = concat!("POST ", $path);
        const DELETE: &'static str = concat!("DELETE ", $path);
    };
}

pub(super) use paths;
