//! Statements sent as they are.

use jsonsql::ast::{Body, Method, Statement};
use jsonsql_client::Error;
use serde_json::{Value, json};

use crate::Server;
use crate::server::Step;

fn statement(method: Method, params: &Value) -> Statement {
    Statement::from_json(method, params.to_string().as_bytes()).unwrap()
}

#[tokio::test]
async fn what_is_said_is_sent_and_what_is_answered_comes_back() {
    let server = Server::start().await;
    let client = server.client();
    let params = json!({"data": ["*", "nmae"], "from": "media", "where": {"eq": ["name", "id"]}});
    let select = statement(Method::Select, &params);
    for (answer, rows) in [
        (
            json!([[1, null, {"a": [true]}], []]),
            json!([[1, null, {"a": [true]}], []]),
        ),
        (json!([1, "two", null]), json!([[1], ["two"], [null]])),
        (json!(3), json!([[3]])),
        (json!(null), json!([])),
    ] {
        server.on_call(Step::result(&answer));
        assert_eq!(json!(client.raw(&select).await.unwrap()), rows);
    }
    assert_eq!(server.calls()[0].body["params"], params);
    assert_eq!(server.calls()[0].body["method"], "select");
}

#[tokio::test]
async fn a_raw_write_is_sent_once_and_its_texts_are_not_shown() {
    let server = Server::start().await;
    let client = server.client();
    let params = json!({"table": "subscriber", "set": {"password": "rowsecret77"}});
    let update = statement(Method::Update, &params);
    server.on_call(Step::Drop);
    let error = client.raw(&update).await.unwrap_err();
    assert!(error.is_indeterminate(), "{error:?}");
    assert_eq!(server.calls().len(), 1);
    server
        .on_call(Step::Drop)
        .on_call(Step::error("what is \"rowsecret77\" in \"subscriber\"?"));
    let error = client.raw(&update).idempotent().await.unwrap_err();
    let shown = format!("{error} {error:?}");
    assert!(shown.contains("what is"), "{shown}");
    assert!(!shown.contains("rowsecret77"), "{shown}");
}

#[tokio::test]
async fn what_has_no_json_is_not_sent() {
    let server = Server::start().await;
    let params = json!({"data": ["name"], "from": "media"});
    let mut select = statement(Method::Select, &params);
    if let Statement::Select(select) = &mut select
        && let Body::Data(data) = &mut select.body
    {
        data.items_mut()[0].alias = Some("title".into());
    }
    let error = server.client().raw(&select).await.unwrap_err();
    assert!(matches!(error, Error::Unwritable(_)), "{error:?}");
    assert!(server.calls().is_empty());
}
