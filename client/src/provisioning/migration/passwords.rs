//! New passwords, in a file that nobody else may read.
//!
//! They are in the file before they are sent: whatever breaks off afterwards,
//! no subscriber has a password that nobody knows.

use std::collections::HashMap;
use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use secrecy::SecretString;

/// Of what looks alike on a television one alone: no 0, no 1, no l, no i.
const ALPHABET: &[u8; 32] = b"23456789abcdefghjkmnopqrstuvwxyz";
const LENGTH: usize = 12;

/// A CSV file of logins and passwords.
pub struct Passwords {
    path: PathBuf,
    /// In the order of the file.
    known: Vec<(String, String)>,
}

impl Passwords {
    /// Opens the file: what an earlier run wrote to it still holds. One that is not
    /// there is empty.
    ///
    /// # Errors
    ///
    /// When it cannot be read, or others may read it.
    pub fn open(path: &Path) -> io::Result<Passwords> {
        let mut known = Vec::new();
        match File::open(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
            Ok(file) => {
                nobody_else_reads(&file)?;
                let mut rows = csv::Reader::from_reader(file);
                for row in rows.deserialize() {
                    known.push(row?);
                }
            }
        }
        Ok(Passwords {
            path: path.to_owned(),
            known,
        })
    }

    /// Returns the password of each login, new or known, once all are on the disk.
    ///
    /// # Errors
    ///
    /// When there is no randomness, or the file cannot be written.
    pub fn of(&mut self, logins: &[String]) -> io::Result<HashMap<String, SecretString>> {
        let mut all: HashMap<String, String> = self.known.iter().cloned().collect();
        for login in logins {
            if !all.contains_key(login) {
                let password = generate()?;
                all.insert(login.clone(), password.clone());
                self.known.push((login.clone(), password));
            }
        }
        self.write()?;
        let secret = |(login, password)| (login, SecretString::from(password));
        Ok(all.into_iter().map(secret).collect())
    }

    /// Whole beside the old one and then in its place, so that there never is
    /// half a password in it.
    fn write(&self) -> io::Result<()> {
        let mut beside = self.path.clone().into_os_string();
        beside.push(".new");
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        // What a run that was broken off has left.
        match fs::remove_file(&beside) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut rows = csv::Writer::from_writer(options.open(&beside)?);
        rows.write_record(["login", "password"])?;
        for (login, password) in &self.known {
            rows.write_record([login, password])?;
        }
        let file = rows.into_inner().map_err(csv::IntoInnerError::into_error)?;
        file.sync_all()?;
        fs::rename(&beside, &self.path)
    }
}

#[cfg(unix)]
fn nobody_else_reads(file: &File) -> io::Result<()> {
    let mode = std::os::unix::fs::PermissionsExt::mode(&file.metadata()?.permissions());
    if mode & 0o077 == 0 {
        return Ok(());
    }
    Err(io::Error::other("others may read it: chmod 600 first"))
}

#[cfg(not(unix))]
fn nobody_else_reads(_: &File) -> io::Result<()> {
    Ok(())
}

/// Of 32 letters each of the same chance: 60 bits.
fn generate() -> io::Result<String> {
    let mut random = [0; LENGTH];
    getrandom::fill(&mut random).map_err(io::Error::other)?;
    let letter = |byte: &u8| char::from(ALPHABET[usize::from(byte % 32)]);
    Ok(random.iter().map(letter).collect())
}

/// Without the passwords.
impl fmt::Debug for Passwords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Passwords({}, {})",
            self.path.display(),
            self.known.len()
        )
    }
}
