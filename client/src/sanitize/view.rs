//! A message as a reader may decode it.

use std::ops::Range;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD_INDIFFERENT as BASE64;

/// A reading of a message, in small letters, and where in the message each of
/// its bytes comes from.
pub(super) struct View {
    pub(super) text: Vec<u8>,
    origins: Vec<Range<usize>>,
}

impl View {
    fn new() -> View {
        View {
            text: Vec::new(),
            origins: Vec::new(),
        }
    }

    /// Returns the part of the message that this part of the text comes from.
    pub(super) fn origin(&self, part: Range<usize>) -> Range<usize> {
        self.origins[part.start].start..self.origins[part.end - 1].end
    }

    fn push(&mut self, character: char, origin: Range<usize>) {
        for small in character.to_lowercase() {
            let mut bytes = [0; 4];
            for byte in small.encode_utf8(&mut bytes).bytes() {
                self.text.push(byte);
                self.origins.push(origin.clone());
            }
        }
    }

    /// Bytes that come from one place as a whole.
    fn of_bytes(bytes: &[u8], origin: &Range<usize>) -> View {
        let mut view = View::new();
        for character in String::from_utf8_lossy(bytes).chars() {
            view.push(character, origin.clone());
        }
        view
    }
}

/// The letters that secrets are compared in.
pub(super) fn small(mut text: String) -> String {
    if text.is_ascii() {
        text.make_ascii_lowercase();
        return text;
    }
    text.chars().flat_map(char::to_lowercase).collect()
}

/// The message as it is; with the escapes of JSON, of addresses and forms, and of
/// HTML undone; and each of its words as base64 (either alphabet, padded or not,
/// from any of its letters) and as hexadecimal digits.
pub(super) fn views(message: &str) -> Vec<View> {
    let mut views = vec![unescaped(message, |_| None)];
    if message.contains('\\') {
        views.push(unescaped(message, json));
    }
    if message.contains(['%', '+']) {
        views.push(percent(message));
    }
    if message.contains('&') {
        views.push(unescaped(message, html));
    }
    for word in words(message) {
        encoded(message, &word, &mut views);
    }
    views
}

/// `escape` says what the rest of a message begins with, if that is an escape,
/// and how long it is.
fn unescaped(message: &str, escape: impl Fn(&str) -> Option<(char, usize)>) -> View {
    let mut view = View::new();
    let mut at = 0;
    while let Some(character) = message[at..].chars().next() {
        let (character, length) =
            escape(&message[at..]).unwrap_or((character, character.len_utf8()));
        view.push(character, at..at + length);
        at += length;
    }
    view
}

fn json(rest: &str) -> Option<(char, usize)> {
    let escaped = rest.strip_prefix('\\')?;
    let character = match escaped.chars().next()? {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        'b' => '\u{8}',
        'f' => '\u{c}',
        'u' => return utf16(escaped),
        other if other.is_ascii_punctuation() => other,
        _ => return None,
    };
    Some((character, 2))
}

/// `uXXXX`, or a pair of them with the backslash between.
fn utf16(escaped: &str) -> Option<(char, usize)> {
    let unit = |text: &str| u16::from_str_radix(text.strip_prefix('u')?.get(..4)?, 16).ok();
    let first = unit(escaped)?;
    if let Some(character) = char::from_u32(first.into()) {
        return Some((character, 6));
    }
    let second = unit(escaped.get(5..)?.strip_prefix('\\')?)?;
    let pair = char::decode_utf16([first, second]).next()?.ok()?;
    Some((pair, 12))
}

fn html(rest: &str) -> Option<(char, usize)> {
    let (name, _) = rest.strip_prefix('&')?.split_once(';')?;
    let character = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16),
                None => number.parse(),
            };
            char::from_u32(code.ok()?)?
        }
    };
    Some((character, name.len() + 2))
}

/// `%XX` stands for a byte, of which a character may need several; `+` for a blank.
fn percent(message: &str) -> View {
    let mut bytes = Vec::new();
    let mut origins = Vec::new();
    let mut at = 0;
    while let Some(&byte) = message.as_bytes().get(at) {
        let digits = message.get(at + 1..at + 3).filter(|_| byte == b'%');
        let decoded = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        let (byte, length) = match (decoded, byte) {
            (Some(decoded), _) => (decoded, 3),
            (None, b'+') => (b' ', 1),
            (None, byte) => (byte, 1),
        };
        bytes.push(byte);
        origins.push(at..at + length);
        at += length;
    }
    let mut view = View::new();
    let mut at = 0;
    for chunk in bytes.utf8_chunks() {
        for character in chunk.valid().chars() {
            let end = at + character.len_utf8();
            view.push(character, origins[at].start..origins[end - 1].end);
            at = end;
        }
        at += chunk.invalid().len();
    }
    view
}

/// The shortest word that can hide a secret: six letters of base64 are four
/// bytes, and four are too few to be searched for.
const SHORTEST_WORD: usize = 10;

/// Runs of the letters of base64.
fn words(message: &str) -> Vec<Range<usize>> {
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || b"+/-_".contains(&byte);
    let mut words = Vec::new();
    let mut start = 0;
    for (at, byte) in message.bytes().chain([b' ']).enumerate() {
        if !is_letter(byte) {
            if at - start >= SHORTEST_WORD {
                words.push(start..at);
            }
            start = at + 1;
        }
    }
    words
}

fn encoded(message: &str, word: &Range<usize>, views: &mut Vec<View>) {
    let standard: Vec<u8> = message[word.clone()]
        .bytes()
        .map(|byte| match byte {
            b'-' => b'+',
            b'_' => b'/',
            other => other,
        })
        .collect();
    for skipped in 0..4 {
        let letters = &standard[skipped..];
        // One letter over is not a byte.
        let letters = &letters[..letters.len() - usize::from(letters.len() % 4 == 1)];
        // What is over may be anything: it is a part of another text.
        let whole = &letters[..letters.len() / 4 * 4];
        let decoded = BASE64.decode(letters).or_else(|_| BASE64.decode(whole));
        if let Ok(decoded) = decoded {
            views.push(View::of_bytes(&decoded, word));
        }
    }
    if standard.iter().all(u8::is_ascii_hexdigit) {
        for skipped in 0..2 {
            let digit = |byte: u8| char::from(byte).to_digit(16).unwrap_or_default() as u8;
            let bytes: Vec<u8> = standard[skipped..]
                .chunks_exact(2)
                .map(|pair| digit(pair[0]) << 4 | digit(pair[1]))
                .collect();
            views.push(View::of_bytes(&bytes, word));
        }
    }
}
