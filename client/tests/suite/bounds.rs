//! Numbers and times without bounds: none of them harms more than its own call.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jsonsql_client::{
    Authorization, Client, ClientBuilder, Error, Reply, Request, Transport, TransportError,
    TransportErrorKind,
};
use serde_json::json;

use crate::server::{PASSWORD, Step};
use crate::tables::{ids, new_subscriber};
use crate::{SOON, Server, within};

/// More seconds than a clock can add, in every way a header can say it.
const LONG: [&str; 5] = [
    "9223372036854775000",
    "9223372036854775807",
    "18446744073709551615",
    "184467440737095516150",
    "Fri, 31 Dec 9999 23:59:59 GMT",
];

#[tokio::test]
async fn a_pause_without_bounds_is_an_error_at_once() {
    for seconds in LONG {
        for status in [429, 503] {
            let server = Server::start().await;
            let header = format!("Retry-After: {seconds}\r\n");
            server.on_call(Step::status(status, &header, ""));
            let error = within(SOON, server.client().fetch_all(&ids()).into_future())
                .await
                .unwrap_err();
            let Error::Status { retry_after, .. } = error else {
                panic!("{error:?}")
            };
            assert_eq!(retry_after, Some(Duration::from_secs(24 * 60 * 60)));
        }
    }
}

#[tokio::test]
async fn a_pause_without_bounds_ends_a_login_and_leaves_the_next() {
    for seconds in LONG {
        let server = Server::start().await;
        let header = format!("Retry-After: {seconds}\r\n");
        server.on_login(Step::status(503, &header, ""));
        let client = server.client();
        let error = within(SOON, client.fetch_all(&ids()).into_future()).await;
        assert!(matches!(error, Err(Error::Login(_))), "{error:?}");
        assert_eq!(server.logins().len(), 1);
        client.fetch_all(&ids()).await.unwrap();
    }
}

#[tokio::test]
async fn every_time_and_every_number_may_be_the_largest() {
    type Set = fn(ClientBuilder) -> ClientBuilder;
    let settings: [Set; 13] = [
        |builder| builder.connect_timeout(Duration::MAX),
        |builder| builder.idle_timeout(Duration::MAX),
        |builder| builder.attempt_timeout(Duration::MAX),
        |builder| builder.total_timeout(Duration::MAX),
        |builder| builder.login_cool_down(Duration::MAX),
        |builder| builder.backoff(Duration::MAX, Duration::MAX),
        |builder| builder.max_attempts(u32::MAX),
        |builder| builder.retry_budget(u32::MAX),
        |builder| builder.max_concurrency(usize::MAX),
        |builder| builder.max_rate(u32::MAX),
        |builder| builder.max_response_bytes(usize::MAX),
        |builder| builder.max_request_bytes(usize::MAX),
        |builder| builder.max_batch_calls(usize::MAX),
    ];
    for set in settings {
        let server = Server::start().await;
        let client = set(server.builder()).build().unwrap();
        server.on_call(Step::result(&json!([7])));
        let ids = ids();
        let read = client.fetch_all(&ids).timeout(Duration::MAX);
        assert_eq!(within(SOON, read.into_future()).await.unwrap(), [7]);
        // Twice: a success puts something back into what is full.
        server.on_call(Step::result(&json!([7])));
        let select = client.fetch_all(&ids).into_future();
        within(SOON, select).await.unwrap();
        client.batch((&ids, &ids)).await.0.unwrap_err();
        // A pause as long as allowed is no panic either: it ends the call.
        server.on_call(Step::status(429, "", ""));
        let limit = Duration::from_millis(50);
        let _ = within(SOON, client.fetch_all(&ids).timeout(limit).into_future()).await;
        // And the refusal of a login is remembered.
        server.expire(Step::status(401, "", ""));
        server.on_login(Step::error("no"));
        let refused = within(SOON, client.fetch_all(&ids).into_future()).await;
        assert!(refused.unwrap_err().is_auth());
    }
}

#[tokio::test]
async fn an_announced_length_reserves_nothing() {
    let server = Server::start().await;
    server.on_call(Step::Bytes(
        b"HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775807\r\n\r\n{",
    ));
    let client = server.builder().max_response_bytes(usize::MAX).build();
    let ids = ids();
    let call = client.unwrap();
    let call = call.fetch_all(&ids).timeout(Duration::from_millis(200));
    let error = within(SOON, call.into_future()).await.unwrap_err();
    assert!(matches!(error, Error::Transport(_)), "{error:?}");
}

