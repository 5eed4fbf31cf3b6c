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
        (
            r#"{"error":{"code":"42","message":"no"},"id":"$ID"}"#,
            Some(42),
            "no",
        ),
        (
            r#"{"id":$ID,"result":null,"error":{"message":"no"}}"#,
            None,
            "no",
        ),
        (
            r#"{"id":$ID.0,"error":{}}"#,
            None,
            "an error without a message",
        ),
        (
            r#"{"error":7,"id":$ID}"#,
            Some(7),
            "an error without a message",
        ),
        // What JSON-RPC answers to a request it could not read.
        (
            r#"{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"Parse error"}}"#,
            Some(-32700),
            "Parse error",
        ),
    ] {
        let Error::Server(error) = error_of(body, true).await else {
            panic!("{body}")
        };
        assert_eq!((error.code(), error.message()), (code, message), "{body}");
    }
}

#[tokio::test]
async fn an_error_that_names_no_call_says_nothing_of_a_write() {
    for body in [
        r#"{"error":{"message":"no"}}"#,
        r#"{"id":null,"error":"no"}"#,
        r#"{"error":{"code":-32600,"message":"no"}}"#,
        r#"{"jsonrpc":"2.0","id":null,"error":{"code":-32603,"message":"no"}}"#,
    ] {
        let Error::Server(error) = error_of(body, false).await else {
            panic!("{body}")
        };
        assert_eq!(error.message(), "no");
    }
}

