//! SQL text through the grammar gives the rows that the text itself gives.
//!
//! Half of the statements are random SQL with what the protocol has in another
//! form (BETWEEN, EXISTS, ANY, aliases of targets, …), half are the random
//! requests of the other test as the SQL that they are shown as. The text is run
//! by PostgreSQL; what is read from it is sent to the sandbox on both engines.
//!
//! `JSONSQL_DIFFERENTIAL_TEXT` is how many statements.

use std::collections::BTreeMap;

use jsonsql::sql::parse;
use serde_json::{Value, json};

use super::engines::Engines;
use super::random::Random;
use super::sql::sql;
use super::statement::{Asked, statement};
use super::{Counts, batch, compare, direct, needs_postgres, setting, written};
use crate::cluster;

const ROUND: u64 = 250;
const BATCH: usize = 25;

#[tokio::test(flavor = "multi_thread")]
async fn texts_and_what_is_read_from_them_agree_everywhere() {
    if cluster::database().await.is_none() {
        return;
    }
    let total = setting("JSONSQL_DIFFERENTIAL_TEXT", 500);
    let first = setting("JSONSQL_DIFFERENTIAL_SEED", 1);
    let mut counts = Counts::default();
    let mut refused = BTreeMap::new();
    let mut read = 0;
    for round in 0..total.div_ceil(ROUND) {
        let count = ROUND.min(total - round * ROUND);
        read += self::round(first + round, count, &mut counts, &mut refused).await;
    }
    let of_engine: usize = counts.needs_postgres.values().sum();
    crate::say(&format!(
        "{total} texts: {read} read; {} with rows, {} refused everywhere, {of_engine} need PostgreSQL",
        counts.rows, counts.errors,
    ));
    for (what, count) in &refused {
        crate::say(&format!("{count:6} refused by the parser: {what}"));
    }
    for difference in counts.differences.iter().take(5) {
        crate::say(difference);
    }
    assert_eq!(
        counts.differences.len(),
        0,
        "differences, the first ones above"
    );
    assert!(
        read * 10 > usize::try_from(total).unwrap() * 8,
        "{read} of {total} texts were read"
    );
    assert!(
        counts.rows * 2 > read,
        "{} of {read} texts had rows",
        counts.rows
    );
}

async fn round(
    seed: u64,
    count: u64,
    counts: &mut Counts,
    refused: &mut BTreeMap<String, usize>,
) -> usize {
    let Engines {
        embedded,
        clients,
        direct,
        ..
    } = &Engines::start().await;
    let mut random = Random(seed);
    let mut texts: Vec<(String, Asked)> = Vec::new();
    for index in 0..count {
        let (text, ordered) = if index % 2 == 0 {
            sql(&mut random, embedded.schema())
        } else {
            let asked = statement(&mut random, embedded.schema());
            // The resolver refuses some: the other test compares these.
            let Some(text) = written(&asked, embedded) else {
                continue;
            };
            (text, asked.ordered)
        };
        match parse(&text) {
            Ok(read) => {
                let asked = Asked {
                    method: read.method().as_str(),
                    params: serde_json::to_value(&read).expect("what is read can be sent"),
                    ordered,
                };
                texts.push((text, asked));
            }
            Err(error) => {
                let what = error
                    .message()
                    .split('`')
                    .next()
                    .unwrap_or_default()
                    .to_owned();
                *refused.entry(what).or_default() += 1;
            }
        }
    }
    for texts in texts.chunks(BATCH) {
        let on_embedded = batch(&clients[0], texts.iter().map(|(_, asked)| asked)).await;
        // A change that the embedded engine refuses must not happen elsewhere;
        // what only reads is compared on PostgreSQL all the same.
        let both: Vec<usize> = (0..texts.len())
            .filter(|index| match needs_postgres(&on_embedded[*index]) {
                Some(what) => {
                    *counts.needs_postgres.entry(what.to_owned()).or_default() += 1;
                    texts[*index].1.method == "select"
                }
                None => true,
            })
            .collect();
        let on_postgres = batch(&clients[1], both.iter().map(|index| &texts[*index].1)).await;
        for (index, postgres) in both.into_iter().zip(on_postgres) {
            let (text, asked) = &texts[index];
            let plain = direct::run(direct, text).await;
            let plain = plain.map(|rows| json!(rows)).unwrap_or_else(Value::String);
            let before = counts.differences.len();
            let embedded = match needs_postgres(&on_embedded[index]) {
                Some(_) => &postgres,
                None => &on_embedded[index],
            };
            compare(seed, asked, embedded, &postgres, &plain, counts);
            if counts.differences.len() > before {
                counts.differences.push(format!("  of the text {text}"));
            }
        }
    }
    texts.len()
}
