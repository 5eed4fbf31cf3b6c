//! Texts that no platform would do right, whatever it is.

use secrecy::{ExposeSecret, SecretString};

use crate::error::Refusal;

/// A text to find a record by. An empty one is many records' and nobody's; to
/// some servers it is everybody's.
pub(super) fn findable(
    operation: &'static str,
    field: &'static str,
    text: &str,
) -> Result<(), Refusal> {
    match text.trim().is_empty() {
        true => Err(Refusal::new(operation, format!("the {field} is empty"))),
        false => Ok(()),
    }
}

/// A text to be written and found by afterwards: a server that takes blanks off
/// its ends would make a record that is never found again.
pub(super) fn key(operation: &'static str, field: &'static str, text: &str) -> Result<(), Refusal> {
    findable(operation, field, text)?;
    let refused = |reason: &str| Err(Refusal::new(operation, format!("the {field} {reason}")));
    if text.trim() != text {
        return refused("begins or ends with a blank");
    }
    if text.contains(char::is_control) {
        return refused("has a control character in it");
    }
    Ok(())
}

/// An empty password lets in whoever knows the login.
pub(super) fn password(
    operation: &'static str,
    password: Option<&SecretString>,
) -> Result<(), Refusal> {
    match password.is_some_and(|password| password.expose_secret().is_empty()) {
        true => Err(Refusal::new(operation, "the password is empty")),
        false => Ok(()),
    }
}

/// The number an id of the model is, if it is written as a server writes it:
/// `007` and `+7` are logins of another platform.
pub(super) fn number(text: &str) -> Option<i64> {
    let number: i64 = text.parse().ok()?;
    (number.to_string() == text).then_some(number)
}
