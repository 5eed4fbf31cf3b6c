//! The end of a run: the exit status, and the failure that led to it.

use std::io::{self, ErrorKind};
use std::process::ExitCode;

use jsonsql_client::{Error, Printable, TransportErrorKind};

/// The end of a run. The numbers are part of the interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    /// Everything was done.
    Done = 0,
    /// Something was refused, or failed.
    Failed = 1,
    /// The command, its arguments or its settings are wrong; nothing was sent.
    Usage = 2,
    /// The outcome of a write is unknown.
    Unknown = 3,
    /// A guard said no; nothing was written.
    Guarded = 4,
}

/// The text about exit statuses in every command's help.
pub(crate) const HELP: &str = "\
Exit status:
  0  done
  1  something was refused or failed
  2  wrong arguments or settings; nothing was sent
  3  the outcome of a write is unknown
  4  a guard said no; nothing was written";

/// The end of a run that was stopped: what happened, and what to do about it.
#[derive(Debug)]
pub(crate) struct Failure {
    status: Status,
    message: String,
    /// The message has been rendered for a terminal, with lines and colours.
    rendered: bool,
    hint: Option<String>,
}

pub(crate) type Result<T, E = Failure> = std::result::Result<T, E>;

impl Status {
    /// The worse of two ends: an unknown outcome is worse than a failure.
    pub(crate) fn and(self, other: Status) -> Status {
        const BY_WEIGHT: [Status; 5] = [
            Status::Done,
            Status::Guarded,
            Status::Usage,
            Status::Failed,
            Status::Unknown,
        ];
        let weight = |status| BY_WEIGHT.iter().position(|known| *known == status);
        if weight(self) >= weight(other) {
            self
        } else {
            other
        }
    }
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> ExitCode {
        ExitCode::from(status as u8)
    }
}

impl Failure {
    pub(crate) fn new(status: Status, message: impl Into<String>) -> Failure {
        Failure {
            status,
            message: message.into(),
            rendered: false,
            hint: None,
        }
    }

    /// A failure of the arguments or settings.
    pub(crate) fn usage(message: impl Into<String>) -> Failure {
        Failure::new(Status::Usage, message)
    }

    /// A failure of the work itself.
    pub(crate) fn failed(message: impl Into<String>) -> Failure {
        Failure::new(Status::Failed, message)
    }

    /// The refusal of a guard.
    pub(crate) fn guarded(message: impl Into<String>) -> Failure {
        Failure::new(Status::Guarded, message)
    }

    /// A failure whose message is several lines that show a source text.
    pub(crate) fn rendered(status: Status, message: String) -> Failure {
        Failure {
            rendered: true,
            ..Failure::new(status, message)
        }
    }

    /// The same with advice.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Failure {
        self.hint = Some(hint.into());
        self
    }

    pub(crate) fn status(&self) -> Status {
        self.status
    }

    /// Returns what happened, without advice.
    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    /// The text for standard error, ending in a newline.
    pub(crate) fn report(&self) -> String {
        let mut text = String::new();
        if self.rendered {
            text.push_str(self.message.trim_end());
            text.push('\n');
        } else {
            for (number, line) in self.message.lines().enumerate() {
                let before = if number == 0 { "error: " } else { "  " };
                text.push_str(&format!("{before}{}\n", Printable(line)));
            }
        }
        if let Some(hint) = &self.hint {
            text.push_str(&format!("  hint: {}\n", Printable(hint)));
        }
        text
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        let status = match &error {
            Error::Config(_) => Status::Usage,
            Error::TooManyRows { .. } => Status::Guarded,
            error if error.is_indeterminate() => Status::Unknown,
            _ => Status::Failed,
        };
        let failure = Failure::new(status, error.to_string());
        match error {
            Error::Indeterminate(_) => {
                failure.hint("look at what is there before it is sent again")
            }
            Error::Transport(error) if error.kind() == TransportErrorKind::TooLarge => failure
                .hint(
                    "a limit makes the answer smaller; `jsonsql export` reads page by page, also a --table",
                ),
            Error::Login(_) => {
                failure.hint("`jsonsql doctor` tries address and login step by step")
            }
            _ => failure,
        }
    }
}

/// A failure to write on standard output; of other files the caller knows the name.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Failure {
        if error.kind() == ErrorKind::BrokenPipe {
            // The reader has what it wanted, as `head` does.
            return Failure::new(Status::Done, "");
        }
        Failure::failed(format!("cannot write to standard output: {error}"))
    }
}

/// The end of work whose result was printed. That the reader has gone away, as `head`
/// does, changes nothing about it.
pub(crate) fn ended(work: Status, printed: Result<()>) -> Result<Status> {
    match printed {
        Err(failure) if failure.status == Status::Done => Ok(work),
        Err(failure) => Err(failure),
        Ok(()) => Ok(work),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worse_end_counts() {
        use Status::{Done, Failed, Guarded, Unknown};
        assert_eq!(Done.and(Failed), Failed);
        assert_eq!(Unknown.and(Failed), Unknown);
        assert_eq!(Failed.and(Unknown), Unknown);
        assert_eq!(Guarded.and(Done), Guarded);
    }

    #[test]
    fn a_reader_that_goes_away_does_not_make_a_failure_good() {
        let closed = || Err(Failure::from(io::Error::from(ErrorKind::BrokenPipe)));
        let full = || Err(Failure::from(io::Error::from(ErrorKind::StorageFull)));
        assert_eq!(ended(Status::Failed, closed()).ok(), Some(Status::Failed));
        assert_eq!(ended(Status::Done, closed()).ok(), Some(Status::Done));
        assert_eq!(ended(Status::Done, Ok(())).ok(), Some(Status::Done));
        assert!(ended(Status::Done, full()).is_err());
    }

    #[test]
    fn a_report_cannot_forge_lines_or_move_the_cursor() {
        let failure = Failure::failed("a\u{1b}[2Jb\nc").hint("d\u{202e}");
        assert_eq!(
            failure.report(),
            "error: a\\u{1b}[2Jb\n  c\n  hint: d\\u{202e}\n"
        );
    }
}
