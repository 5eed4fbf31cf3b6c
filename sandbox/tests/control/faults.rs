//! Faults: set, counted, ended.

use serde_json::{Value, json};

use crate::demo;

#[tokio::test]
async fn faults_are_set_counted_and_ended_while_it_runs() {
    let (sandbox, caller) = demo().await;
    let plan = json!({"seed": 7, "rules": [
        {"route": "/api/jsonsql", "call": "select", "nth": [2], "fault": {"status": {"code": 429, "retry_after": 3}}},
        {"route": "/api/provider", "fault": {"page": {"code": 502, "content_type": "text/html", "body": "<p>proxy</p>", "when": "after"}}},
        {"route": "/never", "chance": 0.5, "fault": {"blemish": "bom"}}]});
    caller.done("PUT /faults", &plan).await;
    assert_eq!(caller.ids("domain").await, [1]);
    let header = "X: y\r\n";
    let limited = caller
        .send("POST /api/jsonsql/", header, r#"{"method": "select"}"#)
        .await;
    assert_eq!(limited.status, 429);
    assert!(limited.head.contains("retry-after: 3"), "{}", limited.head);
    assert_eq!(caller.ids("domain").await, [1]);
    assert_eq!(
        caller.tvip("GET accounts", &Value::Null).await.body,
        "<p>proxy</p>"
    );

    let report = caller.get("/faults").await;
    let counts: Vec<_> = report["rules"]
        .as_array()
        .unwrap()
        .iter()
        .map(|rule| (rule["requests"].clone(), rule["fired"].clone()))
        .collect();
    assert_eq!(
        counts,
        [
            (json!(3), json!(1)),
            (json!(1), json!(1)),
            (json!(0), json!(0))
        ]
    );
    // What is reported can be set again.
    let rules: Vec<Value> = report["rules"]
        .as_array()
        .unwrap()
        .iter()
        .map(|rule| rule["rule"].clone())
        .collect();
    assert_eq!(rules[0], plan["rules"][0]);
    caller
        .done(
            "PUT /faults",
            &json!({"seed": report["seed"], "rules": rules}),
        )
        .await;
    assert_eq!(caller.get("/faults").await["rules"][0]["requests"], 0);
    assert_eq!(
        caller.get("/requests?fault=status").await["requests"]
            .as_array()
            .unwrap()
            .len(),
        1
    );

    // The interface itself has none.
    caller
        .done("PUT /faults", &json!({"rules": [{"fault": "refuse"}]}))
        .await;
    caller.done("DELETE /faults", &Value::Null).await;
    assert_eq!(caller.ids("domain").await, [1]);
    let wrong = caller
        .control("PUT /faults", &json!({"rules": [{"fault": "explode"}]}))
        .await;
    assert!(wrong.refusal(400).contains("`explode`"));
    let wrong = caller
        .control(
            "PUT /faults",
            &json!({"rules": [{"fault": {"status": {"code": 200}}}]}),
        )
        .await;
    assert!(wrong.refusal(400).contains("400 to 599"));
    drop(sandbox);
}
