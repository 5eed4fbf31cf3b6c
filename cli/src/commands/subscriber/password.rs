//! A subscriber's new password: never an argument, which other users of the machine see.

use std::env;
use std::io::{self, BufRead, IsTerminal};

use jsonsql_client::SecretString;

use crate::exit::{Failure, Result};

/// Where the new password comes from.
#[derive(Debug, Clone, clap::Args)]
#[group(multiple = false)]
pub(super) struct PasswordArgs {
    /// Takes the subscriber's new password from the first line of standard input
    #[arg(long)]
    password_stdin: bool,

    /// Takes the subscriber's new password from this variable of the environment
    #[arg(long, value_name = "VARIABLE")]
    password_env: Option<String>,
}

impl PasswordArgs {
    /// Reads the password, if one is to be set.
    ///
    /// # Errors
    ///
    /// When it is not there, is empty, or would be seen while it is typed.
    pub(super) fn read(&self) -> Result<Option<SecretString>> {
        if let Some(name) = &self.password_env {
            let password = env::var(name).unwrap_or_default();
            return match password.is_empty() {
                true => Err(Failure::usage(format!(
                    "the variable {name} has no password"
                ))),
                false => Ok(Some(password.into())),
            };
        }
        if !self.password_stdin {
            return Ok(None);
        }
        if io::stdin().is_terminal() {
            return Err(Failure::usage(
                "standard input is a terminal, which would show the password",
            )
            .hint("pipe the password in, or use --password-env"));
        }
        let mut line = String::new();
        let read = io::stdin().lock().read_line(&mut line);
        read.map_err(|error| Failure::usage(format!("standard input: {error}")))?;
        let password = line.trim_end_matches(['\r', '\n']);
        match password.is_empty() {
            true => Err(Failure::usage("standard input has no password")),
            false => Ok(Some(password.to_owned().into())),
        }
    }
}
