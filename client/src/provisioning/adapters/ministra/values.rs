//! Values that the server alters.
//!
//! Evidence: a server of 4.9.35 was run with each of them (A).

use crate::error::Refusal;
use crate::ministra::{AccountNumber, Login};
use crate::model::FieldLoss;

use super::refused;

/// Characters of a column, to which the server cuts without a word.
pub(super) const COLUMN: usize = 64;

/// Bytes of a text without a limit of its own.
const TEXT: usize = 65_535;

/// Returns the text as the server will have it, with what is lost.
///
/// # Errors
///
/// If the server would have something else: the date, or the beginning.
pub(super) fn text(
    field: &'static str,
    text: &str,
    longest: Option<usize>,
) -> Result<(String, Option<FieldLoss>), Refusal> {
    if is_function(text) {
        let reason = format!(
            "`{field}` is the name of a function of the database, in place of which the server \
             writes the date"
        );
        return Err(refused(reason));
    }
    if let Some(longest) = longest
        && text.chars().count() > longest
    {
        let reason = format!("`{field}` is longer than {longest} characters, to which it is cut");
        return Err(refused(reason));
    }
    if text.len() > TEXT {
        let reason = format!("`{field}` is longer than {TEXT} bytes, to which it is cut");
        return Err(refused(reason));
    }
    if !text.contains(is_beyond) {
        return Ok((text.to_owned(), None));
    }
    let reason = "the server has no characters of four bytes, such as emoji: a `?` is written in \
                  place of each";
    Ok((
        text.replace(is_beyond, "?"),
        Some(FieldLoss::new(field, reason)),
    ))
}

/// Returns a login that the server keeps and finds.
///
/// # Errors
///
/// If it would not.
pub(super) fn login(text: &str) -> Result<Login, Refusal> {
    let login =
        Login::new(text).map_err(|refusal| refused(format!("the login {}", refusal.reason())))?;
    match text.contains(is_beyond) {
        true => Err(refused("the login has a character that the server has not")),
        false => Ok(login),
    }
}

/// Returns an account number that the server keeps and finds.
///
/// # Errors
///
/// If it would not.
pub(super) fn number(text: &str) -> Result<AccountNumber, Refusal> {
    let refuse = |reason: &str| refused(format!("the external reference {reason}"));
    let number = AccountNumber::new(text).map_err(|refusal| refuse(refusal.reason()))?;
    if !number.is_said_to_accounts() {
        let reason = "of 12 or more characters with a colon in it is taken for a MAC address";
        return Err(refuse(reason));
    }
    match text.contains(is_beyond) {
        true => Err(refuse("has a character that the server has not")),
        false => Ok(number),
    }
}

/// Refuses a password that would be another one.
pub(super) fn password(text: &str) -> Result<(), Refusal> {
    if is_function(text) {
        return Err(refused(
            "the password is the name of a function of the database, in place of which the \
             server takes the date",
        ));
    }
    match text.contains(is_beyond) {
        true => Err(refused(
            "the password has a character that the server has not",
        )),
        false => Ok(()),
    }
}

/// Refuses a text for viewers that they would see as something else.
pub(super) fn message(shown: &str) -> Result<(), Refusal> {
    let (_, loss) = text("text", shown, None)?;
    match loss {
        None => Ok(()),
        Some(_) => Err(refused(
            "the server has no characters of four bytes, such as emoji: viewers would see `????`",
        )),
    }
}

/// Returns `true` of what the server's SQL layer does not quote: three
/// functions alone in a value, in any letter case, with blanks around them.
fn is_function(text: &str) -> bool {
    let blank = [' ', '\t', '\n', '\r', '\0', '\x0b'];
    let text = text.trim_matches(blank);
    ["NOW()", "CURDATE()", "CURTIME()"]
        .iter()
        .any(|function| text.eq_ignore_ascii_case(function))
}

/// Returns `true` of characters that MySQL's `utf8` has not.
fn is_beyond(character: char) -> bool {
    character.len_utf8() == 4
}
