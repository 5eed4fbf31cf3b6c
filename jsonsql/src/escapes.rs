//! Bytes that end a run of plain text in a JSON string.

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH_BITS: u64 = 0x80 * ONES;

/// The high bit of each of eight bytes that is a control character, a quote or
/// a backslash. Of those above the lowest one found, a few are none.
#[inline(always)]
pub(crate) fn escapes(eight: u64) -> u64 {
    // A byte under the limit borrows from the next, which sets its high bit;
    // a byte beyond ASCII has it already and is left out.
    let under = |eight: u64, limit: u64| eight.wrapping_sub(limit * ONES);
    let is = |byte: u8| under(eight ^ (u64::from(byte) * ONES), 1);
    (under(eight, 0x20) | is(b'"') | is(b'\\')) & !eight & HIGH_BITS
}

/// The place of the first control character, quote or backslash.
#[inline]
pub(crate) fn first_escape(text: &[u8]) -> Option<usize> {
    let (chunks, rest) = text.as_chunks::<8>();
    for (index, chunk) in chunks.iter().enumerate() {
        let found = escapes(u64::from_le_bytes(*chunk));
        if found != 0 {
            return Some(8 * index + found.trailing_zeros() as usize / 8);
        }
    }
    let is_escape = |byte: &u8| *byte < 0x20 || *byte == b'"' || *byte == b'\\';
    let index = rest.iter().position(is_escape)?;
    Some(8 * chunks.len() + index)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_first_byte_to_escape_is_found(
            text in prop::collection::vec(
                prop_oneof![
                    8 => 0x20..=0xff_u8,
                    1 => prop::sample::select(b"\0\x01\x1f \x21\"#[\\]\x7f\x80\xff".as_slice()),
                ],
                0..40,
            ),
        ) {
            let escaped = |byte: &u8| byte.is_ascii() && serde_json::to_string(&char::from(*byte)).unwrap().len() > 3;
            prop_assert_eq!(first_escape(&text), text.iter().position(escaped));
        }
    }
}