/// What a [`Panics`] panics at.
#[derive(Clone, Copy, PartialEq)]
enum At {
    Login,
    /// The next call, once.
    Call,
    Nothing,
}

/// A transport that panics: before or after it has returned a future.
struct Panics {
    at: Arc<Mutex<At>>,
    at_once: bool,
    logins: Arc<AtomicUsize>,
}

impl Transport for Panics {
    fn send<'a>(
        &'a self,
        request: Request<'a>,
    ) -> Pin<Box<dyn Future<Output = Result<Reply, TransportError>> + Send + 'a>> {
        let is_login = matches!(request.authorization, Authorization::None);
        let mut at = self.at.lock().unwrap();
        let panics = match *at {
            At::Login => is_login,
            At::Call => !is_login,
            At::Nothing => false,
        };
        if is_login {
            self.logins.fetch_add(1, Ordering::Relaxed);
        } else if panics {
            *at = At::Nothing;
        }
        drop(at);
        assert!(!(panics && self.at_once), "planted");
        Box::pin(async move {
            tokio::task::yield_now().await;
            assert!(!panics, "planted");
            Ok(Reply::ok(match is_login {
                true => r#"{"result":{"session_id":"s"}}"#,
                false => r#"{"result":[9]}"#,
            }))
        })
    }
}

fn panicking(at: At, at_once: bool) -> (Client, Arc<Mutex<At>>, Arc<AtomicUsize>) {
    let (at, logins) = (Arc::new(Mutex::new(at)), Arc::default());
    let client = Client::builder()
        .domain("operator")
        .credentials("billing", PASSWORD)
        .transport(Panics {
            at: Arc::clone(&at),
            at_once,
            logins: Arc::clone(&logins),
        })
        .build()
        .unwrap();
    (client, at, logins)
}

#[tokio::test]
async fn a_login_whose_transport_panics_is_an_error_to_all_who_wait() {
    for at_once in [true, false] {
        let (client, _, logins) = panicking(At::Login, at_once);
        for _ in 0..10 {
            let waiting = (0..20).map(|_| {
                let client = client.clone();
                tokio::spawn(async move { client.fetch_all(&ids()).await })
            });
            for call in waiting.collect::<Vec<_>>() {
                let error = within(SOON, call).await.unwrap().unwrap_err();
                assert!(matches!(error, Error::Login(_)), "{error:?}");
            }
        }
        // One for each round of those who wait together.
        let logins = logins.load(Ordering::Relaxed);
        assert!(logins <= 20, "{logins} logins for 10 rounds of calls");
    }
}

#[tokio::test]
async fn a_call_whose_transport_panics_harms_no_other() {
    for at_once in [true, false] {
        let (client, at, _) = panicking(At::Nothing, at_once);
        client.fetch_all(&ids()).await.unwrap();
        *at.lock().unwrap() = At::Call;
        let error = client.execute(&new_subscriber()).await.unwrap_err();
        let Error::Indeterminate(lost) = &error else {
            panic!("{error:?}")
        };
        let Error::Transport(cause) = lost.cause() else {
            panic!("{lost:?}")
        };
        assert_eq!(cause.kind(), TransportErrorKind::Internal);
        assert_eq!(client.fetch_all(&ids()).await.unwrap(), [9]);
    }
}

#[test]
fn a_login_whose_runtime_is_gone_is_an_error_and_the_next_one_works() {
    let others = tokio::runtime::Runtime::new().unwrap();
    let server = others.block_on(Server::start());
    let session = json!({"session_id": "sessionsecret1"});
    server.on_login(Step::result(&session).after(SOON));
    let client = server.client();
    let gone = tokio::runtime::Runtime::new().unwrap();
    let first = client.clone();
    gone.spawn(async move { first.fetch_all(&ids()).await });
    std::thread::sleep(Duration::from_millis(200));
    others.block_on(async {
        let waiting = client.clone();
        let waiting = tokio::spawn(async move { waiting.fetch_all(&ids()).await });
        tokio::time::sleep(Duration::from_millis(100)).await;
        gone.shutdown_background();
        let error = within(SOON, waiting).await.unwrap().unwrap_err();
        assert!(error.is_retryable(), "{error:?}");
        client.fetch_all(&ids()).await.unwrap();
        assert_eq!(server.logins().len(), 2);
    });
}
