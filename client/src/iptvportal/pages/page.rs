//! A page as it is held: the texts of its rows, and their keys.
//!
//! A row is decoded when it is taken. So the key of the next page is known before
//! any row of this one is decoded, the values of one row are in memory at a time,
//! and they are allocated and freed by the thread that uses them.

use std::marker::PhantomData;

use jsonsql::row::{Cells, DecodeError, Row, RowError};

use super::key::{KeyValue, key};
use crate::iptvportal::rpc::{Answer, Failure, Proof, read_rows};

/// The rows of a page, of which some have been taken.
pub(super) struct Page<R> {
    /// The values of all rows, one after another.
    text: String,
    /// The end of each row in the text.
    ends: Vec<usize>,
    taken: usize,
    /// The values by which the rows are ordered, one row's after another's.
    keys: Vec<KeyValue>,
    row: PhantomData<fn() -> R>,
}

impl<R> Page<R> {
    /// A page without rows.
    pub(super) fn empty() -> Page<R> {
        Page {
            text: String::new(),
            ends: Vec::new(),
            taken: 0,
            keys: Vec::new(),
            row: PhantomData,
        }
    }

    /// Returns the number of rows, taken or not.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The values by which each row is ordered.
    pub(super) fn keys(&self) -> impl ExactSizeIterator<Item = &[KeyValue]> + Clone {
        let values = self.keys.len() / self.len().max(1);
        self.keys.chunks_exact(values.max(1))
    }

    /// Leaves out the rows after so many, and the keys of all.
    pub(super) fn take_only(&mut self, rows: usize) {
        self.ends.truncate(rows);
        self.keys = Vec::new();
    }

    /// Returns `true` if all rows have been taken.
    pub(super) fn is_taken(&self) -> bool {
        self.taken == self.len()
    }

    /// Takes the next row.
    ///
    /// # Errors
    ///
    /// When it is not a row of this type.
    pub(super) fn next(&mut self) -> Option<Result<R, DecodeError>>
    where
        R: for<'de> Row<'de>,
    {
        let end = *self.ends.get(self.taken)?;
        let begin = match self.taken.checked_sub(1) {
            Some(before) => self.ends[before],
            None => 0,
        };
        let row = jsonsql::row::decode_values(&self.text[begin..end], self.taken);
        self.taken += 1;
        Some(row)
    }
}

/// A row, not decoded yet, and the `N` values by which it is ordered.
struct Undecoded<'de, R, const N: usize> {
    values: &'de str,
    key: [KeyValue; N],
    row: PhantomData<fn() -> R>,
}

impl<'de, R: Row<'de>, const N: usize> Row<'de> for Undecoded<'de, R, N> {
    const WIDTH: usize = R::WIDTH + N;

    fn decode(cells: &mut Cells<'de>) -> Result<Self, RowError> {
        Ok(Undecoded {
            values: cells.raw(R::WIDTH)?,
            key: key(cells)?,
            row: PhantomData,
        })
    }
}

/// The same, decoded and dropped.
struct Checked<R, const N: usize>(PhantomData<fn() -> R>);

impl<'de, R: Row<'de>, const N: usize> Row<'de> for Checked<R, N> {
    const WIDTH: usize = R::WIDTH + N;

    fn decode(cells: &mut Cells<'de>) -> Result<Self, RowError> {
        R::decode(cells)?;
        key::<N>(cells)?;
        Ok(Checked(PhantomData))
    }
}

/// Reads a page in the answer to call `id`, whose rows have `N` values to order by.
///
/// All rows are decoded before one is taken where the answer does not name the call,
/// so that its rows are the only evidence whose answer it is; and where a row has not
/// the values that it should have, so that the error names the column.
pub(super) fn read<R, const N: usize>(body: &[u8], id: u64) -> Result<Answer<Page<R>>, Failure>
where
    R: for<'de> Row<'de>,
{
    let undecoded = read_rows::<Undecoded<'_, R, N>>(body, id);
    let is_checked = match &undecoded {
        Ok(answer) => answer.proof == Proof::Id,
        Err(failure) => !matches!(failure, Failure::Decode(..)),
    };
    if !is_checked {
        read_rows::<Checked<R, N>>(body, id)?;
    }
    let Answer { rows, proof } = undecoded?;
    let mut page = Page::empty();
    page.text
        .reserve(rows.iter().map(|row| row.values.len()).sum());
    page.ends.reserve(rows.len());
    page.keys.reserve(rows.len() * N);
    for row in rows {
        page.text.push_str(row.values);
        page.ends.push(page.text.len());
        page.keys.extend(row.key);
    }
    Ok(Answer { rows: page, proof })
}
