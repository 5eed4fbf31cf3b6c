//! How a program ends: what it found on stdout, what went wrong on stderr.

use std::error::Error;
use std::io::{self, ErrorKind, Write};
use std::process::ExitCode;

/// Writes to stdout. A reader that has seen enough, such as `head`, is no
/// failure.
///
/// # Errors
///
/// When it cannot be written for another reason.
pub fn print(text: &[u8]) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

/// Says on stderr what went wrong.
pub fn stopped(error: &dyn Error) -> ExitCode {
    let _ = writeln!(io::stderr(), "Stopped: {error}");
    ExitCode::FAILURE
}
