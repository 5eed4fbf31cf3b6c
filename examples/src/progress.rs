//! How far long work has come, for whoever watches; nothing in a pipe.

use std::io::{self, IsTerminal, Write};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use jsonsql_client::provisioning::Supervisor;

/// How often the line is drawn anew, at most.
const BETWEEN_DRAWINGS: Duration = Duration::from_millis(100);
const WIDTH: usize = 30;

/// A line at the bottom of the terminal; gone when this is dropped.
pub struct Progress {
    label: &'static str,
    total: usize,
    done: usize,
    drawn: Option<Instant>,
    terminal: Option<Box<dyn Write + Send>>,
}

impl Progress {
    /// Of so many steps, shown if stderr is a terminal.
    pub fn new(label: &'static str, total: usize) -> Progress {
        let stderr = io::stderr();
        let terminal = stderr.is_terminal().then_some(stderr);
        Progress {
            label,
            total,
            done: 0,
            drawn: None,
            terminal: terminal.map(|stderr| Box::new(stderr) as _),
        }
    }

    /// One step more is done.
    pub fn step(&mut self) {
        self.reach(self.done + 1, self.total);
    }

    /// Returns a watcher for the library's long work.
    pub fn watcher(label: &'static str) -> impl Fn(usize, usize) + Send + Sync {
        let progress = Mutex::new(Progress::new(label, 0));
        move |done, total| {
            if let Ok(mut progress) = progress.lock() {
                progress.reach(done, total);
            }
        }
    }

    /// Returns a supervisor of the library's executor.
    pub fn supervisor(label: &'static str) -> impl Supervisor {
        struct Watched<W>(W);
        impl<W: Fn(usize, usize) + Send + Sync> Supervisor for Watched<W> {
            fn progress(&self, come_to: usize, of: usize) {
                (self.0)(come_to, of);
            }
        }
        Watched(Progress::watcher(label))
    }

    fn reach(&mut self, done: usize, total: usize) {
        (self.done, self.total) = (done, total);
        let Some(terminal) = &mut self.terminal else {
            return;
        };
        if self
            .drawn
            .is_some_and(|drawn| drawn.elapsed() < BETWEEN_DRAWINGS)
        {
            return;
        }
        self.drawn = Some(Instant::now());
        // A terminal that is gone is no reason to stop.
        let _ = write!(terminal, "\r{}", line(self.label, self.done, self.total));
        let _ = terminal.flush();
    }

    /// Takes the line away until the next step, for something else to be
    /// printed.
    pub fn hide(&mut self) {
        self.drawn = None;
        if let Some(terminal) = &mut self.terminal {
            // Back to the beginning, and everything after it deleted.
            let _ = write!(terminal, "\r\x1b[K");
            let _ = terminal.flush();
        }
    }
}

fn line(label: &str, done: usize, total: usize) -> String {
    let filled = (done.min(total) * WIDTH)
        .checked_div(total)
        .unwrap_or(WIDTH);
    let bar: String = "#".repeat(filled) + &".".repeat(WIDTH - filled);
    format!("{label} [{bar}] {done}/{total}")
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.hide();
    }
}

impl std::fmt::Debug for Progress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}/{}", self.label, self.done, self.total)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[derive(Clone, Default)]
    struct Screen(Arc<Mutex<Vec<u8>>>);

    impl Write for Screen {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_line_is_drawn_and_taken_away_again() {
        let screen = Screen::default();
        let mut progress = Progress::new("applying", 4);
        progress.terminal = Some(Box::new(screen.clone()));
        progress.step();
        progress.step(); // too soon to be drawn
        drop(progress);
        let drawn = String::from_utf8(screen.0.lock().unwrap().clone()).unwrap();
        assert_eq!(
            drawn,
            "\rapplying [#######.......................] 1/4\r\u{1b}[K"
        );
    }

    #[test]
    fn after_it_was_hidden_the_next_step_shows_it() {
        let screen = Screen::default();
        let mut progress = Progress::new("asking", 2);
        progress.terminal = Some(Box::new(screen.clone()));
        progress.step();
        progress.hide();
        progress.step();
        let drawn = String::from_utf8(screen.0.lock().unwrap().clone()).unwrap();
        let half = format!("{}{}", "#".repeat(15), ".".repeat(15));
        let full = "#".repeat(WIDTH);
        assert_eq!(
            drawn,
            format!("\rasking [{half}] 1/2\r\x1b[K\rasking [{full}] 2/2")
        );
    }

    #[test]
    fn a_bar_is_full_at_the_end_and_of_nothing() {
        let full = "#".repeat(WIDTH);
        assert_eq!(line("reading", 3, 3), format!("reading [{full}] 3/3"));
        assert_eq!(line("reading", 0, 0), format!("reading [{full}] 0/0"));
    }
}
