//! The values of one row, one after another.

use std::fmt;
use std::ops::Range;

use super::scanner::{NotJson, Progress, Scanner, Unread};
use super::{Decode, Mismatch, Place, Row, Scalar};

/// The values of one row, taken one after another by a [`Row`].
pub struct Cells<'de> {
    scanner: Scanner<'de>,
    progress: Progress,
    row: usize,
    /// The number of values that have been taken from the row.
    taken: usize,
    /// The name of a value, when whoever takes it does not know it, and how many
    /// values were taken before it.
    named: (&'static str, usize),
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

const NO_VALUE: Mismatch = Mismatch {
    expected: "a value",
    found: "the end of the row",
};

const ONE_MORE: Mismatch = Mismatch {
    expected: "the end of the row",
    found: "one more value",
};

impl fmt::Debug for Cells<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cells at row {}, value {}", self.row, self.taken)
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
            None => Err(self.null::<T>(column)),
        }
    }

    /// The error of a NULL: what a struct's column lacks is a value of any kind.
    #[cold]
    fn null<T: Decode<'de>>(&mut self, column: &'static str) -> RowError {
        let mut mismatch = Mismatch::new::<T>(&Scalar::Null);
        if !column.is_empty() {
            mismatch.expected = "a value";
        }
        self.fail(column, mismatch)
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
        self.taken += 1;
        match self.scanner.next(&mut self.progress) {
            Ok(Scalar::Null) => Ok(None),
            Ok(scalar) => match T::decode(scalar) {
                Ok(value) => Ok(Some(value)),
                Err(mismatch) => Err(self.fail(column, mismatch)),
            },
            Err(unread) => Err(self.unread::<T>(column, unread)),
        }
    }

    /// The next values as they are written, with the commas between them; not
    /// decoded, so that escapes which stand for no character are among them. They
    /// are decoded with [`decode_values`](super::decode_values).
    ///
    /// # Errors
    ///
    /// When there are fewer, or something is no JSON.
    pub fn raw(&mut self, values: usize) -> Result<&'de str, RowError> {
        let mut start = None;
        for _ in 0..values {
            self.taken += 1;
            match self.scanner.advance(&mut self.progress) {
                Ok(true) => {}
                Ok(false) => return Err(self.fail("", NO_VALUE)),
                Err(NotJson) => return Err(self.failed("", None)),
            }
            if start.is_none() {
                self.scanner.peek();
                start = Some(self.scanner.offset());
            }
            if let Err(NotJson) = self.scanner.pass() {
                return Err(self.failed("", None));
            }
        }
        let start = start.unwrap_or(self.scanner.offset());
        Ok(self.scanner.text_from(start))
    }

    /// The next values, as a row of their own; `field` is named in messages
    /// about a single value.
    ///
    /// # Errors
    ///
    /// As [`Row::decode`].
    #[inline]
    pub fn named<R: Row<'de>>(&mut self, field: &'static str) -> Result<R, RowError> {
        self.named = (field, self.taken);
        R::decode(self)
    }

    /// The next values, as a row of their own, or `None` if it is missing: if all
    /// values of its `keys` are NULL, which are places in it in their order.
    ///
    /// # Errors
    ///
    /// As [`Row::decode`].
    pub fn row_or_none<R: Row<'de>>(
        &mut self,
        keys: &[Range<usize>],
    ) -> Result<Option<R>, RowError> {
        if self.are_null(keys) {
            self.raw(R::WIDTH)?;
            return Ok(None);
        }
        R::decode(self).map(Some)
    }

    /// Returns `true` if all these values are NULL, of which the next one has the place 0.
    fn are_null(&self, places: &[Range<usize>]) -> bool {
        let (mut scanner, mut progress) = (self.scanner.clone(), self.progress);
        let mut place = 0;
        for places in places {
            while place < places.end {
                let is_there = matches!(scanner.advance(&mut progress), Ok(true));
                let fits = !places.contains(&place) || scanner.peek() == Some(b'n');
                if !(is_there && fits && scanner.pass().is_ok()) {
                    return false;
                }
                place += 1;
            }
        }
        true
    }

    /// The error of a value that cannot be read as a `T`, whatever it is.
    #[cold]
    fn unread<T: Decode<'de>>(&mut self, column: &'static str, unread: Unread) -> RowError {
        match unread {
            Unread::Ended => self.fail(column, Mismatch::found::<T>("the end of the row")),
            Unread::Escape => self.fail(
                column,
                Mismatch::found::<T>("a text with an invalid escape"),
            ),
            Unread::NotJson => self.failed(self.name_of(column), None),
        }
    }

    #[cold]
    fn fail(&mut self, column: &'static str, mismatch: Mismatch) -> RowError {
        self.failed(self.name_of(column), Some(mismatch))
    }

    /// The name of the value that was taken last.
    fn name_of(&self, column: &'static str) -> &'static str {
        match self.named {
            (name, before) if column.is_empty() && before + 1 == self.taken => name,
            _ => column,
        }
    }

    #[cold]
    fn failed(&mut self, column: &'static str, mismatch: Option<Mismatch>) -> RowError {
        self.failure = Some(Failure {
            place: Place {
                row: self.row,
                index: self.taken.saturating_sub(1),
                column,
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
            row: 0,
            taken: 0,
            named: ("", 0),
            failure: None,
        }
    }

    /// Reads the values of a row without the brackets around them. The row has this
    /// number for errors.
    pub(super) fn values<R: Row<'de>>(text: &'de str, row: usize) -> Result<R, Failure> {
        let mut cells = Cells {
            progress: Progress::Opened,
            row,
            ..Cells::new(text)
        };
        let read = R::decode(&mut cells);
        let place = Place {
            row,
            index: cells.taken,
            column: "",
        };
        let at_end = cells.end().is_ok();
        match (read, cells.failure) {
            (Ok(read), _) if at_end => Ok(read),
            (Ok(_), _) => Err(Failure {
                place,
                mismatch: Some(ONE_MORE),
            }),
            // The end of the text is that of the row.
            (Err(_), Some(failure)) => Err(Failure {
                mismatch: failure.mismatch.or(at_end.then_some(NO_VALUE)),
                ..failure
            }),
            (Err(_), None) => Err(Failure {
                place,
                mismatch: None,
            }),
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
            (self.row, self.taken, self.named) = (list.len(), 0, ("", 0));
            match self.scanner.advance(&mut progress) {
                Ok(true) => list.push(self.row()?),
                Ok(false) => return Ok(list),
                Err(NotJson) => return Err(self.failed("", None)),
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
        self.taken += 1;
        match self.scanner.advance(&mut self.progress) {
            Ok(false) => Ok(row),
            Ok(true) => Err(self.failed("", Some(ONE_MORE))),
            Err(NotJson) => Err(self.failed("", None)),
        }
    }

    /// The error of one value where a row of several, or of none, is expected.
    #[cold]
    fn no_row(&mut self) -> RowError {
        let mismatch = self.scanner.value().ok().map(|_| Mismatch {
            expected: "a row, a list of values",
            found: "one value",
        });
        self.failed("", mismatch)
    }

    pub(super) fn failure(&self) -> Option<Failure> {
        self.failure
    }
}
