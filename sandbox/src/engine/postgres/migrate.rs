//! Bringing a database up to date: versions, declared tables, the seed.

use std::collections::{HashMap, HashSet};

use jsonsql::ast::Statement;
use jsonsql::resolve::resolve;
use tokio_postgres::{Client, Transaction};

use super::{ddl, describe, records, written};
use crate::schema::{Catalog, Column, Table};
use crate::seed::Seed;

/// The versions of the schema: what leads from each to the next. A step that
/// was released is not changed; the next change is a further step.
const STEPS: [fn() -> String; 3] = [ddl::role, records::step, records::events_by_row];

/// Any number, as long as it is the same everywhere: who migrates holds it.
const LOCK: i64 = 0x6a73_6f6e_7371_6c31;

/// Everything or nothing, one sandbox at a time.
pub(super) async fn run(
    owner: &mut Client,
    catalog: &Catalog,
    seed: &Seed,
    domains: &[i64],
) -> Result<(), String> {
    let transaction = owner
        .transaction()
        .await
        .map_err(|error| describe(&error))?;
    let fresh = versions(&transaction).await?;
    let known = columns(&transaction).await?;
    if fresh && let Some(table) = catalog.tables.iter().find(|t| known.contains_key(&*t.name)) {
        return Err(format!(
            "it has a table `{}` that no sandbox made; a sandbox needs a database of its own",
            table.name
        ));
    }
    let missing = |table: &Table, column: &Column| {
        let columns = known.get(&*table.name);
        columns.is_none_or(|columns| !columns.contains(&*column.name))
    };
    for table in &catalog.tables {
        let sql = if known.contains_key(&*table.name) {
            let missing = table.columns.iter().filter(|c| missing(table, c));
            missing.map(|column| ddl::add(table, column)).collect()
        } else {
            ddl::create(table)
        };
        batch(&transaction, &sql).await.map_err(in_table(table))?;
    }
    for table in &catalog.tables {
        let missing = table.columns.iter().filter(|c| missing(table, c));
        let mut sql: String = missing
            .map(|column| ddl::relate(table, column, catalog))
            .collect();
        if !known.contains_key(&*table.name) {
            sql.push_str(&ddl::guard(table, catalog));
        }
        batch(&transaction, &sql).await.map_err(in_table(table))?;
    }
    let seed = fresh.then_some(seed);
    fill(&transaction, catalog, seed, domains).await?;
    transaction.commit().await.map_err(|error| describe(&error))
}

fn in_table(table: &Table) -> impl Fn(String) -> String {
    move |error| format!("the table {}: {error}", table.name)
}

/// Applies the steps that were not; whether none had been.
async fn versions(transaction: &Transaction<'_>) -> Result<bool, String> {
    let sql = format!(
        "SELECT pg_advisory_xact_lock({LOCK}); \
         CREATE TABLE IF NOT EXISTS jsonsql_sandbox_migration \
           (version integer PRIMARY KEY, applied timestamptz NOT NULL DEFAULT now())"
    );
    batch(transaction, &sql).await?;
    let row = transaction
        .query_one(
            "SELECT coalesce(max(version), 0) FROM jsonsql_sandbox_migration",
            &[],
        )
        .await
        .map_err(|error| describe(&error))?;
    let version: i32 = row.get(0);
    let done = usize::try_from(version).unwrap_or_default();
    if done > STEPS.len() {
        return Err(format!(
            "it is of version {version}, made by a newer sandbox; this one knows {}",
            STEPS.len()
        ));
    }
    for (index, step) in STEPS.iter().enumerate().skip(done) {
        batch(transaction, &step())
            .await
            .map_err(|error| match index {
                0 => format!(
                    "{error} (clients' statements run as the role {}, which must be there and \
                 granted to the user of the URL, unless that may create roles)",
                    ddl::CLIENTS
                ),
                _ => error,
            })?;
        let version = index + 1;
        let sql = format!("INSERT INTO jsonsql_sandbox_migration (version) VALUES ({version})");
        batch(transaction, &sql).await?;
    }
    Ok(done == 0)
}

/// The columns of every table there is.
async fn columns(
    transaction: &Transaction<'_>,
) -> Result<HashMap<String, HashSet<String>>, String> {
    let rows = transaction
        .query(
            "SELECT table_name::text, column_name::text FROM information_schema.columns \
             WHERE table_schema = current_schema()",
            &[],
        )
        .await
        .map_err(|error| describe(&error))?;
    let mut columns: HashMap<String, HashSet<String>> = HashMap::new();
    for row in rows {
        columns.entry(row.get(0)).or_default().insert(row.get(1));
    }
    Ok(columns)
}

/// Fills the tables with the seed, if there is one, and the domains.
pub(super) async fn fill(
    transaction: &Transaction<'_>,
    catalog: &Catalog,
    seed: Option<&Seed>,
    domains: &[i64],
) -> Result<(), String> {
    if let Some(seed) = seed {
        sow(transaction, catalog, seed).await?;
    }
    for domain in domains {
        let sql = format!(
            "INSERT INTO domain (id, name) VALUES ({domain}, 'domain {domain}') \
             ON CONFLICT (id) DO NOTHING"
        );
        batch(transaction, &sql).await?;
    }
    match seed {
        Some(_) => settle(transaction, catalog).await,
        // Numbers that clients gave are not settled by a restart.
        None => Ok(()),
    }
}

async fn sow(transaction: &Transaction<'_>, catalog: &Catalog, seed: &Seed) -> Result<(), String> {
    for insert in seed.inserts() {
        let (domain, statement) = insert.map_err(|error| error.to_string())?;
        insert_one(transaction, catalog, domain, statement)
            .await
            .map_err(|error| format!("the seed: {error}"))?;
    }
    Ok(())
}

/// Runs an insert for this domain.
pub(super) async fn insert_one(
    transaction: &Transaction<'_>,
    catalog: &Catalog,
    domain: i64,
    mut statement: Statement,
) -> Result<(), String> {
    resolve(&mut statement, &catalog.schema).map_err(|findings| findings[0].to_string())?;
    let sql = written(&statement).map_err(|fault| fault.to_string())?;
    let sql = format!("SET LOCAL {} = {domain};\n{sql}", ddl::DOMAIN_SETTING);
    batch(transaction, &sql).await
}

/// Numbers given by a seed are not given again.
pub(super) async fn settle(transaction: &Transaction<'_>, catalog: &Catalog) -> Result<(), String> {
    for table in &catalog.tables {
        let Some(key) = table.key() else { continue };
        let (name, key) = (ddl::quoted(&table.name), ddl::quoted(&key.name));
        // Never back: a number of a deleted row is not given again either.
        let sql = format!(
            "SELECT setval(s, highest) FROM (SELECT pg_get_serial_sequence('{name}', '{bare}') AS s, \
               (SELECT max({key}) FROM {name}) AS highest) AS q \
             WHERE highest > coalesce(pg_sequence_last_value(s::regclass), 0)",
            bare = key.trim_matches('"'),
        );
        batch(transaction, &sql).await?;
    }
    Ok(())
}

pub(super) async fn batch(transaction: &Transaction<'_>, sql: &str) -> Result<(), String> {
    transaction
        .batch_execute(sql)
        .await
        .map_err(|error| describe(&error))
}
