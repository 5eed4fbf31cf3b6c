//! `cargo bench -p jsonsql-benches --bench sql`: reading SQL text, beside
//! `sqlparser` alone.

use divan::{AllocProfiler, Bencher};
use sqlparser::dialect::PostgreSqlDialect;
use sqlparser::parser::Parser;

#[global_allocator]
static ALLOCATIONS: AllocProfiler = AllocProfiler::system();

/// Statements of a program, from a look-up to a report.
const TEXTS: [&str; 4] = [
    "SELECT id, username FROM subscriber WHERE username = '12345'",
    "UPDATE subscriber AS s SET disabled = true WHERE s.username = '12345' RETURNING s.id",
    "INSERT INTO package (name, paid) VALUES ('movie', true), ('sports', false), ('kids', true) RETURNING id",
    "SELECT t.mac_addr, s.username, count(*) AS n FROM terminal AS t \
     LEFT JOIN subscriber AS s ON t.subscriber_id = s.id \
     WHERE s.disabled IS NOT TRUE AND t.id BETWEEN 5 AND 500 AND s.username LIKE 'a%' \
     AND EXISTS (SELECT 1 FROM subscriber_package AS sp WHERE sp.subscriber_id = s.id AND sp.enabled) \
     GROUP BY t.mac_addr, s.username HAVING count(*) > 1 ORDER BY n DESC, s.username LIMIT 100",
];

fn main() {
    divan::main();
}

#[divan::bench(args = 0..TEXTS.len())]
fn sqlparser_alone(bencher: Bencher<'_, '_>, text: usize) {
    bencher.bench(|| Parser::parse_sql(&PostgreSqlDialect {}, TEXTS[text]).unwrap());
}

#[divan::bench(args = 0..TEXTS.len())]
fn parse(bencher: Bencher<'_, '_>, text: usize) {
    bencher.bench(|| jsonsql::sql::parse(TEXTS[text]).unwrap());
}

#[divan::bench(args = 0..TEXTS.len())]
fn bind(bencher: Bencher<'_, '_>, text: usize) {
    let prepared = jsonsql::sql::Prepared::new(TEXTS[text]).unwrap();
    bencher.bench(|| prepared.bind(&[]).unwrap());
}
