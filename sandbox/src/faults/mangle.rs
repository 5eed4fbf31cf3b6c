//! Spoiling an answer.

use serde_json::Value;
use serde_json::value::RawValue;

use super::Blemish;
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

/// The answers with ids that no call has; what is no JSON-RPC as it is.
pub(super) fn foreign(body: &[u8]) -> Vec<u8> {
    const FAR: u64 = 1 << 40;
    let Ok(mut answer) = serde_json::from_slice::<Value>(body) else {
        return body.to_vec();
    };
    let answers = match &mut answer {
        Value::Array(answers) => answers.as_mut_slice(),
        answer => std::slice::from_mut(answer),
    };
    for answer in answers {
        if let Some(id) = answer.get_mut("id") {
            *id = (FAR + id.as_u64().unwrap_or_default()).into();
        }
    }
    answer.to_string().into_bytes()
}

/// The body with something around it.
pub(super) fn blemish(body: &[u8], blemish: Blemish) -> Vec<u8> {
    let (before, after) = match blemish {
        Blemish::Bom => ("\u{feff}", ""),
        Blemish::Blanks => ("\r\n \t", "\n\0\0"),
        Blemish::Notice => (
            "<br />\n<b>Notice</b>:  Undefined index: x in <b>/srv/api.php</b> on line \
             <b>5</b><br />\n",
            "",
        ),
        Blemish::Comment => ("", "\n<!-- 0.02 s -->\n"),
    };
    [before.as_bytes(), body, after.as_bytes()].concat()
}