#[tokio::test]
async fn a_result_that_names_no_call_is_taken_for_what_its_rows_show() {
    let server = Server::start().await;
    let client = server.client();
    for (body, rows) in [
        (r#"{"result":[[7]]}"#, vec![7]),
        (r#"{"result":[]}"#, vec![]),
    ] {
        server.on_call(Step::body(body)).on_call(Step::body(body));
        assert_eq!(client.fetch_all(&ids()).await.unwrap(), rows);
        let write = client.execute(&new_subscriber()).await;
        match write {
            Ok(keys) => assert_eq!((keys, rows.len()), (vec![7], 1)),
            Err(error) => assert!(error.is_indeterminate() && rows.is_empty(), "{error:?}"),
        }
    }
}

#[tokio::test]
async fn whose_answer_it_is_comes_before_what_it_says() {
    for (body, expected) in [
        (r#"{"id":4711,"error":"no"}"#, ProtocolError::ForeignId),
        (
            r#"{"error":{"message":"no"},"id":4711}"#,
            ProtocolError::ForeignId,
        ),
        (r#"{"id":"x","error":"no"}"#, ProtocolError::ForeignId),
        (r#"{"id":$ID.5,"error":"no"}"#, ProtocolError::ForeignId),
        (r#"{"id":"+$ID","error":"no"}"#, ProtocolError::ForeignId),
        (r#"{"id":[$ID],"error":"no"}"#, ProtocolError::ForeignId),
        // Its rows do not fit, and are not this call's.
        (r#"{"result":[["x"]],"id":4711}"#, ProtocolError::ForeignId),
        (r#"{"result":"x","id":4711}"#, ProtocolError::ForeignId),
        (
            r#"{"id":$ID,"error":{"message":"no"},"error":null,"result":[[1]]}"#,
            ProtocolError::Repeated { member: "error" },
        ),
        (
            r#"{"id":$ID,"error":null,"err\u006fr":"no"}"#,
            ProtocolError::Repeated { member: "error" },
        ),
        (
            r#"{"id":$ID,"result":[],"result":[[1]]}"#,
            ProtocolError::Repeated { member: "result" },
        ),
        (
            r#"{"id":4711,"result":[["x"]],"id":$ID}"#,
            ProtocolError::Repeated { member: "id" },
        ),
        (
            r#"{"id":$ID,"result":[[1]],"error":"no"}"#,
            ProtocolError::Both,
        ),
        (
            r#"{"id":$ID,"result":[["x"]],"error":"no"}"#,
            ProtocolError::Both,
        ),
        (
            r#"{"id":$ID,"result":[["x"]],"error":"no""#,
            ProtocolError::CutOff,
        ),
        (r#"{"id":$ID,"error":""}"#, ProtocolError::NoResult),
    ] {
        assert_eq!(protocol_error(body).await, expected, "{body}");
    }
}

#[tokio::test]
async fn an_answer_with_something_around_it_is_read() {
    let server = Server::start().await;
    let client = server.client();
    let whole = r#"{"jsonrpc":"2.0","id":$ID,"result":[[7]]}"#;
    for (before, after) in [
        ("\u{feff}", ""),
        (" \r\n\t", " \n"),
        ("", "\0"),
        ("\u{feff}\0 ", "\0\0\n"),
        (
            "<br />\n<b>Notice</b>:  Undefined index: x in <b>/srv/api.php</b> on line <b>5</b><br />\n",
            "",
        ),
        (
            "PHP Warning:  fopen({\"id\":1}): failed in api.php on line 3\n",
            "",
        ),
        ("<!-- cached: no -->", "<!-- 0.02 s -->"),
        (
            "",
            "\n<b>Warning</b>: log is not writable in <b>x.php</b> on line <b>1</b>",
        ),
        ("\u{feff}<!-- { -->\n", "\n"),
    ] {
        let body = format!("{before}{whole}{after}");
        server.on_call(Step::body(&body)).on_call(Step::body(&body));
        assert_eq!(client.fetch_all(&ids()).await.unwrap(), [7], "{body}");
        assert_eq!(client.execute(&new_subscriber()).await.unwrap(), [7]);
        let body = body.replace(r#""result":[[7]]"#, r#""error":"no""#);
        server.on_call(Step::body(&body));
        let error = client.execute(&new_subscriber()).await.unwrap_err();
        assert!(matches!(error, Error::Server(_)), "{body}: {error:?}");
    }
    for id in ["$ID.0", "\"$ID\"", "$IDe0"] {
        let body = whole.replace("$ID", id);
        server.on_call(Step::body(&body)).on_call(Step::body(&body));
        assert_eq!(client.fetch_all(&ids()).await.unwrap(), [7], "{body}");
        assert_eq!(client.execute(&new_subscriber()).await.unwrap(), [7]);
    }
}

#[tokio::test]
async fn what_only_looks_like_an_answer_is_none() {
    let whole = r#"{"jsonrpc":"2.0","id":$ID,"result":[[7]]}"#;
    let foreign = r#"{"jsonrpc":"2.0","id":4711,"result":[[7]]}"#;
    for body in [
        // Two, of which one is quoted.
        format!("<b>Notice</b>: bad value\n{whole}\nin x.php\n{whole}"),
        format!("{whole}{whole}"),
        format!("{foreign}\n{whole}"),
        format!("{{\"id\":$ID,\"error\":\"no\"}}\n{whole}"),
        format!("<b>x</b>\n{{\"id\":$ID,\"error\":\"no\"}}\n{whole}"),
        // Inside something that is cut off, broken, or quotes it.
        format!(r#"{{"jsonrpc":"2.0","id":$ID,"result":[[{whole}"#),
        format!("{{\"jsonrpc\":!\n{whole}"),
        format!("{{\"id\":!\n{whole}"),
        format!("<p>bad value: {whole}</p>"),
        // Without a version or an id it is certain only alone.
        r#"<b>x</b>{"id":$ID,"result":[[7]]}"#.to_owned(),
        r#"<b>x</b>{"jsonrpc":"2.0","result":[[7]]}"#.to_owned(),
        r#"{"result":[[7]]}<!-- x -->"#.to_owned(),
        format!("<b>x</b>{foreign}"),
        format!("<b>{}</b>{whole}", "x".repeat(100_000)),
        format!("{}{whole}", "<i>{\n".repeat(20)),
    ] {
        let error = error_of(&body, false).await;
        assert!(matches!(error, Error::Protocol(_)), "{body}: {error:?}");
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
        error.violated_constraint(),
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
