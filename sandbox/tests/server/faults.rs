//! Failures on purpose: what leaves the wire, and what was executed.

use jsonsql_sandbox::Sandbox;
use jsonsql_sandbox::faults::{Blemish, Fault, Faults, Rule, When};
use serde_json::{Value, json};

use crate::http::{Client, exchange, post};

const DATA: &str = "/api/jsonsql/";

/// Adds one package; with `count`, what was executed can be told.
fn insert() -> Vec<u8> {
    let params =
        json!({"into": "package", "columns": ["name"], "values": ["x"], "returning": "id"});
    json!({"jsonrpc": "2.0", "id": 1, "method": "insert", "params": params})
        .to_string()
        .into_bytes()
}

async fn count(sandbox: &Sandbox) -> i64 {
    let sql = "SELECT count(*) FROM package WHERE name = 'x'";
    sandbox.query(sql).await.unwrap()[0][0].as_i64().unwrap()
}

/// A sandbox with one fault at everything sent to the address for statements.
async fn failing(fault: Fault) -> (Sandbox, Client) {
    let sandbox = Sandbox::builder()
        .faults(Faults::seeded(1).rule(Rule::new(DATA, fault)))
        .start()
        .await
        .unwrap();
    let client = Client::login(&sandbox).await;
    (sandbox, client)
}

#[tokio::test]
async fn connections_end_before_within_and_instead_of_answers() {
    for (fault, executed) in [(Fault::Refuse, 0), (Fault::Drop, 1), (Fault::Truncate, 1)] {
        let (sandbox, client) = failing(fault.clone()).await;
        let answer = exchange(sandbox.address(), DATA, &client.header(), &insert()).await;
        assert_eq!(count(&sandbox).await, executed, "{fault:?}");
        if fault == Fault::Truncate {
            let answer = String::from_utf8(answer).unwrap();
            let (head, body) = answer.split_once("\r\n\r\n").unwrap();
            let whole = json!({"jsonrpc": "2.0", "id": 1, "result": [7]}).to_string();
            assert!(
                head.contains(&format!("content-length: {}", whole.len())),
                "{head}"
            );
            assert!(!body.is_empty() && body.len() < whole.len(), "{body}");
        } else {
            assert_eq!(answer, b"");
        }
        let requests = sandbox.take_requests();
        let last = requests.last().unwrap();
        assert_eq!(last.faults, [fault.as_str()]);
        assert_eq!(last.status, (fault == Fault::Truncate).then_some(200));
        assert_eq!(last.calls.len(), usize::try_from(executed).unwrap());
    }
}

#[tokio::test]
async fn statuses_come_instead_of_execution() {
    for code in [401, 403, 429, 500, 502, 503] {
        let retry_after = (code == 429).then_some(7);
        let (sandbox, client) = failing(Fault::Status { code, retry_after }).await;
        let answer = exchange(sandbox.address(), DATA, &client.header(), &insert()).await;
        let answer = String::from_utf8(answer).unwrap();
        assert!(answer.starts_with(&format!("HTTP/1.1 {code} ")), "{answer}");
        assert_eq!(answer.contains("retry-after: 7\r\n"), code == 429);
        assert_eq!(count(&sandbox).await, 0);
    }
}

#[tokio::test]
async fn an_answer_is_garbled_the_same_way_every_time() {
    let mut answers = Vec::new();
    for _ in 0..2 {
        let (sandbox, client) = failing(Fault::Garble).await;
        let answer = exchange(sandbox.address(), DATA, &client.header(), &insert()).await;
        assert_eq!(count(&sandbox).await, 1);
        let body = answer
            .windows(4)
            .position(|four| four == b"\r\n\r\n")
            .unwrap()
            + 4;
        answers.push(answer[body..].to_vec());
    }
    let whole = json!({"jsonrpc": "2.0", "id": 1, "result": [7]}).to_string();
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0].len(), whole.len());
    assert_ne!(answers[0], whole.as_bytes());
}

#[tokio::test]
async fn sessions_expire_and_batches_come_shuffled() {
    let (sandbox, client) = failing(Fault::ExpireSession).await;
    let answer = client.send(&insert()).await.json();
    let message = answer["error"]["message"].as_str().unwrap();
    assert!(message.starts_with("no such session"), "{message}");
    // It is gone for good.
    sandbox.set_faults(Faults::default());
    assert!(client.send(&insert()).await.json().get("error").is_some());
    assert_eq!(count(&sandbox).await, 0);

    let (_sandbox, client) = failing(Fault::Shuffle).await;
    let calls: Vec<Value> = (0..8)
        .map(|id| json!({"id": id, "method": "select", "params": {"data": [id]}}))
        .collect();
    let answer = client
        .send(json!(calls).to_string().as_bytes())
        .await
        .json();
    let ids: Vec<i64> = answer
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["id"].as_i64().unwrap())
        .collect();
    let mut sorted = ids.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, (0..8).collect::<Vec<_>>());
    assert_ne!(ids, sorted);
}

