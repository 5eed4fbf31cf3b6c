//! As many requests in a second as were allowed.

use std::time::{Duration, Instant};

use crate::Server;
use crate::tables::{ids, new_subscriber};

#[tokio::test]
async fn requests_leave_evenly_apart() {
    let server = Server::start().await;
    let client = server.builder().max_rate(50).build().unwrap();
    let begun = Instant::now();
    let calls = (0..10).map(|_| {
        let client = client.clone();
        tokio::spawn(async move { client.fetch_all(&ids()).await })
    });
    for call in calls.collect::<Vec<_>>() {
        call.await.unwrap().unwrap();
    }
    // A login and ten calls: ten pauses of 20 ms between them.
    assert!(begun.elapsed() >= Duration::from_millis(200));
    assert_eq!((server.logins().len(), server.calls().len()), (1, 10));
}

#[tokio::test]
async fn a_call_whose_turn_comes_too_late_is_not_sent() {
    let server = Server::start().await;
    let client = server.builder().max_rate(1).max_attempts(1).build();
    let client = client.unwrap();
    let write = new_subscriber();
    let begun = Instant::now();
    let error = client.execute(&write).timeout(Duration::from_millis(300));
    let error = error.await.unwrap_err();
    assert!(
        error.is_retryable() && !error.is_indeterminate(),
        "{error:?}"
    );
    assert!(
        begun.elapsed() < Duration::from_millis(300),
        "known at once"
    );
    assert_eq!((server.logins().len(), server.calls().len()), (1, 0));
    client.execute(&write).await.unwrap();
}
