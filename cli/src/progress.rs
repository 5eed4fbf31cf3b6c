//! The progress of long work, with its rate and the time left; nothing in a pipe.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A line at the bottom of the terminal; gone when this is dropped.
pub(crate) struct Progress(ProgressBar);

impl Progress {
    /// Of work of this name.
    pub(crate) fn new(name: &'static str) -> Progress {
        // It draws on standard error, if that is a terminal, a few times a second.
        let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr_with_hz(10));
        let template = "{msg} [{bar:30}] {pos}/{len}, {per_sec}, {eta} left";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.progress_chars("##."));
        }
        bar.set_message(name);
        Progress(bar)
    }

    /// So many of so many are done.
    pub(crate) fn reach(&self, done: usize, of: usize) {
        self.0.set_length(of as u64);
        self.0.set_position(done as u64);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
