//! The values of one row, one after another.

use std::cell::Cell;
use std::fmt;

use serde::de::value::{BorrowedStrDeserializer, MapAccessDeserializer, UnitDeserializer};
use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, IntoDeserializer, MapAccess,
    SeqAccess, Visitor,
};
use serde_json::value::RawValue;

use super::exact::Exact;
use super::{Decode, Mismatch, Place, Row, Rows, Scalar};

/// The values of one row, taken one after another by a [`Row`].
pub struct Cells<'c, A> {
    seq: A,
    place: Place,
    /// The name of the next value, when whoever takes it does not know it.
    name: &'static str,
    failure: &'c Cell<Option<(Place, Mismatch)>>,
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
        match self.next::<T>(column)? {
            Scalar::Null => Err(self.fail(Mismatch::new::<T>(&Scalar::Null))),
            scalar => self.decoded(scalar),
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
        let next = if T::EXACT {
            self.seq.next_element()?.map(|Exact(scalar)| scalar)
        } else {
            self.seq.next_element()?
        };
        match next {
            Some(scalar) => Ok(scalar),
            None => Err(self.fail(Mismatch {
                expected: T::EXPECTED,
                found: "the end of the row",
            })),
        }
    }

    #[inline]
    fn decoded<T: Decode<'de>>(&mut self, scalar: Scalar<'de>) -> Result<T, A::Error> {
        T::decode(scalar).map_err(|mismatch| self.fail(mismatch))
    }

    #[cold]
    fn fail(&mut self, mismatch: Mismatch) -> A::Error {
        let index = self.place.index.saturating_sub(1);
        self.failure.set(Some((
            Place {
                index,
                ..self.place
            },
            mismatch,
        )));
        A::Error::custom("a value of another type")
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

    fn cells<A>(&self, seq: A) -> Cells<'c, A> {
        Cells {
            seq,
            place: Place {
                row: self.row,
                index: 0,
                column: "",
            },
            name: "",
            failure: &self.rows.failure,
        }
    }

    /// A row of one value, which is not looked at before it is known to be
    /// wanted digit for digit.
    fn exact<'de, E: Error>(self, row: &'de RawValue) -> Result<R, E>
    where
        R: Row<'de>,
    {
        if row.get().starts_with('[') {
            row.deserialize_any(self)
        } else {
            self.flat(row)
        }
        .map_err(E::custom)
    }

    fn flat<'de, D: Deserializer<'de>>(self, value: D) -> Result<R, D::Error>
    where
        R: Row<'de>,
    {
        let mut cells = self.cells(OneCell(Some(value)));
        if R::WIDTH != 1 {
            return Err(cells.fail(Mismatch {
                expected: "a row, a list of values",
                found: "one value",
            }));
        }
        R::decode(&mut cells)
    }
}

impl<'de, R: Row<'de>> DeserializeSeed<'de> for RowSeed<'_, R> {
    type Value = R;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<R, D::Error> {
        if R::WIDTH == 1 && R::EXACT {
            return self.exact(<&RawValue>::deserialize(deserializer)?);
        }
        deserializer.deserialize_any(self)
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
        if cells.seq.next_element::<IgnoredAny>()?.is_some() {
            cells.place.column = "";
            cells.place.index += 1;
            return Err(cells.fail(Mismatch {
                expected: "the end of the row",
                found: "one more value",
            }));
        }
        Ok(row)
    }

    fn visit_unit<E: Error>(self) -> Result<R, E> {
        self.flat(UnitDeserializer::new())
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<R, E> {
        self.flat(value.into_deserializer())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<R, E> {
        self.flat(value.into_deserializer())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<R, E> {
        self.flat(value.into_deserializer())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<R, E> {
        self.flat(value.into_deserializer())
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<R, E> {
        self.flat(value.into_deserializer())
    }

    fn visit_borrowed_str<E: Error>(self, value: &'de str) -> Result<R, E> {
        self.flat(BorrowedStrDeserializer::new(value))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<R, A::Error> {
        self.flat(MapAccessDeserializer::new(map))
    }
}

/// A value standing for a row of one.
struct OneCell<D>(Option<D>);

impl<'de, D: Deserializer<'de>> SeqAccess<'de> for OneCell<D> {
    type Error = D::Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, D::Error> {
        self.0
            .take()
            .map(|value| seed.deserialize(value))
            .transpose()
    }
}
