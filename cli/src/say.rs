//! Standard error: notes for people, and a question where one can be asked.

use std::io::{self, BufRead, IsTerminal, Write};

use jsonsql_client::Printable;
use tokio::sync::oneshot;

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

/// Asks whether to go on, where a signal is somebody else's business.
///
/// # Errors
///
/// A guard's, when the answer is no, or nobody can be asked.
pub(crate) async fn ask(question: &str, is_agreed: bool) -> Result<()> {
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
    let (sender, answer) = oneshot::channel();
    // A thread of its own, which the end of the program does not wait for.
    std::thread::spawn(move || {
        let mut line = String::new();
        let read = io::stdin().lock().read_line(&mut line);
        // Nobody listens any more after a signal.
        let _ = sender.send(read.map(|_| line));
    });
    match answer.await {
        Ok(Ok(line)) if matches!(line.trim(), "y" | "Y" | "yes") => Ok(()),
        _ => Err(Failure::guarded("nothing was written")),
    }
}
