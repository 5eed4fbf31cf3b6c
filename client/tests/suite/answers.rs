//! Answers of every shape.

use jsonsql_client::{Error, ProtocolError, TransportErrorKind};
use serde_json::json;

use crate::Server;
use crate::server::Step;
use crate::tables::{ids, new_subscriber};

/// What a read makes of an answer; and checks that a write of the same answer
/// is indeterminate exactly if the answer does not say what happened.
async fn error_of(body: &str, said: bool) -> Error {
    let server = Server::start().await;
    let client = server.client();
    server.on_call(Step::body(body)).on_call(Step::body(body));
    let error = client.fetch_all(&ids()).await.unwrap_err();
    let write = client.execute(&new_subscriber()).await.unwrap_err();
    assert_eq!(write.is_indeterminate(), !said, "{write:?}");
    assert_eq!(
        server.calls().len(),
        2,
        "an answer that was read is not asked for again"
    );
    error
}

async fn protocol_error(body: &str) -> ProtocolError {
    match error_of(body, false).await {
        Error::Protocol(error) => error.into_inner(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn errors_of_every_form_are_the_servers_error() {
    for (body, code, message) in [
        (
            r#"{"jsonrpc":"2.0","id":$ID,"error":{"message":"no"}}"#,
            None,
            "no",
        ),
        (
            r#"{"error":{"code":-3,"message":"no","data":[1]},"id":$ID}"#,
            Some(-3),
            "no",
        ),
        (r#"{"error":{"code":"42","message":"no"}}"#, Some(42), "no"),
        (
            r#"{"id":$ID,"result":null,"error":{"message":"no"}}"#,
            None,
            "no",
        ),
        (r#"{"id":$ID,"result":[],"error":"no"}"#, None, "no"),
        (r#"{"id":null,"error":"no"}"#, None, "no"),
        (r#"{"error":{}}"#, None, "an error without a message"),
        (r#"{"error":7}"#, Some(7), "an error without a message"),
    ] {
        let Error::Server(error) = error_of(body, true).await else {
            panic!("{body}")
        };
        assert_eq!((error.code(), error.message()), (code, message), "{body}");
    }
}

#[tokio::test]
async fn an_error_that_is_nothing_is_none() {
    let server = Server::start().await;
    let client = server.client();
    for body in [
        r#"{"id":$ID,"error":null,"result":[1]}"#,
        r#"{"result":[1],"error":false,"id":"$ID"}"#,
        r#" {"extra":{"a":[]},"result":[[1]]} "#,
    ] {
        server.on_call(Step::body(body));
        assert_eq!(client.fetch_all(&ids()).await.unwrap(), [1], "{body}");
    }
}

#[tokio::test]
async fn answers_that_are_no_answers_say_why() {
    let shape = |found| ProtocolError::Shape {
        found,
        expected: "an object",
    };
    let result = |found| ProtocolError::Result {
        found,
        expected: "a list of rows",
    };
    for (body, expected) in [
        ("", ProtocolError::CutOff),
        ("null", shape("null")),
        ("\"planted\"", shape("a text")),
        ("[]", shape("a list")),
        (
            "<html>\n  Bad\tGateway",
            ProtocolError::Text {
                begins: "<html> Bad Gateway".into(),
            },
        ),
        (
            "{\"id\":$ID,\n!",
            ProtocolError::NotJson { line: 2, column: 1 },
        ),
        ("{\"id\":1}{", ProtocolError::NotJson { line: 1, column: 9 }),
        (r#"{"id":$ID,"result":[1,2"#, ProtocolError::CutOff),
        (r#"{"id":$ID}"#, ProtocolError::NoResult),
        (r#"{"id":$ID,"error":null}"#, ProtocolError::NoResult),
        (r#"{"id":$ID,"result":null}"#, ProtocolError::NullResult),
        (r#"{"id":$ID,"result":"planted"}"#, result("a text")),
        (r#"{"id":$ID,"result":{"a":1}}"#, result("an object")),
        (r#"{"id":$ID,"result":true}"#, result("a boolean")),
        (r#"{"id":999,"result":[]}"#, ProtocolError::ForeignId),
        (r#"{"id":"x","result":[]}"#, ProtocolError::ForeignId),
    ] {
        let error = protocol_error(body).await;
        assert_eq!(error, expected, "{body}");
        assert!(!format!("{error} {error:?}").contains("planted"));
    }
}

#[tokio::test]
async fn rows_of_another_type_say_where_and_are_executed_writes() {
    let error = error_of(r#"{"id":$ID,"result":[[1],["planted"]]}"#, true).await;
    let Error::Decode(decode) = &error else {
        panic!("{error:?}")
    };
    assert_eq!((decode.row(), decode.index()), (Some(1), Some(0)));
    assert!(!format!("{error} {error:?}").contains("planted"));
}

#[tokio::test]
async fn a_taken_name_is_a_unique_violation() {
    let server = Server::start().await;
    server.on_call(Step::error(
        "ERROR: duplicate key value violates unique constraint \"subscriber_domain_id_key\"\n\
         DETAIL:  Key (domain_id, username)=(1, ivanov) already exists.",
    ));
    let error = server
        .client()
        .execute(&new_subscriber())
        .await
        .unwrap_err();
    assert_eq!(
        error.is_unique_violation(),
        Some("subscriber_domain_id_key")
    );
    assert!(!error.to_string().contains("ivanov"), "{error}");
}

#[tokio::test]
async fn an_answer_over_the_limit_is_not_read() {
    let server = Server::start().await;
    let client = server.builder().max_response_bytes(1000).build().unwrap();
    let long = Step::result(&json!(vec![1; 1000]));
    server
        .on_call(long.clone())
        .on_call(long)
        .on_call(Step::Endless);
    for _ in 0..2 {
        let error = client.fetch_all(&ids()).await.unwrap_err();
        let Error::Transport(transport) = &error else {
            panic!("{error:?}")
        };
        assert_eq!(transport.kind(), TransportErrorKind::TooLarge);
        assert!(!error.is_retryable());
        server.on_call(Step::Endless);
    }
    assert!(
        client
            .execute(&new_subscriber())
            .await
            .unwrap_err()
            .is_indeterminate()
    );
    assert_eq!(server.calls().len(), 3);
}
