//! One value of an answer's JSON after another.

use serde_json::value::RawValue;

use super::Scalar;
use crate::escapes::first_escape;

/// A place that is no JSON. What is wrong there, `serde_json` says better.
#[derive(Debug)]
pub(super) struct NotJson;

/// The reason why there is no next value.
#[derive(Debug)]
pub(super) enum Unread {
    /// The list has ended.
    Ended,
    /// A text has an escape that stands for no character, such as half of a
    /// surrogate pair.
    Escape,
    NotJson,
}

/// Goes through a JSON text from value to value.
///
/// Plain texts, numbers, `true`, `false` and `null` are read here, as the slices
/// they are; anything else is left to `serde_json`.
#[derive(Debug, Clone)]
pub(super) struct Scanner<'de> {
    text: &'de str,
    at: usize,
}

/// The progress of reading a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Progress {
    /// Its bracket has been opened.
    Opened,
    /// A value has been read.
    Within,
    /// It is one value without brackets, which is still to be read.
    Alone,
    /// There is no further value.
    Ended,
}

impl<'de> Scanner<'de> {
    pub(super) fn new(text: &'de str) -> Scanner<'de> {
        Scanner { text, at: 0 }
    }

    /// The first byte of what comes next, blanks passed over.
    #[inline(always)]
    pub(super) fn peek(&mut self) -> Option<u8> {
        let bytes = self.text.as_bytes();
        loop {
            match bytes.get(self.at) {
                Some(b' ' | b'\n' | b'\t' | b'\r') => self.at += 1,
                other => return other.copied(),
            }
        }
    }

    /// Goes into a list, if one comes next.
    #[inline]
    pub(super) fn open(&mut self) -> Option<Progress> {
        (self.peek() == Some(b'[')).then(|| {
            self.at += 1;
            Progress::Opened
        })
    }

    /// Goes on to the next value of a list; `false` if there is none.
    #[inline]
    pub(super) fn advance(&mut self, progress: &mut Progress) -> Result<bool, NotJson> {
        let next = match *progress {
            Progress::Within => match self.peek() {
                Some(b',') => {
                    self.at += 1;
                    return Ok(true);
                }
                next => next,
            },
            Progress::Opened => match self.peek() {
                Some(b']') => Some(b']'),
                _ => {
                    *progress = Progress::Within;
                    return Ok(true);
                }
            },
            Progress::Alone => {
                *progress = Progress::Ended;
                return Ok(true);
            }
            Progress::Ended => return Ok(false),
        };
        if next != Some(b']') {
            return Err(NotJson);
        }
        self.at += 1;
        *progress = Progress::Ended;
        Ok(false)
    }

    /// The next value of a list.
    #[inline]
    pub(super) fn next(&mut self, progress: &mut Progress) -> Result<Scalar<'de>, Unread> {
        match self.advance(progress) {
            Ok(true) => {}
            Ok(false) => return Err(Unread::Ended),
            Err(NotJson) => return Err(Unread::NotJson),
        }
        match self.value() {
            Ok(value) => value.ok_or(Unread::Escape),
            Err(NotJson) => Err(Unread::NotJson),
        }
    }

    /// The next value; `None` for a text with an escape that stands for no
    /// character, such as half of a surrogate pair.
    #[inline]
    pub(super) fn value(&mut self) -> Result<Option<Scalar<'de>>, NotJson> {
        Ok(Some(match self.peek() {
            Some(b'"') => return self.string(),
            Some(b'-' | b'0'..=b'9') => Scalar::Number(self.number()?),
            Some(b'n') => self.word("null", Scalar::Null)?,
            Some(b't') => self.word("true", Scalar::Bool(true))?,
            Some(b'f') => self.word("false", Scalar::Bool(false))?,
            Some(b'[') => {
                self.slow()?;
                Scalar::List
            }
            Some(b'{') => {
                self.slow()?;
                Scalar::Object
            }
            _ => return Err(NotJson),
        }))
    }

    /// Passes over the next value, whatever its escapes stand for.
    #[inline]
    pub(super) fn pass(&mut self) -> Result<(), NotJson> {
        if self.peek() != Some(b'"') {
            return self.value().map(drop);
        }
        let start = self.at + 1;
        let bytes = self.text.as_bytes();
        let end = start + first_escape(&bytes[start..]).ok_or(NotJson)?;
        if bytes[end] == b'"' {
            self.at = end + 1;
            return Ok(());
        }
        self.slow().map(drop)
    }

    /// The text from there to what has been read.
    pub(super) fn text_from(&self, start: usize) -> &'de str {
        &self.text[start..self.at]
    }

    /// Returns the number of bytes that have been read.
    pub(super) fn offset(&self) -> usize {
        self.at
    }

    /// Fails unless nothing but blanks is left.
    pub(super) fn end(&mut self) -> Result<(), NotJson> {
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(NotJson),
        }
    }

    #[inline]
    fn string(&mut self) -> Result<Option<Scalar<'de>>, NotJson> {
        let start = self.at + 1;
        let rest = &self.text.as_bytes()[start..];
        let end = start + first_escape(rest).ok_or(NotJson)?;
        if self.text.as_bytes()[end] == b'"' {
            self.at = end + 1;
            return Ok(Some(Scalar::text(&self.text[start..end])));
        }
        let json = self.slow()?;
        Ok(Scalar::unescaped(json))
    }

    #[inline]
    fn word(&mut self, word: &str, value: Scalar<'de>) -> Result<Scalar<'de>, NotJson> {
        if self.text.as_bytes()[self.at..].starts_with(word.as_bytes()) {
            self.at += word.len();
            return Ok(value);
        }
        Err(NotJson)
    }

    /// A number, RFC 8259 section 6.
    #[inline]
    fn number(&mut self) -> Result<&'de str, NotJson> {
        let bytes = self.text.as_bytes();
        let start = self.at + usize::from(bytes.get(self.at) == Some(&b'-'));
        let mut end = match bytes.get(start) {
            Some(b'0') => start + 1,
            _ => digits(bytes, start)?,
        };
        if bytes.get(end) == Some(&b'.') {
            end = digits(bytes, end + 1)?;
        }
        if let Some(b'e' | b'E') = bytes.get(end) {
            let signed = matches!(bytes.get(end + 1), Some(b'+' | b'-'));
            end = digits(bytes, end + 1 + usize::from(signed))?;
        }
        let number = &self.text[self.at..end];
        self.at = end;
        Ok(number)
    }

    /// A list, an object or a text with escapes, however deep it nests.
    #[cold]
    fn slow(&mut self) -> Result<&'de str, NotJson> {
        let rest = &self.text[self.at..];
        let mut values = serde_json::Deserializer::from_str(rest).into_iter::<&RawValue>();
        let Some(Ok(json)) = values.next() else {
            return Err(NotJson);
        };
        self.at += json.get().len();
        Ok(json.get())
    }
}

