//! Calls without an answer: what is sent again, and what is not.

use std::time::{Duration, Instant};

use jsonsql_client::{Client, Error, TransportErrorKind, Write};
use serde_json::json;

use crate::server::{PASSWORD, Step};
use crate::tables::{Subscriber, ids, new_subscriber};
use crate::{SOON, Server, within};

/// Every way to lose an answer after the request was read.
fn losses() -> [Step; 5] {
    [
        Step::Drop,
        Step::CutOff(r#"{"id":1,"#.to_owned()),
        Step::status(500, "", ""),
        Step::status(502, "", "<html>Bad Gateway</html>"),
        Step::status(504, "", ""),
    ]
}

#[tokio::test]
async fn a_read_whose_answer_is_lost_is_sent_again() {
    for loss in losses() {
        let server = Server::start().await;
        server
            .on_call(loss.clone())
            .on_call(loss)
            .on_call(Step::result(&json!([5])));
        assert_eq!(server.client().fetch_all(&ids()).await.unwrap(), [5]);
        let sent = server.calls();
        assert_eq!(sent.len(), 3);
        assert!(sent.iter().all(|call| call.body == sent[0].body));
    }
}

#[tokio::test]
async fn a_write_whose_answer_is_lost_is_indeterminate_and_not_sent_again() {
    for loss in losses() {
        let server = Server::start().await;
        server.on_call(loss);
        let error = server
            .client()
            .execute(&new_subscriber())
            .await
            .unwrap_err();
        let Error::Indeterminate(lost) = &error else {
            panic!("{error:?}")
        };
        assert_eq!(lost.write().method(), "insert");
        assert_eq!(lost.write().tables(), ["subscriber"]);
        let Write::Statement(statement) = lost.write() else {
            panic!("{lost:?}")
        };
        assert!(statement.to_string().starts_with("INSERT INTO subscriber"));
        assert!(lost.cause().is_retryable(), "{:?}", lost.cause());
        assert!(!error.is_retryable());
        assert!(
            error
                .to_string()
                .starts_with("unknown whether the insert on `subscriber` was executed: ")
        );
        assert!(!format!("{error:#} {error:?}").contains("rowsecret77"));
        assert_eq!(server.calls().len(), 1);
    }
}

#[tokio::test]
async fn an_idempotent_write_is_sent_again_but_stays_unknown_if_it_never_answers() {
    let server = Server::start().await;
    let client = server.client();
    let disable = Subscriber::update(|s| s.username.eq("ivanov")).set(|s| s.disabled.to(true));
    server
        .on_call(Step::Drop)
        .on_call(Step::result(&json!([1])));
    assert_eq!(client.execute(&disable).idempotent().await.unwrap(), [1]);
    assert_eq!(server.calls().len(), 2);

    for _ in 0..4 {
        server.on_call(Step::Drop);
    }
    let error = client.execute(&disable).idempotent().await.unwrap_err();
    assert!(error.is_indeterminate(), "{error:?}");
    assert_eq!(server.calls().len(), 6);

    // The second attempt is refused, perhaps because of the first.
    server.on_call(Step::Drop).on_call(Step::error("no"));
    let error = client.execute(&disable).idempotent().await.unwrap_err();
    let Error::Indeterminate(lost) = &error else {
        panic!("{error:?}")
    };
    assert!(matches!(lost.cause(), Error::Server(_)));
}

#[tokio::test]
async fn a_connection_that_is_refused_is_tried_again_for_writes_too() {
    let server = Server::start().await;
    let url = server.url();
    drop(server);
    let client = Client::builder()
        .url(&url)
        .credentials("billing", PASSWORD)
        .backoff(Duration::from_millis(1), Duration::from_millis(2))
        .build()
        .unwrap();
    let error = within(SOON, client.execute(&new_subscriber()).into_future())
        .await
        .unwrap_err();
    assert!(
        error.is_retryable() && !error.is_indeterminate(),
        "{error:?}"
    );
}

#[tokio::test]
async fn with_the_server_down_the_budget_bounds_what_is_sent() {
    let server = Server::start().await;
    let client = server.builder().retry_budget(7).build().unwrap();
    client.fetch_all(&ids()).await.unwrap();
    // As many as will be sent: a bound that is exceeded meets an answer.
    for _ in 0..30 + 7 {
        server.on_call(Step::Drop);
    }
    for _ in 0..30 {
        client.fetch_all(&ids()).await.unwrap_err();
    }
    assert_eq!(server.calls().len(), 1 + 30 + 7);
    client.fetch_all(&ids()).await.unwrap();
}

#[tokio::test]
async fn ten_calls_that_succeed_pay_for_a_repetition() {
    let server = Server::start().await;
    let client = server.builder().retry_budget(1).build().unwrap();
    let ids = ids();
    let read_after_a_loss = async || {
        server.on_call(Step::Drop);
        client.fetch_all(&ids).await
    };
    read_after_a_loss().await.unwrap();
    // The one that was repeated has succeeded too.
    for _ in 0..9 {
        client.fetch_all(&ids).await.unwrap();
    }
    read_after_a_loss().await.unwrap();
    read_after_a_loss().await.unwrap_err();
}

#[tokio::test]
async fn a_connection_closed_before_it_was_read_from() {
    // Whether the request was read cannot be known on this side.
    let server = Server::start().await;
    let client = server.client();
    server.slam(1);
    client.fetch_all(&ids()).await.unwrap();
    assert_eq!(server.logins().len(), 1);
}

#[tokio::test]
async fn too_many_requests_are_not_executed_and_wait_as_told() {
    let server = Server::start().await;
    server.on_call(Step::status(429, "Retry-After: 1\r\n", ""));
    let begun = Instant::now();
    server.client().execute(&new_subscriber()).await.unwrap();
    assert!(begun.elapsed() >= Duration::from_secs(1));
    assert_eq!(server.calls().len(), 2);

    server.on_call(Step::status(429, "Retry-After: 3600\r\n", ""));
    let call = server.client();
    let error = within(SOON, call.execute(&new_subscriber()).into_future())
        .await
        .unwrap_err();
    let hour = Some(Duration::from_secs(3600));
    assert!(matches!(error, Error::Status { status: 429, retry_after, .. } if retry_after == hour));
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let elsewhere = Server::start().await;
    for status in [301, 302, 303, 307, 308] {
        let server = Server::start().await;
        let location = format!("Location: {}/jsonsql/\r\n", elsewhere.url());
        server.on_call(Step::status(status, &location, ""));
        let error = server.client().fetch_all(&ids()).await.unwrap_err();
        assert!(matches!(error, Error::Status { status: found, .. } if found == status));
        server.on_login(Step::status(status, &location, ""));
        let error = server.client().fetch_all(&ids()).await.unwrap_err();
        assert!(matches!(error, Error::Login(_)), "{error:?}");
    }
    assert!(elsewhere.logins().is_empty() && elsewhere.calls().is_empty());
}

#[tokio::test]
async fn an_answer_without_end_ends_at_its_deadline() {
    let server = Server::start().await;
    let limit = Duration::from_millis(200);
    let by_attempt = server
        .builder()
        .attempt_timeout(limit)
        .max_attempts(1)
        .build()
        .unwrap();
    let in_total = server.builder().total_timeout(limit).build().unwrap();
    let late = Step::result(&json!([])).after(SOON);
    for client in [by_attempt, in_total] {
        for step in [Step::Endless, late.clone()] {
            server.on_call(step.clone()).on_call(step);
            let begun = Instant::now();
            let error = client.fetch_all(&ids()).await.unwrap_err();
            let Error::Transport(transport) = &error else {
                panic!("{error:?}")
            };
            assert_eq!(transport.kind(), TransportErrorKind::Timeout);
            assert!(
                client
                    .execute(&new_subscriber())
                    .await
                    .unwrap_err()
                    .is_indeterminate()
            );
            assert!(
                begun.elapsed() < Duration::from_secs(2),
                "{:?}",
                begun.elapsed()
            );
        }
    }
    assert_eq!(server.calls().len(), 8);
}

#[tokio::test]
async fn a_call_can_have_its_own_deadline() {
    let server = Server::start().await;
    server.on_call(Step::result(&json!([])).after(SOON));
    let client = server.client();
    let begun = Instant::now();
    client
        .fetch_all(&ids())
        .timeout(Duration::from_millis(100))
        .await
        .unwrap_err();
    assert!(begun.elapsed() < Duration::from_secs(2));
}

#[tokio::test]
async fn a_call_that_waits_for_its_turn_is_not_sent() {
    let server = Server::start().await;
    let client = server.builder().max_concurrency(1).build().unwrap();
    client.fetch_all(&ids()).await.unwrap();
    server.on_call(Step::result(&json!([])).after(Duration::from_millis(500)));
    let first = client.clone();
    let first = tokio::spawn(async move { first.fetch_all(&ids()).await });
    tokio::time::sleep(Duration::from_millis(50)).await;
    let write = new_subscriber();
    let second = client.execute(&write).timeout(Duration::from_millis(100));
    let error = second.await.unwrap_err();
    assert!(
        !error.is_indeterminate() && error.is_retryable(),
        "{error:?}"
    );
    within(SOON, first).await.unwrap().unwrap();
    assert_eq!(server.calls().len(), 2);
}
