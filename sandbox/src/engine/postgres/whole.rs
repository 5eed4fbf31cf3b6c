//! The database as a whole: filled anew, copied, put back.
//!
//! Copies are rows as JSON, in the sandbox's memory: a schema of copies would
//! outlive a sandbox that is killed.

use jsonsql::ast::Statement;
use tokio_postgres::{Client, Transaction};

use super::ddl::quoted;
use super::{Storage, describe, migrate};
use crate::schema::{Catalog, Table};
use crate::seed::Seed;

/// A copy of the rows of all tables.
pub(crate) struct Copy {
    /// Of each table, its rows as JSON, and its last number.
    tables: Vec<(String, String, Option<i64>)>,
}

impl Storage {
    /// Deletes all rows and fills the tables as a new database's; everything
    /// or nothing.
    pub(crate) async fn reset(&self, seed: &Seed, domains: &[i64]) -> Result<(), String> {
        let mut owner = self.owner().await?;
        let transaction = begin(&mut owner).await?;
        migrate::batch(&transaction, &truncate(&self.catalog)).await?;
        migrate::fill(&transaction, &self.catalog, Some(seed), domains).await?;
        transaction.commit().await.map_err(|error| describe(&error))
    }

    /// Runs inserts, each for its domain; all or none.
    pub(crate) async fn load(&self, inserts: Vec<(i64, Statement)>) -> Result<(), String> {
        let mut owner = self.owner().await?;
        let transaction = begin(&mut owner).await?;
        for (domain, statement) in inserts {
            migrate::insert_one(&transaction, &self.catalog, domain, statement).await?;
        }
        migrate::settle(&transaction, &self.catalog).await?;
        transaction.commit().await.map_err(|error| describe(&error))
    }

    /// Copies all rows, as they are at one time.
    pub(crate) async fn copy(&self) -> Result<Copy, String> {
        let mut owner = self.owner().await?;
        let transaction = begin(&mut owner).await?;
        migrate::batch(
            &transaction,
            "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ",
        )
        .await?;
        let mut tables = Vec::new();
        for table in &self.catalog.tables {
            let name = quoted(&table.name);
            let number = match table.key() {
                Some(key) => format!(
                    "(SELECT pg_sequence_last_value(pg_get_serial_sequence('{name}', '{}')::regclass))",
                    key.name
                ),
                None => "NULL::bigint".to_owned(),
            };
            let sql = format!("SELECT coalesce(json_agg(t), '[]')::text, {number} FROM {name} t");
            let row = transaction
                .query_one(&sql, &[])
                .await
                .map_err(|error| describe(&error))?;
            tables.push((table.name.to_string(), row.get(0), row.get(1)));
        }
        Ok(Copy { tables })
    }

    /// Puts a copy in place of all there is.
    pub(crate) async fn put_back(&self, from: &Copy) -> Result<(), String> {
        let mut owner = self.owner().await?;
        let transaction = begin(&mut owner).await?;
        migrate::batch(&transaction, &truncate(&self.catalog)).await?;
        for table in referred_first(&self.catalog) {
            let copied = from.tables.iter().find(|(name, ..)| *name == *table.name);
            let Some((_, rows, number)) = copied else {
                continue;
            };
            let name = quoted(&table.name);
            let sql = format!(
                "INSERT INTO {name} SELECT * FROM json_populate_recordset(NULL::{name}, $1::text::json)"
            );
            transaction
                .execute(&sql, &[rows])
                .await
                .map_err(|error| describe(&error))?;
            if let (Some(key), Some(number)) = (table.key(), number) {
                let sql = format!(
                    "SELECT setval(pg_get_serial_sequence('{name}', '{}'), {number})",
                    key.name
                );
                migrate::batch(&transaction, &sql).await?;
            }
        }
        transaction.commit().await.map_err(|error| describe(&error))
    }

    async fn owner(&self) -> Result<Client, String> {
        self.pool.owner().await.map_err(|error| describe(&error))
    }
}

async fn begin(owner: &mut Client) -> Result<Transaction<'_>, String> {
    owner.transaction().await.map_err(|error| describe(&error))
}

/// All at once, since they refer to each other.
fn truncate(catalog: &Catalog) -> String {
    let names: Vec<String> = catalog
        .tables
        .iter()
        .map(|table| quoted(&table.name))
        .collect();
    format!("TRUNCATE {} RESTART IDENTITY", names.join(", "))
}

/// The tables, each after those it refers to; of a circle, in any order.
fn referred_first(catalog: &Catalog) -> Vec<&Table> {
    let mut waiting: Vec<&Table> = catalog.tables.iter().collect();
    let mut sorted: Vec<&Table> = Vec::new();
    while !waiting.is_empty() {
        let is_ready = |table: &&Table| {
            let mut referred = table
                .columns
                .iter()
                .filter_map(|column| column.references.as_ref());
            referred.all(|to| *to == table.name || sorted.iter().any(|one| one.name == *to))
        };
        let next = waiting.iter().position(is_ready).unwrap_or(0);
        sorted.push(waiting.remove(next));
    }
    sorted
}
