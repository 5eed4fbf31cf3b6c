//! Rows as a table for people, as CSV, or as JSON lines.

use std::error::Error;
use std::io::Write;

use clap::ValueEnum;
use comfy_table::presets::UTF8_FULL_CONDENSED;
use comfy_table::{ContentArrangement, Table};
use jsonsql_client::Printable;
use serde::Serialize;

/// How rows are printed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// A table for people
    #[default]
    Table,
    /// Comma-separated values with a header, quoted as RFC 4180 says
    Csv,
    /// A JSON object per line
    Jsonl,
}

/// Prints the rows; the fields' names are the columns'.
pub(crate) fn print<R: Serialize + Default>(
    rows: &[R],
    format: Format,
    mut to: impl Write,
) -> Result<(), Box<dyn Error>> {
    match format {
        Format::Jsonl => {
            for row in rows {
                serde_json::to_writer(&mut to, row)?;
                to.write_all(b"\n")?;
            }
        }
        Format::Csv => to.write_all(&csv(rows)?)?,
        Format::Table if rows.is_empty() => writeln!(to, "no rows")?,
        Format::Table => writeln!(to, "{}", table(&csv(rows)?)?)?,
    }
    Ok(())
}

fn csv<R: Serialize + Default>(rows: &[R]) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut csv = csv::Writer::from_writer(Vec::new());
    for row in rows {
        csv.serialize(row)?;
    }
    if rows.is_empty() {
        // The columns' names come with a row: any will do, for its own line is left out.
        csv.serialize(R::default())?;
        let mut printed = csv.into_inner()?;
        let header = printed.iter().position(|byte| *byte == b'\n');
        printed.truncate(header.map_or(0, |end| end + 1));
        return Ok(printed);
    }
    Ok(csv.into_inner()?)
}

/// The same cells as a table, fit for a terminal.
fn table(csv: &[u8]) -> Result<Table, csv::Error> {
    let mut csv = csv::Reader::from_reader(csv);
    let mut table = Table::new();
    table
        .load_style(UTF8_FULL_CONDENSED)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_header(csv.headers()?);
    for record in csv.records() {
        table.add_row(record?.iter().map(Printable));
    }
    Ok(table)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Default, Serialize)]
    struct Line {
        name: &'static str,
        boxes: i64,
    }

    const LINES: [Line; 2] = [
        Line {
            name: "a \"big\", old\nname",
            boxes: 2,
        },
        Line {
            name: "Первый",
            boxes: 0,
        },
    ];

    fn printed(format: Format, lines: &[Line]) -> String {
        let mut printed = Vec::new();
        print(lines, format, &mut printed).unwrap();
        String::from_utf8(printed).unwrap()
    }

    #[test]
    fn csv_is_quoted_as_rfc_4180_says() {
        let expected = "name,boxes\n\"a \"\"big\"\", old\nname\",2\nПервый,0\n";
        assert_eq!(printed(Format::Csv, &LINES), expected);
    }

    #[test]
    fn a_json_line_has_numbers_as_numbers() {
        let expected = "{\"name\":\"a \\\"big\\\", old\\nname\",\"boxes\":2}\n{\"name\":\"Первый\",\"boxes\":0}\n";
        assert_eq!(printed(Format::Jsonl, &LINES), expected);
    }

    #[test]
    fn a_cell_does_not_take_over_a_terminal() {
        let hostile = Line {
            name: "a\u{1b}[2J\n\u{202e}b",
            boxes: 1,
        };
        let printed = printed(Format::Table, &[hostile]);
        assert!(printed.contains(r"a\u{1b}[2J\n\u{202e}b"), "{printed}");
        assert!(!printed.contains(['\u{1b}', '\u{202e}']), "{printed}");
    }

    #[test]
    fn without_rows_there_is_still_a_header() {
        assert_eq!(printed(Format::Csv, &[]), "name,boxes\n");
        assert_eq!(printed(Format::Jsonl, &[]), "");
        assert_eq!(printed(Format::Table, &[]), "no rows\n");
    }
}
