//! Bringing a database up to date: versions, declared tables, the seed.

use std::collections::HashSet;

use jsonsql::resolve::resolve;
use rusqlite::{Connection, Transaction};

use super::row_security::Reach;
use super::sequence::Sequences;
use super::{ddl, file, records, run as run_statement, sequence};
use crate::engine::Allowance;
use crate::schema::Catalog;
use crate::seed::Seed;

/// The versions of the schema: what leads from each to the next. A step that
/// was released is not changed; the next change is a further step. The number of
/// those applied is kept in the file.
const STEPS: [&str; 4] = [
    // The tables of the catalog, which are made further down.
    "",
    records::STEP,
    records::EVENTS_BY_ROW,
    // And the mark of the file, which is set further down.
    sequence::STEP,
];

/// Everything or nothing.
pub(super) fn run(
    connection: &mut Connection,
    catalog: &Catalog,
    seed: &Seed,
    domains: &[i64],
    sequences: &Sequences,
) -> Result<(), String> {
    let describe = |error: rusqlite::Error| error.to_string();
    let transaction = connection.transaction().map_err(describe)?;
    let version: i64 = transaction
        .query_row("PRAGMA user_version", [], |row| row.get(0))
        .map_err(describe)?;
    let newest = STEPS.len();
    let done = usize::try_from(version).unwrap_or_default();
    if done > newest {
        return Err(format!(
            "it is of version {version}, made by a newer sandbox; this one knows {newest}"
        ));
    }
    for step in &STEPS[done..] {
        transaction.execute_batch(step).map_err(describe)?;
    }
    tables(&transaction, catalog).map_err(describe)?;
    sequences.resume(&transaction, catalog).map_err(describe)?;
    let seed = (done == 0).then_some(seed);
    fill(&transaction, catalog, seed, domains, sequences)?;
    transaction
        .pragma_update(
            None,
            "user_version",
            i64::try_from(newest).unwrap_or(i64::MAX),
        )
        .and_then(|()| transaction.pragma_update(None, "application_id", file::APPLICATION))
        .and_then(|()| transaction.commit())
        .map_err(describe)
}

fn tables(transaction: &Transaction<'_>, catalog: &Catalog) -> rusqlite::Result<()> {
    let mut sql = String::new();
    for table in &catalog.tables {
        let known: HashSet<String> = transaction
            .prepare("SELECT name FROM pragma_table_info(?1)")?
            .query_map([&*table.name], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        if known.is_empty() {
            ddl::create(table, &mut sql);
            continue;
        }
        for column in &table.columns {
            if !known.contains(&*column.name) {
                ddl::add(table, column, &mut sql);
            }
        }
        ddl::index(table, &mut sql);
    }
    transaction.execute_batch(&sql)
}

/// Fills the tables with the seed, if there is one, and the domains.
pub(super) fn fill(
    transaction: &Transaction<'_>,
    catalog: &Catalog,
    seed: Option<&Seed>,
    domains: &[i64],
    sequences: &Sequences,
) -> Result<(), String> {
    let describe = |error: rusqlite::Error| error.to_string();
    if let Some(seed) = seed {
        sow(transaction, catalog, seed, sequences)?;
    }
    for domain in domains {
        transaction
            .execute(
                "INSERT OR IGNORE INTO domain (id, name) VALUES (?1, ?2)",
                (domain, format!("domain {domain}")),
            )
            .map_err(describe)?;
    }
    match seed {
        Some(_) => sequences.settle(transaction, catalog).map_err(describe),
        // Numbers that clients gave are not settled by a restart.
        None => Ok(()),
    }
}

fn sow(
    transaction: &Transaction<'_>,
    catalog: &Catalog,
    seed: &Seed,
    sequences: &Sequences,
) -> Result<(), String> {
    for insert in seed.inserts() {
        let (domain, mut statement) = insert.map_err(|error| error.to_string())?;
        resolve(&mut statement, &catalog.schema)
            .map_err(|findings| format!("the seed: {}", findings[0]))?;
        let reach = (domain, Reach::Everything, Allowance::unlimited());
        run_statement(transaction, &statement, catalog, reach, sequences)
            .map_err(|fault| format!("the seed: {fault}"))?;
    }
    Ok(())
}
