//! What is sent, and what is said of it, for answers of whoever stands between.
//!
//! The table of all of them is the guide's; these go over the wire.

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jsonsql::Statement;
use jsonsql::ast::Method;
use jsonsql_client::{
    Authorization, Client, Error, Reply, Request, SecretString, Transport, TransportError,
};
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use crate::Server;
use crate::server::Step;
use crate::tables::{NewSubscriber, ids, new_subscriber};

/// Pages of proxies, filters and portals, and answers to other calls.
const OTHERS: [&str; 9] = [
    "",
    "<html>Blocked</html>",
    "session expired",
    r#"{"message":"Forbidden"}"#,
    r#"{"error":"upstream session aborted"}"#,
    r#"{"error":{"message":"session expired"}}"#,
    r#"{"jsonrpc":"2.0","id":null,"error":{"code":-32603,"message":"timeout"}}"#,
    r#"{"jsonrpc":"2.0","id":4711,"error":{"message":"session expired"}}"#,
    r#"{"jsonrpc":"2.0","id":4711,"result":[[1]]}"#,
];

const STATUSES: [u16; 21] = [
    200, 201, 206, 301, 303, 307, 400, 401, 403, 404, 405, 407, 408, 413, 425, 429, 500, 502, 503,
    504, 520,
];

const TYPES: [&str; 3] = [
    "",
    "Content-Type: text/html\r\n",
    "Content-Type: application/json\r\n",
];

#[tokio::test]
async fn a_write_that_somebody_else_answers_is_unknown_and_sent_once() {
    let server = Server::start().await;
    let client = server.client();
    let insert = new_subscriber();
    for (status, kind, body) in STATUSES.into_iter().flat_map(|status| {
        TYPES
            .into_iter()
            .flat_map(move |kind| OTHERS.map(|body| (status, kind, body)))
    }) {
        let seen = server.calls().len();
        server.on_call(Step::status(status, kind, body));
        let error = client.execute(&insert).await.unwrap_err();
        assert!(error.is_indeterminate(), "{status} {body}: {error:?}");
        assert_eq!(server.calls().len() - seen, 1, "{status} {body}");
    }
}

/// A write is one whatever it is written as: typed, a statement, JSON, in a batch
/// beside a read, or as one of many rows.
#[tokio::test]
async fn every_way_to_write_is_sent_once_after_an_answer_that_proves_nothing() {
    let server = Server::start().await;
    let client = server.client();
    let (insert, read) = (new_subscriber(), ids());
    let many = [NewSubscriber {
        username: "ivanov",
        password: None,
    }];
    let many = jsonsql::prelude::insert_many(&many);
    let params = json!({"into": "subscriber", "columns": ["username"], "values": [["ivanov"]]});
    let nothing = r#"{"jsonrpc":"2.0","result":[]}"#;
    for (status, body) in STATUSES.into_iter().flat_map(|status| {
        let bodies = OTHERS.into_iter().chain([nothing]);
        bodies.map(move |body| (status, body))
    }) {
        for way in 0..5 {
            let seen = server.calls().len();
            server.on_call(Step::status(status, "", body));
            let error = match way {
                0 => client.execute(&insert).await.unwrap_err(),
                1 => client.raw(insert.ast()).await.unwrap_err(),
                2 => client.raw_json(Method::Insert, &params).await.unwrap_err(),
                3 => client.batch((&insert, &read)).await.0.unwrap_err(),
                _ => client.insert_many(&many).await.unwrap().all().unwrap_err(),
            };
            assert!(
                error.is_indeterminate(),
                "{way}: {status} {body}: {error:?}"
            );
            let sent = server.calls().len() - seen;
            assert_eq!(sent, 1, "{way}: {status} {body}");
        }
    }
}

#[tokio::test]
async fn the_servers_own_error_counts_with_the_statuses_it_uses() {
    let insert = new_subscriber();
    for status in STATUSES {
        for kind in TYPES {
            let server = Server::start().await;
            let error = r#"{"jsonrpc":"2.0","id":$ID,"error":{"message":"no"}}"#;
            server.on_call(Step::status(status, kind, error));
            let answer = server.client().execute(&insert).await;
            let sent = (server.logins().len(), server.calls().len());
            match status {
                200 => {
                    assert!(matches!(answer, Err(Error::Server(_))), "{answer:?}");
                    assert_eq!(sent, (1, 1));
                }
                401 | 403 => {
                    assert!(answer.is_ok(), "{answer:?}");
                    assert_eq!(sent, (2, 2));
                }
                _ => {
                    assert!(answer.unwrap_err().is_indeterminate(), "{status}");
                    assert_eq!(sent, (1, 1));
                }
            }
        }
    }
}

