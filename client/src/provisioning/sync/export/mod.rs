//! A billing's export: one subscriber a line, as CSV.
//!
//! ```text
//! external_ref,login,name,phone,email,enabled,packages,macs
//! LB-1001,12345,Анна Волкова,+7 912 000-00-01,a@example.net,1,basic;family,00:1a:79:10:00:01
//! ```
//!
//! A column that is left out is not managed; a cell that is empty is empty on
//! the platform. The separator is a comma, a semicolon or a tab, as the header
//! shows; a list with semicolons in it is quoted then.
//!
//! Anything that makes it doubtful whose line is whose refuses the whole
//! export, with line and column. What is wrong with one subscriber's values is
//! that subscriber's problem alone.

mod column;
mod lines;
mod problem;
mod row;

use std::borrow::Cow;
use std::fmt;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

use csv::{ReaderBuilder, StringRecord};
use encoding_rs::{Encoding, UTF_8};
use encoding_rs_io::DecodeReaderBytesBuilder;

pub use column::Column;
use lines::Lines;
pub use problem::{ExportError, Problem};

use super::names::PackageNames;
use super::wanted::{WantedRow, WantedRows};
use crate::provisioning::model::Package;
use crate::provisioning::{Capabilities, Capability};

/// Between the cells of a row, as it is kept.
const BETWEEN: char = '\u{1f}';
/// What a decoder writes for bytes that are no character.
const NO_CHARACTER: char = '\u{fffd}';

/// A reader of exports: what is refused as a likely accident is allowed by name.
#[derive(Debug, Clone)]
pub struct ExportReader {
    encoding: &'static Encoding,
    line_breaks: bool,
    unterminated: bool,
}

impl Default for ExportReader {
    fn default() -> ExportReader {
        ExportReader {
            encoding: UTF_8,
            line_breaks: false,
            unterminated: false,
        }
    }
}

impl ExportReader {
    /// Creates a reader of UTF-8, or of what the text's byte order mark says.
    pub fn new() -> ExportReader {
        ExportReader::default()
    }

    /// Reads this encoding: `windows-1251`, or another label of the
    /// [Encoding Standard](https://encoding.spec.whatwg.org/#names-and-labels).
    /// None if there is no such.
    #[must_use]
    pub fn encoding(mut self, label: &str) -> Option<ExportReader> {
        self.encoding = Encoding::for_label(label.as_bytes())?;
        Some(self)
    }

    /// Allows line breaks within cells. One unclosed quote then takes the next
    /// lines for a part of its cell.
    #[must_use]
    pub fn line_breaks_in_cells(mut self, allowed: bool) -> ExportReader {
        self.line_breaks = allowed;
        self
    }

    /// Allows the last line to have no end. An export that was cut off within
    /// its last cell then looks whole.
    #[must_use]
    pub fn unterminated(mut self, allowed: bool) -> ExportReader {
        self.unterminated = allowed;
        self
    }

    /// Reads a file; `-` is standard input.
    ///
    /// # Errors
    ///
    /// With all that is wrong.
    pub fn open(&self, path: &Path) -> Result<Export, ExportError> {
        if path.as_os_str() == "-" {
            return self.read(io::stdin().lock());
        }
        let file = File::open(path).map_err(unreadable)?;
        self.read(file)
    }

    /// Reads all of it.
    ///
    /// # Errors
    ///
    /// With all that is wrong.
    pub fn read(&self, csv: impl Read) -> Result<Export, ExportError> {
        let decoded = DecodeReaderBytesBuilder::new()
            .encoding(Some(self.encoding))
            .bom_override(true)
            .strip_bom(true)
            .build(csv);
        let mut lines = Lines::new(BufReader::new(decoded));
        let separator = separator(&mut lines).map_err(unreadable)?;
        let mut reader = ReaderBuilder::new()
            .delimiter(separator)
            .has_headers(false)
            .flexible(true)
            .from_reader(lines);
        let mut record = StringRecord::new();
        let mut problems = ExportError::default();
        let mut export = Export::default();
        let mut has_header = false;
        loop {
            let before = reader.get_ref().count();
            match reader.read_record(&mut record) {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => {
                    problems.add(Some(reader.get_ref().count()), None, error.to_string());
                    break;
                }
            }
            if record.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            // Its last line was given last; empty lines may have been before it.
            let breaks = record.as_slice().matches('\n').count() as u64;
            let line = (before + 1).max(reader.get_ref().count() - breaks);
            if has_header {
                export.add(line, &record, self, &mut problems);
            } else {
                self.check(line, &record, &[], &mut problems);
                export.columns = column::columns(&record, line)?;
                has_header = true;
            }
        }
        let lines = reader.get_ref();
        if lines.is_unterminated() && !self.unterminated {
            let what = "the line has no end: the export looks cut off";
            problems.add(Some(lines.count()), None, what);
        }
        problems.into_result()?;
        if export.rows.is_empty() {
            // A failed export looks like a billing without subscribers.
            let mut empty = ExportError::default();
            empty.add(None, None, "there is no subscriber in it");
            return Err(empty);
        }
        Ok(export)
    }

