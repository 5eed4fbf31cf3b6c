//! Passwords, on their way from where they are kept.

use std::borrow::Cow;
use std::process::Stdio;
use std::time::Duration;

use jsonsql_client::SecretString;
use tokio::process::Command;
use tokio::time::timeout;

use super::settings::Secret;
use crate::exit::{Failure, Result};

/// The time limit of a command that prints a password: a person may have to unlock
/// something.
const LIMIT: Duration = Duration::from_secs(60);

/// The service under which the entries of a keyring are kept.
const SERVICE: &str = "jsonsql";

/// Gets the password.
///
/// # Errors
///
/// When its command fails, takes too long, or prints nothing. What it prints is
/// not shown.
pub(super) async fn get(secret: Secret) -> Result<SecretString> {
    match secret {
        Secret::Text(text) => Ok(text.0.into()),
        Secret::Command(command) => {
            let mut shell = Command::new("sh");
            shell.args(["-c", &command]);
            printed(shell)
                .await
                .map_err(|problem| Failure::usage(format!("`password_command` {problem}")))
        }
        Secret::Keyring(entry) => {
            let (reader, store) = keyring(&entry);
            printed(reader).await.map_err(|problem| {
                Failure::usage(format!(
                    "the entry `{entry}` of the keyring: its reader {problem}"
                ))
                .hint(format!(
                    "`{store}` keeps a password there; `password_command` asks something else"
                ))
            })
        }
    }
}

/// The command that reads an entry of the system's keyring, and the one that stores it,
/// for the advice: the Secret Service of a Linux desktop, or the keychain of macOS.
fn keyring(entry: &str) -> (Command, String) {
    if cfg!(target_os = "macos") {
        let mut reader = Command::new("security");
        reader.args(["find-generic-password", "-w", "-s", SERVICE, "-a", entry]);
        let entry = quoted(entry);
        let store = format!("security add-generic-password -s {SERVICE} -a {entry} -w");
        return (reader, store);
    }
    let mut reader = Command::new("secret-tool");
    reader.args(["lookup", "service", SERVICE, "account", entry]);
    let entry = quoted(entry);
    let store = format!("secret-tool store --label={SERVICE} service {SERVICE} account {entry}");
    (reader, store)
}

/// Returns a word of a command as a shell reads it back.
fn quoted(word: &str) -> Cow<'_, str> {
    let is_plain = |one: char| one.is_alphanumeric() || "._-/:@%+=,".contains(one);
    match !word.is_empty() && word.chars().all(is_plain) {
        true => word.into(),
        false => format!("'{}'", word.replace('\'', r"'\''")).into(),
    }
}

/// Returns the first line that a command prints; the errors are what it did instead.
async fn printed(mut command: Command) -> std::result::Result<SecretString, String> {
    let run = command
        .stdin(Stdio::inherit())
        .stderr(Stdio::inherit())
        .kill_on_drop(true)
        .output();
    let output = timeout(LIMIT, run)
        .await
        .map_err(|_| format!("took longer than {} s", LIMIT.as_secs()))?
        .map_err(|error| format!("cannot be run: {error}"))?;
    if !output.status.success() {
        return Err(format!("failed: {}", output.status));
    }
    let printed = String::from_utf8(output.stdout);
    let printed = printed.map_err(|_| "printed what is no text".to_owned())?;
    match printed.lines().next() {
        None | Some("") => Err("printed no password".to_owned()),
        Some(line) => Ok(line.to_owned().into()),
    }
}
