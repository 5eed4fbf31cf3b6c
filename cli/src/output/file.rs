//! A file that appears when it is whole, or standard output.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use super::part::Part;
use crate::exit::{Failure, Result};

/// The destination of bytes.
pub(crate) enum Destination {
    Standard(BufWriter<io::Stdout>),
    File(Whole),
}

/// A file that gets its name when it is whole.
pub(crate) struct Whole {
    file: BufWriter<File>,
    part: Part,
}

impl Destination {
    /// # Errors
    ///
    /// When the file cannot be created beside the one that is wanted.
    pub(crate) fn open(path: Option<&Path>) -> Result<Destination> {
        let Some(path) = path else {
            return Ok(Destination::Standard(BufWriter::new(io::stdout())));
        };
        let (part, file) = Part::create(path)?;
        let file = BufWriter::new(file);
        Ok(Destination::File(Whole { file, part }))
    }

    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<()> {
        let written = self.writer().write_all(bytes);
        written.map_err(|error| self.unwritable(error))
    }

    /// Returns where to write what is not in one piece.
    pub(crate) fn writer(&mut self) -> &mut dyn Write {
        match self {
            Destination::Standard(out) => out,
            Destination::File(Whole { file, .. }) => file,
        }
    }

    /// Returns the failure of what could not be written.
    pub(crate) fn unwritable(&self, error: io::Error) -> Failure {
        match self {
            Destination::Standard(_) => error.into(),
            Destination::File(Whole { part, .. }) => part.unwritable(&error),
        }
    }

    /// Ends the output: a file gets its name.
    pub(crate) fn finish(self) -> Result<()> {
        match self {
            Destination::Standard(mut out) => Ok(out.flush()?),
            Destination::File(Whole { mut file, part }) => {
                let finished = file.flush().and_then(|()| part.rename(file.get_ref()));
                finished.map_err(|error| part.unwritable(&error))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, process};

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
