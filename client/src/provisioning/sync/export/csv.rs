//! An export as CSV.

use std::io::{self, BufRead};

use csv::{ReaderBuilder, StringRecord};

use super::builder::ExportBuilder;
use super::column::Column;
use super::lines::Lines;
use super::problem::ExportError;
use super::{Export, ExportReader, NO_CHARACTER, unreadable};

/// Reads all of it.
pub(super) fn read(
    options: &ExportReader,
    mut lines: Lines<impl BufRead>,
) -> Result<Export, ExportError> {
    let separator = separator(&mut lines).map_err(unreadable)?;
    let mut reader = ReaderBuilder::new()
        .delimiter(separator)
        .has_headers(false)
        .flexible(true)
        .from_reader(lines);
    let mut record = StringRecord::new();
    let mut export: Option<ExportBuilder> = None;
    let mut broken = None;
    loop {
        let before = reader.get_ref().count();
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => {
                broken = Some((reader.get_ref().count(), error.to_string()));
                break;
            }
        }
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        // Its last line was given last; empty lines may have been before it.
        let breaks = record.as_slice().matches('\n').count() as u64;
        let line = (before + 1).max(reader.get_ref().count() - breaks);
        match &mut export {
            Some(export) => {
                for (column, what) in doubts(options, &record, export.columns()) {
                    export.problem(line, column, what);
                }
                export.row(line, &record);
            }
            None => {
                let mut problems = ExportError::default();
                for (column, what) in doubts(options, &record, &[]) {
                    problems.add(Some(line), column, what);
                }
                problems.into_result()?;
                export = Some(ExportBuilder::with_header(Some(line), &record)?);
            }
        }
    }
    let lines = reader.get_ref();
    let Some(mut export) = export else {
        let mut empty = ExportError::default();
        match broken {
            Some((line, what)) => empty.add(Some(line), None, what),
            None => empty.add(None, None, "there is no subscriber in it"),
        }
        return Err(empty);
    };
    if let Some((line, what)) = broken {
        export.problem(line, None, what);
    }
    if lines.is_unterminated() && !options.unterminated {
        let what = "the line has no end: the export looks cut off";
        export.problem(lines.count(), None, what);
    }
    export.finish()
}

/// Returns what makes the cells of a record doubtful: the column, and what is wrong.
fn doubts(
    options: &ExportReader,
    record: &StringRecord,
    columns: &[Column],
) -> Vec<(Option<&'static str>, String)> {
    let doubt = |(place, cell): (usize, &str)| {
        let what = if cell.contains(NO_CHARACTER) {
            format!("not {}", options.encoding.name())
        } else if cell.contains(['\n', '\r']) && !options.line_breaks {
            "a line break within the cell, as an unclosed quote makes it".to_owned()
        } else {
            return None;
        };
        let column = columns.get(place).map(|column| column.as_str());
        Some((column, what))
    };
    record.iter().enumerate().filter_map(doubt).collect()
}

/// Returns the separator that the header has most of, or the one that a
/// spreadsheet's first line `sep=;` names.
fn separator(lines: &mut Lines<impl BufRead>) -> io::Result<u8> {
    let header = lines.peek()?;
    if let [b's', b'e', b'p', b'=', named, b'\r' | b'\n', ..] = *header {
        lines.skip();
        return Ok(named);
    }
    let count = |sign: &u8| header.iter().filter(|byte| *byte == sign).count();
    // Of equals the last.
    Ok([b'\t', b';', b',']
        .into_iter()
        .max_by_key(count)
        .unwrap_or(b','))
}
