//! The values of one row, one after another.

use std::cell::Cell;
use std::fmt;

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use serde_json::value::RawValue;

use super::{Decode, Failure, Mismatch, Place, Row, Rows, Scalar};

/// The values of one row, taken one after another by a [`Row`].
pub struct Cells<'c, A> {
    seq: A,
    place: Place,
    /// The name of the next value, when whoever takes it does not know it.
    name: &'static str,
    failure: &'c Cell<Option<Failure>>,
}

impl<A> fmt::Debug for Cells<'_, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Cells at row {}, value {}",
            self.place.row, self.place.index
        )
    }
}

impl<'de, A: SeqAccess<'de>> Cells<'_, A> {
    /// The next value, which may not be NULL.
    ///
    /// # Errors
    ///
    /// When there is none, it is NULL or not a `T`. `column` is named in the
    /// message, unless it is empty.
    #[inline]
    pub fn required<T: Decode<'de>>(&mut self, column: &'static str) -> Result<T, A::Error> {
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
    ) -> Result<Option<T>, A::Error> {
        match self.next::<T>(column)? {
            Scalar::Null => Ok(None),
            scalar => self.decoded(scalar).map(Some),
        }
    }

    /// The next values, as a row of their own; `field` is named in messages
    /// about a single value.
    ///
    /// # Errors
    ///
    /// As [`Row::decode`].
    #[inline]
    pub fn named<R: Row<'de>>(&mut self, field: &'static str) -> Result<R, A::Error> {
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
    ) -> Result<T, A::Error> {
        value.ok_or_else(|| self.null(column, after))
    }

    /// The error of a NULL where there is none.
    #[cold]
    pub fn null(&mut self, column: &'static str, after: usize) -> A::Error {
        self.place.column = column;
        self.place.index = self.place.index.saturating_sub(after);
        self.fail(Mismatch {
            expected: "a value",
            found: "null",
        })
    }

    #[inline]
    fn next<T: Decode<'de>>(&mut self, column: &'static str) -> Result<Scalar<'de>, A::Error> {
        let name = std::mem::take(&mut self.name);
        self.place.column = if column.is_empty() { name } else { column };
        self.place.index += 1;
        let json = match self.seq.next_element::<&'de RawValue>() {
            Ok(Some(json)) => json,
            Ok(None) => return Err(self.fail(Mismatch::found::<T>("the end of the row"))),
            Err(error) => return Err(self.broken(error)),
        };
        match Scalar::read(json) {
            Some(scalar) => Ok(scalar),
            None => Err(self.fail(Mismatch::found::<T>("a text with an invalid escape"))),
        }
    }

    #[inline]
    fn decoded<T: Decode<'de>>(&mut self, scalar: Scalar<'de>) -> Result<T, A::Error> {
        T::decode(scalar).map_err(|mismatch| self.fail(mismatch))
    }

    #[cold]
    fn fail(&mut self, mismatch: Mismatch) -> A::Error {
        self.failure.set(Some(Failure {
            place: self.here(),
            mismatch: Some(mismatch),
        }));
        A::Error::custom("a value of another type")
    }

    /// Notes where the JSON itself ends or is none.
    #[cold]
    fn broken(&mut self, error: A::Error) -> A::Error {
        self.failure.set(Some(Failure {
            place: self.here(),
            mismatch: None,
        }));
        error
    }

    fn here(&self) -> Place {
        Place {
            index: self.place.index.saturating_sub(1),
            ..self.place
        }
    }
}

/// Reads one row: a list, or for a row of one value the value itself.
pub(super) struct RowSeed<'c, R> {
    rows: &'c Rows<R>,
    row: usize,
}

impl<'c, R> RowSeed<'c, R> {
    pub(super) fn new(rows: &'c Rows<R>, row: usize) -> Self {
        RowSeed { rows, row }
    }

    fn place(&self) -> Place {
        Place {
            row: self.row,
            index: 0,
            column: "",
        }
    }

    fn cells<A>(&self, seq: A) -> Cells<'c, A> {
        Cells {
            seq,
            place: self.place(),
            name: "",
            failure: &self.rows.failure,
        }
    }

    /// A row of one value, which may be written without its list.
    fn one<'de, E: Error>(self, row: &'de RawValue) -> Result<R, E>
    where
        R: Row<'de>,
    {
        if row.get().starts_with('[') {
            row.deserialize_seq(self)
        } else {
            R::decode(&mut self.cells(OneCell(Some(row))))
        }
        .map_err(E::custom)
    }

    /// The error of one value where a row of several, or of none, is expected.
    #[cold]
    fn no_row<E: Error>(&self) -> E {
        self.rows.failure.set(Some(Failure {
            place: self.place(),
            mismatch: Some(Mismatch {
                expected: "a row, a list of values",
                found: "one value",
            }),
        }));
        E::custom("one value")
    }
}

impl<'de, R: Row<'de>> DeserializeSeed<'de> for RowSeed<'_, R> {
    type Value = R;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<R, D::Error> {
        let (rows, place) = (self.rows, self.place());
        let read = if R::WIDTH == 1 {
            <&RawValue>::deserialize(deserializer).and_then(|row| self.one(row))
        } else {
            deserializer.deserialize_any(self)
        };
        read.inspect_err(|_| {
            if rows.failure.get().is_none() {
                rows.failure.set(Some(Failure {
                    place,
                    mismatch: None,
                }));
            }
        })
    }
}

impl<'de, R: Row<'de>> Visitor<'de> for RowSeed<'_, R> {
    type Value = R;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a row")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<R, A::Error> {
        let mut cells = self.cells(seq);
        let row = R::decode(&mut cells)?;
        cells.place.column = "";
        cells.place.index += 1;
        match cells.seq.next_element::<IgnoredAny>() {
            Ok(None) => Ok(row),
            Ok(Some(_)) => Err(cells.fail(Mismatch {
                expected: "the end of the row",
                found: "one more value",
            })),
            Err(error) => Err(cells.broken(error)),
        }
    }

    fn visit_unit<E: Error>(self) -> Result<R, E> {
        Err(self.no_row())
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<R, E> {
        Err(self.no_row())
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<R, E> {
        Err(self.no_row())
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<R, E> {
        Err(self.no_row())
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<R, E> {
        Err(self.no_row())
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<R, E> {
        Err(self.no_row())
    }

    fn visit_map<A: MapAccess<'de>>(self, _: A) -> Result<R, A::Error> {
        Err(self.no_row())
    }
}

/// A value standing for a row of one.
struct OneCell<'de>(Option<&'de RawValue>);

impl<'de> SeqAccess<'de> for OneCell<'de> {
    type Error = serde_json::Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, serde_json::Error> {
        self.0
            .take()
            .map(|value| seed.deserialize(value))
            .transpose()
    }
}
