//! What is wrong with an export, and in which line.

use std::fmt;

/// What is wrong with an export, and where.
#[derive(Debug, PartialEq, Eq)]
pub struct Problem {
    /// The line, counted from 1; none if it is about all of it.
    pub line: Option<u64>,
    /// The column's name.
    pub column: Option<&'static str>,
    /// What is wrong; never what the cell holds, except names of packages.
    pub what: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}")?;
        }
        if let Some(column) = self.column {
            write!(f, ", column {column}")?;
        }
        if self.line.is_some() {
            f.write_str(": ")?;
        }
        f.write_str(&self.what)
    }
}

/// The text, for telling lines. What the reader takes for the line of a record
/// is one before it after `\r\n` and empty lines.
pub(super) struct Lines<'a> {
    text: &'a [u8],
    /// How much of it is counted, and how many ends of lines that had.
    counted: usize,
    ends: u64,
}

impl<'a> Lines<'a> {
    pub(super) fn of(text: &'a [u8]) -> Lines<'a> {
        Lines {
            text,
            counted: 0,
            ends: 0,
        }
    }

    /// The line of a record that is not before the last one asked about.
    pub(super) fn line(&mut self, position: Option<&csv::Position>) -> u64 {
        let start = position.map_or(0, |position| position.byte() as usize);
        let rest = self.text.get(start..).unwrap_or_default();
        let gap = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
        let start = start + gap.count();
        let uncounted = self.text.get(self.counted..start).unwrap_or_default();
        self.ends += uncounted.iter().filter(|byte| **byte == b'\n').count() as u64;
        self.counted = self.counted.max(start);
        1 + self.ends
    }

    pub(super) fn unreadable(&mut self, error: &csv::Error) -> Problem {
        let what = match error.kind() {
            csv::ErrorKind::Utf8 { .. } => "not UTF-8".to_owned(),
            _ => error.to_string(),
        };
        Problem {
            line: error.position().map(|position| self.line(Some(position))),
            column: None,
            what,
        }
    }
}

pub(super) fn whole(what: impl Into<String>) -> Problem {
    Problem {
        line: None,
        column: None,
        what: what.into(),
    }
}
