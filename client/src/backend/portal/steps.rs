//! What errors of a write mean here.

use crate::error::{Error, Partial, Refusal, Result};

/// The constraint that a taken login violates (B).
const LOGIN: &str = "subscriber_domain_id_key";

/// A statement that may not be sent says which text is in the way; here the
/// text is somebody's, so the error has the field that has it instead.
pub(super) fn unsent(
    operation: &'static str,
    fields: &[(&'static str, &str)],
) -> impl Fn(Error) -> Error {
    move |error| {
        let Error::Statement(refused) = &error else {
            return error;
        };
        let jsonsql::Error::AmbiguousText { text, reads_as, .. } = &**refused else {
            return error;
        };
        let field = fields.iter().find(|(_, is)| is == text);
        let field = field.map_or("a text", |(field, _)| field);
        let reason = format!("this server would read {field} as {reads_as}");
        Refusal::new(operation, reason).into()
    }
}

/// Whether a write with this error was executed all the same.
pub(super) fn was_executed(error: &Error) -> bool {
    matches!(
        error,
        Error::Decode(_) | Error::NoRow { .. } | Error::ManyRows { .. }
    )
}

/// Whether the error says that there is a subscriber with this login.
pub(super) fn login_is_taken(error: &Error) -> bool {
    error.is_unique_violation() == Some(LOGIN)
}

/// What became of a write: done, or to be found out by reading.
pub(super) enum Outcome {
    Done,
    /// The answer was lost: with this error, if reading does not tell.
    Unknown(Error),
}

impl Outcome {
    pub(super) fn of<T>(written: Result<T>) -> Result<Outcome> {
        match written {
            Ok(_) => Ok(Outcome::Done),
            Err(error) if was_executed(&error) => Ok(Outcome::Done),
            Err(error) if error.is_indeterminate() => Ok(Outcome::Unknown(error)),
            Err(error) => Err(error),
        }
    }

    /// What reading back showed, where it could be read. `as_asked` says that
    /// it is as the write would have made it.
    pub(super) fn settle<T>(
        self,
        operation: &'static str,
        step: &'static str,
        read: Result<T>,
        as_asked: impl FnOnce(T) -> Result<T, Error>,
    ) -> Result<T> {
        match (self, read) {
            (Outcome::Done, Ok(read)) => as_asked(read),
            (Outcome::Done, Err(cause)) => {
                Err(Partial::of(operation, vec![step], "reading it back", cause))
            }
            (Outcome::Unknown(lost), Ok(read)) => as_asked(read).map_err(|_| lost),
            (Outcome::Unknown(lost), Err(_)) => Err(lost),
        }
    }
}
