//! The search for the foreign key that was violated: SQLite does not say which.

use jsonsql::ast::Statement;
use jsonsql::sql::Sql;
use rusqlite::{Transaction, params_from_iter};

use super::bound::bound;
use super::{errors, target};
use crate::engine::Fault;
use crate::schema::Catalog;

/// Runs a refused statement once more with its foreign keys unchecked, looks
/// which rows hang in the air, and says it in PostgreSQL's words. The caller
/// drops the transaction.
pub(super) fn explain(
    transaction: &Transaction<'_>,
    sql: &Sql,
    statement: &Statement,
    catalog: &Catalog,
) -> Fault {
    match violated(transaction, sql, catalog) {
        Ok(Some((table, parent, column))) => {
            let constraint = format!("{table}_{column}_fkey");
            Fault::Statement(if table == target(statement) {
                format!(
                    "insert or update on table \"{table}\" violates foreign key constraint \
                     \"{constraint}\""
                )
            } else {
                format!(
                    "update or delete on table \"{parent}\" violates foreign key constraint \
                     \"{constraint}\" on table \"{table}\""
                )
            })
        }
        Ok(None) => Fault::statement("a foreign key constraint is violated"),
        Err(error) => errors::translate(&error, catalog),
    }
}

/// The table, the table it refers to, and the column that does. Of several
/// violations PostgreSQL reports that of the constraint made first.
fn violated(
    transaction: &Transaction<'_>,
    sql: &Sql,
    catalog: &Catalog,
) -> rusqlite::Result<Option<(String, String, String)>> {
    transaction.execute_batch("PRAGMA defer_foreign_keys = ON")?;
    let (text, parameters) = bound(sql);
    let mut prepared = transaction.prepare(&text)?;
    let mut rows = prepared.query(params_from_iter(parameters))?;
    while rows.next()?.is_some() {}
    drop(rows);
    let mut hanging = transaction.prepare(
        "SELECT DISTINCT v.\"table\", v.parent, k.\"from\" FROM pragma_foreign_key_check AS v \
         JOIN pragma_foreign_key_list(v.\"table\") AS k ON k.id = v.fkid",
    )?;
    let found = hanging
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect::<rusqlite::Result<Vec<(String, String, String)>>>()?;
    let made = |(table, _, column): &(String, String, String)| {
        let index = catalog
            .tables
            .iter()
            .position(|known| known.name == *table)?;
        let columns = &catalog.tables[index].columns;
        Some((
            index,
            columns.iter().position(|known| known.name == *column),
        ))
    };
    Ok(found.into_iter().min_by_key(made))
}
