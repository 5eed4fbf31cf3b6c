//! The values of one row, one after another.

use std::fmt;

use super::scanner::{NotJson, Progress, Scanner};
use super::{Decode, Mismatch, Place, Row, Scalar};

/// The values of one row, taken one after another by a [`Row`].
pub struct Cells<'de> {
    scanner: Scanner<'de>,
    progress: Progress,
    place: Place,
    /// The name of the next value, when whoever takes it does not know it.
    name: &'static str,
    failure: Option<Failure>,
}

/// A row that cannot be read. The [`Cells`] know why, and where.
#[derive(Debug)]
pub struct RowError(());

/// The reason why a row cannot be read: a value that does not fit, or without
/// `mismatch` a place where the JSON is broken.
#[derive(Debug, Clone, Copy)]
pub(super) struct Failure {
    pub(super) place: Place,
    pub(super) mismatch: Option<Mismatch>,
}

impl fmt::Debug for Cells<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Cells at row {}, value {}",
            self.place.row, self.place.index
        )
    }
}

impl<'de> Cells<'de> {
    /// The next value, which may not be NULL.
    ///
    /// # Errors
    ///
    /// When there is none, it is NULL or not a `T`. `column` is named in the
    /// message, unless it is empty.
    #[inline]
    pub fn required<T: Decode<'de>>(&mut self, column: &'static str) -> Result<T, RowError> {
        match self.optional(column)? {
            Some(value) => Ok(value),
            None => Err(self.fail(Mismatch::new::<T>(&Scalar::Null))),
        }
    }

    /// The next value, or `None` if it is NULL.
    ///
    /// # Errors
    ///
    /// When there is none, or it is not a `T`.
    #[inline]
    pub fn optional<T: Decode<'de>>(
        &mut self,
        column: &'static str,
    ) -> Result<Option<T>, RowError> {
        match self.next::<T>(column)? {
            Scalar::Null => Ok(None),
            scalar => match T::decode(scalar) {
                Ok(value) => Ok(Some(value)),
                Err(mismatch) => Err(self.fail(mismatch)),
            },
        }
    }

    /// The next values, as a row of their own; `field` is named in messages
    /// about a single value.
    ///
    /// # Errors
    ///
    /// As [`Row::decode`].
    #[inline]
    pub fn named<R: Row<'de>>(&mut self, field: &'static str) -> Result<R, RowError> {
        self.name = field;
        R::decode(self)
    }

    /// The value of a column that has no NULL, in a row that is there; `after`
    /// is how many values have been taken since.
    ///
    /// # Errors
    ///
    /// When it was NULL nevertheless.
    #[inline]
    pub fn present<T>(
        &mut self,
        value: Option<T>,
        column: &'static str,
        after: usize,
    ) -> Result<T, RowError> {
        value.ok_or_else(|| self.null(column, after))
    }

    /// The error of a NULL where there is none.
    #[cold]
    pub fn null(&mut self, column: &'static str, after: usize) -> RowError {
        self.place.column = column;
        self.place.index = self.place.index.saturating_sub(after);
        self.fail(Mismatch {
            expected: "a value",
            found: "null",
        })
    }

    #[inline]
    fn next<T: Decode<'de>>(&mut self, column: &'static str) -> Result<Scalar<'de>, RowError> {
        let name = std::mem::take(&mut self.name);
        self.place.column = if column.is_empty() { name } else { column };
        self.place.index += 1;
        match self.scanner.advance(&mut self.progress) {
            Ok(true) => {}
            Ok(false) => return Err(self.fail(Mismatch::found::<T>("the end of the row"))),
            Err(NotJson) => return Err(self.broken()),
        }
        match self.scanner.value() {
            Ok(Some(scalar)) => Ok(scalar),
            Ok(None) => Err(self.fail(Mismatch::found::<T>("a text with an invalid escape"))),
            Err(NotJson) => Err(self.broken()),
        }
    }

    #[cold]
    fn fail(&mut self, mismatch: Mismatch) -> RowError {
        self.failed(Some(mismatch))
    }

    #[cold]
    fn broken(&mut self) -> RowError {
        self.failed(None)
    }

    fn failed(&mut self, mismatch: Option<Mismatch>) -> RowError {
        self.failure = Some(Failure {
            place: Place {
                index: self.place.index.saturating_sub(1),
                ..self.place
            },
            mismatch,
        });
        RowError(())
    }
}

/// Whole rows.
impl<'de> Cells<'de> {
    pub(super) fn new(text: &'de str) -> Cells<'de> {
        Cells {
            scanner: Scanner::new(text),
            progress: Progress::Ended,
            place: Place {
                row: 0,
                index: 0,
                column: "",
            },
            name: "",
            failure: None,
        }
    }

    /// Reads a list of rows to its end, with room for so many of them.
    ///
    /// # Errors
    ///
    /// The [`failure`](Self::failure) knows why; without one, the text is no list.
    pub(super) fn rows<R: Row<'de>>(&mut self, capacity: usize) -> Result<Vec<R>, RowError> {
        let mut progress = self.scanner.open().ok_or(RowError(()))?;
        let mut list = Vec::with_capacity(capacity);
        loop {
            self.place = Place {
                row: list.len(),
                index: 0,
                column: "",
            };
            match self.scanner.advance(&mut progress) {
                Ok(true) => list.push(self.row()?),
                Ok(false) => return Ok(list),
                Err(NotJson) => return Err(self.broken()),
            }
        }
    }

    /// Fails if something but blanks is left.
    pub(super) fn end(&mut self) -> Result<(), RowError> {
        self.scanner.end().map_err(|NotJson| RowError(()))
    }

    /// Returns the number of bytes that have been read.
    pub(super) fn offset(&self) -> usize {
        self.scanner.offset()
    }

    /// Reads one row: a list, or for a row of one value the value itself.
    #[inline]
    fn row<R: Row<'de>>(&mut self) -> Result<R, RowError> {
        self.progress = match self.scanner.open() {
            Some(opened) => opened,
            None if R::WIDTH == 1 => Progress::Alone,
            None => return Err(self.no_row()),
        };
        let row = R::decode(self)?;
        self.place.column = "";
        self.place.index += 1;
        match self.scanner.advance(&mut self.progress) {
            Ok(false) => Ok(row),
            Ok(true) => Err(self.fail(Mismatch {
                expected: "the end of the row",
                found: "one more value",
            })),
            Err(NotJson) => Err(self.broken()),
        }
    }

    /// The error of one value where a row of several, or of none, is expected.
    #[cold]
    fn no_row(&mut self) -> RowError {
        match self.scanner.value() {
            Ok(_) => self.fail(Mismatch {
                expected: "a row, a list of values",
                found: "one value",
            }),
            Err(NotJson) => self.broken(),
        }
    }

    pub(super) fn failure(&self) -> Option<Failure> {
        self.failure
    }
}
