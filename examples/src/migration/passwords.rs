//! New passwords, in a file that nobody else may read.
//!
//! They are in the file before they are sent: whatever breaks off afterwards,
//! no subscriber has a password that nobody knows.

use std::collections::HashMap;
use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use jsonsql_client::SecretString;

/// Of what looks alike on a television one alone: no 0, no 1, no l, no i.
const ALPHABET: &[u8; 32] = b"23456789abcdefghjkmnopqrstuvwxyz";
const LENGTH: usize = 12;

/// A CSV file of logins and passwords.
pub struct Passwords {
    path: PathBuf,
    file: File,
    known: HashMap<String, String>,
}

impl Passwords {
    /// Opens the file, or makes it. What an earlier run wrote holds still.
    ///
    /// # Errors
    ///
    /// When it cannot be read or written, or others may read it.
    pub fn open(path: &Path) -> io::Result<Passwords> {
        let mut options = OpenOptions::new();
        options.read(true).append(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path)?;
        #[cfg(unix)]
        {
            let mode = std::os::unix::fs::PermissionsExt::mode(&file.metadata()?.permissions());
            if mode & 0o077 != 0 {
                return Err(io::Error::other("others may read it: chmod 600 first"));
            }
        }
        let mut known = HashMap::new();
        let mut rows = csv::Reader::from_reader(&file);
        for row in rows.records() {
            let row = row?;
            if let (Some(login), Some(password)) = (row.get(0), row.get(1)) {
                known.insert(login.to_owned(), password.to_owned());
            }
        }
        if file.metadata()?.len() == 0 {
            file.write_all(b"login,password\n")?;
        }
        Ok(Passwords {
            path: path.to_owned(),
            file,
            known,
        })
    }

    /// The password of each login, new or known, once all are on the disk.
    ///
    /// # Errors
    ///
    /// When there is no randomness, or the file cannot be written.
    pub fn of(&mut self, logins: &[String]) -> io::Result<HashMap<String, SecretString>> {
        let mut all = HashMap::new();
        let mut writer = csv::Writer::from_writer(Vec::new());
        for login in logins {
            if !self.known.contains_key(login) {
                let password = generate()?;
                writer.write_record([login, &password])?;
                self.known.insert(login.clone(), password);
            }
            let password = self.known[login].clone();
            all.insert(login.clone(), SecretString::from(password));
        }
        let new = writer
            .into_inner()
            .map_err(|error| io::Error::other(error.to_string()))?;
        self.file.write_all(&new)?;
        self.file.sync_all()?;
        Ok(all)
    }
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
