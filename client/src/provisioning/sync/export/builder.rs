//! An export, collected row by row.

use super::column::{self, Column};
use super::problem::ExportError;
use super::{BETWEEN, Export};
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
            if cell.contains(BETWEEN) {
                let column = self.columns.get(count).map(|column| column.as_str());
                self.problems.add(Some(line), column, "a control character");
            }
            text.push_str(cell);
            count += 1;
        }
        let expected = self.columns.len();
        if count != expected {
            let last = count.checked_sub(1).and_then(|last| self.columns.get(last));
            let what = format!("{count} cells, where the header has {expected}");
            let last = last.map(|column| column.as_str());
            self.problems.add(Some(line), last, what);
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
            self.problems
                .add(None, None, "there is no subscriber in it");
        }
        self.problems.into_result()?;
        Ok(Export {
            columns: self.columns,
            rows: self.rows,
            packages: PackageNames::default(),
        })
    }
}
