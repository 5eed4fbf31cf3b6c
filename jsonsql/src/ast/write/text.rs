//! Texts as JSON.

use crate::escapes;

/// Appends a text in quotes, as `serde_json` writes it, and the colon behind it
/// if it is the name of a member.
///
/// Most texts are names of a few letters with nothing to escape: those fit a
/// register with their quotes and are appended at once. In line, so that of
/// the names of members, which are constants, nothing but that is left.
#[inline(always)]
pub(super) fn write<const NAME: bool>(text: &str, out: &mut Vec<u8>) {
    let (tail, extra) = if NAME {
        (QUOTE | COLON << 8, 3)
    } else {
        (QUOTE, 2)
    };
    let bits = 8 * text.len();
    match word(text.as_bytes()) {
        // Spaces behind the text, for a zero is a control character.
        Some(word) if text.len() + extra <= 8 && !escapes(word | SPACES << bits) => {
            let quoted = QUOTE | word << 8 | tail << (bits + 8);
            let end = out.len() + text.len() + extra;
            out.extend_from_slice(&quoted.to_le_bytes());
            out.truncate(end);
        }
        _ => {
            write_any(text, out);
            if NAME {
                out.push(b':');
            }
        }
    }
}

/// Appends a column of an alias, an object of one member.
///
/// Aliases of up to four letters are appended with all that stands before the
/// column's name.
#[inline]
pub(super) fn write_column(table: &str, name: &str, out: &mut Vec<u8>) {
    let bits = 8 * table.len();
    match word(table.as_bytes()) {
        Some(word) if table.len() <= 4 && !escapes(word | SPACES << bits) => {
            let opened = BRACE | QUOTE << 8 | word << 16 | (QUOTE | COLON << 8) << (bits + 16);
            let end = out.len() + table.len() + 4;
            out.extend_from_slice(&opened.to_le_bytes());
            out.truncate(end);
        }
        _ => {
            out.push(b'{');
            write::<true>(table, out);
        }
    }
    write::<false>(name, out);
    out.push(b'}');
}

/// Appends any text. One with something to escape goes through `serde_json`.
#[inline(never)]
fn write_any(text: &str, out: &mut Vec<u8>) {
    let bytes = text.as_bytes();
    let escape = match (bytes.first_chunk(), bytes.last_chunk()) {
        // What both have is looked at twice, which is cheaper than a loop.
        (Some(first), Some(last)) if bytes.len() <= 16 => {
            escapes(u64::from_le_bytes(*first)) || escapes(u64::from_le_bytes(*last))
        }
        _ => any_escapes(bytes),
    };
    if escape {
        return write_escaped(text, out);
    }
    out.reserve(bytes.len() + 2);
    out.push(b'"');
    out.extend_from_slice(bytes);
    out.push(b'"');
}

#[cold]
fn write_escaped(text: &str, out: &mut Vec<u8>) {
    // A `Vec` takes everything, and a text can always be written.
    let _ = serde_json::to_writer(out, text);
}

/// Up to six bytes, the first the lowest.
#[inline(always)]
fn word(text: &[u8]) -> Option<u64> {
    Some(match *text {
        [] => 0,
        [a] => u64::from(a),
        [a, b] => u64::from(u16::from_le_bytes([a, b])),
        [a, b, c] => u64::from(u32::from_le_bytes([a, b, c, 0])),
        [a, b, c, d] => u64::from(u32::from_le_bytes([a, b, c, d])),
        [a, b, c, d, e] => u64::from_le_bytes([a, b, c, d, e, 0, 0, 0]),
        [a, b, c, d, e, f] => u64::from_le_bytes([a, b, c, d, e, f, 0, 0]),
        _ => return None,
    })
}

const ONES: u64 = 0x0101_0101_0101_0101;
const QUOTE: u64 = b'"' as u64;
const BRACE: u64 = b'{' as u64;
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
        let mut out = b"[".to_vec();
        write::<true>(text, &mut out);
        write::<false>(text, &mut out);
        String::from_utf8(out).unwrap()
    }

    fn by_serde_json(text: &str) -> String {
        let json = serde_json::to_string(text).unwrap();
        format!("[{json}:{json}")
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
