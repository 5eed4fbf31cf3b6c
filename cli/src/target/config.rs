//! The configuration file: profiles by name.
//!
//! ```toml
//! default = "main"
//!
//! [profiles.main]
//! platform = "iptvportal"
//! domain = "operator"
//! username = "billing"
//! password_command = "pass show iptvportal"
//! ```

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::args::Platform;
use crate::exit::{Failure, Result};

/// The content of the configuration file.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Config {
    /// The profile of commands that name none.
    pub(crate) default: Option<String>,
    #[serde(default)]
    pub(crate) profiles: BTreeMap<String, Profile>,
}

/// A server, and how to log in there.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Profile {
    pub(crate) platform: Option<Platform>,
    pub(crate) url: Option<String>,
    pub(crate) domain: Option<String>,
    pub(crate) username: Option<String>,
    pub(crate) password: Option<Password>,
    pub(crate) password_command: Option<String>,
    pub(crate) keyring: Option<String>,
    pub(crate) provider: Option<i64>,
    pub(crate) timeout: Option<String>,
    pub(crate) connect_timeout: Option<String>,
    pub(crate) ca: Option<PathBuf>,
    pub(crate) proxy: Option<String>,
    #[serde(default)]
    pub(crate) allow_plain_http: bool,
}

/// A password of the file, which is never printed.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub(crate) struct Password(pub(crate) String);

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password(?)")
    }
}

const TOP: &[&str] = &["default", "profiles"];
const PROFILE: &[&str] = &[
    "platform",
    "url",
    "domain",
    "username",
    "password",
    "password_command",
    "keyring",
    "provider",
    "timeout",
    "connect_timeout",
    "ca",
    "proxy",
    "allow_plain_http",
];

/// The usual place of the file, if the environment says where that is.
pub(crate) fn usual_path(variable: &dyn Fn(&str) -> Option<String>) -> Option<PathBuf> {
    let set = |name| variable(name).filter(|value| !value.is_empty());
    let directory = set("XDG_CONFIG_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(PathBuf::from(set("HOME")?).join(".config")))?;
    Some(directory.join("jsonsql/config.toml"))
}

impl Config {
    /// Reads the file; a usual one that is not there says nothing.
    ///
    /// # Errors
    ///
    /// When it cannot be read, is no TOML, has a key that is not known or a value
    /// of another type, or holds a password that others can read.
    pub(crate) fn read(path: &Path, has_to_exist: bool) -> Result<Config> {
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound && !has_to_exist => {
                return Ok(Config::default());
            }
            Err(error) => {
                return Err(Failure::usage(format!("{}: {error}", path.display())));
            }
        };
        let config = Config::parse(&text).map_err(|problem| {
            Failure::usage(format!("{}: {}", path.display(), problem.trim_end()))
        })?;
        let has_password = config.profiles.values().any(|one| one.password.is_some());
        if has_password && others_can_read(path) {
            let path = path.display();
            return Err(Failure::usage(format!(
                "{path}: holds a password, and other users can read it"
            ))
            .hint(format!(
                "chmod 600 {path}, and take the password for known to others; or use `password_command`"
            )));
        }
        Ok(config)
    }

    fn parse(text: &str) -> Result<Config, String> {
        let table: toml::Table = toml::from_str(text).map_err(|error| described(text, &error))?;
        check_keys(table.keys(), TOP, "")?;
        for (name, profile) in table
            .get("profiles")
            .and_then(|all| all.as_table())
            .into_iter()
            .flatten()
        {
            if let Some(profile) = profile.as_table() {
                check_keys(profile.keys(), PROFILE, &format!(" in profile `{name}`"))?;
            }
        }
        toml::from_str(text).map_err(|error| described(text, &error))
    }
}

/// The error with its line, and without the line's text, which may be a password.
fn described(text: &str, error: &toml::de::Error) -> String {
    let Some(span) = error.span() else {
        return error.message().to_owned();
    };
    let before = &text.as_bytes()[..span.start.min(text.len())];
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    let in_line = before
        .iter()
        .rev()
        .take_while(|byte| **byte != b'\n')
        .count();
    format!("line {line}, column {}: {}", in_line + 1, error.message())
}

fn check_keys<'a>(
    keys: impl Iterator<Item = &'a String>,
    known: &[&str],
    place: &str,
) -> Result<(), String> {
    for key in keys {
        if known.contains(&key.as_str()) {
            continue;
        }
        let near = known
            .iter()
            .max_by(|a, b| strsim::jaro_winkler(a, key).total_cmp(&strsim::jaro_winkler(b, key)));
        let near = near.filter(|near| strsim::jaro_winkler(near, key) > 0.75);
        let advice = match near {
            Some(near) => format!("is `{near}` meant?"),
            None => format!("known are {}", known.join(", ")),
        };
        return Err(format!("the key `{key}`{place} is not known; {advice}"));
    }
    Ok(())
}

#[cfg(unix)]
fn others_can_read(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).is_ok_and(|file| file.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn others_can_read(_path: &Path) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(text: &str) -> String {
        Config::parse(text).expect_err("a mistake")
    }

    #[test]
    fn a_misspelt_key_is_named_with_the_one_that_is_meant() {
        assert_eq!(
            problem("[profiles.main]\nurll = 'x'"),
            "the key `urll` in profile `main` is not known; is `url` meant?"
        );
        assert_eq!(
            problem("defualt = 'x'"),
            "the key `defualt` is not known; is `default` meant?"
        );
    }

    #[test]
    fn a_value_of_another_type_is_named_by_its_place_and_not_shown() {
        let text = problem("[profiles.main]\nurl = 'https://x'\npassword = [\"s3cret\"]");
        assert!(text.starts_with("line 3, column 12: "), "{text}");
        assert!(!text.contains("s3cret"), "{text}");
        let text = problem("[profiles.main]\npassword = \"s3cret");
        assert!(text.starts_with("line 2, column "), "{text}");
        assert!(!text.contains("s3cret"), "{text}");
        let text = problem("[profiles.main]\nprovider = \"one\"");
        assert!(text.starts_with("line 2, column 12: "), "{text}");
        let text = problem("[profiles.main]\nplatform = \"stalker\"");
        assert!(text.contains("ministra"), "{text}");
    }

    #[test]
    fn a_password_is_not_in_debug() {
        let config = Config::parse("[profiles.main]\npassword = 's3cret'").expect("a config");
        assert!(!format!("{config:?}").contains("s3cret"));
    }
}
