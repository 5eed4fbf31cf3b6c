//! A file that appears when it is whole, or standard output.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process;

use crate::exit::{Failure, Result};

/// The destination of bytes.
pub(crate) enum Destination {
    Standard(BufWriter<io::Stdout>),
    File(Whole),
}

/// A file under another name, until it is whole. One that is dropped before is removed.
pub(crate) struct Whole {
    file: Option<BufWriter<File>>,
    temporary: PathBuf,
    path: PathBuf,
}

impl Destination {
    /// # Errors
    ///
    /// When the file cannot be created beside the one that is wanted.
    pub(crate) fn open(path: Option<&Path>) -> Result<Destination> {
        let Some(path) = path else {
            return Ok(Destination::Standard(BufWriter::new(io::stdout())));
        };
        let mut name = path.file_name().unwrap_or_default().to_os_string();
        name.push(format!(".{}.part", process::id()));
        let temporary = path.with_file_name(name);
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&temporary);
        let file = file.map_err(|error| unwritable(path, &error))?;
        Ok(Destination::File(Whole {
            file: Some(BufWriter::new(file)),
            temporary,
            path: path.to_owned(),
        }))
    }

    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<()> {
        match self {
            Destination::Standard(out) => Ok(out.write_all(bytes)?),
            Destination::File(whole) => {
                let written = whole
                    .file
                    .as_mut()
                    .map_or(Ok(()), |file| file.write_all(bytes));
                written.map_err(|error| unwritable(&whole.path, &error))
            }
        }
    }

    /// Ends the output: a file gets its name.
    pub(crate) fn finish(self) -> Result<()> {
        match self {
            Destination::Standard(mut out) => Ok(out.flush()?),
            Destination::File(mut whole) => {
                let finished = whole.rename();
                finished.map_err(|error| unwritable(&whole.path, &error))
            }
        }
    }
}

impl Whole {
    fn rename(&mut self) -> io::Result<()> {
        if let Some(file) = self.file.take() {
            file.into_inner()?.sync_all()?;
            fs::rename(&self.temporary, &self.path)?;
        }
        Ok(())
    }
}

impl Drop for Whole {
    fn drop(&mut self) {
        // After the rename there is none of this name.
        let _ = fs::remove_file(&self.temporary);
    }
}

fn unwritable(path: &Path, error: &io::Error) -> Failure {
    Failure::failed(format!("{} cannot be written: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_appears_when_it_is_whole_and_replaces_the_old_one_then() {
        let directory = std::env::temp_dir().join(format!("jsonsql-whole-{}", process::id()));
        fs::create_dir_all(&directory).expect("a directory");
        let path = directory.join("rows.csv");
        fs::write(&path, "old").expect("an old file");
        let names = || fs::read_dir(&directory).expect("the directory").count();

        let mut given_up = Destination::open(Some(&path)).expect("a file");
        given_up.write(b"half").expect("room");
        drop(given_up);
        assert_eq!(
            (fs::read_to_string(&path).ok().as_deref(), names()),
            (Some("old"), 1)
        );

        let mut whole = Destination::open(Some(&path)).expect("a file");
        whole.write(b"new").expect("room");
        whole.finish().expect("a rename");
        assert_eq!(
            (fs::read_to_string(&path).ok().as_deref(), names()),
            (Some("new"), 1)
        );
        fs::remove_dir_all(&directory).expect("cleaned");
    }
}
