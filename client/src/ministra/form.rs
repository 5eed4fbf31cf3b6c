//! Form bodies, the only ones the server reads, whatever their type.

/// The fields of a body, in the order they are added.
#[derive(Default)]
pub(super) struct Form {
    text: String,
    /// As they were before encoding: not to be repeated in messages.
    values: Vec<String>,
}

impl Form {
    /// A field; `sub_ch[]` is one of a list.
    pub(super) fn add(&mut self, name: &'static str, value: impl Into<String>) {
        let value = value.into();
        if !self.text.is_empty() {
            self.text.push('&');
        }
        self.text.push_str(name);
        self.text.push('=');
        self.text.push_str(&encoded(&value, ""));
        self.values.push(value);
    }

    pub(super) fn flag(&mut self, name: &'static str, value: Option<bool>) {
        if let Some(value) = value {
            self.add(name, if value { "1" } else { "0" });
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    pub(super) fn into_parts(self) -> (String, Vec<String>) {
        (self.text, self.values)
    }
}

/// Percent-encoded, but for letters, digits, `-._~` and what is `kept`.
pub(super) fn encoded(text: &str, kept: &str) -> String {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric()
            || b"-._~".contains(&byte)
            || kept.bytes().any(|k| k == byte)
        {
            encoded.push(byte.into());
        } else {
            encoded.push('%');
            encoded.push(DIGITS[usize::from(byte >> 4)].into());
            encoded.push(DIGITS[usize::from(byte & 15)].into());
        }
    }
    encoded
}
