//! The tables, made.

use std::fmt::Write as _;

use jsonsql::ast::SqlKind;

use crate::schema::{Column, Filled, Table};

/// A whole table.
///
/// STRICT, so that a value in a wrong spelling is an error and not a silent
/// text.
pub(super) fn create(table: &Table, sql: &mut String) {
    let mut parts: Vec<String> = table.columns.iter().map(part).collect();
    for unique in &table.unique {
        let columns: Vec<String> = unique.columns.iter().map(|name| quoted(name)).collect();
        parts.push(format!(
            "CONSTRAINT {} UNIQUE ({})",
            quoted(&unique.name),
            columns.join(", ")
        ));
    }
    for column in &table.columns {
        let Some(target) = &column.references else {
            continue;
        };
        let name = quoted(&column.name);
        parts.push(format!(
            "FOREIGN KEY ({name}) REFERENCES {} (\"id\")",
            quoted(target)
        ));
    }
    let _ = writeln!(
        sql,
        "CREATE TABLE {} ({}) STRICT;",
        quoted(&table.name),
        parts.join(", ")
    );
    index(table, sql);
}

/// A column that an existing table does not have yet.
pub(super) fn add(table: &Table, column: &Column, sql: &mut String) {
    let name = quoted(&table.name);
    let _ = write!(sql, "ALTER TABLE {name} ADD COLUMN {}", part(column));
    if let Some(target) = &column.references {
        let _ = write!(sql, " REFERENCES {} (\"id\")", quoted(target));
    }
    sql.push_str(";\n");
}

fn part(column: &Column) -> String {
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
    part
}

/// The indexes of a table, those that are missing.
pub(super) fn index(table: &Table, sql: &mut String) {
    for column in table.columns.iter().filter(|column| column.is_indexed()) {
        let name = quoted(&format!("{}_{}_idx", table.name, column.name));
        let _ = writeln!(
            sql,
            "CREATE INDEX IF NOT EXISTS {name} ON {} ({});",
            quoted(&table.name),
            quoted(&column.name)
        );
    }
}

fn storage(kind: SqlKind) -> &'static str {
    match kind {
        SqlKind::Bool | SqlKind::Int | SqlKind::BigInt => "INTEGER",
        _ => "TEXT",
    }
}

pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
