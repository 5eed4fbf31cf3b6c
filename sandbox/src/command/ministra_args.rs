//! The options of the program that are about the Ministra.

use std::fs;
use std::path::PathBuf;

use crate::choices;
use crate::ministra::{MinistraOptions, MinistraSeed, MinistraVersion};
use crate::{Builder, Error};
use clap::{Args, ValueEnum};
use serde_json::Value;

#[derive(Args)]
pub(crate) struct MinistraArgs {
    /// The version of Ministra (Stalker) to follow.
    #[arg(long, value_enum, default_value = "5.6", value_name = "VERSION")]
    ministra_version: Version,

    /// The login of the Ministra API [default: stalker; with --seed documents:
    /// login].
    #[arg(long, value_name = "LOGIN")]
    ministra_username: Option<String>,

    /// The password of the Ministra API; better given in the environment
    /// [default: secret_pass; with --seed documents: password].
    #[arg(
        long,
        env = "MINISTRA_PASSWORD",
        hide_env_values = true,
        value_name = "PASSWORD"
    )]
    ministra_password: Option<String>,

    /// The Ministra starts with the accounts, plans and channels in this JSON
    /// file instead of the seed's.
    #[arg(long, value_name = "FILE")]
    ministra_state: Option<PathBuf>,

    /// How the Ministra is configured; may be repeated.
    #[arg(
        long,
        value_name = "NAME=VALUE",
        value_parser = option,
        long_help = format!(
            "How the Ministra is configured; may be repeated:\n\n{}",
            choices::lines::<MinistraOptions>()
        )
    )]
    ministra_option: Vec<(String, Value)>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Version {
    #[value(name = "4.9")]
    V4_9,
    #[value(name = "5.1")]
    V5_1,
    #[value(name = "5.2")]
    V5_2,
    #[value(name = "5.6")]
    V5_6,
}

impl MinistraArgs {
    /// Sets up what they say; `seed` is for when they name no state.
    pub(crate) fn apply(self, builder: Builder, seed: MinistraSeed) -> Result<Builder, Error> {
        let mut options = MinistraOptions::new(match self.ministra_version {
            Version::V4_9 => MinistraVersion::V4_9,
            Version::V5_1 => MinistraVersion::V5_1,
            Version::V5_2 => MinistraVersion::V5_2,
            Version::V5_6 => MinistraVersion::V5_6,
        });
        if seed == MinistraSeed::Documents {
            options = options.documented();
        }
        let credentials = options.credentials.take();
        for (name, value) in self.ministra_option {
            options = with(&options, &name, value).expect("each was read by itself");
        }
        let (login, password) = credentials.unwrap_or_default();
        options.credentials = Some((
            self.ministra_username.unwrap_or(login),
            self.ministra_password.unwrap_or(password),
        ));
        let seed = match self.ministra_state {
            Some(file) => MinistraSeed::Json(
                fs::read_to_string(&file)
                    .map_err(|error| Error::MinistraSeed(format!("{}: {error}", file.display())))?,
            ),
            None => seed,
        };
        Ok(builder.ministra(options).ministra_seed(seed))
    }
}

/// Reads one of the options.
fn option(text: &str) -> Result<(String, Value), String> {
    let (name, value) = text.split_once('=').ok_or("expected NAME=VALUE")?;
    let value = choices::read(value, |value| {
        let with = with(&MinistraOptions::default(), name, value.clone());
        with.map(drop).map_err(|error| error.to_string())
    })?;
    Ok((name.to_owned(), value))
}

/// The options with one of them changed.
fn with(
    options: &MinistraOptions,
    name: &str,
    value: Value,
) -> serde_json::Result<MinistraOptions> {
    let mut json = serde_json::to_value(options)?;
    json[name] = value;
    serde_json::from_value(json)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every value that the help prints is taken.
    #[test]
    fn what_help_lists_is_read() {
        let lines = choices::lines::<MinistraOptions>();
        for line in lines.lines() {
            let (name, values) = line.trim().split_once('=').unwrap();
            let values = values.replace("NUMBER", "7");
            for value in values.replace("\"TEXT\",…", "\"vclub\"").split('|') {
                option(&format!("{name}={value}")).unwrap();
            }
        }
        assert_eq!(lines.lines().count(), 14);
        assert!(option("database=sideways").unwrap_err().contains("`down`"));
    }
}