    /// Notes what makes a record doubtful as a whole.
    fn check(
        &self,
        line: u64,
        record: &StringRecord,
        columns: &[Column],
        problems: &mut ExportError,
    ) {
        for (place, cell) in record.iter().enumerate() {
            let what = if cell.contains(NO_CHARACTER) {
                format!("not {}", self.encoding.name())
            } else if cell.contains(['\n', '\r']) && !self.line_breaks {
                "a line break within the cell, as an unclosed quote makes it".to_owned()
            } else if cell.contains(BETWEEN) {
                "a control character".to_owned()
            } else {
                continue;
            };
            let column = columns.get(place).map(|column| column.name());
            problems.add(Some(line), column, what);
        }
        if !columns.is_empty() && record.len() != columns.len() {
            let (found, expected) = (record.len(), columns.len());
            let last = columns.get(found - 1).map(|column| column.name());
            let what = format!("{found} cells, where the header has {expected}");
            problems.add(Some(line), last, what);
        }
    }
}

fn unreadable(error: io::Error) -> ExportError {
    let mut unreadable = ExportError::default();
    unreadable.add(None, None, error.to_string());
    unreadable
}

/// Returns the separator that the header has most of, or the one that a
/// spreadsheet's first line `sep=;` names.
fn separator(lines: &mut Lines<impl io::BufRead>) -> io::Result<u8> {
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

/// An export that was read.
///
/// It keeps the text of each line, and reads its cells when they are asked for.
#[derive(Default)]
pub struct Export {
    columns: Vec<Column>,
    rows: Vec<(u64, Box<str>)>,
    packages: PackageNames,
}

impl Export {
    fn add(
        &mut self,
        line: u64,
        record: &StringRecord,
        reader: &ExportReader,
        problems: &mut ExportError,
    ) {
        reader.check(line, record, &self.columns, problems);
        let mut text = String::with_capacity(record.as_slice().len() + record.len());
        for (place, cell) in record.iter().enumerate() {
            if place > 0 {
                text.push(BETWEEN);
            }
            text.push_str(cell.trim());
        }
        self.rows.push((line, text.into_boxed_str()));
    }

    /// Tells the packages that the platform has, which the export names.
    #[must_use]
    pub fn with_packages(mut self, packages: &[Package]) -> Export {
        self.packages = PackageNames::new(packages);
        self
    }

    /// Returns the columns it has.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// Returns what it has columns for and the platform no place.
    pub fn lacking(&self, platform: &Capabilities) -> Vec<Capability> {
        let needed = self.columns.iter().filter_map(|column| column.capability());
        needed.filter(|one| !platform.has(*one)).collect()
    }
}

impl WantedRows for Export {
    fn len(&self) -> usize {
        self.rows.len()
    }

    fn row(&self, number: usize) -> Cow<'_, WantedRow> {
        let (line, text) = &self.rows[number];
        let cells: Vec<&str> = text.split(BETWEEN).collect();
        let (desired, problem) = row::desired(&self.columns, &cells, &self.packages);
        Cow::Owned(WantedRow {
            line: Some(*line),
            desired,
            problem,
        })
    }
}

impl fmt::Debug for Export {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Export")
            .field("columns", &self.columns)
            .field("rows", &self.rows.len())
            .finish_non_exhaustive()
    }
}
