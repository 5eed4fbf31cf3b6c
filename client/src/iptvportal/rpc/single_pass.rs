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

#[cfg(test)]
mod tests {
    use super::super::proof::Proof;
    use super::*;

    fn read(body: &str) -> Option<(Vec<i64>, Proof)> {
        let answer = read_rows::<i64>(body.as_bytes(), 7)?;
        Some((answer.rows, answer.proof))
    }

    #[test]
    fn rows_are_read_wherever_the_result_stands() {
        for body in [
            r#"{"jsonrpc":"2.0","id":7,"result":[1,[2]]}"#,
            r#"{"result": [ 1 , 2 ] , "id": 7, "jsonrpc": "2.0"}"#,
            r#"{"id":"7","result":[1,2],"error":null}"#,
            r#"{"note":"\"result\":[9]","id":7,"result":[1,2]}"#,
        ] {
            assert_eq!(read(body), Some((vec![1, 2], Proof::Id)), "{body}");
        }
        assert_eq!(read(r#"{"result":[1]}"#), Some((vec![1], Proof::Rows)));
        assert_eq!(read(r#"{"result":[]}"#), Some((vec![], Proof::Nothing)));
    }

    /// Each is read member by member then, which says what is wrong with it.
    #[test]
    fn what_is_not_plainly_the_answer_is_left() {
        let far = format!(
            r#"{{"note":"{}","id":7,"result":[1]}}"#,
            "x".repeat(LONGEST_HEAD)
        );
        for body in [
            &far,
            // Another call's, nobody's, two in one.
            r#"{"id":8,"result":[1]}"#,
            r#"{"result":[1],"id":8}"#,
            r#"{"result":[1],"result":[2],"id":7}"#,
            r#"{"result":[1],"id":7}{"result":[2],"id":7}"#,
            // The member of another object, before the answer's own and without one.
            r#"{"data":{"result":[1]},"id":7}"#,
            r#"{"data":{"result":[1]},"id":7,"result":[2]}"#,
            r#"{"error":{"result":[1]},"id":7}"#,
            r#"[{"result":[1],"id":7}]"#,
            // Not rows of the type, or not only rows.
            r#"{"id":7,"result":["x"]}"#,
            r#"{"id":7,"result":null}"#,
            r#"{"id":7,"result":[1],"error":{"message":"no"}}"#,
            // Cut off, and something around it.
            r#"{"id":7,"result":[1"#,
            r#"{"id":7,"result":[1]"#,
            r#"Notice: x {"id":7,"result":[1]}"#,
            r#"{"id":7,"result":[1]} x"#,
        ] {
            assert_eq!(read(body), None, "{body}");
        }
    }
}
