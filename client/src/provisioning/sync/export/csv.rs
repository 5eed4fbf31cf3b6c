//! An export as CSV.

use std::io::{self, BufRead};

use csv::{ReaderBuilder, StringRecord};

use super::builder::ExportBuilder;
use super::column::Column;
use super::lines::Lines;
use super::problem::ExportError;
use super::quotes::Quotes;
use super::{EMPTY, Export, ExportReader, NO_CHARACTER, unreadable};

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
        .from_reader(Quotes::new(lines, separator));
    let mut record = StringRecord::new();
    let mut export: Option<ExportBuilder> = None;
    let mut broken = None;
    loop {
        let before = reader.get_ref().lines().count();
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => {
                broken = Some((reader.get_ref().lines().count(), error.to_string()));
                break;
            }
        }
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        // Its last line was given last; empty lines may have been before it.
        let breaks = record.as_slice().matches('\n').count() as u64;
        let line = (before + 1).max(reader.get_ref().lines().count() - breaks);
        let quotes = reader.get_mut().take_doubt();
        match &mut export {
            Some(export) => {
                for (column, what) in doubts(options, &record, quotes, export.columns()) {
                    export.problem(line, Some(&column), what);
                }
                if is_header(&record, export.columns()) {
                    let what = "the header again: two exports look joined";
                    export.problem(line, None, what);
                }
                export.row(line, &record);
            }
            None => {
                let mut problems = ExportError::default();
                for (column, what) in doubts(options, &record, quotes, &[]) {
                    problems.add(Some(line), Some(&column), what);
                }
                problems.into_result()?;
                export = Some(ExportBuilder::with_header(Some(line), &record)?);
            }
        }
    }
    let lines = reader.get_ref().lines();
    let Some(mut export) = export else {
        let mut empty = ExportError::default();
        match broken {
            Some((line, what)) => empty.add(Some(line), None, what),
            None => empty.add(Some(1), None, EMPTY),
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
    quotes: Option<usize>,
    columns: &[Column],
) -> Vec<(String, String)> {
    let column = |place: usize| match columns.get(place) {
        Some(column) => column.as_str().to_owned(),
        None => (place + 1).to_string(),
    };
    let doubt = |(place, cell): (usize, &str)| {
        let what = if cell.contains(NO_CHARACTER) {
            format!("not {}", options.encoding.name())
        } else if cell.contains(['\n', '\r']) && !options.line_breaks {
            "a line break within the cell, as an unclosed quote makes it".to_owned()
        } else {
            return None;
        };
        Some((column(place), what))
    };
    let mut doubts: Vec<_> = record.iter().enumerate().filter_map(doubt).collect();
    // An unclosed quote ends somewhere in another line.
    if let (true, Some(place)) = (doubts.is_empty(), quotes) {
        let what = "a quote that neither begins nor ends the cell; within one it is written twice";
        doubts.push((column(place), what.to_owned()));
    }
    doubts
}

/// Returns `true` if a row has the names of the columns in its cells.
fn is_header(record: &StringRecord, columns: &[Column]) -> bool {
    let is_name = |(cell, column): (&str, &Column)| {
        let name = cell.trim_start_matches('\u{feff}').trim();
        name.eq_ignore_ascii_case(column.as_str())
    };
    record.len() == columns.len() && record.iter().zip(columns).all(is_name)
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
