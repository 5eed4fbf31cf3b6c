//! The flags that name a server.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use jsonsql_sandbox::Seed;
use serde::Deserialize;

/// A platform, as it is named on the command line and in profiles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Platform {
    /// IPTVPORTAL, over JSONSQL
    Iptvportal,
    /// Ministra, formerly Stalker, over REST API v1
    Ministra,
    /// TVIP TMS, over its provider API
    Tvip,
}

impl Platform {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Platform::Iptvportal => "iptvportal",
            Platform::Ministra => "ministra",
            Platform::Tvip => "tvip",
        }
    }
}

/// The server. Flags are stronger than the environment, and that is stronger than a profile
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Server")]
pub(crate) struct TargetArgs {
    /// The profile of the configuration file; by default `JSONSQL_PROFILE`, or the one named there as `default`
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Option<String>,

    /// The configuration file; by default `JSONSQL_CONFIG`, or `jsonsql/config.toml` in `XDG_CONFIG_HOME` or `~/.config`
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,

    /// Starts a sandbox for this run instead, whose rows are gone at its end
    #[arg(long, conflicts_with_all = ["profile", "url", "domain", "username", "provider"])]
    pub(crate) sandbox: bool,

    /// What the sandbox begins with: `demo`, `empty`, `generate:N` subscribers, or a JSON file
    #[arg(long, value_name = "SEED", requires = "sandbox")]
    pub(crate) seed: Option<Seed>,

    /// The platform; by default the profile's, or `iptvportal`
    #[arg(long, value_enum)]
    pub(crate) platform: Option<Platform>,

    /// The address of the server, such as <https://operator.admin.iptvportal.ru/api>
    #[arg(long, value_name = "URL", conflicts_with = "domain")]
    pub(crate) url: Option<String>,

    /// The operator's domain at IPTVPORTAL, instead of an address
    #[arg(long, value_name = "NAME")]
    pub(crate) domain: Option<String>,

    /// The login; the password is taken from `JSONSQL_PASSWORD` or the profile
    #[arg(long, value_name = "NAME")]
    pub(crate) username: Option<String>,

    /// The provider whose accounts are seen and written, on TVIP
    #[arg(long, value_name = "ID")]
    pub(crate) provider: Option<i64>,

    /// How long one operation may take, with repetitions, such as `90s` or `5m`
    #[arg(long, value_name = "TIME")]
    pub(crate) timeout: Option<String>,

    /// A file of certificates (PEM) to trust beside the system's
    #[arg(long, value_name = "FILE")]
    pub(crate) ca: Option<PathBuf>,

    /// The HTTP proxy to go through
    #[arg(long, value_name = "URL")]
    pub(crate) proxy: Option<String>,
}