#[tokio::test]
async fn rules_choose_by_route_call_and_count() {
    let refuse = Fault::Status {
        code: 503,
        retry_after: None,
    };
    let plan = Faults::seeded(3)
        .rule(
            Rule::new(DATA, refuse.clone())
                .call("insert")
                .nth(2)
                .every(5),
        )
        .rule(Rule::new("/api/jsonrpc", Fault::DelayMs(80)).nth(2))
        .rule(Rule::new(DATA, refuse).call("delete").chance(0.5));
    let statuses = async |sandbox: &Sandbox, client: &Client, body: &[u8], times: usize| {
        let mut statuses = Vec::new();
        for _ in 0..times {
            statuses.push(
                post(sandbox.address(), DATA, &client.header(), body)
                    .await
                    .status,
            );
        }
        statuses
    };
    let delete =
        br#"{"id":1,"method":"delete","params":{"from":"terminal_playlog","where":false}}"#;
    let mut drawn = Vec::new();
    for _ in 0..2 {
        let sandbox = Sandbox::builder()
            .faults(plan.clone())
            .start()
            .await
            .unwrap();
        let client = Client::login(&sandbox).await;
        let select = br#"{"id":1,"method":"select","params":{"data":[1]}}"#;
        assert_eq!(statuses(&sandbox, &client, select, 2).await, [200, 200]);
        let inserted = statuses(&sandbox, &client, &insert(), 6).await;
        assert_eq!(inserted, [200, 503, 200, 200, 503, 200]);
        assert_eq!(count(&sandbox).await, 4);
        let begun = std::time::Instant::now();
        Client::login(&sandbox).await;
        assert!(begun.elapsed().as_millis() >= 80);
        drawn.push(statuses(&sandbox, &client, delete, 40).await);
    }
    assert_eq!(drawn[0], drawn[1]);
    let failed = drawn[0].iter().filter(|status| **status == 503).count();
    assert!((8..32).contains(&failed), "{failed} of 40");
}

#[test]
fn a_bad_plan_is_said_so() {
    for (json, message) in [
        ("{", "EOF"),
        (
            r#"{"rules": [{"fault": "explode"}]}"#,
            "unknown variant `explode`",
        ),
        (
            r#"{"rules": [{"fault": {"status": {"code": 200}}}]}"#,
            "200 is no status",
        ),
        (
            r#"{"rules": [{"fault": "drop", "nth": [0]}]}"#,
            "counted from 1",
        ),
        (
            r#"{"rules": [{"fault": "drop", "chance": 2}]}"#,
            "between 0 and 1",
        ),
    ] {
        let error = Faults::from_json(json).unwrap_err().to_string();
        assert!(error.starts_with("the faults cannot be used: "), "{error}");
        assert!(error.contains(message), "{error}");
    }
}

#[tokio::test]
async fn pages_come_in_the_place_of_answers_before_and_after_execution() {
    let plan = r#"{"rules": [{"route": "/api/jsonsql", "fault": {"page":
        {"code": 502, "content_type": "application/json", "body": "{\"error\":\"x\"}", "when": "after"}}}]}"#;
    let after = Fault::Page {
        code: 502,
        content_type: "application/json".to_owned(),
        body: r#"{"error":"x"}"#.to_owned(),
        when: When::After,
    };
    let rule = Rule::new("/api/jsonsql", after.clone());
    assert_eq!(
        Faults::from_json(plan).unwrap(),
        Faults::default().rule(rule)
    );
    let short = r#"{"rules": [{"fault": {"page": {"code": 200}}}]}"#;
    let before = Fault::Page {
        code: 200,
        content_type: "text/html".to_owned(),
        body: String::new(),
        when: When::Before,
    };
    assert_eq!(
        Faults::from_json(short).unwrap(),
        Faults::default().rule(Rule::new("", before.clone()))
    );
    assert!(Faults::from_json(&short.replace("200", "199")).is_err());
    for (fault, executed, code, body) in [(before, 0, 200, ""), (after, 1, 502, r#"{"error":"x"}"#)]
    {
        let (sandbox, client) = failing(fault).await;
        let answer = exchange(sandbox.address(), DATA, &client.header(), &insert()).await;
        let answer = String::from_utf8(answer).unwrap();
        assert!(answer.starts_with(&format!("HTTP/1.1 {code} ")), "{answer}");
        assert!(answer.ends_with(&format!("\r\n\r\n{body}")), "{answer}");
        assert_eq!(count(&sandbox).await, executed);
        assert_eq!(sandbox.take_requests().last().unwrap().faults, ["page"]);
    }
}

#[tokio::test]
async fn answers_name_other_calls_or_have_something_around_them() {
    let (sandbox, client) = failing(Fault::ForeignId).await;
    let answer = client.send(&insert()).await.json();
    assert!(answer["id"].as_u64().unwrap() > 1_000_000, "{answer}");
    assert_eq!(count(&sandbox).await, 1);
    for blemish in [
        Blemish::Bom,
        Blemish::Blanks,
        Blemish::Notice,
        Blemish::Comment,
    ] {
        let (sandbox, client) = failing(Fault::Blemish(blemish)).await;
        let answer = exchange(sandbox.address(), DATA, &client.header(), &insert()).await;
        let answer = String::from_utf8(answer).unwrap();
        let (_, body) = answer.split_once("\r\n\r\n").unwrap();
        let whole = r#"{"jsonrpc":"2.0","id":1,"result":[7]}"#;
        assert!(body.contains(whole) && body.len() > whole.len(), "{body}");
        assert_eq!(count(&sandbox).await, 1);
    }
}
