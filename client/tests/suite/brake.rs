//! Writes that may touch a few rows only.

use std::time::{Duration, Instant};

use jsonsql_client::{Error, TransportErrorKind};
use serde_json::{Value, json};

use crate::Server;
use crate::server::Step;
use crate::tables::{Subscriber, ids};

fn disable(login: &str) -> jsonsql::Update<Subscriber, i64> {
    Subscriber::update(|s| s.username.eq(login)).set(|s| s.disabled.to(true))
}

fn too_many(error: &Error) -> (u64, u64) {
    match error {
        Error::TooManyRows { allowed, found, .. } => (*allowed, *found),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_keys_are_read_first_and_the_write_follows() {
    let server = Server::start().await;
    let client = server.client();
    server
        .on_call(Step::result(&json!([[7], [8]])))
        .on_call(Step::result(&json!([7, 8])));
    let write = disable("ivanov");
    assert_eq!(
        client.execute(&write.clone().at_most(2)).await.unwrap(),
        [7, 8]
    );
    let calls = server.calls();
    assert_eq!(calls.len(), 2);
    assert_eq!(calls[0].body["method"], "select");
    assert_eq!(
        calls[0].body["params"],
        json!({
            "data": [{"s": "id"}],
            "from": {"table": "subscriber", "as": "s"},
            "where": {"eq": [{"s": "username"}, "ivanov"]},
            "limit": 3,
        })
    );
    assert_eq!(calls[1].body["method"], "update");
    let written: Value = serde_json::from_str(&write.to_json().unwrap()).unwrap();
    assert_eq!(calls[1].body["params"], written);
}

#[tokio::test]
async fn too_many_rows_are_refused_before_anything_is_written() {
    let server = Server::start().await;
    let client = server.client();
    let update = disable("ivanov").at_most(2);
    server.on_call(Step::result(&json!([[7], [8], [9]])));
    let error = client.execute(&update).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the update of `subscriber` was not sent: it would touch at least 3 rows, \
         and 2 at the most are allowed"
    );
    assert!(!error.is_indeterminate() && !error.is_retryable());
    // The other calls, and a delete of every row.
    server.on_call(Step::result(&json!([[7], [8], [9]])));
    assert_eq!(
        too_many(&client.fetch_one(&update).await.unwrap_err()),
        (2, 3)
    );
    server.on_call(Step::result(&json!([[7], [8], [9]])));
    assert_eq!(
        too_many(&client.fetch_optional(&update).await.unwrap_err()),
        (2, 3)
    );
    let nobody = Subscriber::delete_all().at_most(0);
    server.on_call(Step::result(&json!([[7]])));
    assert_eq!(
        too_many(&client.fetch_all(&nobody).await.unwrap_err()),
        (0, 1)
    );
    // A server that takes no notice of `limit`.
    server.on_call(Step::result(&json!([1, 2, 3, 4, 5])));
    let error = client.execute(&update).idempotent().await.unwrap_err();
    assert_eq!(too_many(&error), (2, 5));
    let calls = server.calls();
    assert_eq!(calls.len(), 5);
    assert!(calls.iter().all(|call| call.body["method"] == "select"));
}

#[tokio::test]
async fn without_a_count_there_is_no_write() {
    let server = Server::start().await;
    let client = server.builder().max_attempts(1).build().unwrap();
    let write = Subscriber::delete(|s| s.disabled.eq(true)).at_most(3);
    for answer in [
        Step::result(&Value::Null),
        Step::result(&json!(0)),
        Step::result(&json!([[1, 2]])),
        Step::result(&json!([[null]])),
        Step::error("permission denied for relation subscriber"),
        Step::body("[]"),
        Step::Drop,
    ] {
        server.on_call(answer);
        let error = client.execute(&write).await.unwrap_err();
        assert!(!error.is_indeterminate(), "{error:?}");
    }
    // A text that would be misread stops both.
    let misread = disable("email").at_most(3);
    let error = client.execute(&misread).await.unwrap_err();
    assert!(matches!(error, Error::Statement(_)), "{error:?}");
    let calls = server.calls();
    assert_eq!(calls.len(), 7);
    assert!(calls.iter().all(|call| call.body["method"] == "select"));
}

#[tokio::test]
async fn rows_that_came_later_are_written_and_answered() {
    let server = Server::start().await;
    server
        .on_call(Step::result(&json!([])))
        .on_call(Step::result(&json!([7, 8])));
    let write = disable("ivanov").at_most(0);
    assert_eq!(server.client().execute(&write).await.unwrap(), [7, 8]);
}

#[tokio::test]
async fn the_count_takes_its_part_of_the_time() {
    let server = Server::start().await;
    let client = server.client();
    let write = disable("ivanov").at_most(3);
    let limit = Duration::from_millis(600);
    // Each alone would be in time.
    server
        .on_call(Step::result(&json!([[7]])).after(Duration::from_millis(400)))
        .on_call(Step::result(&json!([7])).after(Duration::from_millis(400)));
    let begun = Instant::now();
    let error = client.execute(&write).timeout(limit).await.unwrap_err();
    assert!(error.is_indeterminate(), "{error:?}");
    assert!(begun.elapsed() < Duration::from_millis(780));
    // Late already when counting: nothing was written.
    server.on_call(Step::result(&json!([[7]])).after(Duration::from_secs(9)));
    let error = client.execute(&write).timeout(limit).await.unwrap_err();
    assert!(
        matches!(&error, Error::Transport(error) if error.kind() == TransportErrorKind::Timeout),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_write_that_was_counted_is_sent_again_only_if_that_was_allowed() {
    let server = Server::start().await;
    let client = server.client();
    let write = disable("ivanov").at_most(3);
    server
        .on_call(Step::result(&json!([[7]])))
        .on_call(Step::Drop);
    let error = client.execute(&write).await.unwrap_err();
    assert!(error.is_indeterminate(), "{error:?}");
    server
        .on_call(Step::Drop)
        .on_call(Step::result(&json!([[7]])))
        .on_call(Step::Drop)
        .on_call(Step::result(&json!([7])));
    assert_eq!(client.execute(&write).idempotent().await.unwrap(), [7]);
    let methods: Vec<_> = server.calls()[2..]
        .iter()
        .map(|call| call.body["method"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(methods, ["select", "select", "update", "update"]);
}

/// Answers every call of a batch with as many keys as this.
fn counts(counts: &'static [usize]) -> Step {
    Step::with(move |request| {
        let calls = request.as_array().expect("a batch");
        assert_eq!(calls.len(), counts.len());
        let answers = calls.iter().zip(counts).map(|(call, count)| {
            assert_eq!(call["method"], "select");
            let keys: Vec<_> = (0..*count).map(|key| json!([key])).collect();
            json!({"id": call["id"], "result": keys})
        });
        Value::Array(answers.collect()).to_string()
    })
}

#[tokio::test]
async fn a_batch_counts_first_and_sends_what_may_be_sent() {
    let server = Server::start().await;
    let client = server.client();
    server
        .on_call(counts(&[1, 3]))
        .on_call(Step::with(|request| {
            let answers = request.as_array().unwrap().iter();
            let answers = answers.map(|call| json!({"id": call["id"], "result": [[5]]}));
            Value::Array(answers.collect()).to_string()
        }));
    let (select, few, many) = (
        ids(),
        disable("ivanov").at_most(1),
        Subscriber::delete(|s| s.disabled.eq(true)).at_most(2),
    );
    let (select, few, many) = client.batch((&select, &few, &many)).await;
    assert_eq!(select.unwrap(), [5]);
    assert_eq!(few.unwrap(), [5]);
    assert_eq!(too_many(&many.unwrap_err()), (2, 3));
    let calls = server.calls();
    assert_eq!(calls.len(), 2);
    let sent: Vec<_> = calls[1].body.as_array().unwrap().iter().collect();
    assert_eq!(sent.len(), 2);
    assert_eq!(
        (&sent[0]["method"], &sent[1]["method"]),
        (&json!("select"), &json!("update"))
    );

    // One that cannot be sent is not counted, and the others are.
    server.on_call(counts(&[0])).on_call(Step::with(|request| {
        let call = &request.as_array().unwrap()[0];
        json!([{"id": call["id"], "result": []}]).to_string()
    }));
    let writes = ["email", "petrov"].map(|login| disable(login).at_most(0));
    let results = client.batch(&writes[..]).await;
    assert!(matches!(results[0], Err(Error::Statement(_))));
    assert!(matches!(&results[1], Ok(rows) if rows.is_empty()));
    assert_eq!(server.calls().len(), 4);

    // A list of one kind, none of which is counted.
    server.on_call(Step::error("no"));
    let writes = ["a", "b"].map(|login| disable(login).at_most(1));
    let results = client.batch(&writes[..]).await;
    assert!(results.iter().all(Result::is_err));
    assert_eq!(server.calls().len(), 5);
}

#[cfg(feature = "blocking")]
#[test]
fn the_client_that_waits_has_the_brake_too() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let server = runtime.block_on(Server::start());
    let client = jsonsql_client::blocking::Client::new(server.client()).unwrap();
    server.on_call(Step::result(&json!([[7], [8]])));
    let error = client.execute(&disable("ivanov").at_most(1)).unwrap_err();
    assert_eq!(too_many(&error), (1, 2));
    assert_eq!(server.calls().len(), 1);
}

#[tokio::test]
async fn the_count_of_a_batch_ends_with_the_time_of_the_batch() {
    let server = Server::start().await;
    let client = server.client();
    let update = disable("ivanov").at_most(2);
    client.fetch_all(&ids()).await.unwrap();
    server.on_call(Step::result(&json!([])).after(Duration::from_secs(60)));
    let begun = Instant::now();
    let batch = client.batch((&update,)).timeout(Duration::from_millis(500));
    let (updated,) = batch.await;
    let error = updated.unwrap_err();
    let Error::Transport(transport) = &error else {
        panic!("{error:?}")
    };
    assert_eq!(transport.kind(), TransportErrorKind::Timeout);
    assert!(
        begun.elapsed() < Duration::from_secs(10),
        "{:?}",
        begun.elapsed()
    );
    // The read before, and the count: nothing is written without one.
    assert_eq!(server.calls().len(), 2);
}
