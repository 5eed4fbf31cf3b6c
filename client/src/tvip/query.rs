//! The parameters of a list.

use std::fmt::Display;

use url::form_urlencoded::Serializer;

/// Parameters, in the order they are put in.
pub struct Query {
    text: Serializer<'static, String>,
    /// The texts that must not show in errors.
    pub(super) values: Vec<String>,
}

impl Query {
    pub(super) fn new() -> Query {
        Query {
            text: Serializer::new(String::new()),
            values: Vec::new(),
        }
    }

    pub(super) fn number(&mut self, name: &str, value: impl Display) {
        self.text.append_pair(name, &value.to_string());
    }

    pub(super) fn id(&mut self, name: &str, id: Option<impl Display>) {
        if let Some(id) = id {
            self.number(name, id);
        }
    }

    pub(super) fn flag(&mut self, name: &str, flag: Option<bool>) {
        self.id(name, flag);
    }

    pub(super) fn text(&mut self, name: &str, text: Option<&String>) {
        if let Some(text) = text {
            self.text.append_pair(name, text);
            self.values.push(text.clone());
        }
    }

    pub(super) fn finish(mut self) -> (String, Vec<String>) {
        (self.text.finish(), self.values)
    }
}

/// Returns `true` if a record has what a filter asks for. That the server compares
/// exactly is not known: a prefix would take `lms_10` for `lms_1`.
pub(super) fn has<T: PartialEq>(wanted: &Option<T>, found: Option<&T>) -> bool {
    wanted.as_ref().is_none_or(|wanted| found == Some(wanted))
}

/// As [`has`], of a field that some answers may leave out.
pub(super) fn may_have<T: PartialEq>(wanted: &Option<T>, found: Option<&T>) -> bool {
    found.is_none() || has(wanted, found)
}
