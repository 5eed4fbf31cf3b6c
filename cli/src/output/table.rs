//! A table for people.

use comfy_table::presets::UTF8_FULL_CONDENSED;
use comfy_table::{ContentArrangement, Table};
use jsonsql_client::Printable;
use serde_json::Value;

/// Rows until the end of the answer: the widths depend on all of them.
pub(super) struct TableRows {
    table: Table,
}

impl TableRows {
    pub(super) fn new(columns: &[String], width: Option<u16>) -> TableRows {
        let mut table = Table::new();
        table.load_style(UTF8_FULL_CONDENSED);
        if let Some(width) = width {
            table.set_content_arrangement(ContentArrangement::Dynamic);
            table.set_width(width);
        }
        table.set_header(columns.iter().map(Printable));
        TableRows { table }
    }

    pub(super) fn push(&mut self, row: &[Value]) {
        self.table
            .add_row(row.iter().map(|value| Printable(text_of(value))));
    }

    pub(super) fn finish(self) -> String {
        format!("{}\n", self.table)
    }
}

/// The value as people read it; NULL is told from an empty text.
fn text_of(value: &Value) -> String {
    match value {
        Value::Null => "NULL".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
