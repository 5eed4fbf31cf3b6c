//! The account of a run that writes: a file beside what is printed, since a pipe
//! may close and a disk may fill while the run goes on.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use jsonsql_client::Error;
use jsonsql_client::provisioning::Supervisor;
use serde_json::{Value, json};

use crate::exit::{Failure, Result};
use crate::progress::Progress;
use crate::say;
use crate::stop::Stop;

/// A file of JSON lines: one for each step when it was answered, and one for each
/// subscriber at the end.
pub(crate) struct Report {
    path: PathBuf,
    file: Mutex<Option<File>>,
}

impl Report {
    /// Begins the file; an older one of the name is gone on with.
    ///
    /// # Errors
    ///
    /// When it cannot be opened: then nothing has been written anywhere.
    pub(crate) fn open(path: &Path) -> Result<Report> {
        let file = OpenOptions::new().create(true).append(true).open(path);
        let file = file.map_err(|error| {
            Failure::failed(format!(
                "the report {}: {error}; nothing was done",
                path.display()
            ))
        })?;
        Ok(Report {
            path: path.to_owned(),
            file: Mutex::new(Some(file)),
        })
    }

    /// Writes a line. Once one cannot be written, the rest goes to standard error.
    pub(crate) fn line(&self, line: &Value) {
        let Ok(mut file) = self.file.lock() else {
            return;
        };
        let text = format!("{line}\n");
        if let Some(open) = file.as_mut() {
            match open.write_all(text.as_bytes()) {
                Ok(()) => return,
                Err(error) => {
                    say::note(&format!(
                        "the report {}: {error}; it goes on here",
                        self.path.display()
                    ));
                    *file = None;
                }
            }
        }
        say::note(text.trim_end());
    }

    /// Returns `true` if every line is in the file.
    pub(crate) fn is_whole(&self) -> bool {
        self.file.lock().is_ok_and(|file| file.is_some())
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

/// Looks on at a run: a progress bar, the report, and signals.
pub(crate) struct Watcher<'a> {
    pub(crate) report: &'a Report,
    pub(crate) progress: Progress,
    pub(crate) stop: Stop,
    /// The logins of the jobs.
    pub(crate) logins: Vec<String>,
}

impl Supervisor for Watcher<'_> {
    fn progress(&self, come_to: usize, of: usize) {
        self.progress.reach(come_to, of);
    }

    fn step(&self, job: usize, step: &'static str, failed: Option<&Error>) {
        let result = match failed {
            None => "done",
            Some(error) if error.is_indeterminate() => "unknown",
            Some(_) => "failed",
        };
        self.report.line(&json!({
            "login": self.logins.get(job),
            "step": step,
            "result": result,
            "error": failed.map(ToString::to_string),
        }));
    }

    fn is_stopped(&self) -> bool {
        self.stop.is_asked()
    }
}
