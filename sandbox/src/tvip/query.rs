//! The parameters of a list.

use std::cmp::Ordering;

use axum::http::StatusCode;
use serde_json::Value;

use super::answer::{self, Json};
use super::behavior::{FieldSet, TextFilter, TvipBehavior, UniqueIdCase};
use super::lenient;
use super::refusal::Refusal;
use super::resource::{Compared, Kind, Resource, Term, fields_in};
use super::state::State;

/// The parameters of a request for a list.
pub(super) struct Query {
    start: usize,
    /// None: no limit.
    limit: Option<usize>,
    sort: Option<&'static str>,
    quick_search: Option<String>,
    filters: Vec<(&'static str, Wanted)>,
}

/// The value of a filter.
enum Wanted {
    Id(i64),
    Flag(bool),
    Text(String),
}

impl Query {
    /// Reads the parameters; those nobody knows are ignored, as a servlet does.
    pub(super) fn parse<R: Resource>(
        text: &str,
        behavior: &TvipBehavior,
    ) -> Result<Query, Refusal> {
        let mut query = Query {
            start: 0,
            limit: behavior
                .default_limit
                .and_then(|limit| usize::try_from(limit).ok()),
            sort: None,
            quick_search: None,
            filters: Vec::new(),
        };
        for (name, value) in form_urlencoded::parse(text.as_bytes()) {
            let wrong = |expected: &str| unreadable(&name, &value, expected);
            match &*name {
                "start" => query.start = value.parse().map_err(|_| wrong("a row's number"))?,
                // The vendor's SDK asks for all with 0, for device types with -1.
                "limit" => match value.parse().map_err(|_| wrong("a number of rows"))? {
                    -1_i64 | 0 => query.limit = None,
                    limit => {
                        let limit = usize::try_from(limit);
                        query.limit = Some(limit.map_err(|_| wrong("a number of rows"))?);
                    }
                },
                "sort" => query.sort = Some(sortable::<R>(&value, behavior.field_set)?),
                "quick_search" => query.quick_search = Some(value.to_lowercase()),
                _ => {
                    let known = R::FILTERS.iter().find(|(filter, _)| *filter == name);
                    if let Some(&(filter, kind)) = known {
                        let wanted = Wanted::parse(kind, &value, behavior);
                        let wanted = wanted.map_err(wrong)?;
                        query.filters.push((filter, wanted));
                    }
                }
            }
        }
        Ok(query)
    }

    /// The list with its envelope.
    pub(super) fn answer<R: Resource>(&self, state: &State, behavior: &TvipBehavior) -> Json {
        let table = R::table(state);
        // By id is the order they come in.
        let sort = self.sort.filter(|field| *field != "id");
        if sort.is_none() && self.quick_search.is_none() && self.filters.is_empty() {
            // Whoever reads all page by page does not wait for all rows at each page.
            return self.page(table.iter(), table.len(), state, behavior);
        }
        let matches = |row: &&R| self.matches(*row, state, behavior);
        let mut rows: Vec<&R> = match self.indexed::<R>(behavior) {
            Some(term) => table.by(&term).filter(matches).collect(),
            None => table.iter().filter(matches).collect(),
        };
        if let Some(field) = sort {
            rows.sort_by_cached_key(|row| Key(answer::fields(*row).remove(field)));
        }
        self.page(rows.iter().copied(), rows.len(), state, behavior)
    }

    /// The asked part of these rows, with its envelope.
    fn page<'r, R: Resource + 'r>(
        &self,
        rows: impl Iterator<Item = &'r R>,
        total: usize,
        state: &State,
        behavior: &TvipBehavior,
    ) -> Json {
        let data: Vec<Json> = rows
            .skip(self.start)
            .take(self.limit.unwrap_or(usize::MAX))
            .map(|row| answer::entity(row, state, behavior))
            .collect();
        Json::Object(vec![
            ("data", Json::List(data)),
            ("total", total.into()),
            ("start", self.start.into()),
            ("limit", self.limit.unwrap_or(0).into()),
        ])
    }

