//! The facts that a sample of rows shows about its columns.

use std::collections::{BTreeSet, HashSet};

use jsonsql::MacAddr;
use serde_json::Value;

/// A table, as far as a sample of its rows shows it. `Display` writes it as a
/// struct with `#[derive(Table)]`; no value of a row is in it. Texts of a column
/// whose name is [a secret's](jsonsql::schema::is_secret) are read as
/// [`Password`](crate::schema::Password), which does not show.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Discovered {
    /// The table's name.
    pub table: String,
    /// The number of rows that were looked at.
    pub sample: usize,
    /// The kinds of values at each place of `SELECT *`.
    pub star: Vec<BTreeSet<JsonKind>>,
    /// The columns whose names are known, in the order of their places.
    pub columns: Vec<DiscoveredColumn>,
    /// The columns that tell the rows of the sample apart: `id`, or the
    /// columns called `…_id`, or all without NULL. It is a guess.
    pub key: Vec<String>,
}

/// A column that is there.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct DiscoveredColumn {
    /// Its name.
    pub name: String,
    /// The kinds of its values, NULL aside.
    pub kinds: BTreeSet<JsonKind>,
    /// The number of them that were NULL.
    pub nulls: usize,
    /// The places in `SELECT *`, counted from 0, that have the same values in
    /// every row: one when it is certain, none if the rows changed meanwhile.
    pub places: Vec<usize>,
    /// `true` if no value was there twice.
    pub distinct: bool,
}

/// Kinds of values in answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum JsonKind {
    /// `true` or `false`.
    Boolean,
    /// A whole number.
    Integer,
    /// A number with a fraction.
    Fraction,
    /// A text that is a hardware address.
    MacAddr,
    /// Another text.
    Text,
    /// A list.
    List,
    /// An object.
    Object,
}

fn kind(value: &Value) -> Option<JsonKind> {
    Some(match value {
        Value::Null => return None,
        Value::Bool(_) => JsonKind::Boolean,
        Value::Number(number) if number.is_f64() => JsonKind::Fraction,
        Value::Number(_) => JsonKind::Integer,
        Value::String(text) if is_mac_addr(text) => JsonKind::MacAddr,
        Value::String(_) => JsonKind::Text,
        Value::Array(_) => JsonKind::List,
        Value::Object(_) => JsonKind::Object,
    })
}

/// Twelve digits alone may be an account.
fn is_mac_addr(text: &str) -> bool {
    text.contains([':', '-', '.']) && text.parse::<MacAddr>().is_ok()
}

/// The kinds of a column's values, and how many of them are NULL.
pub(super) fn kinds(rows: &[Vec<Value>], index: usize) -> (BTreeSet<JsonKind>, usize) {
    let values = rows.iter().filter_map(|row| row.get(index));
    let nulls = values.clone().filter(|value| value.is_null()).count();
    (values.filter_map(kind).collect(), nulls)
}

/// For each column the places of `SELECT *` that hold its values in every row.
///
/// A place that only one column can have is no other column's: so the values
/// of some columns tell where others are.
pub(super) fn places(columns: usize, rows: &[Vec<Value>], star: &[Vec<Value>]) -> Vec<Vec<usize>> {
    let width = star.first().map_or(0, Vec::len);
    let same = |index: usize, place: usize| {
        rows.len() == star.len()
            && rows
                .iter()
                .zip(star)
                .all(|(row, star)| row.get(index) == star.get(place))
    };
    let mut places: Vec<Vec<usize>> = (0..columns)
        .map(|index| (0..width).filter(|place| same(index, *place)).collect())
        .collect();
    loop {
        let settled: HashSet<usize> = places
            .iter()
            .filter(|places| places.len() == 1)
            .map(|places| places[0])
            .collect();
        let mut changed = false;
        for places in places.iter_mut().filter(|places| places.len() > 1) {
            let before = places.len();
            places.retain(|place| !settled.contains(place));
            changed |= places.len() < before;
        }
        if !changed {
            return places;
        }
    }
}

/// Returns `true` if no two rows agree on all of these columns.
pub(super) fn distinct(rows: &[Vec<Value>], indices: &[usize]) -> bool {
    let mut seen = HashSet::new();
    rows.iter().all(|row| {
        let values: Vec<_> = indices.iter().filter_map(|index| row.get(*index)).collect();
        seen.insert(values)
    })
}

/// The columns that may be the key. `columns` are in the order of `rows`.
pub(super) fn key(columns: &[DiscoveredColumn], rows: &[Vec<Value>]) -> Vec<String> {
    let never_null = |index: &usize| columns[*index].nulls == 0;
    let chosen = |by: &dyn Fn(&str) -> bool| -> Vec<usize> {
        (0..columns.len())
            .filter(never_null)
            .filter(|index| by(&columns[*index].name))
            .collect()
    };
    let choices = [
        chosen(&|name| name == "id"),
        chosen(&|name| name.ends_with("_id")),
        chosen(&|_| true),
    ];
    let key = choices
        .into_iter()
        .find(|choice| !choice.is_empty() && distinct(rows, choice));
    let key = key.into_iter().flatten();
    key.map(|index| columns[index].name.clone()).collect()
}
