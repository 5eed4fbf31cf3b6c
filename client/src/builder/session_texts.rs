//! Errors that are about the session.

use std::collections::HashSet;

/// Texts that the server answers to an ended session, as wholes.
///
/// No document and no public program shows one (U). The default texts say that
/// a session has ended and can say nothing else: a text that only has such a
/// word in it may be PostgreSQL's, of a column or a constraint of that name.
#[derive(Debug, Clone)]
pub(crate) struct SessionTexts {
    texts: HashSet<String>,
    /// `true` if somebody has seen the server say them.
    attested: bool,
}

const GUESSES: [&str; 40] = [
    "session expired",
    "session has expired",
    "session is expired",
    "your session has expired",
    "session timed out",
    "session timeout",
    "session not found",
    "session is not found",
    "session does not exist",
    "session not exists",
    "no session",
    "no such session",
    "unknown session",
    "wrong session",
    "bad session",
    "invalid session",
    "invalid session id",
    "invalid sessionid",
    "session is invalid",
    "session is not valid",
    "session closed",
    "session is closed",
    "session required",
    "not logged in",
    "you are not logged in",
    "login required",
    "authorization required",
    "authentication required",
    "not authorized",
    "not authenticated",
    "unauthorized",
    "unauthenticated",
    "сессия истекла",
    "сессия не найдена",
    "сессия не существует",
    "неверная сессия",
    "требуется авторизация",
    "необходима авторизация",
    "необходимо авторизоваться",
    "не авторизован",
];

impl Default for SessionTexts {
    fn default() -> Self {
        SessionTexts {
            texts: GUESSES.map(str::to_owned).into(),
            attested: false,
        }
    }
}

impl SessionTexts {
    pub(crate) fn new<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> SessionTexts {
        SessionTexts {
            texts: texts
                .into_iter()
                .map(|text| normalized(text.as_ref()))
                .collect(),
            attested: true,
        }
    }

    /// Returns `true` if this is a text that ends a session.
    pub(crate) fn is(&self, message: &str) -> bool {
        // Nothing is longer than the texts are, blanks apart.
        message.len() < 1000 && self.texts.contains(&normalized(message))
    }

    /// Returns `true` if this whole body is a text that somebody has seen the
    /// server say. The guesses do not count: other servers say the same.
    pub(crate) fn attests(&self, body: &[u8]) -> bool {
        self.attested && std::str::from_utf8(body).is_ok_and(|text| self.is(text))
    }
}

/// In small letters, with single blanks, without a final dot.
pub(crate) fn normalized(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let text = words.join(" ").to_lowercase();
    text.trim_end_matches(['.', '!']).trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_texts_in_any_letter_case_and_spacing() {
        let texts = SessionTexts::default();
        for text in [
            "Session expired",
            " SESSION \n NOT found. ",
            "Сессия истекла!",
        ] {
            assert!(texts.is(text), "{text}");
        }
        for text in [
            "",
            "session",
            "duplicate key value violates unique constraint \"user_session_key\"",
            "column \"authorized_count\" does not exist",
            "column session expired does not exist",
            "upstream session aborted",
            "no session table",
        ] {
            assert!(!texts.is(text), "{text}");
        }
    }

    #[test]
    fn only_texts_that_were_given_attest_a_body() {
        assert!(!SessionTexts::default().attests(b"Unauthorized"));
        let texts = SessionTexts::new(["No such SESSION."]);
        assert!(texts.attests(b"no such session\n") && texts.is("No such session"));
        assert!(!texts.attests(b"Unauthorized") && !texts.is("session expired"));
        assert!(!texts.attests(b"\xff"));
    }

    #[test]
    fn every_guess_is_in_the_form_that_is_compared() {
        for guess in GUESSES {
            assert_eq!(normalized(guess), guess);
        }
    }
}
