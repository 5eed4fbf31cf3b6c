//! Rows read where they stand in an answer, before it is known whose answer it is.
//!
//! The ordinary way through an answer finds the end of its result first, so that
//! everything else in it is known before a row is read. That is a second pass over
//! what may be many megabytes. Here the rows are read at once, and the answer
//! without them is judged by the same rules afterwards.

use jsonsql::row::Row;
use memchr::memmem;

use super::envelope::Envelope;
use super::proof::{Answer, conclude};

/// The member before the rows, as servers write it.
const RESULT: &[u8] = b"\"result\":";

/// The greatest number of bytes before the rows.
const LONGEST_HEAD: usize = 512;

/// Stands for the rows in the answer without them.
const NO_ROWS: &[u8] = b"[]";

/// The rows of the answer to call `id`; `None` where anything is not as it is in
/// most answers, which says nothing of the answer.
pub(super) fn read_rows<'de, R: Row<'de>>(body: &'de [u8], id: u64) -> Option<Answer<Vec<R>>> {
    let head = &body[..body.len().min(LONGEST_HEAD)];
    let begin = memmem::find(head, RESULT)? + RESULT.len();
    let text = std::str::from_utf8(&body[begin..]).ok()?;
    let (rows, length) = jsonsql::row::decode_prefix::<R>(text)?;

    let rest = [&body[..begin], NO_ROWS, &text.as_bytes()[length..]].concat();
    let (result, proof) = conclude(Envelope::read(&rest).ok()?, id).ok()?;
    // A member of this name may stand within another one, or in front of the real one.
    let is_result = result?.get().as_ptr() == rest[begin..].as_ptr();
    is_result.then(|| Answer {
        proof: proof.with_rows(!rows.is_empty()),
        rows,
    })
}
