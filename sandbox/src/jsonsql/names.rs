//! Readings of names that servers may differ in.

use std::collections::BTreeSet;

use ::jsonsql::ast::{Expr, InsertSource, Select, Statement};
use serde_json::{Map, Value};

/// The members whose strings are names or values, and no expressions.
const NO_EXPRESSIONS: [&str; 11] = [
    "as",
    "columns",
    "from",
    "function",
    "into",
    "join",
    "join_type",
    "returning",
    "table",
    "using",
    "values",
];

/// The request with every text `"table.column"` as the column, where a table or
/// alias of it is called so; nothing if it has none or is no JSON.
pub(super) fn with_dotted_columns(params: &[u8]) -> Option<Vec<u8>> {
    let mut params: Value = serde_json::from_slice(params).ok()?;
    let mut tables = BTreeSet::new();
    named(&params, &mut tables);
    let changed = qualify(&mut params, &tables);
    changed.then(|| params.to_string().into_bytes())
}

/// Collects the names of tables and aliases.
fn named(value: &Value, tables: &mut BTreeSet<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| named(item, tables)),
        Value::Object(members) => {
            for (name, member) in members {
                match member {
                    Value::String(text)
                        if ["as", "from", "table", "join", "using"].contains(&name.as_str()) =>
                    {
                        tables.insert(text.clone());
                    }
                    member => named(member, tables),
                }
            }
        }
        _ => {}
    }
}

/// Puts `{"table": "column"}` in place of the texts that are columns.
fn qualify(value: &mut Value, tables: &BTreeSet<String>) -> bool {
    match value {
        Value::String(text) => {
            let column = text.split_once('.');
            let Some((table, column)) = column.filter(|(table, _)| tables.contains(*table)) else {
                return false;
            };
            *value = Map::from_iter([(table.to_owned(), Value::from(column))]).into();
            true
        }
        Value::Array(items) => {
            let qualified = items.iter_mut().map(|item| qualify(item, tables));
            qualified.fold(false, |changed, item| changed | item)
        }
        Value::Object(members) => {
            let mut changed = false;
            for (name, member) in members {
                // In these, only what is nested has expressions.
                if !(member.is_string() && NO_EXPRESSIONS.contains(&name.as_str())) {
                    changed |= name != "values" && qualify(member, tables);
                }
            }
            changed
        }
        _ => false,
    }
}

/// The name that a resolved statement is ordered by and that is no column.
pub(super) fn unknown_order_by(statement: &Statement) -> Option<&str> {
    let select: &Select = match statement {
        Statement::Select(select) => select,
        Statement::Insert(insert) => match &insert.source {
            InsertSource::Select(select) => select,
            InsertSource::Values(_) => return None,
        },
        Statement::Update(_) | Statement::Delete(_) => return None,
    };
    select.order_by.iter().find_map(|order| match &order.expr {
        Expr::Text(name) => Some(&**name),
        _ => None,
    })
}
