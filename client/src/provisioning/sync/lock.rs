//! One run at a time, and what the last one has left to know.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::guard::{Limit, Shrunk, check_size};
use crate::model::Timestamp;

/// A lock that lets one run at a time write to a platform under a profile, until
/// it is dropped: two runs at once would each add what the other one is about to
/// add.
///
/// It is a locked file, which the system unlocks when a process ends in whatever
/// way. Beside it is a file with what the run is and how large the
/// export of the last one was. Both are on this machine: a run on another one
/// is not seen.
#[derive(Debug)]
pub struct RunLock {
    _locked: File,
    path: PathBuf,
    state: State,
}

/// The reason why a lock is not taken.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LockError {
    /// Another run has it.
    #[error("another run for {name} is under way: {by}", by = by(*.process, *.since))]
    Busy {
        /// The platform and the profile.
        name: String,
        /// The other process; none if it has only just begun.
        process: Option<u32>,
        /// The time at which the other run began; none if it has only just begun.
        since: Option<Timestamp>,
    },
    /// The files cannot be written.
    #[error("{}: {error}", .path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The error.
        #[source]
        error: io::Error,
    },
}

fn by(process: Option<u32>, since: Option<Timestamp>) -> String {
    match (process, since) {
        (Some(process), Some(since)) => format!("process {process}, since {since}"),
        _ => "it has just begun".to_owned(),
    }
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct State {
    process: Option<u32>,
    since: Option<String>,
    /// The rows of the last export that was applied.
    rows: Option<usize>,
}

impl RunLock {
    /// Takes the lock, with files in this directory, which is made if it is not
    /// there. A profile tells apart the servers or operators of one platform; of an
    /// address it does not matter whether it ends in a slash.
    ///
    /// # Errors
    ///
    /// [`LockError::Busy`] if another process has it, or this one has it already.
    pub fn take(directory: &Path, platform: &str, profile: &str) -> Result<RunLock, LockError> {
        let name = format!("{platform}-{}", file_name(profile.trim_end_matches('/')));
        let path = directory.join(format!("{name}.lock"));
        let locked = match lock(directory, &path) {
            Ok(locked) => locked,
            Err(TryLockError::WouldBlock) => {
                let State { process, since, .. } = read(&path.with_extension("json"));
                return Err(LockError::Busy {
                    name,
                    process,
                    since: since.and_then(|text| text.parse().ok()),
                });
            }
            Err(TryLockError::Error(error)) => return Err(LockError::Io { path, error }),
        };
        let path = path.with_extension("json");
        let mut lock = RunLock {
            _locked: locked,
            state: State {
                process: Some(std::process::id()),
                since: Some(Timestamp::now().to_string()),
                rows: read(&path).rows,
            },
            path,
        };
        lock.write()?;
        Ok(lock)
    }

    /// Refuses an export that is much smaller than the one that was applied last.
    ///
    /// # Errors
    ///
    /// With both sizes.
    pub fn check_size(&self, rows: usize, limit: Limit) -> Result<(), Shrunk> {
        match self.state.rows {
            Some(before) => check_size(rows, before, limit),
            None => Ok(()),
        }
    }

    /// Keeps the size of the export that is applied now.
    ///
    /// # Errors
    ///
    /// If the file cannot be written.
    pub fn keep_size(&mut self, rows: usize) -> Result<(), LockError> {
        self.state.rows = Some(rows);
        self.write()
    }

    /// Writes the file as a whole beside the old one, and then in its place.
    fn write(&mut self) -> Result<(), LockError> {
        let failed = |error| LockError::Io {
            path: self.path.clone(),
            error,
        };
        let beside = self.path.with_extension("new");
        let text = serde_json::to_vec(&self.state).map_err(|error| failed(error.into()))?;
        fs::write(&beside, text).map_err(failed)?;
        fs::rename(&beside, &self.path).map_err(failed)
    }
}

/// Forgets the process and the time at which it began, and keeps only the size of the
/// last export.
impl Drop for RunLock {
    fn drop(&mut self) {
        self.state.process = None;
        self.state.since = None;
        // Nothing hangs on it: the lock itself is what counts.
        let _ = self.write();
    }
}

fn lock(directory: &Path, path: &Path) -> Result<File, TryLockError> {
    fs::create_dir_all(directory).map_err(TryLockError::Error)?;
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path)
        .map_err(TryLockError::Error)?;
    file.try_lock()?;
    Ok(file)
}

/// Nothing is known of what cannot be read.
fn read(path: &Path) -> State {
    let text = fs::read(path).unwrap_or_default();
    serde_json::from_slice(&text).unwrap_or_default()
}

/// The profile as a part of a file's name: no two are one file.
fn file_name(profile: &str) -> String {
    let mut name = String::new();
    for byte in profile.bytes() {
        match byte {
            b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' => name.push(char::from(byte)),
            _ => name += &format!("%{byte:02x}"),
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Scratch(PathBuf);

    impl Scratch {
        fn new(name: &str) -> Scratch {
            let process = std::process::id();
            Scratch(std::env::temp_dir().join(format!("jsonsql-lock-{process}-{name}")))
        }
    }

    impl Drop for Scratch {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn one_run_has_the_lock_and_the_other_is_told_whose_it_is() {
        let scratch = Scratch::new("one");
        let before = Timestamp::now();
        let first = RunLock::take(&scratch.0, "tvip", "tms.example.net").unwrap();
        let error = RunLock::take(&scratch.0, "tvip", "tms.example.net").unwrap_err();
        let LockError::Busy { process, since, .. } = &error else {
            panic!("{error}");
        };
        assert_eq!(*process, Some(std::process::id()));
        assert!(since.is_some_and(|since| since >= before));
        let told = format!(
            "another run for tvip-tms.example.net is under way: process {}, since ",
            std::process::id()
        );
        assert!(error.to_string().starts_with(&told), "{error}");
        // Others do not wait for it.
        for (platform, profile) in [("ministra", "tms.example.net"), ("tvip", "TMS.example.net")] {
            RunLock::take(&scratch.0, platform, profile).unwrap();
        }
        drop(first);
        RunLock::take(&scratch.0, "tvip", "tms.example.net").unwrap();
    }

    #[test]
    fn one_address_has_one_lock_however_it_ends() {
        let scratch = Scratch::new("slash");
        let _first = RunLock::take(&scratch.0, "tvip", "https://tms.example.net/api").unwrap();
        let second = RunLock::take(&scratch.0, "tvip", "https://tms.example.net/api/");
        assert!(matches!(second, Err(LockError::Busy { .. })));
    }

    #[test]
    fn the_size_of_the_last_export_is_kept_from_run_to_run() {
        let scratch = Scratch::new("size");
        let take = || RunLock::take(&scratch.0, "tvip", "a/b").unwrap();
        let mut first = take();
        assert!(first.check_size(1, Limit::default()).is_ok());
        first.keep_size(1_000).unwrap();
        drop(first);
        let second = take();
        assert!(second.check_size(950, Limit::default()).is_ok());
        assert_eq!(
            second.check_size(949, Limit::default()).unwrap_err(),
            Shrunk {
                now: 949,
                before: 1_000
            }
        );
    }

    #[test]
    fn profiles_are_file_names_and_stay_apart() {
        assert_eq!(file_name("../a B"), "..%2fa%20%42");
        assert_ne!(file_name("a%2fb"), file_name("a/b"));
    }
}
