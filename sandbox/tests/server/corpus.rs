//! Every known request of a real client or of the vendor's own documents.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::{Demo, demos};

#[derive(Deserialize)]
struct Request {
    tier: String,
    source: String,
    method: String,
    params: Value,
}

fn corpus() -> Vec<Request> {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../tests/corpus/jsonsql-requests.jsonl"
    );
    let lines = std::fs::read_to_string(path).unwrap();
    lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// All in order, as the vendor's scripts run: they create what they delete.
#[tokio::test]
async fn every_request_is_answered() {
    for Demo { client, .. } in &demos().await {
        let requests = corpus();
        assert_eq!(requests.len(), 39);
        for Request {
            tier,
            source,
            method,
            params,
        } in requests
        {
            if method == "authorize_user" {
                // `Client::login` sends exactly this.
                assert_eq!(
                    params,
                    json!({"username": "admin", "password": "adminpassword"})
                );
                continue;
            }
            if source.contains("malformed") {
                let message = client.error(&method, params).await;
                assert!(message.contains("unknown member `in`"), "{message}");
                continue;
            }
            let result = client.result(&method, params.clone()).await;
            assert!(["vendor", "observed", "reported"].contains(&tier.as_str()));
            assert_shape(&params, &result);
        }
    }
}

/// A list asks for rows as wide as itself, one expression for flat values.
fn assert_shape(params: &Value, result: &Value) {
    let rows = result
        .as_array()
        .unwrap_or_else(|| panic!("{params}: {result}"));
    let asked = params.get("data").or(params.get("returning"));
    match asked {
        Some(Value::Array(items)) if items != &[json!("*")] => {
            assert!(
                rows.iter()
                    .all(|row| row.as_array().unwrap().len() == items.len())
            );
        }
        Some(Value::Array(_)) => assert!(rows.iter().all(Value::is_array)),
        Some(_) => assert!(rows.iter().all(|value| !value.is_array())),
        None => {}
    }
}

/// The answers that can be known, request by request.
#[tokio::test]
async fn the_vendors_scripts_do_what_they_say() {
    for Demo { client, .. } in &demos().await {
        let mrl = json!({"concat": ["protocol", "://", "inet_addr",
        {"coalesce": [{"concat": [":", "port"]}, ""]},
        {"coalesce": [{"concat": ["/", "path"]}, ""]}], "as": "mrl"});
        let channels = client
            .select(
                json!({"data": ["name", mrl], "from": "media", "where": {"eq": ["is_tv", true]}}),
            )
            .await;
        assert_eq!(channels.as_array().unwrap().len(), 10);
        assert_eq!(channels[0], json!(["Первый", "udp://235.10.10.1:1234"]));
        assert_eq!(
            channels[7],
            json!(["Детский", "http://stream.example.net:8080/kids/index.m3u8"])
        );
        assert_eq!(channels[9], json!(["Тест", "udp://235.10.99.1"]));

        let terminals = client
            .select(
                json!({"data": [{"t": "inet_addr"}, {"t": "mac_addr"}, {"s": "username"}],
            "from": [{"table": "terminal", "as": "t"},
                     {"join": "subscriber", "join_type": "left", "as": "s",
                      "on": {"eq": [{"t": "subscriber_id"}, {"s": "id"}]}}],
            "order_by": {"s": "username"}}),
            )
            .await;
        // Nobody's terminal comes last: NULL is the largest.
        assert_eq!(
            terminals[11],
            json!(["10.20.9.9", "f4:06:69:77:00:10", null])
        );
        assert_eq!(terminals[0][2], "10002");

        let ids = client
            .result(
                "insert",
                json!({"into": "package", "columns": ["name", "paid"],
            "values": [["movie", true], ["sports", true]], "returning": "id"}),
            )
            .await;
        assert_eq!(ids, json!([7, 8]));
        let subscribed = client
        .result("insert", json!({"into": "subscriber_package",
            "columns": ["subscriber_id", "package_id", "enabled"],
            "select": {"data": [{"s": "id"}, {"p": "id"}, true],
                "from": [{"table": "subscriber", "as": "s"}, {"table": "package", "as": "p"}],
                "where": {"and": [{"eq": [{"s": "username"}, "12345"]}, {"in": [{"p": "name"}, "movie", "sports"]}]}},
            "returning": "package_id"}))
        .await;
        // By their names, those of the demo too.
        let mut subscribed: Vec<_> = subscribed.as_array().unwrap().iter().collect();
        subscribed.sort_by_key(|id| id.as_i64());
        assert_eq!(subscribed, [5, 6, 7, 8]);
        let set = json!({"table": "subscriber", "set": {"disabled": {"not": "disabled"}},
        "where": {"eq": ["username", "12345"]}, "returning": ["id", "disabled"]});
        assert_eq!(
            client.result("update", set.clone()).await,
            json!([[1, true]])
        );
        assert_eq!(client.result("update", set).await, json!([[1, false]]));
        let delete = json!({"from": "terminal", "where": {"in": ["subscriber_id",
        {"select": {"data": "id", "from": "subscriber", "where": {"eq": ["username", "test"]}}}]},
        "returning": "id"});
        assert_eq!(client.result("delete", delete.clone()).await, json!([3]));
        assert_eq!(client.result("delete", delete).await, json!([]));
    }
}

/// What was seen on a live server: strings that are no columns come back.
#[tokio::test]
async fn observed_facts() {
    for Demo { client, .. } in &demos().await {
        assert_eq!(
            client
                .select(json!({"data": ["COUNT(*) as count"], "from": "tv_channel"}))
                .await,
            json!([
                ["COUNT(*) as count"],
                ["COUNT(*) as count"],
                ["COUNT(*) as count"],
                ["COUNT(*) as count"]
            ])
        );
        assert_eq!(
            client
                .select(
                    json!({"data": [{"function": "count", "args": ["*"]}], "from": "tv_channel"})
                )
                .await,
            json!([[4]])
        );
        assert_eq!(
        client.select(json!({"data": [{"function": "count", "args": ["*"], "as": "cnt"},
            {"function": "count", "args": {"function": "distinct", "args": "inet_addr"}, "as": "uniq"}],
            "from": "media"})).await,
        json!([[11, 10]])
    );
        assert_eq!(
            client
                .select(json!({"values": [[1, "a"], [2, "b"], [3, "c"]]}))
                .await,
            json!([[1, "a"], [2, "b"], [3, "c"]])
        );
        let star = client
            .select(json!({"data": ["*"], "from": "media", "limit": 1}))
            .await;
        assert_eq!(
            star,
            json!([[
                1,
                1,
                "Первый",
                "udp",
                "235.10.10.1",
                1234,
                null,
                true,
                false
            ]])
        );
    }
}
