//! The common interface of the kinds of entities.

use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::answer::Json;
use super::behavior::{FieldSet, TvipBehavior};
use super::state::State;
use crate::records::{Record, Table};

/// A kind of entity with its own path.
pub(super) trait Resource:
    Clone + PartialEq + Serialize + DeserializeOwned + Send + Sync + 'static
{
    /// The last segment of the path of its list, and the state's member.
    const PATH: &'static str;
    /// The name of the kind in errors.
    const KIND: &'static str;
    /// Its fields but `id`, in the order of the vendor's documents. What it stores
    /// and this has not, only a state has: the interface cannot read or change it.
    const FIELDS: &'static [(&'static str, Class)];
    /// The number of fields before `id` in an answer.
    const ID_AT: usize = 0;
    /// The parameters that narrow its list.
    const FILTERS: &'static [(&'static str, Kind)] = &[];

    /// Those of them whose values are among the [`terms`](Resource::terms).
    const INDEXED: &'static [&'static str] = &[];

    /// The numbers, flags and times that clients write and that can be null: an
    /// empty text is null in each of them.
    const NULLABLE: &'static [&'static str] = &[];

    /// The numbers, flags and times that clients write and that cannot be null:
    /// with an empty text they are as if absent.
    const REQUIRED: &'static [&'static str] = &[];

    fn table(state: &State) -> &Table<Self>;

    fn table_mut(state: &mut State) -> &mut Table<Self>;

    fn id(&self) -> i64;

    /// Returns the terms that are looked for often enough to have an index.
    fn terms(&self) -> Vec<Term> {
        Vec::new()
    }

    /// Returns the value that one of the [`FILTERS`](Resource::FILTERS) looks at.
    fn compared<'a>(&'a self, filter: &str, state: &'a State) -> Compared<'a> {
        let _ = (filter, state);
        Compared::Nothing
    }

    /// The texts `quick_search` looks in.
    fn searched<'a>(&'a self, state: &'a State) -> Vec<&'a str>;

    /// Fills in what a creation may leave out and depends on the state.
    fn complete(fields: &mut Map<String, Value>, state: &State) {
        let _ = (fields, state);
    }

    /// Returns the error in its references, if there is one.
    fn dangling(&self, state: &State) -> Option<String> {
        let _ = state;
        None
    }

    /// Returns the key that it must not share with another: `None` if it may
    /// share everything.
    fn key(&self) -> Option<(i64, &str)> {
        None
    }

    /// The term under which those with its [`key`](Resource::key) are.
    fn key_term(&self) -> Option<Term> {
        None
    }

    /// Returns the reason why a rule forbids writing it, besides its
    /// [`key`](Resource::key).
    fn forbidden(&self, state: &State, behavior: &TvipBehavior) -> Option<String> {
        let _ = (state, behavior);
        None
    }

    /// Notes that it was created or changed.
    fn written(&mut self, at: Timestamp, behavior: &TvipBehavior) {
        let _ = (at, behavior);
    }

    /// The value of a field of [`Class::Dto`].
    fn referred(&self, field: &str, state: &State, behavior: &TvipBehavior) -> Json {
        let _ = (field, state, behavior);
        Value::Null.into()
    }

    /// Deletes it with what cannot be without it, or says why not.
    fn delete(&self, state: &mut State, behavior: &TvipBehavior) -> Result<(), String> {
        let _ = behavior;
        Self::table_mut(state).remove(self.id());
        Ok(())
    }
}

impl<R: Resource> Record for R {
    const KIND: &'static str = R::PATH;
    type Term = Term;

    fn id(&self) -> i64 {
        Resource::id(self)
    }

    fn terms(&self) -> Vec<Term> {
        Resource::terms(self)
    }
}

/// The value of a field that rows are found by; of text filters, the exact one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Term {
    Id(&'static str, i64),
    Text(&'static str, String),
}

impl Term {
    pub(super) fn id(field: &'static str, id: i64) -> Term {
        Term::Id(field, id)
    }

    pub(super) fn text(field: &'static str, text: &str) -> Term {
        Term::Text(field, text.to_owned())
    }
}

/// The fields a version has.
pub(super) fn fields_in<R: Resource>(
    field_set: FieldSet,
) -> impl Iterator<Item = (&'static str, Class)> {
    R::FIELDS
        .iter()
        .copied()
        .filter(move |(_, class)| class.is_in(field_set))
}

/// The role of a field in the interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// Clients read and write it.
    Given,
    /// Clients write it, and may or may not read it.
    Secret,
    /// The entity another field refers to. Clients that send back what they
    /// read send it too.
    Dto,
    /// The server keeps it; what clients send is ignored.
    Kept,
    /// As `Given`, in newer versions.
    Newer,
    /// As `Kept`, in newer versions.
    NewerKept,
    /// As `NewerKept`, a time in seconds.
    NewerStamp,
}

impl Class {
    /// Returns `true` if a version has the field.
    fn is_in(self, field_set: FieldSet) -> bool {
        match self {
            Class::Given | Class::Secret | Class::Dto | Class::Kept => true,
            Class::Newer | Class::NewerKept | Class::NewerStamp => field_set == FieldSet::Newer,
        }
    }

    /// Returns `true` if clients write it.
    pub(super) fn is_written(self) -> bool {
        matches!(self, Class::Given | Class::Secret | Class::Newer)
    }
}

/// The type of a filter's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Id,
    Flag,
    Text,
    UniqueId,
}

/// The value that a filter compares its own value with.
#[derive(Debug)]
pub(super) enum Compared<'a> {
    Id(Option<i64>),
    /// Any of them.
    Ids(Vec<i64>),
    Flag(bool),
    Text(Option<&'a str>),
    Nothing,
}

/// Says that a field refers to nothing, if it does.
pub(super) fn dangling<R: Resource>(
    field: &str,
    id: impl Into<Option<i64>>,
    state: &State,
) -> Option<String> {
    let id = id.into()?;
    let absent = R::table(state).get(id).is_none();
    absent.then(|| format!("{field}: no {} has the id {id}", R::KIND))
}
