//! Random statements give the same rows on the embedded engine, on PostgreSQL
//! through the sandbox, and as the SQL that `Display` shows.
//!
//! `JSONSQL_DIFFERENTIAL` is how many statements; `JSONSQL_DIFFERENTIAL_SEED`
//! is where to begin, as a failure prints it.

use std::collections::BTreeMap;

use jsonsql::ast::{Method, Statement};
use jsonsql::resolve::resolve;
use jsonsql_sandbox::Sandbox;
use serde_json::{Value, json};

use crate::cluster;
use crate::http::Client;

mod direct;
mod engines;
mod expr;
mod macros;
pub(crate) mod random;
mod sql;
mod statement;
mod text;

use engines::Engines;
use random::Random;
use statement::{Asked, statement};

/// How many statements run on one set of databases.
const ROUND: u64 = 500;
/// How many are sent in one request.
const BATCH: usize = 25;

fn setting(name: &str, default: u64) -> u64 {
    let value = std::env::var(name).ok();
    value.map_or(default, |value| value.parse().unwrap())
}

#[derive(Default)]
struct Counts {
    rows: usize,
    errors: usize,
    other_words: BTreeMap<String, usize>,
    needs_postgres: BTreeMap<String, usize>,
    differences: Vec<String>,
}

#[tokio::test(flavor = "multi_thread")]
async fn random_statements_agree_everywhere() {
    if cluster::database().await.is_none() {
        return;
    }
    let total = setting("JSONSQL_DIFFERENTIAL", 5_000);
    let first = setting("JSONSQL_DIFFERENTIAL_SEED", 1);
    let mut counts = Counts::default();
    for round in 0..total.div_ceil(ROUND) {
        let seed = first + round;
        self::round(seed, ROUND.min(total - round * ROUND), &mut counts).await;
    }
    let refused: usize = counts.needs_postgres.values().sum();
    crate::say(&format!(
        "{total} statements: {} with rows, {} refused everywhere ({} of them in other words), \
         {refused} need PostgreSQL",
        counts.rows,
        counts.errors,
        counts.other_words.values().sum::<usize>(),
    ));
    for (what, count) in counts.needs_postgres.iter().chain(&counts.other_words) {
        crate::say(&format!("{count:6} {what}"));
    }
    for difference in counts.differences.iter().take(5) {
        crate::say(difference);
    }
    assert_eq!(
        counts.differences.len(),
        0,
        "differences, the first ones above"
    );
}

async fn round(seed: u64, count: u64, counts: &mut Counts) {
    let Engines {
        embedded,
        clients,
        direct,
        ..
    } = &Engines::start().await;
    let mut random = Random(seed);
    let mut asked: Vec<Asked> = Vec::new();
    for _ in 0..count {
        asked.push(statement(&mut random, embedded.schema()));
    }
    for table in embedded.schema().tables() {
        let params = json!({"data": ["*"], "from": table.name});
        asked.push(Asked {
            method: "select",
            params,
            ordered: false,
        });
    }
    for asked in asked.chunks(BATCH) {
        let on_embedded = batch(&clients[0], asked.iter()).await;
        // A change that the embedded engine refuses must not happen elsewhere.
        let both: Vec<usize> = (0..asked.len())
            .filter(|index| match needs_postgres(&on_embedded[*index]) {
                Some(what) => {
                    *counts.needs_postgres.entry(what.to_owned()).or_default() += 1;
                    false
                }
                None => true,
            })
            .collect();
        let on_postgres = batch(&clients[1], both.iter().map(|index| &asked[*index])).await;
        for (index, postgres) in both.into_iter().zip(on_postgres) {
            let asked = &asked[index];
            let plain = match written(asked, embedded) {
                // The resolver refuses it for both, before any engine.
                None => postgres.clone(),
                Some(sql) => direct::run(direct, &sql)
                    .await
                    .map(|rows| json!(rows))
                    .unwrap_or_else(Value::String),
            };
            compare(seed, asked, &on_embedded[index], &postgres, &plain, counts);
        }
    }
}

/// What `Display` shows of a statement.
fn written(asked: &Asked, sandbox: &Sandbox) -> Option<String> {
    let method = Method::from_name(asked.method).unwrap();
    let params = asked.params.to_string();
    let mut statement = Statement::from_json(method, params.as_bytes()).unwrap();
    resolve(&mut statement, sandbox.schema()).ok()?;
    Some(format!("{statement:#}"))
}

/// Results, or messages as strings.
async fn batch(client: &Client, asked: impl Iterator<Item = &Asked>) -> Vec<Value> {
    let calls: Vec<Value> = asked
        .map(|asked| json!({"jsonrpc": "2.0", "id": 1, "method": asked.method, "params": asked.params}))
        .collect();
    if calls.is_empty() {
        return Vec::new();
    }
    let mut answers = client
        .send(json!(calls).to_string().as_bytes())
        .await
        .json();
    let answers = answers.as_array_mut().unwrap().iter_mut();
    answers
        .map(|answer| match answer.get_mut("result") {
            Some(result) => result.take(),
            None => answer["error"]["message"].take(),
        })
        .collect()
}

fn needs_postgres(answer: &Value) -> Option<&str> {
    answer.as_str()?.strip_prefix("needs PostgreSQL: ")
}

fn compare(
    seed: u64,
    asked: &Asked,
    embedded: &Value,
    postgres: &Value,
    plain: &Value,
    counts: &mut Counts,
) {
    let [a, b, c] = [embedded, postgres, plain].map(|answer| comparable(answer, asked.ordered));
    let same = a == b && b == c;
    match (same, &a) {
        (true, Some(_)) => counts.rows += 1,
        (true, None) => {
            counts.errors += 1;
            if embedded != postgres {
                let words = format!("{embedded} for {postgres}");
                *counts.other_words.entry(words).or_default() += 1;
            }
        }
        (false, _) => counts.differences.push(format!(
            "seed {seed}: {} {}\n  embedded   {:.300}\n  postgres   {:.300}\n  plain SQL  {:.300}",
            asked.method,
            asked.params,
            embedded.to_string(),
            postgres.to_string(),
            plain.to_string()
        )),
    }
}

/// The rows of an answer, sorted unless they come in one order only; none of
/// an error.
fn comparable(answer: &Value, ordered: bool) -> Option<Vec<String>> {
    let row = |row: &Value| match row {
        Value::Array(cells) if ordered => {
            let cells: Vec<String> = cells.iter().map(unscaled).collect();
            cells.join(", ")
        }
        Value::Array(_) => row.to_string(),
        // One expression is answered flat, except by plain SQL.
        value if ordered => unscaled(value),
        value => json!([value]).to_string(),
    };
    let mut rows: Vec<String> = answer.as_array()?.iter().map(row).collect();
    if !ordered {
        rows.sort_unstable();
    }
    Some(rows)
}

/// A value by which rows are ordered: 0 and 0.00 are a tie, and which of them
/// comes first means nothing.
fn unscaled(value: &Value) -> String {
    match value.as_str() {
        Some(text) if text.contains('.') && text.parse::<f64>().is_ok() => {
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        }
        Some(text) => text.to_owned(),
        None => value.to_string(),
    }
}
