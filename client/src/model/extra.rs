//! The fields of a platform's own that the model has no place for.

use std::fmt;

use jsonsql::schema::is_secret;

/// Fields of a record beyond the model, by the platform's own names, as it
/// writes them; to be read alone. The platform's own client writes them.
///
/// ```
/// use jsonsql_client::model::Extra;
///
/// let extra = Extra::new([("region_tag", Some("3".to_owned())), ("comment", None)]);
/// assert_eq!(extra.get("region_tag"), Some("3"));
/// assert_eq!(extra.get("comment"), None);
/// ```
///
/// A field whose name is [a secret's](jsonsql::schema::is_secret) is not kept, so that nobody
/// shows it. `Debug` shows the names of the fields, and not their values.
#[derive(Clone, PartialEq, Eq, Hash, Default)]
pub struct Extra(Vec<(&'static str, String)>);

impl Extra {
    /// Collects the fields that have a value.
    pub fn new(fields: impl IntoIterator<Item = (&'static str, Option<String>)>) -> Extra {
        let mut extra = Extra::default();
        for (name, value) in fields {
            extra.set(name, value);
        }
        extra
    }

    /// Returns the value of a field, if it has one.
    pub fn get(&self, name: &str) -> Option<&str> {
        let field = self.0.iter().find(|(own, _)| *own == name);
        field.map(|(_, value)| value.as_str())
    }

    /// Sets the value of a field, or takes it away.
    pub(crate) fn set(&mut self, name: &'static str, value: Option<String>) {
        self.0.retain(|(own, _)| *own != name);
        let shown = value.filter(|_| !is_secret(name));
        self.0.extend(shown.map(|value| (name, value)));
    }

    /// Returns all fields that have a value.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.0.iter().map(|(name, value)| (*name, value.as_str()))
    }
}

impl fmt::Debug for Extra {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list()
            .entries(self.0.iter().map(|(name, _)| name))
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_not_kept() {
        let given = |text: &str| Some(text.to_owned());
        let mut extra = Extra::new([("pin_md5", given("9001")), ("region_tag", given("3"))]);
        extra.set("session_token", given("9001"));
        let shown: Vec<_> = extra.iter().collect();
        assert_eq!(shown, [("region_tag", "3")]);
    }
}
