//! The tables, made.

use std::fmt::Write as _;

use jsonsql::resolve::SqlKind;

use crate::schema::{Catalog, Filled, Table};

/// The statements that make every table of a catalog.
///
/// STRICT tables, so that a value in a wrong spelling is an error and not a
/// silent text.
pub(super) fn create(catalog: &Catalog) -> String {
    let mut sql = String::new();
    for table in &catalog.tables {
        create_table(table, &mut sql);
    }
    sql
}

fn create_table(table: &Table, sql: &mut String) {
    let mut parts = Vec::new();
    for column in &table.columns {
        let mut part = format!("{} {}", quoted(&column.name), storage(column.kind));
        match column.filled {
            // Numbers are not used twice, as those of a sequence are not.
            Filled::Number => part.push_str(" PRIMARY KEY AUTOINCREMENT"),
            Filled::Bool(value) => {
                let _ = write!(part, " DEFAULT {}", u8::from(value));
            }
            Filled::Domain | Filled::Not => {}
        }
        if !column.nullable {
            part.push_str(" NOT NULL");
        }
        if column.kind == SqlKind::Bool {
            let _ = write!(part, " CHECK ({} IN (0, 1))", quoted(&column.name));
        }
        parts.push(part);
    }
    for unique in &table.unique {
        let columns: Vec<String> = unique.columns.iter().map(|name| quoted(name)).collect();
        parts.push(format!(
            "CONSTRAINT {} UNIQUE ({})",
            quoted(&unique.name),
            columns.join(", ")
        ));
    }
    let mut indexes = String::new();
    for column in &table.columns {
        let Some(target) = &column.references else {
            continue;
        };
        let name = quoted(&column.name);
        parts.push(format!(
            "FOREIGN KEY ({name}) REFERENCES {} (\"id\")",
            quoted(target)
        ));
        // Without it, deleting from the referenced table would scan this one.
        let index = quoted(&format!("{}_{}_idx", table.name, column.name));
        let _ = writeln!(
            indexes,
            "CREATE INDEX {index} ON {} ({name});",
            quoted(&table.name)
        );
    }
    let _ = writeln!(
        sql,
        "CREATE TABLE {} ({}) STRICT;",
        quoted(&table.name),
        parts.join(", ")
    );
    sql.push_str(&indexes);
}

fn storage(kind: SqlKind) -> &'static str {
    match kind {
        SqlKind::Bool | SqlKind::Int | SqlKind::BigInt => "INTEGER",
        _ => "TEXT",
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
