//! A problem of an export, with its place.

use std::fmt;

/// A problem of an export, with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Problem {
    /// The line or row, counted from 1; none if it is about all of it.
    pub line: Option<u64>,
    /// The kind of place that `line` counts.
    pub unit: Unit,
    /// The column's name.
    pub column: Option<String>,
    /// The problem, without what the cell holds.
    pub what: String,
}

/// The kind of place that the problems of an export have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Unit {
    /// A line of a file.
    #[default]
    Line,
    /// A row of a query.
    Row,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = match self.unit {
            Unit::Line => "line",
            Unit::Row => "row",
        };
        let line = self.line.map(|line| format!("{unit} {line}"));
        let column = (self.column.as_ref()).map(|column| format!("column {column}"));
        let place: Vec<String> = line.into_iter().chain(column).collect();
        match place.is_empty() {
            true => f.write_str(&self.what),
            false => write!(f, "{}: {}", place.join(", "), self.what),
        }
    }
}

/// The most problems that are listed: a wrong encoding has one in every line.
const LISTED: usize = 20;

/// An export that cannot be used, with all that is wrong with it, so that it can
/// be mended at once.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ExportError {
    unit: Unit,
    problems: Vec<Problem>,
    more: usize,
}

impl ExportError {
    /// Creates an error of rows that are in no file.
    pub(super) fn of_rows() -> ExportError {
        ExportError {
            unit: Unit::Row,
            ..ExportError::default()
        }
    }

    pub(super) fn add(&mut self, line: Option<u64>, column: Option<&str>, what: impl Into<String>) {
        if self.problems.len() == LISTED {
            self.more += 1;
            return;
        }
        self.problems.push(Problem {
            line,
            unit: self.unit,
            column: column.map(str::to_owned),
            what: what.into(),
        });
    }

    /// Returns this as an error, if there is any problem.
    pub(super) fn into_result(self) -> Result<(), ExportError> {
        match self.problems.is_empty() {
            true => Ok(()),
            false => Err(self),
        }
    }

    /// Returns the first problems, in the order of the lines.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }
}

/// One problem a line.
impl fmt::Display for ExportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<String> = self.problems.iter().map(ToString::to_string).collect();
        f.write_str(&lines.join("\n"))?;
        match self.more {
            0 => Ok(()),
            more => write!(f, "\nand {more} more"),
        }
    }
}

impl std::error::Error for ExportError {}
