//! A billing's export: one subscriber a line, as CSV or as JSON lines.
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
//! In JSON lines the same columns are members of an object; `null` is an empty cell,
//! a list may be an array, and every line has the members of the first:
//!
//! ```text
//! {"external_ref": "LB-1001", "login": "12345", "enabled": true, "macs": ["00:1a:79:10:00:01"]}
//! ```
//!
//! What is no file, such as a query's result, is collected by an [`ExportBuilder`].
//!
//! Anything that makes it doubtful whose line is whose refuses the whole
//! export, with line and column. What is wrong with one subscriber's values is
//! that subscriber's problem alone.

mod builder;
mod column;
mod csv;
mod json;
mod lines;
mod problem;
mod quotes;
mod row;

use std::borrow::Cow;
use std::fmt;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

use encoding_rs::{Encoding, UTF_8};
use encoding_rs_io::DecodeReaderBytesBuilder;

pub use builder::ExportBuilder;
pub use column::Column;
use lines::Lines;
pub use problem::{ExportError, Problem, Unit};

use super::wanted::{WantedRow, WantedRows};
use crate::model::Package;
use crate::model::{Capabilities, Capability};
use crate::provisioning::package_names::PackageNames;

/// Between the cells of a row, as it is kept.
const BETWEEN: char = '\u{1f}';

/// The problem of an export without subscribers, as one that failed looks.
const EMPTY: &str = "there is no subscriber in it";

/// The character that a decoder writes for bytes that do not form a character.
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
    pub fn read(&self, source: impl Read) -> Result<Export, ExportError> {
        let decoded = DecodeReaderBytesBuilder::new()
            .encoding(Some(self.encoding))
            .bom_override(true)
            .strip_bom(true)
            .build(source);
        let mut lines = Lines::new(BufReader::new(decoded));
        // Neither form begins with a line of blanks.
        loop {
            let line = lines.peek().map_err(unreadable)?;
            match line.trim_ascii_start().first() {
                Some(b'{') => return json::read(self, lines),
                None if !line.is_empty() => lines.skip(),
                _ => return csv::read(self, lines),
            }
        }
    }
}

fn unreadable(error: io::Error) -> ExportError {
    let mut unreadable = ExportError::default();
    unreadable.add(None, None, error.to_string());
    unreadable
}

/// An export that was read.
///
/// It keeps the text of each line, and reads its cells when they are asked for.
pub struct Export {
    columns: Vec<Column>,
    rows: Vec<(u64, Box<str>)>,
    packages: PackageNames,
}

impl Export {
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
