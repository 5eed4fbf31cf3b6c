//! A condition that is called true of every row selects every row, and one
//! that is not does not.
//!
//! The table has a row for every combination of the values that the random
//! conditions name and of some that they do not. `JSONSQL_CONDITIONS` is how
//! many conditions are tried.

use std::collections::BTreeMap;

use jsonsql::ast::{Method, Statement};
use jsonsql::resolve::{Coverage, coverage, resolve};
use jsonsql_sandbox::{Sandbox, Seed};
use serde_json::{Value, json};

use crate::differential::random::Random;
use crate::http::Client;

/// The first five stand in conditions, the others between and behind them.
const NAMES: [&str; 9] = ["", "a", "ab", "b", "m", "0", "aa", "c", "z"];
const PORTS: [Option<i64>; 8] = [
    None,
    Some(-1),
    Some(0),
    Some(1),
    Some(2),
    Some(3),
    Some(4),
    Some(9),
];
const PATHS: [Option<&str>; 7] = [
    None,
    Some("ax"),
    Some("xb"),
    Some(""),
    Some("a"),
    Some("b"),
    Some("x"),
];

async fn filled() -> (Sandbox, Client, usize) {
    let sandbox = Sandbox::builder().seed(Seed::Empty).start().await.unwrap();
    let client = Client::login(&sandbox).await;
    let mut rows = Vec::new();
    for name in NAMES {
        for port in PORTS {
            for path in PATHS {
                for is_tv in [true, false] {
                    rows.push(json!([name, port, path, is_tv]));
                }
            }
        }
    }
    let insert = json!({"into": "media", "columns": ["name", "port", "path", "is_tv"], "values": rows, "returning": "id"});
    let ids = client.result("insert", insert).await;
    let count = ids.as_array().unwrap().len();
    assert_eq!(count, rows.len());
    (sandbox, client, count)
}

fn condition(random: &mut Random, depth: usize) -> Value {
    if depth == 0 || random.percent(15) {
        return comparison(random);
    }
    let mut inner = || condition(random, depth - 1);
    let (a, b) = (inner(), inner());
    match random.below(12) {
        0..=2 => json!({"and": [a, b]}),
        3..=5 => json!({"or": [a, b]}),
        6 => json!({"not": a}),
        7 => json!({"or": [a, {"not": a}]}),
        8 => json!({"or": [a, {"is": [a, null]}, {"not": a}]}),
        9 => json!({"is": [a, random.percent(50)]}),
        10 => json!({"eq": [a, random.percent(50)]}),
        _ => json!({"coalesce": [a, random.percent(50)]}),
    }
}

fn comparison(random: &mut Random) -> Value {
    let op = *random.of(&["eq", "neq", "lt", "gt", "lte", "gte"]);
    match random.below(19) {
        0..=2 => json!({op: ["port", random.below(4)]}),
        3 => json!({op: [random.below(4), "port"]}),
        4 => json!({op: ["name", random.of(&NAMES[..5])]}),
        5 => json!({*random.of(&["eq", "neq"]): ["path", random.of(&["a", "b"])]}),
        6 => json!("is_tv"),
        7 => json!({*random.of(&["eq", "neq", "is", "is_not"]): ["is_tv", random.percent(50)]}),
        8 => json!({*random.of(&["in", "not_in"]): ["port", random.below(4), random.below(4)]}),
        9 => {
            json!({*random.of(&["in", "not_in"]): ["name", random.of(&NAMES[..5]), random.of(&NAMES[..5])]})
        }
        10 if random.percent(30) => json!({"like": ["name", random.of(&["%", "%%", "", "a"])]}),
        // That nothing after `b` begins with an `a` is not looked into: of a
        // column with patterns the order is not asked.
        10 => json!({"like": ["path", random.of(&["%", "%%", "", "a", "a%", "%b"])]}),
        11 => json!({*random.of(&["is", "is_not"]): [random.of(&["port", "path", "name"]), null]}),
        12 => json!({op: [random.below(2), random.below(2)]}),
        13 => {
            let number = random.below(3);
            let port = [json!({"add": ["port", 0]}), json!({"mul": ["port", 1]})];
            json!({op: [port[random.below(2)], if random.percent(50) { json!(number) } else { json!("port") }]})
        }
        14 => {
            let name = [
                json!({"concat": ["name", ""]}),
                json!({"coalesce": ["name", "x"]}),
            ];
            json!({op: [name[random.below(2)].clone(), random.of(&["name", "a", "b"])]})
        }
        15 => {
            let nobody = [
                json!({"data": "id", "from": "media", "where": {"eq": [1, 2]}}),
                json!({"data": "id", "from": "media", "limit": 0}),
            ];
            json!({*random.of(&["in", "not_in"]): ["id", {"select": nobody[random.below(2)]}]})
        }
        16 => {
            let mut shifted = || match random.below(3) {
                0 => json!("port"),
                1 => json!({"add": ["port", random.below(3)]}),
                _ => json!({"sub": ["port", random.below(3)]}),
            };
            json!({op: [shifted(), shifted()]})
        }
        17 => {
            let id = json!({"eq": [{"a": "id"}, {"b": "id"}]});
            let a = json!({"table": "media", "as": "a"});
            let b = json!({"table": "media", "as": "b"});
            let joined = json!([a, {"join": "media", "as": "b", "on": id}]);
            let selects = [
                json!({"data": {"b": "id"}, "from": joined}),
                json!({"data": {"a": "id"}, "from": [a, b], "where": {"and": [id, {"gte": [{"a": "name"}, {"b": "name"}]}]}}),
            ];
            json!({*random.of(&["in", "not_in"]): ["id", {"select": selects[random.below(2)]}]})
        }
        _ => {
            json!({*random.of(&["in", "not_in"]): ["id", {"select": {"data": "id", "from": "media"}}]})
        }
    }
}

