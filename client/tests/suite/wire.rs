//! What HTTP does that a server's program does not know of.

use std::collections::HashSet;
use std::future::poll_fn;
use std::io::Write;
use std::task::Poll;
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;
use jsonsql_client::{Client, Error, LoginError, TransportErrorKind};
use serde_json::json;
use tokio::net::TcpListener;

use crate::Server;
use crate::server::{PASSWORD, Step};
use crate::tables::{ids, new_subscriber};

/// `{"result":[1]}`, compressed.
const GZIP: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 34\r\n\r\n\
    \x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff\xab\x56\x2a\x4a\x2d\x2e\xcd\x29\x51\xb2\x8a\x36\x8c\xad\x05\x00\x8b\xfe\xe4\xcf\x0e\x00\x00\x00";

#[tokio::test]
async fn compression_is_asked_for_and_taken() {
    let server = Server::start().await;
    let client = server.client();
    server.on_call(Step::Bytes(GZIP)).on_call(Step::Bytes(GZIP));
    assert_eq!(client.fetch_all(&ids()).await.unwrap(), [1]);
    assert_eq!(client.execute(&new_subscriber()).await.unwrap(), [1]);
    let calls = server.calls();
    let asked = calls.iter().map(|call| call.header("accept-encoding"));
    assert!(asked.eq([Some("gzip"); 2]));
}

/// An answer of these bytes, compressed.
fn gzip(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(body).unwrap();
    let body = encoder.finish().unwrap();
    let length = body.len();
    let head =
        format!("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {length}\r\n\r\n");
    [head.into_bytes(), body].concat()
}

#[tokio::test]
async fn what_comes_out_of_compression_has_the_limit_that_an_answer_has() {
    let server = Server::start().await;
    let client = server.builder().max_response_bytes(100_000).build();
    let client = client.unwrap();
    let bomb = gzip(&vec![b' '; 32 << 20]);
    assert!(bomb.len() < 100_000, "a thousandth of what comes out");
    let bomb: &'static [u8] = bomb.leak();
    server.on_call(Step::Bytes(bomb)).on_call(Step::Bytes(bomb));
    let begun = Instant::now();
    let error = client.fetch_all(&ids()).await.unwrap_err();
    let Error::Transport(transport) = &error else {
        panic!("{error:?}")
    };
    assert_eq!(transport.kind(), TransportErrorKind::TooLarge);
    let error = client.execute(&new_subscriber()).await.unwrap_err();
    assert!(error.is_indeterminate(), "{error:?}");
    assert!(begun.elapsed() < Duration::from_secs(2));
}

#[tokio::test]
async fn compression_that_is_broken_or_of_another_kind_is_an_error() {
    let server = Server::start().await;
    let client = server.builder().max_attempts(1).build().unwrap();
    let mut cut = gzip(br#"{"result":[1]}"#);
    let end = cut.len() - 9;
    cut[end] ^= 0xff;
    let cut: &'static [u8] = cut.leak();
    const OTHER: &[u8] =
        b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 3\r\n\r\n\x8b\x02\x80";
    for bytes in [cut, OTHER] {
        server
            .on_call(Step::Bytes(bytes))
            .on_call(Step::Bytes(bytes));
        client.fetch_all(&ids()).await.unwrap_err();
        let error = client.execute(&new_subscriber()).await.unwrap_err();
        assert!(error.is_indeterminate(), "{error:?}");
    }
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

/// The same of a new connection, whose request hyper does not send again itself:
/// the client learns that nothing was written. The server runs on the client's
/// thread and closes the connection after so many steps of the other tasks, some
/// of which are between the connection and the request.
#[test]
fn a_new_connection_that_is_closed_before_the_request_is_written_proves_it() {
    // The sockets are looked at after each step of a task.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .event_interval(1)
        .build()
        .unwrap();
    runtime.block_on(async {
        let mut sent = Vec::new();
        for after in 0..20 {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let url = format!("http://{}/api", listener.local_addr().unwrap());
            tokio::spawn(async move {
                let accepted = listener.accept().await.unwrap();
                steps(after).await;
                drop(accepted);
            });
            let client = Client::builder()
                .url(url)
                .credentials("billing", PASSWORD)
                .max_attempts(1)
                .build()
                .unwrap();
            let error = client.fetch_all(&ids()).await.unwrap_err();
            let Error::Login(LoginError::Failed(cause)) = &error else {
                panic!("{error:?}")
            };
            let Error::Transport(transport) = &**cause else {
                panic!("{cause:?}")
            };
            assert_eq!(transport.kind(), TransportErrorKind::Broken);
            sent.push(transport.may_be_sent());
        }
        assert!(sent.contains(&false) && sent.contains(&true), "{sent:?}");
    });
}

/// Lets each of the other tasks that can go on make so many steps.
async fn steps(mut left: u32) {
    poll_fn(|context| {
        if left == 0 {
            return Poll::Ready(());
        }
        left -= 1;
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}
