//! What HTTP does that a server's program does not know of.

use std::collections::HashSet;
use std::time::Duration;

use jsonsql_client::{Error, ProtocolError};
use serde_json::json;

use crate::Server;
use crate::server::Step;
use crate::tables::{ids, new_subscriber};

/// `{"result":[1]}`, compressed.
const GZIP: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 34\r\n\r\n\
    \x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff\xab\x56\x2a\x4a\x2d\x2e\xcd\x29\x51\xb2\x8a\x36\x8c\xad\x05\x00\x8b\xfe\xe4\xcf\x0e\x00\x00\x00";

#[tokio::test]
async fn compression_is_not_asked_for_and_not_taken() {
    let server = Server::start().await;
    let client = server.client();
    server.on_call(Step::Bytes(GZIP)).on_call(Step::Bytes(GZIP));
    let error = client.fetch_all(&ids()).await.unwrap_err();
    assert!(
        matches!(&error, Error::Protocol(problem) if matches!(**problem, ProtocolError::Text { .. })),
        "{error:?}"
    );
    let error = client.execute(&new_subscriber()).await.unwrap_err();
    assert!(error.is_indeterminate(), "{error:?}");
    assert_eq!(server.calls().len(), 2);
    let calls = server.calls();
    assert!(
        calls
            .iter()
            .all(|call| call.header("accept-encoding").is_none())
    );
}

/// The server closes each connection after an answer, as after a restart: the
/// next request may go into it before that is noticed.
#[tokio::test]
async fn connections_that_close_between_calls_lose_no_call_and_double_none() {
    let server = Server::start().await;
    let client = server.client();
    for _ in 0..50 {
        server.on_call(Step::result(&json!([7])).last());
        assert_eq!(client.fetch_all(&ids()).await.unwrap(), [7]);
    }
    let (mut written, mut unknown) = (0, 0);
    for _ in 0..50 {
        server.on_call(Step::result(&json!([7])).last());
        match client.execute(&new_subscriber()).await {
            Ok(_) => written += 1,
            Err(error) if error.is_indeterminate() => unknown += 1,
            Err(error) => panic!("{error:?}"),
        }
    }
    let writes = server.calls();
    let writes = writes.iter().filter(|call| call.body["method"] == "insert");
    let ids: Vec<_> = writes.map(|call| call.body["id"].as_u64()).collect();
    assert_eq!(ids.iter().collect::<HashSet<_>>().len(), ids.len());
    assert!((written..=written + unknown).contains(&ids.len()));
    assert_eq!(server.logins().len(), 1);
}

/// Apache's default is to close a connection after 5 s without a request: what is
/// written into it then is lost, and nobody knows what became of it.
#[tokio::test]
async fn a_connection_that_a_server_may_be_closing_is_not_written_into() {
    let server = Server::start().await;
    let client = server.client();
    client.fetch_all(&ids()).await.unwrap();
    server.close_idle(Duration::from_millis(4700));
    tokio::time::sleep(Duration::from_millis(4900)).await;
    let written = client.execute(&new_subscriber()).await;
    assert!(written.is_ok(), "{written:?}");
    assert_eq!(server.calls().len(), 2);

    let client = server.builder().idle_timeout(Duration::from_millis(50));
    let client = client.build().unwrap();
    client.fetch_all(&ids()).await.unwrap();
    server.close_idle(Duration::from_millis(100));
    tokio::time::sleep(Duration::from_millis(200)).await;
    client.execute(&new_subscriber()).await.unwrap();
}

/// What is closed before a byte of a request was written into it is proof that
/// nothing was read: a write goes to another connection, once.
#[tokio::test]
async fn a_write_on_a_connection_that_was_closed_meanwhile_is_written_once() {
    let server = Server::start().await;
    let client = server.client();
    for _ in 0..20 {
        server.on_call(Step::result(&json!([7])).last());
        client.fetch_all(&ids()).await.unwrap();
        let before = server.calls().len();
        tokio::time::sleep(Duration::from_millis(20)).await;
        server.on_call(Step::result(&json!([7])));
        assert_eq!(client.execute(&new_subscriber()).await.unwrap(), [7]);
        assert_eq!(server.calls().len(), before + 1);
    }
}
