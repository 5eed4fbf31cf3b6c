//! The program's options for the TVIP surface.

use std::fs;
use std::path::{Path, PathBuf};

use crate::choices;
use crate::tvip::{TvipBehavior, TvipSeed};
use crate::{Error, TvipOptions};
use clap::Args;
use serde::Deserialize;
use serde_json::{Map, Value};

#[derive(Args)]
pub(crate) struct TvipArgs {
    /// The login of the TVIP administrator [default: admin; with --seed
    /// documents: login].
    #[arg(long)]
    tvip_username: Option<String>,

    /// The password of the TVIP administrator; better given in the environment
    /// [default: adminpassword; with --seed documents: password].
    #[arg(long, env = "TVIP_PASSWORD", hide_env_values = true)]
    tvip_password: Option<String>,

    /// The TVIP surface starts with the state in this JSON file instead of the
    /// seed's.
    #[arg(long, value_name = "FILE")]
    tvip_state: Option<PathBuf>,

    /// How the TVIP surface behaves where servers differ or nobody knows; may be
    /// repeated.
    #[arg(
        long,
        value_name = "NAME=VALUE",
        value_parser = unknown,
        long_help = format!(
            "How the TVIP surface behaves where servers differ or nobody knows; may be repeated:\n\n{}",
            choices::lines::<TvipBehavior>()
        )
    )]
    tvip_unknown: Vec<(String, Value)>,
}

impl TvipArgs {
    /// Converts the arguments to options; `seed` is used if they name no state.
    pub(crate) fn options(self, seed: TvipSeed) -> Result<TvipOptions, Error> {
        let (mut options, behavior) = match seed {
            TvipSeed::Documents => (TvipOptions::documents(), TvipBehavior::documents()),
            seed => (TvipOptions::default().seed(seed), TvipBehavior::default()),
        };
        if let Some(file) = &self.tvip_state {
            options = options.seed(TvipSeed::State(read(file)?));
        }
        if let Some(username) = self.tvip_username {
            options = options.username(username);
        }
        if let Some(password) = self.tvip_password {
            options = options.password(password);
        }
        let behavior = with(behavior, self.tvip_unknown).expect("each was read by itself");
        Ok(options.behavior(behavior))
    }
}

/// The behavior with some of them changed.
fn with(behavior: TvipBehavior, changes: Vec<(String, Value)>) -> serde_json::Result<TvipBehavior> {
    let mut json = serde_json::to_value(behavior)?;
    for (name, value) in changes {
        json[name] = value;
    }
    serde_json::from_value(json)
}

/// Reads one of the behavior.
fn unknown(text: &str) -> Result<(String, Value), String> {
    let (name, value) = text.split_once('=').ok_or("expected NAME=VALUE")?;
    let value = choices::read(value, |value| {
        let pair = Map::from_iter([(name.to_owned(), value.clone())]);
        let read = TvipBehavior::deserialize(pair);
        read.map(drop).map_err(|error| error.to_string())
    })?;
    Ok((name.to_owned(), value))
}

/// Reads a state.
fn read(file: &Path) -> Result<Value, Error> {
    let wrong = |what: String| Error::TvipState(format!("{}: {what}", file.display()));
    let text = fs::read_to_string(file).map_err(|error| wrong(error.to_string()))?;
    serde_json::from_str(&text).map_err(|error| wrong(error.to_string()))
}
