//! An answer with something around it that is not the answer's.
//!
//! A server in PHP prints its notices before the answer, a template its
//! comments after it, an editor a byte order mark. The answer is certain all
//! the same where it is complete, names the call, and is the only one there.

use serde_json::value::RawValue;

use super::envelope::{Envelope, Id};

/// The greatest number of bytes before an answer.
const LONGEST_NOISE: usize = 64 << 10;

/// The number of places of a body that are tried.
const MOST_PLACES: usize = 16;

/// Without what has no meaning at either end: byte order mark, blanks, NULs.
pub(super) fn trimmed(mut body: &[u8]) -> &[u8] {
    let empty = |byte: &u8| byte.is_ascii_whitespace() || *byte == 0;
    loop {
        let before = body.len();
        body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
        body = &body[body.iter().take_while(|byte| empty(byte)).count()..];
        if body.len() == before {
            break;
        }
    }
    let end = body.iter().rposition(|byte| !empty(byte));
    &body[..end.map_or(0, |last| last + 1)]
}

/// The one JSON document that begins with `open` and that `is_answer` knows.
///
/// None where there is none, or where what is around it could be another one: a
/// notice may quote a value, and a value may look like an answer.
pub(super) fn only_document(
    body: &[u8],
    open: u8,
    is_answer: impl Fn(&[u8]) -> bool,
) -> Option<&[u8]> {
    let mut from = 0;
    for _ in 0..MOST_PLACES {
        let at = next_place(body, from, open).filter(|&at| at <= LONGEST_NOISE)?;
        let mut documents =
            serde_json::Deserializer::from_slice(&body[at..]).into_iter::<&RawValue>();
        match documents.next() {
            // Another document is no answer, and what follows it is not ours.
            Some(Ok(document)) => {
                let document = document.get().as_bytes();
                let around = [&body[..at], &body[at + document.len()..]];
                let is_only = is_answer(document) && !around.into_iter().any(has_an_answer);
                return is_only.then_some(document);
            }
            // Begins and does not end: whatever is inside is inside something.
            Some(Err(error)) if error.is_eof() => return None,
            // Looks like JSON from its first byte on, and is broken.
            _ if at == 0 => return None,
            _ => from = at + 1,
        }
    }
    None
}

/// Returns `true` if an answer may be in this text, be it quoted: all have this name.
fn has_an_answer(text: &[u8]) -> bool {
    text.windows(VERSION.len()).any(|part| part == VERSION)
}

const VERSION: &[u8] = b"jsonrpc";

/// Returns the next place where a document may begin: at the beginning, on a line of its
/// own, or directly behind markup.
fn next_place(body: &[u8], from: usize, open: u8) -> Option<usize> {
    let place = |at: usize| at == 0 || matches!(body[at - 1], b'\n' | b'>');
    (from..body.len()).find(|&at| body[at] == open && place(at))
}

/// Returns `true` if a document is an answer as JSON-RPC 2.0 prescribes it: with the
/// version, an id, and a `result` or an `error`.
pub(super) fn is_whole_answer(document: &[u8]) -> bool {
    Envelope::read(document).is_ok_and(|envelope| {
        envelope.version
            && matches!(envelope.id, Some(Id::Number(_)))
            && (envelope.result.is_some() || envelope.error.is_some())
    })
}
