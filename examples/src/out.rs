//! What a program says: what it found on stdout, what went wrong on stderr; and
//! how it ends.

use std::error::Error;
use std::io::{self, ErrorKind, Write};
use std::process::ExitCode;

use jsonsql_client::Printable;

/// What a shell reports of a program that the system ended because nobody
/// reads what it writes: 128 and the signal's number.
const NOBODY_READS: u8 = 128 + 13;

/// Stdout, whose reader may go away before the end, as `head` does.
///
/// A program that only reads is of no use then and ends, as other programs do.
/// One that writes on a server goes on to its end: how much of a plan is made
/// must not hang on how long somebody looks, nor on a log's full disk. Its exit
/// status still says what became of it.
#[derive(Debug)]
pub struct Out {
    writes: bool,
}

impl Out {
    /// Of a program that, this time, writes on a server, or does not.
    pub fn of_one_that(writes: bool) -> Out {
        Out { writes }
    }

    fn needed<T>(&self, printed: io::Result<T>, else_: T) -> io::Result<T> {
        match printed {
            Err(_) if self.writes => Ok(else_),
            printed => printed,
        }
    }
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.needed(io::stdout().write(bytes), bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.needed(io::stdout().flush(), ())
    }
}

/// The exit status of a program, of which it is known whether everything went
/// as planned or what stopped it. That is said on stderr, unless it is that
/// nobody reads.
pub fn ended(run: Result<bool, Box<dyn Error>>) -> ExitCode {
    match run {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) if nobody_reads(&*error) => ExitCode::from(NOBODY_READS),
        Err(error) => {
            // If stderr is closed too, there is nobody to be told.
            let _ = io::stderr().write_all(stopped(&*error).as_bytes());
            ExitCode::FAILURE
        }
    }
}

/// Of a list of problems, each is a line; what stands in them is fit for a terminal.
fn stopped(error: &dyn Error) -> String {
    let text = format!("Stopped: {error}");
    let lines = text.lines().map(|line| format!("{}\n", Printable(line)));
    lines.collect()
}

fn nobody_reads(error: &(dyn Error + 'static)) -> bool {
    let error = error.downcast_ref::<io::Error>();
    error.is_some_and(|error| error.kind() == ErrorKind::BrokenPipe)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stopped_a_program_is_fit_for_a_terminal() {
        let text = stopped(&*Box::<dyn Error>::from(
            "line 1: a\u{1b}[2J\nline 2: \u{202e}b",
        ));
        assert_eq!(text, "Stopped: line 1: a\\u{1b}[2J\nline 2: \\u{202e}b\n");
    }
}
