//! An export, collected row by row.

use super::column::{self, Column};
use super::problem::ExportError;
use super::{BETWEEN, EMPTY, Export};
use crate::provisioning::package_names::PackageNames;

/// Collects the rows of an export that is no file, such as the result of a query on
/// a billing's database.
///
/// ```
/// use jsonsql_client::provisioning::sync::export::ExportBuilder;
///
/// let mut export = ExportBuilder::new(["external_ref", "login", "enabled"])?;
/// export.row(1, ["LB-1", "10001", "1"]);
/// let export = export.finish()?;
/// # Ok::<(), jsonsql_client::provisioning::sync::export::ExportError>(())
/// ```
#[derive(Debug)]
pub struct ExportBuilder {
    columns: Vec<Column>,
    rows: Vec<(u64, Box<str>)>,
    /// The line of the header.
    header: Option<u64>,
    problems: ExportError,
}

impl ExportBuilder {
    /// Creates an export with these [columns](Column::as_str).
    ///
    /// # Errors
    ///
    /// When a column is not known, is there twice, or a required one is missing.
    pub fn new<N: AsRef<str>>(
        header: impl IntoIterator<Item = N>,
    ) -> Result<ExportBuilder, ExportError> {
        Ok(ExportBuilder {
            problems: ExportError::of_rows(),
            ..ExportBuilder::with_header(None, header)?
        })
    }

    /// Creates an export whose header is on this line.
    pub(super) fn with_header<N: AsRef<str>>(
        line: Option<u64>,
        header: impl IntoIterator<Item = N>,
    ) -> Result<ExportBuilder, ExportError> {
        Ok(ExportBuilder {
            columns: column::columns(header, line)?,
            rows: Vec::new(),
            header: line,
            problems: ExportError::default(),
        })
    }

    /// Returns the columns.
    pub(super) fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// Notes a problem that refuses the whole export.
    pub(super) fn problem(&mut self, line: u64, column: Option<&str>, what: impl Into<String>) {
        self.problems.add(Some(line), column, what);
    }

    /// Adds a row with a cell for each column; an empty cell is empty on the platform.
    /// `line` is the line of a file or the number of a row, from 1: what is said about
    /// the row names it.
    ///
    /// A row with another number of cells, or a control character that a cell cannot
    /// hold, is an error of [`finish`](ExportBuilder::finish).
    pub fn row<C: AsRef<str>>(&mut self, line: u64, cells: impl IntoIterator<Item = C>) {
        let mut text = String::new();
        let mut count = 0;
        for cell in cells {
            let cell = cell.as_ref().trim();
            if count > 0 {
                text.push(BETWEEN);
            }
            let column = self.columns.get(count);
            if let Some(what) = column.and_then(|column| doubt(*column, cell)) {
                let column = column.map(|column| column.as_str());
                self.problems.add(Some(line), column, what);
            }
            text.push_str(cell);
            count += 1;
        }
        let expected = self.columns.len();
        if count != expected {
            let last = count.checked_sub(1).and_then(|last| self.columns.get(last));
            let last = last.map_or(count.to_string(), |column| column.as_str().to_owned());
            let what = format!("{count} cells, where the header has {expected}");
            self.problems.add(Some(line), Some(&last), what);
        }
        self.rows.push((line, text.into_boxed_str()));
    }

    /// Returns the export.
    ///
    /// # Errors
    ///
    /// With all that is wrong with it; an export without a row is one that failed.
    pub fn finish(mut self) -> Result<Export, ExportError> {
        if self.rows.is_empty() && self.problems.problems().is_empty() {
            // A failed export looks like a billing without subscribers.
            self.problems.add(self.header, None, EMPTY);
        }
        self.problems.into_result()?;
        Ok(Export {
            columns: self.columns,
            rows: self.rows,
            packages: PackageNames::default(),
        })
    }
}

/// Returns what makes a cell doubtful.
fn doubt(column: Column, cell: &str) -> Option<String> {
    // A line break is allowed by name where the text is read.
    let is_break = |one: char| matches!(one, '\n' | '\r' | '\t');
    if cell.contains(|one: char| one.is_control() && !is_break(one)) {
        return Some("a control character".to_owned());
    }
    let is_key = matches!(column, Column::Login | Column::ExternalRef);
    let unseen = cell.chars().find(|one| is_key && is_unseen(*one))?;
    Some(format!(
        "a character that does not show, U+{:04X}",
        u32::from(unseen)
    ))
}

/// Returns `true` if the character does not show, or looks like a blank: with it, a key is
/// another one.
fn is_unseen(one: char) -> bool {
    let is_blank = one.is_whitespace() && one != ' ';
    let is_format = matches!(one,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}' | '\u{feff}');
    is_blank || is_format
}