fn covers(condition: &Value, sandbox: &Sandbox) -> Option<Coverage> {
    let delete = json!({"from": "media", "where": condition}).to_string();
    let mut delete = Statement::from_json(Method::Delete, delete.as_bytes()).unwrap();
    resolve(&mut delete, sandbox.schema()).unwrap_or_else(|found| panic!("{condition}: {found:?}"));
    coverage(&delete, sandbox.schema())
}

async fn count(client: &Client, conditions: &[Value]) -> Vec<usize> {
    let select = |condition: &Value| {
        json!({"jsonrpc": "2.0", "id": 1, "method": "select", "params":
            {"data": {"function": "count", "args": ["*"]}, "from": "media", "where": condition}})
    };
    let batch: Vec<Value> = conditions.iter().map(select).collect();
    let answers = client
        .send(json!(batch).to_string().as_bytes())
        .await
        .json();
    let answers = answers.as_array().unwrap().iter();
    let counts = answers.map(|answer| match answer["result"][0].as_u64() {
        Some(count) => usize::try_from(count).unwrap(),
        None => panic!("{answer}"),
    });
    counts.collect()
}

#[tokio::test]
async fn conditions_select_what_they_are_said_to() {
    let (sandbox, client, rows) = filled().await;
    let conditions = std::env::var("JSONSQL_CONDITIONS").map_or(2_000, |n| n.parse().unwrap());
    let mut random = Random(7);
    let mut classes: BTreeMap<String, usize> = BTreeMap::new();
    for _ in 0..conditions / 50 {
        let conditions: Vec<Value> = (0..50).map(|_| condition(&mut random, 3)).collect();
        let negated: Vec<Value> = conditions.iter().map(|one| json!({"not": one})).collect();
        let selected = count(&client, &conditions).await;
        let rejected = count(&client, &negated).await;
        for (index, condition) in conditions.iter().enumerate() {
            let class = covers(condition, &sandbox);
            let (selected, rejected) = (selected[index], rejected[index]);
            let holds = match class {
                Some(Coverage::EveryRow) => selected == rows,
                Some(Coverage::EveryRowWithoutNull) => {
                    rejected == 0 && selected > 0 && selected < rows
                }
                None => selected < rows && (rejected > 0 || selected == 0),
                other => panic!("{condition}: {other:?}"),
            };
            assert!(
                holds,
                "{class:?}: {selected} selected and {rejected} rejected of {rows} by {condition}"
            );
            *classes.entry(format!("{class:?}")).or_default() += 1;
        }
    }
    let found = |class: &str| classes.get(class).copied().unwrap_or_default();
    assert!(found("Some(EveryRow)") > conditions / 50, "{classes:?}");
    assert!(
        found("Some(EveryRowWithoutNull)") > conditions / 100,
        "{classes:?}"
    );
    assert!(found("None") > conditions / 4, "{classes:?}");
}
