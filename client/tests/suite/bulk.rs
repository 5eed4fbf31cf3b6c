//! Many rows to insert.

use jsonsql::prelude::*;
use jsonsql_client::Error;
use serde_json::{Value, json};

use crate::Server;
use crate::server::Step;
use crate::tables::{NewSubscriber, Subscriber};

fn insert_of(rows: usize) -> Insert<Subscriber, i64> {
    let names: Vec<_> = (0..rows).map(|row| format!("user-{row:04}")).collect();
    let rows: Vec<_> = names
        .iter()
        .map(|username| NewSubscriber {
            username,
            password: None,
        })
        .collect();
    insert_many(&rows)
}

/// The numbers in the names of the rows a request inserts, as their keys.
fn keys(params: &Value) -> Vec<i64> {
    let of_row = |name: &Value| name.as_str().unwrap()[5..].parse().unwrap();
    match &params["values"] {
        Value::Array(rows) => rows.iter().map(|row| of_row(&row[0])).collect(),
        row => vec![of_row(&row["username"])],
    }
}

fn writes() -> Step {
    Step::with(|request| {
        json!({"id": request["id"], "result": keys(&request["params"])}).to_string()
    })
}

#[tokio::test]
async fn every_row_goes_once_and_no_request_is_too_long() {
    let server = Server::start().await;
    let client = server.builder().max_request_bytes(2000).build().unwrap();
    (0..100).for_each(|_| {
        server.on_call(writes());
    });
    let inserted = client.insert_many(&insert_of(500)).await.unwrap();
    assert!(inserted.not_sent.is_empty());
    let calls = server.calls();
    // 19 bytes each, and what goes around them.
    assert!((5..=8).contains(&calls.len()), "{}", calls.len());
    assert_eq!(inserted.runs.len(), calls.len());
    for ((range, keys), call) in inserted.runs.iter().zip(&calls) {
        let expected: Vec<_> = range.clone().map(|row| row as i64).collect();
        assert_eq!(*keys.as_ref().unwrap(), expected);
        assert!(call.body.to_string().len() <= 2000);
    }
    assert_eq!(inserted.all().unwrap(), (0..500).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_row_longer_than_the_limit_goes_alone() {
    let server = Server::start().await;
    let client = server.builder().max_request_bytes(10).build().unwrap();
    (0..3).for_each(|_| {
        server.on_call(writes());
    });
    let inserted = client.insert_many(&insert_of(3)).await.unwrap();
    assert_eq!(inserted.all().unwrap(), [0, 1, 2]);
    assert_eq!(server.calls().len(), 3);
}

#[tokio::test]
async fn a_refused_run_does_not_stop_the_others_and_a_lost_one_does() {
    let server = Server::start().await;
    let client = server.builder().max_request_bytes(10).build().unwrap();
    server
        .on_call(writes())
        .on_call(Step::error("no"))
        .on_call(writes())
        .on_call(Step::Drop);
    let inserted = client.insert_many(&insert_of(6)).await.unwrap();
    let ends: Vec<_> = inserted
        .runs
        .iter()
        .map(|(rows, run)| match run {
            Ok(_) => (rows.start, "written"),
            Err(Error::Server(_)) => (rows.start, "refused"),
            Err(Error::Indeterminate(_)) => (rows.start, "unknown"),
            Err(other) => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(
        ends,
        [
            (0, "written"),
            (1, "refused"),
            (2, "written"),
            (3, "unknown")
        ]
    );
    assert_eq!(inserted.not_sent, 4..6);
    assert_eq!(server.calls().len(), 4);
}

#[tokio::test]
async fn rows_that_would_be_misread_stop_everything() {
    let server = Server::start().await;
    let row = NewSubscriber {
        username: "email",
        password: None,
    };
    let error = server
        .client()
        .insert_many(&insert(&row))
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Statement(_)));
    assert!(server.logins().is_empty());
}

#[tokio::test]
async fn no_request_has_more_values_than_a_server_can_bind() {
    // Two columns a row: 32,766 values (SQLite's limit) are 16,383 rows.
    let server = Server::start().await;
    let roomy = server.builder().max_request_bytes(usize::MAX);
    let client = roomy.build().unwrap();
    let empty = || Step::result(&json!([]));
    server.on_call(empty()).on_call(empty());
    let inserted = client.insert_many(&insert_of(16_384)).await.unwrap();
    let runs: Vec<_> = inserted.runs.into_iter().map(|(range, _)| range).collect();
    assert_eq!(runs, [0..16_383, 16_383..16_384]);

    let client = server.builder().max_insert_values(5).build().unwrap();
    (0..2).for_each(|_| {
        server.on_call(empty());
    });
    let inserted = client.insert_many(&insert_of(4)).await.unwrap();
    let runs: Vec<_> = inserted.runs.into_iter().map(|(range, _)| range).collect();
    assert_eq!(runs, [0..2, 2..4]);
    // A row that is over the limit goes alone.
    let client = server.builder().max_insert_values(1).build().unwrap();
    let inserted = client.insert_many(&insert_of(2)).await.unwrap();
    assert_eq!(inserted.runs.len(), 2);
    let none = server.builder().max_insert_values(0).build();
    assert!(matches!(none, Err(Error::Config(_))));
}
