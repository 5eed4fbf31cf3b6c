//! What cannot be understood is refused by name, and nothing is executed.

use serde_json::{Value, json};

use crate::{Demo, demo, demos};

#[tokio::test]
async fn every_refusal_names_the_thing_and_changes_nothing() {
    let (sandbox, client) = demo().await;
    let everything = "SELECT (SELECT count(*) FROM subscriber), (SELECT total(disabled) FROM subscriber), (SELECT count(*) FROM package)";
    let before = sandbox.query(everything).await.unwrap();

    for (body, message) in [
        (
            &b"{\"jsonrpc\": \"2.0\", \"id\": 1, \"meth"[..],
            "not JSON: ",
        ),
        (b"", "not JSON: "),
        (b"\xff\xfe{}", "not JSON: "),
        (b"[]", "expected a call or a list of calls, found []"),
        (b"[1, 2", "not JSON: "),
        (b"\"select\"", "not a JSON-RPC call: "),
        (b"{\"id\": 1}", "member `method` is missing"),
    ] {
        let answer = client.send(body).await.json();
        assert_eq!(
            answer["id"],
            if body == b"{\"id\": 1}" {
                json!(1)
            } else {
                Value::Null
            }
        );
        let found = answer["error"]["message"].as_str().unwrap();
        assert!(found.starts_with(message), "{found}");
    }

    let cases = [
        (
            "drop",
            json!({}),
            "unknown method \"drop\"; expected one of select, insert, update, delete",
        ),
        (
            "select",
            json!({"data": ["id"], "form": "subscriber"}),
            "unknown member `form`; expected one of `distinct`, `data`",
        ),
        (
            "select",
            json!({"from": "subscriber"}),
            "member `data` is missing",
        ),
        (
            "select",
            json!({"data": ["id"], "from": "clients"}),
            "relation \"clients\" does not exist, at /from",
        ),
        (
            "select",
            json!({"data": [{"s": "usrname"}], "from": {"table": "subscriber", "as": "s"}}),
            "column s.usrname does not exist, at /data/0/s",
        ),
        (
            "select",
            json!({"data": ["id"], "from": "subscriber", "where": {"eq": ["id"]}}),
            "operator \"eq\" takes exactly 2 operands, found 1, at /where/eq",
        ),
        (
            "select",
            json!({"data": ["id"], "from": "subscriber", "where": {"equals": ["id", 1]}}),
            "unknown operator \"equals\"",
        ),
        (
            "update",
            json!({"table": "subscriber", "set": {"enabled": true}}),
            "column \"enabled\" of relation \"subscriber\" does not exist, at /set/enabled",
        ),
        (
            "update",
            json!({"table": "subscriber", "set": {"disabled": true}, "where": {"eq": ["id"]}}),
            "operator \"eq\" takes exactly 2",
        ),
        (
            "insert",
            json!({"into": "package", "columns": ["name"], "values": [["a"], ["b", 1]]}),
            "expected 1 values, one for each of `columns`, found 2, at /values/1",
        ),
        (
            "delete",
            json!({"from": "subscriber", "wehre": {"eq": ["id", 1]}}),
            "unknown member `wehre`",
        ),
        (
            "delete",
            json!({"from": "subscriber", "where": {"in": ["id"]}}),
            "\"in\" has nothing to look in",
        ),
        (
            "delete",
            json!({"from": "subscriber", "where": "username"}),
            "argument of WHERE must be type boolean, not type text",
        ),
    ];
    for (method, params, message) in cases {
        let found = client.error(method, params).await;
        assert!(found.starts_with(message), "{found}");
    }
    assert_eq!(sandbox.query(everything).await.unwrap(), before);
    assert_eq!(
        client.select(json!({"data": "id", "from": "domain"})).await,
        json!([1])
    );
}

#[tokio::test]
async fn a_failing_statement_leaves_no_part_of_itself() {
    let (sandbox, client) = demo().await;
    let insert = json!({"into": "subscriber", "columns": ["username"],
        "values": [["fresh"], ["12345"]], "returning": "id"});
    assert_eq!(
        client.error("insert", insert).await,
        "duplicate key value violates unique constraint \"subscriber_domain_id_key\""
    );
    let fresh = sandbox
        .query("SELECT count(*) FROM subscriber WHERE username = 'fresh'")
        .await;
    assert_eq!(fresh.unwrap(), [[json!(0)]]);
}

#[tokio::test]
async fn deep_nesting_is_refused() {
    let (_sandbox, client) = demo().await;
    let deep = format!("{}true{}", "{\"not\":".repeat(100_000), "}".repeat(100_000));
    let body = format!("{{\"id\":1,\"method\":\"select\",\"params\":{{\"data\":[{deep}]}}}}");
    let answer = client.send(body.as_bytes()).await.json();
    let message = answer["error"]["message"].as_str().unwrap();
    assert!(
        message.contains("recursion") || message.contains("nested"),
        "{message}"
    );
}

/// Through everything that walks a statement, and through the engine.
#[tokio::test]
async fn nesting_as_deep_as_is_allowed_is_answered() {
    for Demo { client, .. } in &demos().await {
        let mut condition = json!(true);
        for _ in 0..20 {
            condition =
                json!({"in": [1, {"select": {"data": 1, "from": "domain", "where": condition}}]});
        }
        let select = json!({"data": "id", "from": "domain", "where": condition});
        assert_eq!(client.select(select).await, json!([1]));
        let mut from = json!({"data": [{"domain": "id"}], "from": "domain"});
        for _ in 0..30 {
            from = json!({"data": [{"q": "id"}], "from": [{"select": from, "as": "q"}]});
        }
        assert_eq!(client.select(from).await, json!([[1]]));
        assert_eq!(client.select(json!({"values": [[1]]})).await, json!([[1]]));
    }
}
