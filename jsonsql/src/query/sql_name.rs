//! A text as SQL would read it where a name stands.

use std::borrow::Cow;

use crate::ast::NameLengths;

/// The name that a text is in SQL, with the qualifier before it: letter case,
/// double quotes and blanks around the parts make no difference.
///
/// It says nothing of what has that name. PostgreSQL tells `"ID"` in double
/// quotes from `id`; here they are one, since nobody knows what a server does
/// with quotes.
pub(super) struct SqlName<'a> {
    pub(super) qualifier: Option<Part<'a>>,
    pub(super) name: Part<'a>,
}

/// One part of a name, between two dots.
pub(super) struct Part<'a> {
    text: Cow<'a, str>,
    is_ascii: bool,
}

impl<'a> SqlName<'a> {
    pub(super) fn new(text: &'a str) -> SqlName<'a> {
        // Most texts are one part as it stands, and are looked at once.
        let plain = |byte: u8| byte.is_ascii_graphic() && byte != b'.' && byte != b'"';
        if text.bytes().all(plain) {
            let text = Cow::Borrowed(text);
            return SqlName {
                qualifier: None,
                name: Part {
                    text,
                    is_ascii: true,
                },
            };
        }
        SqlName::in_parts(text)
    }

    fn in_parts(text: &'a str) -> SqlName<'a> {
        let mut quoted = false;
        let mut parts = text.rsplitn(3, |character| {
            quoted ^= character == '"';
            character == '.' && !quoted
        });
        SqlName {
            name: Part::new(parts.next().unwrap_or_default()),
            qualifier: parts.next().map(Part::new),
        }
    }

    /// Returns `true` if the text is this name alone, without a qualifier.
    pub(super) fn is(&self, name: &str) -> bool {
        self.qualifier.is_none() && self.name.is(name)
    }
}

impl<'a> Part<'a> {
    fn new(text: &'a str) -> Part<'a> {
        let text = text
            .trim_matches(|character: char| character.is_whitespace() || character.is_control());
        let inner = text
            .strip_prefix('"')
            .and_then(|text| text.strip_suffix('"'));
        let text = match inner {
            Some(inner) if inner.contains("\"\"") => Cow::Owned(inner.replace("\"\"", "\"")),
            Some(inner) => Cow::Borrowed(inner),
            None => Cow::Borrowed(text),
        };
        Part {
            is_ascii: text.is_ascii(),
            text,
        }
    }

    /// Returns `true` if it may be a name of one of these lengths; in another
    /// letter case, names beyond ASCII have other lengths.
    #[inline]
    pub(super) fn may_be_of(&self, lengths: NameLengths) -> bool {
        lengths.contain(&self.text) || !self.is_ascii
    }

    /// Returns `true` if it is this name, in any letter case.
    // In line, most names are told apart by their length.
    #[inline(always)]
    pub(super) fn is(&self, name: &str) -> bool {
        (self.text.len() == name.len() || !self.is_ascii) && self.is_same(name)
    }

    #[inline(never)]
    fn is_same(&self, name: &str) -> bool {
        self.text.eq_ignore_ascii_case(name)
            || !self.is_ascii && self.text.to_lowercase() == name.to_lowercase()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_name_has_many_spellings() {
        for text in [
            "id", "ID", "Id", " id", "id\t", "\u{a0}id", "\"id\"", " \"ID\" ", "\"id",
        ] {
            // An unpaired quote is no name in SQL.
            assert_eq!(SqlName::new(text).is("id"), text != "\"id", "{text:?}");
        }
        assert!(SqlName::new("ИМЯ").is("имя"));
        assert!(SqlName::new("\"a\"\"b\"").is("a\"b"));
    }

    #[test]
    fn a_qualifier_stands_before_the_last_dot_outside_quotes() {
        for text in ["s.id", "S.ID", "\"s\".\"id\"", " s . id ", "public.s.id"] {
            let name = SqlName::new(text);
            assert!(name.name.is("id"), "{text}");
            assert!(name.qualifier.is_some_and(|part| part.is("s")), "{text}");
        }
        let dotted = SqlName::new("\"s.id\"");
        assert!(dotted.is("s.id"));
    }

    #[test]
    fn other_texts_are_other_names() {
        for text in ["", "i d", "id2", "'id'", "id.", "(id)", "id ASC"] {
            assert!(!SqlName::new(text).is("id"), "{text}");
        }
    }
}
