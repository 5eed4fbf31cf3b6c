//! The credentials of a login.

use secrecy::{ExposeSecret, SecretString};

use crate::error::ConfigError;

/// Refuses credentials that nobody means: an unset variable of a configuration.
pub(crate) fn check(username: &str, password: &SecretString) -> Result<(), ConfigError> {
    let wrong = |problem| Err(ConfigError::Credentials { problem });
    if username.trim().is_empty() {
        return wrong("the login is empty");
    }
    if password.expose_secret().is_empty() {
        return wrong("the password is empty");
    }
    Ok(())
}

/// Refuses credentials that the scheme Basic cannot carry (RFC 7617, section 2):
/// the server would take another login, or nobody's.
#[cfg(any(feature = "ministra", feature = "tvip"))]
pub(crate) fn check_basic(username: &str, password: &SecretString) -> Result<(), ConfigError> {
    check(username, password)?;
    let wrong = |problem| Err(ConfigError::Credentials { problem });
    if username.contains(':') {
        return wrong("the login has a colon in it, which ends it in HTTP Basic");
    }
    if username.contains(char::is_control) {
        return wrong("the login has a control character in it");
    }
    if password.expose_secret().contains(char::is_control) {
        return wrong("the password has a control character in it");
    }
    Ok(())
}
