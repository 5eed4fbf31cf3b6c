//! The `error` of an answer.

/// An error that the server answered with.
///
/// The vendor documents a `message` only; it is PostgreSQL's own text for
/// errors of a statement. Whatever text of the statement stands in it is
/// replaced by `?`, for it may be a password or a subscriber's name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the server answered: {message}{}", code.map(|code| format!(" (code {code})")).unwrap_or_default())]
pub struct ServerError {
    code: Option<i64>,
    message: String,
    unique_constraint: Option<String>,
}

/// The words of PostgreSQL, in the two languages this vendor may run it in.
const UNIQUE_VIOLATION: [&str; 2] = [
    "duplicate key value violates unique constraint",
    "повторяющееся значение ключа нарушает ограничение уникальности",
];

impl ServerError {
    /// `hide` takes what must not be shown out of the message.
    pub(crate) fn new(code: Option<i64>, message: &str, hide: impl FnOnce(&str) -> String) -> Self {
        ServerError {
            code,
            unique_constraint: unique_constraint(message)
                .filter(|name| is_identifier(name))
                .map(str::to_owned),
            message: hide(message),
        }
    }

    /// The code, if there was one. The vendor documents none.
    pub fn code(&self) -> Option<i64> {
        self.code
    }

    /// The message, without the texts of the statement.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The constraint that a unique violation names.
    pub fn unique_constraint(&self) -> Option<&str> {
        self.unique_constraint.as_deref()
    }
}

/// Returns `true` for what PostgreSQL can have as a name; anything else between
/// the quotation marks may be a value.
fn is_identifier(name: &str) -> bool {
    name.len() <= 63
        && name
            .chars()
            .all(|c| c.is_alphanumeric() || "_$.".contains(c))
}

fn unique_constraint(message: &str) -> Option<&str> {
    let rest = UNIQUE_VIOLATION
        .iter()
        .find_map(|text| Some(message.split_once(text)?.1))?;
    // Quoted in English as "name", in Russian as "name" or «name».
    let rest = rest.trim_start().strip_prefix(['"', '«'])?;
    rest.split_once(['"', '»']).map(|(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::unique_constraint;

    #[test]
    fn the_constraint_is_read_in_both_languages() {
        for message in [
            "ERROR:  duplicate key value violates unique constraint \"subscriber_domain_id_key\"\nDETAIL: …",
            "повторяющееся значение ключа нарушает ограничение уникальности \"subscriber_domain_id_key\"",
            "повторяющееся значение ключа нарушает ограничение уникальности «subscriber_domain_id_key»",
        ] {
            assert_eq!(unique_constraint(message), Some("subscriber_domain_id_key"));
        }
        assert_eq!(unique_constraint("duplicate key"), None);
    }
}