    /// A term that all rows asked for have, of the fields with an index.
    fn indexed<R: Resource>(&self, behavior: &TvipBehavior) -> Option<Term> {
        let exact = behavior.text_filter == TextFilter::Exact;
        self.filters.iter().find_map(|(filter, wanted)| {
            let term = match wanted {
                Wanted::Id(id) => Term::id(filter, *id),
                Wanted::Text(text) if exact => Term::text(filter, text),
                _ => return None,
            };
            R::INDEXED.contains(filter).then_some(term)
        })
    }

    fn matches<R: Resource>(&self, row: &R, state: &State, behavior: &TvipBehavior) -> bool {
        let filtered = self.filters.iter().all(|(filter, wanted)| {
            let compared = row.compared(filter, state);
            wanted.is(&compared, behavior.text_filter)
        });
        filtered
            && self.quick_search.as_ref().is_none_or(|wanted| {
                let texts = row.searched(state);
                texts
                    .iter()
                    .any(|text| text.to_lowercase().contains(wanted))
            })
    }
}

impl Wanted {
    fn parse(kind: Kind, value: &str, behavior: &TvipBehavior) -> Result<Wanted, &'static str> {
        match kind {
            Kind::Id => value.parse().map(Wanted::Id).map_err(|_| "an id"),
            Kind::Flag => lenient::as_flag(value)
                .map(Wanted::Flag)
                .ok_or("true or false"),
            Kind::UniqueId if behavior.unique_id_case == UniqueIdCase::Lowered => {
                Ok(Wanted::Text(value.to_lowercase()))
            }
            Kind::Text | Kind::UniqueId => Ok(Wanted::Text(value.to_owned())),
        }
    }

    fn is(&self, compared: &Compared<'_>, text_filter: TextFilter) -> bool {
        match (self, compared) {
            (Wanted::Id(wanted), Compared::Id(id)) => *id == Some(*wanted),
            (Wanted::Id(wanted), Compared::Ids(ids)) => ids.contains(wanted),
            (Wanted::Flag(wanted), Compared::Flag(flag)) => wanted == flag,
            (Wanted::Text(wanted), Compared::Text(Some(text))) => match text_filter {
                TextFilter::Exact => wanted == text,
                TextFilter::Prefix => text.starts_with(wanted),
            },
            _ => false,
        }
    }
}

/// The field a list is sorted by. How to ask for the other direction is not
/// known, so nothing but a name is taken: an order that was not asked for would
/// be worse.
fn sortable<R: Resource>(name: &str, field_set: FieldSet) -> Result<&'static str, Refusal> {
    let fields = fields_in::<R>(field_set).map(|(field, _)| field);
    let mut fields = ["id"].into_iter().chain(fields);
    fields
        .find(|field| *field == name)
        .ok_or_else(|| Refusal::bad(format!("sort: {} have no field {name:?}", R::PATH)))
}

fn unreadable(name: &str, value: &str, expected: &str) -> Refusal {
    let text = format!("{name}: {value:?} is not {expected}");
    Refusal::framework(StatusCode::BAD_REQUEST, text)
}

/// Nulls last, as the database of the vendor's kind of stack has them.
#[derive(PartialEq, Eq)]
struct Key(Option<Value>);

impl Ord for Key {
    fn cmp(&self, other: &Key) -> Ordering {
        match (&self.0, &other.0) {
            (Some(Value::Number(a)), Some(Value::Number(b))) => a.as_i64().cmp(&b.as_i64()),
            (Some(Value::String(a)), Some(Value::String(b))) => a.cmp(b),
            (Some(Value::Bool(a)), Some(Value::Bool(b))) => a.cmp(b),
            (a, b) => is_null(a.as_ref()).cmp(&is_null(b.as_ref())),
        }
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Key) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

fn is_null(value: Option<&Value>) -> bool {
    value.is_none_or(Value::is_null)
}