#[tokio::test]
async fn a_read_is_sent_again_where_that_may_help() {
    for status in STATUSES {
        for body in OTHERS {
            let server = Server::start().await;
            server.on_call(Step::status(status, "", body));
            let answer = server.client().fetch_all(&ids()).await;
            let refused = matches!(status, 401 | 403)
                || (status == 200 && body == r#"{"error":{"message":"session expired"}}"#);
            let again = refused || matches!(status, 408 | 425 | 429 | 500..);
            assert_eq!(answer.is_ok(), again, "{status} {body}: {answer:?}");
            let sent = (server.logins().len(), server.calls().len());
            assert_eq!(sent, (1 + usize::from(refused), 1 + usize::from(again)));
        }
    }
}

/// A server that says of every call in another session than the last: kaput.
#[derive(Clone, Default)]
struct Kaput(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    session: u32,
    logins: u32,
    calls: u32,
}

impl Transport for Kaput {
    fn send<'a>(
        &'a self,
        request: Request<'a>,
    ) -> Pin<Box<dyn Future<Output = Result<Reply, TransportError>> + Send + 'a>> {
        let mut state = self.0.lock().unwrap();
        let call: Value = serde_json::from_slice(&request.body).unwrap();
        let id = &call["id"];
        let session = |session: &SecretString| session.expose_secret().parse::<u32>();
        let answer = match request.authorization {
            Authorization::Session(found) => {
                state.calls += 1;
                match session(found).unwrap() == state.session {
                    true => json!({"jsonrpc": "2.0", "id": id, "result": [[1]]}),
                    false => json!({"jsonrpc": "2.0", "id": id, "error": "kaput"}),
                }
            }
            _ => {
                state.logins += 1;
                state.session += 1;
                let session = state.session.to_string();
                json!({"jsonrpc": "2.0", "id": id, "result": {"session_id": session}})
            }
        };
        Box::pin(async move { Ok(Reply::ok(answer.to_string())) })
    }
}

impl Kaput {
    fn client(&self) -> Client {
        Client::builder()
            .domain("operator")
            .credentials("billing", "a password")
            .transport(self.clone())
            .build()
            .unwrap()
    }

    fn end_session(&self) {
        self.0.lock().unwrap().session += 1;
    }

    fn seen(&self) -> (u32, u32) {
        let state = self.0.lock().unwrap();
        (state.logins, state.calls)
    }
}

#[tokio::test(start_paused = true)]
async fn a_session_in_which_nothing_succeeds_any_more_is_tried_anew() {
    let server = Kaput::default();
    let client = server.client();
    client.execute(&new_subscriber()).await.unwrap();
    server.end_session();
    // The words are not known: it is the server's error.
    for _ in 0..5 {
        let error = client.execute(&new_subscriber()).await.unwrap_err();
        assert!(matches!(error, Error::Server(_)), "{error:?}");
    }
    assert_eq!(server.seen(), (1, 6));
    tokio::time::advance(Duration::from_secs(61)).await;
    client.execute(&new_subscriber()).await.unwrap();
    assert_eq!(server.seen(), (2, 8));
    // A session that works is not doubted.
    tokio::time::advance(Duration::from_secs(50)).await;
    client.execute(&new_subscriber()).await.unwrap();
    tokio::time::advance(Duration::from_secs(50)).await;
    server.end_session();
    client.execute(&new_subscriber()).await.unwrap_err();
    assert_eq!(server.seen(), (2, 10));
}

#[tokio::test(start_paused = true)]
async fn a_session_that_is_over_soon_is_renewed_after_a_while_that_grows() {
    let server = Kaput::default();
    let builder = Client::builder()
        .domain("operator")
        .credentials("billing", "a password")
        .session_error_texts(["kaput"])
        .backoff(Duration::from_secs(1), Duration::from_secs(8))
        .transport(server.clone());
    let client = builder.build().unwrap();
    let mut waited = Duration::ZERO;
    for renewals in 0..40 {
        server.end_session();
        let begun = tokio::time::Instant::now();
        client.execute(&new_subscriber()).await.unwrap();
        // Whatever the pause between attempts may be.
        assert!(begun.elapsed() <= Duration::from_secs(5) + Duration::from_millis(10));
        if renewals == 0 {
            // The first login, which waits for nobody.
            assert_eq!(begun.elapsed(), Duration::ZERO);
        }
        waited += begun.elapsed();
    }
    // Between three and four seconds on average, once the limit is reached.
    assert!((60..240).contains(&waited.as_secs()), "{waited:?}");
    // One that was used for long has come to its end by itself.
    tokio::time::advance(Duration::from_secs(11)).await;
    server.end_session();
    let begun = tokio::time::Instant::now();
    client.execute(&new_subscriber()).await.unwrap();
    assert_eq!(begun.elapsed(), Duration::ZERO);
}
