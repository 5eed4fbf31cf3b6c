//! How far a program is, for a person who waits.

use std::io::{IsTerminal, Write};

/// One line on stderr that is written anew with every step. It shows only on a
/// terminal: in a pipe or a job of cron there is nobody who waits.
#[derive(Debug)]
pub struct Progress {
    shown: bool,
}

impl Progress {
    /// Shows when stderr is a terminal.
    #[expect(clippy::new_without_default, reason = "it looks at the world")]
    pub fn new() -> Progress {
        Progress {
            shown: std::io::stderr().is_terminal(),
        }
    }

    /// Replaces the line.
    pub fn step(&self, text: &str) {
        self.write(&format!("\r\x1b[K{text}"));
    }

    fn write(&self, text: &str) {
        if self.shown {
            let mut stderr = std::io::stderr();
            // Nothing is lost when it cannot be seen.
            let _ = stderr.write_all(text.as_bytes());
            let _ = stderr.flush();
        }
    }
}

impl Drop for Progress {
    /// Leaves no trace.
    fn drop(&mut self) {
        self.write("\r\x1b[K");
    }
}