/// Returns the place behind the digits from here on, of which there has to be one.
#[inline(always)]
fn digits(bytes: &[u8], start: usize) -> Result<usize, NotJson> {
    let mut end = start;
    while let Some(b'0'..=b'9') = bytes.get(end) {
        end += 1;
    }
    if end == start { Err(NotJson) } else { Ok(end) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The values of a list, as they are scanned.
    fn scanned(text: &str) -> Result<Vec<Option<Scalar<'_>>>, NotJson> {
        let mut scanner = Scanner::new(text);
        let mut progress = scanner.open().ok_or(NotJson)?;
        let mut values = Vec::new();
        while scanner.advance(&mut progress)? {
            // Passing over a value ends where reading it does.
            let mut passing = scanner.clone();
            let passed = passing.pass();
            let value = scanner.value();
            assert_eq!(passed.is_ok(), value.is_ok(), "{text}");
            values.push(value?);
            assert_eq!(passing.offset(), scanner.offset(), "{text}");
        }
        scanner.end()?;
        Ok(values)
    }

    /// The same, as `serde_json` reads them.
    fn by_serde_json(text: &str) -> Option<Vec<Option<Scalar<'_>>>> {
        let values: Vec<&RawValue> = serde_json::from_str(text).ok()?;
        let value = |json: &'_ RawValue| match json.get().as_bytes()[0] {
            b'n' => Some(Scalar::Null),
            b't' => Some(Scalar::Bool(true)),
            b'f' => Some(Scalar::Bool(false)),
            b'[' => Some(Scalar::List),
            b'{' => Some(Scalar::Object),
            b'"' => Some(Scalar::Text(
                serde_json::from_str::<String>(json.get()).ok()?.into(),
            )),
            _ => Some(Scalar::Number(
                &text[offset(text, json.get())..][..json.get().len()],
            )),
        };
        Some(values.into_iter().map(value).collect())
    }

    fn offset(text: &str, part: &str) -> usize {
        part.as_ptr().addr() - text.as_ptr().addr()
    }

    fn tokens() -> impl Strategy<Value = Vec<&'static str>> {
        let token = prop::sample::select(vec![
            "[",
            "]",
            ",",
            ",",
            ",",
            "{}",
            "{\"a\": [1, [2, {}]]}",
            "{\"a\"}",
            "[[]]",
            "\"\"",
            "\"plain text\"",
            "\"\\u00e9\"",
            "\"\\ud800\"",
            "\"\\\"\\\\\"",
            "\"tab\t\"",
            "\"я\u{2028}\"",
            "\"",
            "-",
            "0",
            "12",
            "-0",
            ".5",
            "e+7",
            "E-1",
            "1.",
            "null",
            "nul",
            "true",
            "false",
            "truefalse",
            " ",
            "\n",
            "\t\r",
            "\u{a0}",
            "\u{feff}",
            "+",
            "'a'",
            "NaN",
        ]);
        prop::collection::vec(token, 0..12)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4096))]

        #[test]
        fn lists_are_scanned_as_serde_json_reads_them(tokens in tokens(), listed in any::<bool>()) {
            let text = match listed {
                true => format!("[{}]", tokens.join(",")),
                false => tokens.concat(),
            };
            prop_assert_eq!(scanned(&text).ok(), by_serde_json(&text), "{}", text);
        }

        #[test]
        fn numbers_are_those_of_json(number in "-?[0-9.eE+-]{0,7}") {
            let text = format!("[{number}]");
            prop_assert_eq!(scanned(&text).ok(), by_serde_json(&text), "{}", text);
        }
    }

    #[test]
    fn a_list_that_has_ended_has_no_further_value() {
        let mut scanner = Scanner::new("[1],[2]");
        let mut progress = scanner.open().unwrap();
        assert!(scanner.advance(&mut progress).unwrap());
        scanner.value().unwrap();
        assert!(!scanner.advance(&mut progress).unwrap());
        assert!(!scanner.advance(&mut progress).unwrap());
        assert_eq!(scanner.peek(), Some(b','));
    }
}
