//! The body of a recorded request, taken apart.

use std::collections::BTreeMap;

use jsonsql_client::model::Patch;

use super::No;

/// A form as its fields, in the order of their names.
pub(super) fn fields(body: &str) -> Vec<(String, String)> {
    let mut fields: Vec<(String, String)> = url::form_urlencoded::parse(body.as_bytes())
        .into_owned()
        .collect();
    fields.sort_by(|one, other| one.0.cmp(&other.0));
    fields
}

/// A form, taken apart field by field.
pub(super) struct Form(BTreeMap<String, Vec<String>>);

impl Form {
    pub(super) fn read(body: Option<&str>) -> Form {
        let mut form = BTreeMap::<_, Vec<_>>::new();
        for (name, value) in fields(body.unwrap_or_default()) {
            form.entry(name).or_default().push(value);
        }
        Form(form)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    pub(super) fn one(&mut self, name: &str) -> Option<String> {
        self.0.remove(name)?.pop()
    }

    pub(super) fn list(&mut self, name: &str) -> Vec<String> {
        self.0.remove(name).unwrap_or_default()
    }

    pub(super) fn flag(&mut self, name: &str) -> Result<Option<bool>, No> {
        match self.one(name).as_deref() {
            None => Ok(None),
            Some("1") => Ok(Some(true)),
            Some("0") => Ok(Some(false)),
            Some(_) => Err("a flag that is neither 0 nor 1".to_owned()),
        }
    }

    pub(super) fn seconds(&mut self, name: &str) -> Result<Option<std::time::Duration>, No> {
        let text = self.one(name);
        let seconds = text.map(|text| text.parse().map_err(|_| "seconds that are no number"));
        Ok(seconds.transpose()?.map(std::time::Duration::from_secs))
    }

    pub(super) fn parsed<T: std::str::FromStr>(&mut self, name: &str) -> Result<Option<T>, No> {
        let text = self.one(name).filter(|text| !text.is_empty());
        let parsed = text.map(|text| text.parse().map_err(|_| format!("`{name}` that is none")));
        parsed.transpose()
    }

    /// What no call has a place for.
    pub(super) fn done(self) -> Result<(), No> {
        match self.0.is_empty() {
            true => Ok(()),
            false => Err("fields that have no place in the call".to_owned()),
        }
    }
}

pub(super) fn patch<T>(value: Option<T>, was_there: bool) -> Patch<T> {
    match value {
        None if was_there => Patch::Clear,
        None => Patch::Keep,
        Some(value) => Patch::Set(value),
    }
}

pub(super) fn refused(refusal: jsonsql_client::Refusal) -> No {
    format!("refused: {}", refusal.reason())
}
