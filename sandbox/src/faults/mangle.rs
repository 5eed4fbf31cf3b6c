//! Spoiling an answer.

use serde_json::value::RawValue;

use super::plan::Random;

/// The body with about every eighth byte another one, and at least one.
pub(super) fn garble(body: &[u8], random: &mut Random) -> Vec<u8> {
    let mut body = body.to_vec();
    if body.is_empty() {
        return body;
    }
    for _ in 0..=body.len() / 8 {
        let index = random.below(body.len());
        // Not 0: the byte would stay what it is.
        body[index] ^= 1 + random.below(255) as u8;
    }
    body
}

/// The elements of a JSON list in another order; anything else as it is.
pub(super) fn shuffle(body: &[u8], random: &mut Random) -> Vec<u8> {
    let Ok(mut items) = serde_json::from_slice::<Vec<&RawValue>>(body) else {
        return body.to_vec();
    };
    for index in (1..items.len()).rev() {
        items.swap(index, random.below(index + 1));
    }
    // Rotated where chance left everything in its place.
    if serde_json::to_vec(&items).is_ok_and(|same| same == body) && items.len() > 1 {
        items.rotate_left(1);
    }
    serde_json::to_vec(&items).unwrap_or_else(|_| body.to_vec())
}
