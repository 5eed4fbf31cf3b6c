//! Which question gets which shape of an answer.

use jsonsql_sandbox::{ChangeWithoutReturning, MacForm, Sandbox, ServerBehavior};
use serde_json::json;

use crate::demo;
use crate::http::Client;

#[tokio::test]
async fn strings_are_flat_and_lists_are_rows() {
    let (_sandbox, client) = demo().await;
    let of = |data| json!({"data": data, "from": "package", "where": {"lt": ["id", 3]}, "order_by": "id"});
    assert_eq!(client.select(of(json!("id"))).await, json!([1, 2]));
    assert_eq!(client.select(of(json!(["id"]))).await, json!([[1], [2]]));
    assert_eq!(
        client.select(of(json!({"concat": ["name", "!"]}))).await,
        json!(["basic!", "family!"])
    );
    let nothing = json!({"table": "package", "set": {"paid": true}, "where": {"eq": ["id", 99]}, "returning": "id"});
    assert_eq!(client.result("update", nothing).await, json!([]));
    let some = json!({"table": "package", "set": {"paid": true}, "where": {"lt": ["id", 3]}, "returning": ["id", "paid"]});
    assert_eq!(
        client.result("update", some).await,
        json!([[1, true], [2, true]])
    );
}

#[tokio::test]
async fn values_have_the_type_of_their_column() {
    let (_sandbox, client) = demo().await;
    let row = json!({"data": ["id", "paid", {"not": "paid"}, {"gt": ["id", 2]}, "cost", {"package": "name"}, true, "true", {"is": ["cost", null]}],
        "from": "package", "where": {"eq": ["id", 3]}});
    assert_eq!(
        client.select(row).await,
        json!([[
            3, true, false, true, "490.50", "premium", true, "true", false
        ]])
    );
    let program =
        json!({"data": ["start", "title"], "from": "tv_program", "limit": 1, "order_by": "id"});
    assert_eq!(
        client.select(program).await,
        json!([["2020-03-01 18:00:00", "Вечерние новости"]])
    );
}

#[tokio::test]
async fn unknown_behaviour_is_a_setting() {
    let touch =
        json!({"table": "terminal", "set": {"registered": true}, "where": {"in": ["id", 1, 2]}});
    let mac = json!({"data": "mac_addr", "from": "terminal", "where": {"eq": ["id", 1]}});
    let (_sandbox, client) = demo().await;
    assert_eq!(client.result("update", touch.clone()).await, json!([]));
    assert_eq!(
        client.select(mac.clone()).await,
        json!(["00:1a:79:10:00:01"])
    );

    let mut behavior = ServerBehavior::default();
    behavior.change_without_returning = ChangeWithoutReturning::Count;
    behavior.mac_form = MacForm::Dashes;
    let sandbox = Sandbox::builder().behavior(behavior).start().await.unwrap();
    let client = Client::login(&sandbox).await;
    assert_eq!(client.result("update", touch).await, json!(2));
    assert_eq!(client.select(mac).await, json!(["00-1a-79-10-00-01"]));
}

#[tokio::test]
async fn a_batch_is_answered_item_by_item() {
    let (_sandbox, client) = demo().await;
    let batch = json!([
        {"jsonrpc": "2.0", "id": 1, "method": "select", "params": {"data": "id", "from": "package", "limit": 1}},
        {"jsonrpc": "2.0", "id": "two", "method": "select", "params": {"data": "id", "from": "nothing"}},
        {"jsonrpc": "2.0", "id": 3, "method": "select", "params": {"values": [[true]]}}
    ]);
    let answer = client.send(batch.to_string().as_bytes()).await.json();
    assert_eq!(answer[0], json!({"jsonrpc": "2.0", "id": 1, "result": [1]}));
    assert_eq!(answer[1]["id"], "two");
    assert_eq!(
        answer[1]["error"]["message"],
        "relation \"nothing\" does not exist, at /from"
    );
    assert_eq!(answer[2]["result"], json!([[true]]));
}
