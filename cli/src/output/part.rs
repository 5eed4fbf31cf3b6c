//! A file under another name, until it is whole.

use std::fmt::Display;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::process;

use crate::exit::{Failure, Result};

/// The file of an output that is being written. One that is dropped before it has its
/// name is removed.
pub(super) struct Part {
    temporary: PathBuf,
    path: PathBuf,
}

impl Part {
    /// Creates the file beside the one that is wanted.
    ///
    /// # Errors
    ///
    /// When it cannot be created, or a directory has the name.
    pub(super) fn create(path: &Path) -> Result<(Part, File)> {
        if path.is_dir() {
            return Err(unwritable(path, &"it is a directory"));
        }
        let mut name = path.file_name().unwrap_or_default().to_os_string();
        name.push(format!(".{}.part", process::id()));
        let temporary = path.with_file_name(name);
        let mut options = OpenOptions::new();
        let file = options.write(true).create_new(true).open(&temporary);
        let file = file.map_err(|error| unwritable(path, &error))?;
        let path = path.to_owned();
        Ok((Part { temporary, path }, file))
    }

    /// Returns the name until the file is whole.
    pub(super) fn temporary(&self) -> &Path {
        &self.temporary
    }

    /// Gives the file its name, once its bytes are on the disk.
    pub(super) fn rename(&self, file: &File) -> io::Result<()> {
        file.sync_all()?;
        fs::rename(&self.temporary, &self.path)
    }

    /// Returns the failure to write it.
    pub(super) fn unwritable(&self, error: &dyn Display) -> Failure {
        unwritable(&self.path, error)
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        // After the rename there is none of this name.
        let _ = fs::remove_file(&self.temporary);
    }
}

fn unwritable(path: &Path, error: &dyn Display) -> Failure {
    Failure::failed(format!("{} cannot be written: {error}", path.display()))
}
