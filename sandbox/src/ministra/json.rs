//! JSON as PHP's `json_encode` spells it: ASCII only, with slashes escaped.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::Formatter;

struct Php;

impl Formatter for Php {
    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        // Most are: looked at as a whole.
        if fragment.is_ascii() && !fragment.contains('/') {
            return writer.write_all(fragment.as_bytes());
        }
        let mut plain = 0;
        for (at, c) in fragment.char_indices() {
            if c.is_ascii() && c != '/' {
                continue;
            }
            writer.write_all(&fragment.as_bytes()[plain..at])?;
            plain = at + c.len_utf8();
            if c == '/' {
                writer.write_all(b"\\/")?;
                continue;
            }
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(writer, "\\u{unit:04x}")?;
            }
        }
        writer.write_all(&fragment.as_bytes()[plain..])
    }
}

/// The value, in PHP's spelling.
pub(super) fn encode(value: &(impl Serialize + ?Sized)) -> String {
    let mut json = Vec::new();
    let mut serializer = Serializer::with_formatter(&mut json, Php);
    // Neither a vector nor the types of this surface can fail to be written.
    value
        .serialize(&mut serializer)
        .expect("only maps with text keys are written");
    String::from_utf8(json).expect("the formatter writes ASCII")
}
