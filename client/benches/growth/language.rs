//! Statements: built, written, read, resolved and checked; rows.

use jsonsql::Statement as _;
use jsonsql::ast::{Method, Statement};
use jsonsql::prelude::*;
use jsonsql::resolve::{Schema, resolve, validate};
use jsonsql_client::schema::{Subscriber, SubscriberId};

use crate::part::{Part, part, timed};

fn ids(count: usize) -> Vec<SubscriberId> {
    (1..=count as i64).map(SubscriberId).collect()
}

/// A query with as many conditions, joined by AND.
fn conditions(count: usize) -> Select<Subscriber> {
    ids(count).into_iter().fold(Subscriber::all(), |query, id| {
        query.filter(move |s| s.id.neq(id))
    })
}

fn list(count: usize) -> Select<Subscriber> {
    let ids = ids(count);
    Subscriber::filter(|s| s.id.is_in(ids))
}

fn schema() -> Schema {
    Schema::new([Subscriber::INFO.into()])
}

fn read(json: &str) -> Statement {
    Statement::from_json(Method::Select, json.as_bytes()).expect("a statement")
}

/// The rows of an answer, as JSON.
pub(crate) fn rows(count: usize) -> String {
    let rows: Vec<String> = (1..=count)
        .map(|id| format!("[{id},\"login{id}\"]"))
        .collect();
    format!("[{}]", rows.join(","))
}

pub(crate) fn parts<'a>() -> Vec<Part<'a>> {
    vec![
        part("building conditions, one by one", 100, |count| {
            move || timed(|| conditions(count))
        }),
        part("writing conditions", 100, |count| {
            let query = conditions(count);
            move || timed(|| query.to_json())
        }),
        part("parsing conditions", 100, |count| {
            let json = conditions(count).to_json().expect("a statement");
            move || timed(|| read(&json))
        }),
        part("resolving conditions", 100, |count| {
            let statement = read(&conditions(count).to_json().expect("a statement"));
            let schema = schema();
            move || {
                let mut statement = statement.clone();
                timed(|| resolve(&mut statement, &schema).expect("names that are known"))
            }
        }),
        part("checking conditions", 100, |count| {
            let (query, schema) = (conditions(count), schema());
            move || timed(|| validate(query.ast(), &schema))
        })
        .at_most(1.4, "up to 2,048 literals are put in order"),
        part("building a list of values", 1_000, |count| {
            move || timed(|| list(count))
        }),
        part("writing a list of values", 1_000, |count| {
            let query = list(count);
            move || timed(|| query.to_json())
        }),
        part("parsing a list of values", 1_000, |count| {
            let json = list(count).to_json().expect("a statement");
            move || timed(|| read(&json))
        }),
        part("reading SQL with a list of values", 1_000, |count| {
            let sql = list(count).to_string().replace('?', "1");
            move || timed(|| jsonsql::sql::parse(&sql).expect("SQL"))
        }),
        part("decoding rows", 1_000, |count| {
            let rows = rows(count);
            move || {
                let rows = rows.as_bytes();
                timed(|| jsonsql::row::decode::<(i64, String)>(rows).expect("rows"))
            }
        }),
    ]
}
