//! Texts as JSON.

use crate::escapes;

/// Appends a text in quotes, as `serde_json` writes it.
///
/// Most texts are names of a few letters with nothing to escape: those fit a
/// register with their quotes and are appended at once.
#[inline(always)]
pub(super) fn write(text: &str, out: &mut Vec<u8>) {
    let bits = 8 * text.len();
    match plain_word(text) {
        Some(word) => append(QUOTE | word << 8 | QUOTE << (bits + 8), text.len() + 2, out),
        None => write_any(text, out),
    }
}

/// Appends the name of a member with the byte before it and the colon behind it,
/// names of up to four letters at once.
#[inline(always)]
pub(super) fn write_name(before: u8, name: &str, out: &mut Vec<u8>) {
    let bits = 8 * name.len();
    match plain_word(name) {
        Some(word) if name.len() <= 4 => {
            let opened = u64::from(before) | QUOTE << 8 | word << 16;
            let named = opened | (QUOTE | COLON << 8) << (bits + 16);
            append(named, name.len() + 4, out);
        }
        _ => {
            out.push(before);
            write_any(name, out);
            out.push(b':');
        }
    }
}

/// Appends the lowest bytes of a word.
#[inline(always)]
fn append(word: u64, length: usize, out: &mut Vec<u8>) {
    let end = out.len() + length;
    out.extend_from_slice(&word.to_le_bytes());
    out.truncate(end);
}

/// Appends any text. One with something to escape goes through `serde_json`.
#[inline(never)]
fn write_any(text: &str, out: &mut Vec<u8>) {
    let bytes = text.as_bytes();
    match (bytes.first_chunk::<8>(), bytes.last_chunk::<8>()) {
        // What both have is looked at and copied twice, which is cheaper than a loop.
        (Some(first), Some(last)) if bytes.len() <= 16 => {
            if escapes(u64::from_le_bytes(*first)) || escapes(u64::from_le_bytes(*last)) {
                return write_escaped(text, out);
            }
            out.push(b'"');
            let last_begins = out.len() + bytes.len() - last.len();
            out.extend_from_slice(first);
            out.truncate(last_begins);
            out.extend_from_slice(last);
        }
        _ => {
            if any_escapes(bytes) {
                return write_escaped(text, out);
            }
            out.push(b'"');
            out.extend_from_slice(bytes);
        }
    }
    out.push(b'"');
}

#[cold]
fn write_escaped(text: &str, out: &mut Vec<u8>) {
    // A `Vec` takes everything, and a text can always be written.
    let _ = serde_json::to_writer(out, text);
}

/// A text of up to six bytes without anything to escape, the first the lowest.
#[inline(always)]
fn plain_word(text: &str) -> Option<u64> {
    let word = match *text.as_bytes() {
        [] => 0,
        [a] => u64::from(a),
        [a, b] => u64::from(u16::from_le_bytes([a, b])),
        [a, b, c] => u64::from(u32::from_le_bytes([a, b, c, 0])),
        [a, b, c, d] => u64::from(u32::from_le_bytes([a, b, c, d])),
        [a, b, c, d, e] => u64::from_le_bytes([a, b, c, d, e, 0, 0, 0]),
        [a, b, c, d, e, f] => u64::from_le_bytes([a, b, c, d, e, f, 0, 0]),
        _ => return None,
    };
    // Spaces behind the text, for a zero is a control character.
    let padded = word | SPACES << (8 * text.len());
    (!escapes(padded)).then_some(word)
}

const ONES: u64 = 0x0101_0101_0101_0101;
const QUOTE: u64 = b'"' as u64;
const COLON: u64 = b':' as u64;
const SPACES: u64 = b' ' as u64 * ONES;

/// Returns `true` if one of eight bytes has to be escaped.
#[inline(always)]
fn escapes(eight: u64) -> bool {
    escapes::escapes(eight) != 0
}

/// The same of any number of bytes, many at a time.
#[inline(never)]
fn any_escapes(bytes: &[u8]) -> bool {
    let escape = |&byte: &u8| (byte < 0x20) | (byte == b'"') | (byte == b'\\');
    let mut chunks = bytes.chunks(64);
    chunks.any(|chunk| chunk.iter().fold(false, |any, byte| any | escape(byte)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written(text: &str) -> String {
        let mut out = Vec::new();
        write_name(b'{', text, &mut out);
        write(text, &mut out);
        String::from_utf8(out).unwrap()
    }

    fn by_serde_json(text: &str) -> String {
        let json = serde_json::to_string(text).unwrap();
        format!("{{{json}:{json}")
    }

    /// The bytes on both sides of each limit, among others such, at every place
    /// of texts of every length that is looked at in its own way.
    #[test]
    fn one_byte_anywhere_is_escaped_or_not() {
        for around in [
            ' ',
            '!',
            '#',
            '[',
            ']',
            '~',
            '\u{7f}',
            '\u{80}',
            'я',
            '\u{10ffff}',
        ] {
            for length in (0..=18).chain([63, 64, 65, 130]) {
                for at in 0..=length {
                    for byte in *b"\0\x01\n\x1f !\"#[\\]~\x7f" {
                        let mut text: String = std::iter::repeat_n(around, at).collect();
                        text.push(char::from(byte));
                        text.extend(std::iter::repeat_n(around, length - at));
                        assert_eq!(written(&text), by_serde_json(&text), "{text:?}");
                    }
                }
            }
        }
    }

    proptest! {
        #[test]
        fn texts_are_written_as_serde_json_does(
            text in "(.|[\\x00-\\x1f\"\\\\\x7fя]){0,24}",
            long in "(.|[\\x00-\\x1f\"\\\\]){60,140}",
            plain in "[ -!#-\\[\\]-~я]{0,140}",
        ) {
            for text in [text, long, plain] {
                prop_assert_eq!(written(&text), by_serde_json(&text));
            }
        }
    }
}
