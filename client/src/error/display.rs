//! The text of errors.

use std::fmt;

use super::Error;
use super::place::in_brackets;
use crate::sanitize::Printable;

/// Whatever is in it, it is fit for a terminal and for one line of a log.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", Printable(Text(self)))?;
        match self {
            // There is nothing at this address, or something else.
            Error::Status {
                status: 404 | 405 | 410,
                place: Some(place),
                ..
            } => f.write_str(&place.hint()),
            _ => Ok(()),
        }
    }
}

struct Text<'a>(&'a Error);

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Error::Config(error) => write!(f, "{error}"),
            Error::Statement(error) => write!(f, "the statement was not sent: {error}"),
            Error::Unwritable(problem) => {
                write!(
                    f,
                    "the statement was not sent: it cannot be written: {problem}"
                )
            }
            Error::Login(error) => write!(f, "{error}"),
            Error::Denied {
                status,
                message,
                place,
            } => {
                let place = in_brackets(place.as_deref());
                match status {
                    Some(status) if message.is_empty() => {
                        write!(
                            f,
                            "the server denies this call: HTTP status {status}{place}"
                        )
                    }
                    Some(status) => write!(
                        f,
                        "the server denies this call: HTTP status {status}: {message}{place}"
                    ),
                    None => write!(f, "the server denies this call: {message}{place}"),
                }
            }
            Error::Server(error) => write!(f, "{error}"),
            Error::Transport(error) => write!(f, "{error}"),
            Error::Status {
                status,
                begins,
                place,
                ..
            } => {
                write!(f, "the server answered with HTTP status {status}")?;
                if let Some(begins) = begins {
                    write!(f, " and a text that begins with `{begins}`")?;
                }
                f.write_str(&in_brackets(place.as_deref()))
            }
            Error::Protocol(error) => write!(f, "{error}"),
            Error::Decode(error) => write!(f, "the answer does not fit the row type: {error}"),
            Error::Paging { problem, place } => {
                let place = in_brackets(place.as_deref());
                write!(f, "cannot be read page by page: {problem}{place}")
            }
            Error::PageSequence { rows, found, place } => {
                let place = in_brackets(place.as_deref());
                write!(
                    f,
                    "reading page by page ended after {rows} rows: the server answered with \
                     {found}{place}"
                )
            }
            Error::TooManyRows {
                method,
                table,
                allowed,
                found,
            } => write!(
                f,
                "the {method} of `{table}` was not sent: it would touch at least {found} rows, \
                 and {allowed} at the most are allowed"
            ),
            Error::NoRow { place } => {
                let place = in_brackets(place.as_deref());
                write!(f, "no row, where one was expected{place}")
            }
            Error::ManyRows { found, place } => {
                let place = in_brackets(place.as_deref());
                write!(f, "{found} rows, where one was expected{place}")
            }
            Error::Indeterminate(error) => write!(f, "{error}"),
            Error::Refused(error) => write!(f, "{error}"),
            Error::Rejected(error) => match error.place().map(super::Place::address) {
                // It names the operation itself.
                Some(address) if !address.is_empty() => write!(f, "{} (at {address})", **error),
                _ => write!(f, "{}", **error),
            },
            Error::Taken { record, key, place } => {
                let place = in_brackets(place.as_deref());
                write!(
                    f,
                    "there is another {record} with this {key}; it was left as it is{place}"
                )
            }
            Error::Missing { record, place } => {
                let place = in_brackets(place.as_deref());
                write!(f, "there is no such {record}{place}")
            }
            Error::Unreadable { row, reason, place } => {
                let place = in_brackets(place.as_deref());
                write!(f, "the row {row} cannot be read: {reason}{place}")
            }
            Error::NotApplied {
                operation,
                found,
                place,
            } => {
                write!(
                    f,
                    "{operation}: the server answered with success, but {found}"
                )?;
                // It names the operation itself.
                match place.as_deref().map(super::Place::address) {
                    Some(address) if !address.is_empty() => write!(f, " (at {address})"),
                    _ => Ok(()),
                }
            }
            Error::Partial(error) => write!(f, "{error}"),
        }
    }
}

impl std::error::Error for Error {}
