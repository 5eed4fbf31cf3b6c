//! Standard error: notes for people, and a question where one can be asked.

use std::io::{self, BufRead, IsTerminal, Write};

use jsonsql_client::Printable;

use crate::exit::{Failure, Result};

/// Writes a line on standard error. One that cannot be written is lost: there is
/// nowhere to say so.
pub(crate) fn note(text: &str) {
    let _ = writeln!(io::stderr(), "{}", Printable(text));
}

/// Writes what has been rendered for a terminal already.
pub(crate) fn rendered(text: &str) {
    let _ = io::stderr().write_all(text.as_bytes());
}

/// Asks whether to go on.
///
/// # Errors
///
/// A guard's, when the answer is no, or nobody can be asked.
pub(crate) fn confirm(question: &str, is_agreed: bool) -> Result<()> {
    if is_agreed {
        return Ok(());
    }
    if !io::stdin().is_terminal() {
        return Err(Failure::guarded(
            "nobody can be asked: standard input is no terminal; nothing was written",
        )
        .hint("--yes answers the question beforehand"));
    }
    let _ = write!(io::stderr(), "{} [y/N] ", Printable(question));
    let _ = io::stderr().flush();
    let mut answer = String::new();
    let read = io::stdin().lock().read_line(&mut answer);
    match (read, answer.trim()) {
        (Ok(_), "y" | "Y" | "yes") => Ok(()),
        _ => Err(Failure::guarded("nothing was written")),
    }
}
