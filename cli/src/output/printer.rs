//! Rows, one after the other, in one of the formats.

use std::io::{self, IsTerminal};
use std::path::Path;

use console::Term;
use serde_json::Value;

use super::file::Destination;
use super::table::TableRows;
use super::{Format, OutputArgs};
use crate::exit::{Failure, Result};

/// Writes rows of named columns. But for tables, a row is written when it is given.
pub(crate) struct Printer {
    to: Destination,
    columns: Vec<String>,
    format: Format,
    table: Option<TableRows>,
    rows: u64,
}

impl Printer {
    /// Begins an output with these columns.
    ///
    /// # Errors
    ///
    /// When the file cannot be created or the beginning not be written.
    pub(crate) fn new(args: &OutputArgs, columns: Vec<String>) -> Result<Printer> {
        let to = Destination::open(args.output.as_deref())?;
        let is_terminal = args.output.is_none() && io::stdout().is_terminal();
        let width = is_terminal
            .then(|| Term::stdout().size_checked())
            .flatten()
            .map(|(_, width)| width);
        Printer::begun(to, args.format(), columns, width)
    }

    /// Begins an output of rows that are written when they are given, to a file or
    /// standard output.
    ///
    /// # Errors
    ///
    /// When the file cannot be created or the beginning not be written.
    pub(crate) fn streamed(
        path: Option<&Path>,
        format: Format,
        columns: Vec<String>,
    ) -> Result<Printer> {
        Printer::begun(Destination::open(path)?, format, columns, None)
    }

    fn begun(
        to: Destination,
        format: Format,
        columns: Vec<String>,
        width: Option<u16>,
    ) -> Result<Printer> {
        let table = (format == Format::Table).then(|| TableRows::new(&columns, width));
        let mut printer = Printer {
            to,
            columns,
            format,
            table,
            rows: 0,
        };
        if format == Format::Csv {
            let header = csv_line(printer.columns.iter().map(String::as_str))?;
            printer.to.write(&header)?;
        }
        Ok(printer)
    }

    /// Writes a row, its values in the order of the columns.
    pub(crate) fn row(&mut self, row: &[Value]) -> Result<()> {
        self.rows += 1;
        if let Some(table) = &mut self.table {
            table.push(row);
            return Ok(());
        }
        match self.format {
            Format::Csv => {
                let cells: Vec<String> = row.iter().map(cell).collect();
                let line = csv_line(cells.iter().map(String::as_str))?;
                self.to.write(&line)
            }
            _ => {
                let before = match (self.format, self.rows) {
                    (Format::Json, 1) => "[\n",
                    (Format::Json, _) => ",\n",
                    _ => "",
                };
                let after = if self.format == Format::Json {
                    ""
                } else {
                    "\n"
                };
                let object = object(&self.columns, row);
                self.to.write(format!("{before}{object}{after}").as_bytes())
            }
        }
    }

    /// Ends the output.
    ///
    /// # Errors
    ///
    /// When the rest cannot be written.
    pub(crate) fn finish(mut self) -> Result<()> {
        match (self.format, self.rows) {
            (Format::Json, 0) => self.to.write(b"[]\n")?,
            (Format::Json, _) => self.to.write(b"\n]\n")?,
            (Format::Table, 0) => self.to.write(b"no rows\n")?,
            _ => {}
        }
        if let Some(table) = self.table.take().filter(|_| self.rows > 0) {
            self.to.write(table.finish().as_bytes())?;
        }
        self.to.finish()
    }
}

/// The row as an object; the members' order is that of the columns, written by
/// hand since a map would sort them.
fn object(columns: &[String], row: &[Value]) -> String {
    let mut text = String::from("{");
    for (number, (column, value)) in columns.iter().zip(row).enumerate() {
        let before = if number == 0 { "" } else { "," };
        let name = Value::String(column.clone());
        text.push_str(&format!("{before}{name}:{value}"));
    }
    text.push('}');
    text
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn csv_line<'a>(cells: impl Iterator<Item = &'a str>) -> Result<Vec<u8>> {
    let mut line = csv::WriterBuilder::new()
        .flexible(true)
        .from_writer(Vec::new());
    let failed = |error: String| Failure::failed(format!("a row of CSV: {error}"));
    line.write_record(cells)
        .map_err(|error| failed(error.to_string()))?;
    line.into_inner().map_err(|error| failed(error.to_string()))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use serde_json::json;

    use super::*;

    fn written(format: Format, rows: &[[Value; 2]]) -> String {
        let name = format!(
            "jsonsql-printer-{}-{format:?}-{}",
            std::process::id(),
            rows.len()
        );
        let path = std::env::temp_dir().join(name);
        let to = Destination::open(Some(&path)).expect("a file");
        let columns = vec!["name".to_owned(), "boxes".to_owned()];
        let mut printer = Printer::begun(to, format, columns, None).expect("begun");
        for row in rows {
            printer.row(row).expect("room");
        }
        printer.finish().expect("finished");
        let text = fs::read_to_string(&path).expect("the file");
        fs::remove_file(&path).expect("cleaned");
        text
    }

    fn rows() -> [[Value; 2]; 2] {
        [
            [json!("a \"big\", old\nname"), json!(2)],
            [json!("Первый"), Value::Null],
        ]
    }

    #[test]
    fn csv_is_quoted_as_rfc_4180_says() {
        let expected = "name,boxes\n\"a \"\"big\"\", old\nname\",2\nПервый,\n";
        assert_eq!(written(Format::Csv, &rows()), expected);
        assert_eq!(written(Format::Csv, &[]), "name,boxes\n");
    }

    #[test]
    fn json_keeps_types_and_the_order_of_columns() {
        let expected = "{\"name\":\"a \\\"big\\\", old\\nname\",\"boxes\":2}\n{\"name\":\"Первый\",\"boxes\":null}\n";
        assert_eq!(written(Format::Jsonl, &rows()), expected);
        assert_eq!(written(Format::Jsonl, &[]), "");
        let expected = "[\n{\"name\":\"a \\\"big\\\", old\\nname\",\"boxes\":2},\n{\"name\":\"Первый\",\"boxes\":null}\n]\n";
        assert_eq!(written(Format::Json, &rows()), expected);
        assert_eq!(written(Format::Json, &[]), "[]\n");
    }

    #[test]
    fn a_cell_does_not_take_over_a_terminal() {
        let table = written(
            Format::Table,
            &[[json!("a\u{1b}[2J\n\u{202e}b"), Value::Null]],
        );
        assert!(table.contains(r"a\u{1b}[2J\n\u{202e}b"), "{table}");
        assert!(!table.contains(['\u{1b}', '\u{202e}']), "{table}");
        assert!(table.contains("NULL"), "{table}");
        assert_eq!(written(Format::Table, &[]), "no rows\n");
    }
}
