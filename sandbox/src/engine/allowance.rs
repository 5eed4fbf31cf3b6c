//! The limits on the results of a request.

use serde_json::Value;

use super::{Fault, Rows};
use crate::limits::Limits;

/// The number of bytes that a value takes in addition to its text.
const EACH: usize = 32;

/// The allowance that is left for the results of a request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Allowance {
    most_rows: usize,
    most_bytes: usize,
    /// Of all statements before.
    taken: usize,
}

/// Counts the rows of one statement.
#[derive(Debug)]
pub(super) struct Meter {
    allowance: Allowance,
    rows: usize,
    pub(super) bytes: usize,
}

impl Allowance {
    pub(crate) fn new(limits: &Limits) -> Allowance {
        Allowance {
            most_rows: limits.result_rows,
            most_bytes: limits.result_bytes,
            taken: 0,
        }
    }

    /// Of who runs the sandbox.
    pub(super) fn unlimited() -> Allowance {
        Allowance {
            most_rows: usize::MAX,
            most_bytes: usize::MAX,
            taken: 0,
        }
    }

    /// These rows are part of the answer.
    pub(crate) fn take(&mut self, rows: &Rows) {
        self.taken += rows.bytes;
    }

    pub(super) fn meter(self) -> Meter {
        Meter {
            allowance: self,
            rows: 0,
            bytes: 0,
        }
    }

    /// The bytes that are left.
    pub(super) fn left(&self) -> usize {
        self.most_bytes.saturating_sub(self.taken)
    }

    pub(super) fn too_many_bytes(&self) -> Fault {
        let most = self.most_bytes;
        Fault::Statement(format!(
            "the result is larger than {most} bytes (--max-result-bytes); select less, or in parts"
        ))
    }
}

impl Meter {
    /// Counts a row, or says that it is one too many.
    pub(super) fn row(&mut self, row: &[Value]) -> Result<(), Fault> {
        self.rows += 1;
        let most = self.allowance.most_rows;
        if self.rows > most {
            return Err(Fault::Statement(format!(
                "the result has more than {most} rows (--max-result-rows); select in parts, \
                 with limit"
            )));
        }
        let size = |value: &Value| EACH + value.as_str().map_or(0, str::len);
        self.bytes += row.iter().map(size).sum::<usize>();
        if self.bytes > self.allowance.left() {
            return Err(self.allowance.too_many_bytes());
        }
        Ok(())
    }
}
