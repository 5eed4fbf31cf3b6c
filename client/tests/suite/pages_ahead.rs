//! One page is read while the rows of the page before it are taken.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::Duration;

use jsonsql_client::{Authorization, Client, Error, Reply, Request, Transport, TransportError};
use serde_json::json;

use crate::server::{PASSWORD, Step};
use crate::tables::ids;
use crate::{SOON, Server, within};

/// Waits until a count is this, and sees that it then stays so.
async fn settles(what: &str, expected: usize, count: impl Fn() -> usize) {
    let reached = async {
        while count() != expected {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    within(SOON, reached).await;
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert_eq!(count(), expected, "{what}");
}

#[tokio::test]
async fn the_next_page_is_requested_before_the_rows_of_one_are_taken_and_none_after_it() {
    let server = Server::start().await;
    for page in [1, 4, 7] {
        server.on_call(Step::result(&json!([
            [page, page],
            [page + 1, page + 1],
            [page + 2, page + 2]
        ])));
    }
    let client = server.builder().page_rows(3).build().unwrap();
    let mut rows = client.stream(&ids());
    settles("a stream that nobody asks", 0, || server.calls().len()).await;
    let requests = [2, 2, 2, 3, 3, 3, 4, 4, 4];
    for (id, requests) in (1..).zip(requests) {
        assert_eq!(rows.next().await.unwrap().unwrap(), id);
        settles("requests", requests, || server.calls().len()).await;
    }
    assert!(rows.next().await.is_none());
    assert_eq!(server.calls().len(), 4);
}

#[tokio::test]
async fn no_page_is_requested_beyond_the_limit() {
    let server = Server::start().await;
    server.on_call(Step::result(&json!([[1, 1], [2, 2]])));
    let client = server.builder().page_rows(3).build().unwrap();
    let mut rows = client.stream(&ids().limit(2));
    assert_eq!(rows.next().await.unwrap().unwrap(), 1);
    settles("requests", 1, || server.calls().len()).await;
}

#[tokio::test]
async fn an_error_of_the_next_page_comes_after_the_rows_before_it() {
    let server = Server::start().await;
    server
        .on_call(Step::result(&json!([[1, 1], [2, 2]])))
        .on_call(Step::error("no"));
    let client = server.client();
    let mut rows = client.stream(&ids());
    assert_eq!(rows.next().await.unwrap().unwrap(), 1);
    settles("requests", 2, || server.calls().len()).await;
    assert_eq!(rows.next().await.unwrap().unwrap(), 2);
    assert!(matches!(rows.next().await, Some(Err(Error::Server(_)))));
    assert!(rows.next().await.is_none());
}

/// One page, and then a request that is never answered.
#[derive(Clone, Default)]
struct Silent {
    requests: Arc<AtomicUsize>,
    /// The number of requests that somebody waits for.
    waiting: Arc<AtomicUsize>,
}

/// Counts as long as it lives.
struct Counted(Arc<AtomicUsize>);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_sub(1, SeqCst);
    }
}

impl Transport for Silent {
    fn send<'a>(
        &'a self,
        request: Request<'a>,
    ) -> Pin<Box<dyn Future<Output = Result<Reply, TransportError>> + Send + 'a>> {
        let body = match request.authorization {
            Authorization::None => r#"{"result":{"session_id":"s"}}"#,
            _ if self.requests.fetch_add(1, SeqCst) == 0 => r#"{"result":[[1,1],[2,2]]}"#,
            _ => {
                self.waiting.fetch_add(1, SeqCst);
                let counted = Counted(Arc::clone(&self.waiting));
                return Box::pin(async move {
                    let _counted = counted;
                    std::future::pending().await
                });
            }
        };
        Box::pin(async move { Ok(Reply::ok(body)) })
    }
}

#[tokio::test]
async fn a_stream_that_is_dropped_abandons_the_page_ahead() {
    let server = Silent::default();
    let client = Client::builder()
        .domain("operator")
        .credentials("billing", PASSWORD)
        .transport(server.clone())
        .build()
        .unwrap();
    let mut rows = client.stream(&ids());
    assert_eq!(rows.next().await.unwrap().unwrap(), 1);
    let waiting = || server.waiting.load(SeqCst);
    settles("requests under way", 1, waiting).await;
    drop(rows);
    settles("requests under way", 0, waiting).await;
    assert_eq!(server.requests.load(SeqCst), 2);
}
