//! Passwords, on their way from where they are kept.

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

/// Gets the password.
///
/// # Errors
///
/// When its command fails, takes too long, or prints nothing. What it prints is
/// not shown.
pub(super) async fn get(secret: Secret) -> Result<SecretString> {
    let command = match secret {
        Secret::Text(text) => return Ok(text.0.into()),
        Secret::Command(command) => command,
    };
    let run = Command::new("sh")
        .args(["-c", &command])
        .stdin(Stdio::inherit())
        .stderr(Stdio::inherit())
        .kill_on_drop(true)
        .output();
    let problem = |what: String| Failure::usage(format!("`password_command` {what}"));
    let output = timeout(LIMIT, run)
        .await
        .map_err(|_| problem(format!("took longer than {} s", LIMIT.as_secs())))?
        .map_err(|error| problem(format!("cannot be run: {error}")))?;
    if !output.status.success() {
        return Err(problem(format!("failed: {}", output.status)));
    }
    let printed = String::from_utf8(output.stdout);
    let printed = printed.map_err(|_| problem("printed what is no text".to_owned()))?;
    match printed.lines().next() {
        None | Some("") => Err(problem("printed no password".to_owned())),
        Some(line) => Ok(line.to_owned().into()),
    }
}
