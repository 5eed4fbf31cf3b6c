//! Form bodies, as PHP's `parse_str` reads them.

use std::borrow::Cow;

use percent_encoding::percent_decode;

use super::value::{Array, Value};

/// The depth of arrays that PHP allows.
const DEEPEST: usize = 64;

/// The fields of a body.
#[derive(Debug, Default)]
pub(super) struct Form {
    fields: Array,
    /// The number of fields that were allowed, if there were more.
    cut_at: Option<usize>,
}

impl Form {
    /// Reads no more than `max_input_vars` fields, whatever the content type.
    pub(super) fn parse(body: &[u8], max_input_vars: usize) -> Form {
        let mut form = Form::default();
        let pairs = body.split(|byte| *byte == b'&').filter(|p| !p.is_empty());
        for (count, pair) in pairs.enumerate() {
            if count == max_input_vars {
                form.cut_at = Some(max_input_vars);
                break;
            }
            let equals = pair.iter().position(|byte| *byte == b'=');
            let (name, value) = match equals {
                Some(at) => (&pair[..at], &pair[at + 1..]),
                None => (pair, &[][..]),
            };
            if let Some(path) = path(&decode_bytes(name)) {
                form.fields.put(&path, decode_bytes(value));
            }
        }
        form
    }

    pub(super) fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.fields.get(name)
    }

    /// The field, unless PHP finds it empty.
    pub(super) fn filled(&self, name: &str) -> Option<&Value> {
        self.get(name).filter(|value| !value.is_empty())
    }

    /// Returns PHP's warning if it cut the body.
    pub(super) fn warning(&self) -> Option<String> {
        let most = self.cut_at?;
        Some(format!(
            "parse_str(): Input variables exceeded {most}. To increase the limit change \
             max_input_vars in php.ini."
        ))
    }

    pub(super) fn has_any(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.get(name).is_some())
    }
}

/// `name[a][]` as the name and its keys; none for a name PHP drops.
fn path(name: &str) -> Option<Vec<Cow<'_, str>>> {
    let name = name.trim_start_matches(' ');
    let name = name.split('\0').next().unwrap_or_default();
    let (base, mut rest) = match name.find('[') {
        Some(at) if at > 0 && name[at..].contains(']') => name.split_at(at),
        _ => (name, ""),
    };
    if base.is_empty() {
        return None;
    }
    let mut path = vec![Cow::Owned(base.replace(['.', ' ', '['], "_"))];
    while let Some((key, after)) = rest.strip_prefix('[').and_then(|r| r.split_once(']')) {
        path.push(Cow::Borrowed(key));
        rest = after;
    }
    (path.len() <= DEEPEST).then_some(path)
}

/// Reads percent signs and pluses; a byte that is not UTF-8 is a question mark.
pub(super) fn decode(text: &str) -> String {
    decode_bytes(text.as_bytes())
}

fn decode_bytes(bytes: &[u8]) -> String {
    let spaced: Vec<u8> = bytes
        .iter()
        .map(|byte| if *byte == b'+' { b' ' } else { *byte })
        .collect();
    let decoded: Vec<u8> = percent_decode(&spaced).collect();
    let mut text = String::with_capacity(decoded.len());
    for chunk in decoded.utf8_chunks() {
        text.push_str(chunk.valid());
        // MariaDB stores a question mark for a byte that is no character.
        text.extend(chunk.invalid().iter().map(|_| '?'));
    }
    text
}
