//! Statements sent as they are.

use jsonsql::ast::{Body, Method, Statement};
use jsonsql_client::{Error, Write};
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

#[tokio::test]
async fn any_json_is_sent_as_it_is() {
    let server = Server::start().await;
    let client = server.client();
    // None of it is of the grammar, or of this world.
    for params in [
        json!({"data": ["id"], "from": "media", "where": {"between": ["port", 1, 9]}, "for": "update"}),
        json!({"where": null, "from": "media"}),
        json!({"eq": [["a", "b"], {"x": {"y": []}}]}),
        json!([1, "two", null]),
        json!(null),
    ] {
        for method in [
            Method::Select,
            Method::Insert,
            Method::Update,
            Method::Delete,
        ] {
            server.on_call(Step::result(&json!([[1, {"a": [true]}], 2])));
            let rows = client.raw_json(method, &params).await.unwrap();
            assert_eq!(json!(rows), json!([[1, {"a": [true]}], [2]]));
            let call = server.calls().pop().unwrap().body;
            assert_eq!(
                (&call["method"], &call["params"]),
                (&json!(method.as_str()), &params)
            );
            assert_eq!(call["jsonrpc"], "2.0");
        }
    }
}

#[tokio::test]
async fn the_method_decides_whether_json_is_sent_again() {
    let server = Server::start().await;
    let client = server.client();
    let params = json!({"from": "subscriber", "returning": "id",
        "where": {"all of": [["username", "rowsecret77"]]}});
    server.on_call(Step::Drop).on_call(Step::result(&json!([])));
    assert!(
        client
            .raw_json(Method::Select, &params)
            .await
            .unwrap()
            .is_empty()
    );
    assert_eq!(server.calls().len(), 2);
    server.on_call(Step::Drop);
    let error = client.raw_json(Method::Delete, &params).await.unwrap_err();
    assert_eq!(server.calls().len(), 3);
    assert!(
        error
            .to_string()
            .starts_with("unknown whether the delete on `subscriber` was executed"),
        "{error}"
    );
    let Error::Indeterminate(unknown) = &error else {
        panic!("{error:?}");
    };
    let sent = Write::Json {
        method: Method::Delete,
        params: params.clone(),
    };
    assert!(*unknown.write() == sent);
    assert!(!format!("{error:?}").contains("rowsecret77"));
    // Said to be repeatable, and refused with what must not be shown.
    server
        .on_call(Step::Drop)
        .on_call(Step::error("what is \"rowsecret77\" in there?"));
    let error = client
        .raw_json(Method::Delete, &params)
        .idempotent()
        .await
        .unwrap_err();
    assert_eq!(server.calls().len(), 5);
    let shown = format!("{error} {error:?}");
    assert!(
        shown.contains("in there") && !shown.contains("rowsecret77"),
        "{shown}"
    );
}

#[tokio::test]
async fn json_is_sent_again_in_a_new_session() {
    let server = Server::start().await;
    let client = server.client();
    // The server's own answer to this call; a bare status proves nothing.
    server
        .on_call(Step::error("session expired"))
        .on_call(Step::result(&json!([7])));
    let rows = client
        .raw_json(Method::Update, &json!({"table": "media"}))
        .await;
    assert_eq!(json!(rows.unwrap()), json!([[7]]));
    assert_eq!((server.logins().len(), server.calls().len()), (2, 2));
}
