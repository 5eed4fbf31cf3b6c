//! Which errors are about the session.

/// Texts that an `error` about the session has in it.
///
/// What a server says to an ended session is unknown: no document and no
/// public program shows it. These words are a guess; a wrong one costs a login,
/// a missing one an error that [`is_auth`](crate::Error::is_auth) does not know.
#[derive(Debug, Clone)]
pub(crate) struct SessionTexts(Vec<String>);

impl Default for SessionTexts {
    fn default() -> Self {
        SessionTexts::new(["session", "authoriz", "authentic", "not logged in"])
    }
}

impl SessionTexts {
    pub(crate) fn new<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> SessionTexts {
        SessionTexts(
            texts
                .into_iter()
                .map(|text| text.as_ref().to_lowercase())
                .collect(),
        )
    }

    pub(crate) fn any_in(&self, message: &str) -> bool {
        let message = message.to_lowercase();
        self.0.iter().any(|text| message.contains(text))
    }
}
