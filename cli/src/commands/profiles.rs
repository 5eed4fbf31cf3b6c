//! `jsonsql profiles`: the servers of the configuration file.

use serde_json::{Value, json};

use crate::exit::{Result, Status};
use crate::output::{OutputArgs, Printer};
use crate::target::{TargetArgs, profiles};

/// Lists the profiles of the configuration file
///
/// The file is `jsonsql/config.toml` in XDG_CONFIG_HOME or ~/.config:
///
///   default = "main"
///
///   [profiles.main]
///   platform = "iptvportal"      # or "ministra", "tvip"
///   domain = "operator"          # or url = "https://operator.admin.iptvportal.ru/api"
///   username = "billing"
///   password_command = "pass show iptvportal"
///
///   [profiles.boxes]
///   platform = "ministra"
///   url = "https://tv.example.net/stalker_portal/api"
///   username = "stalker"
///   password = "…"               # then only you may read the file: chmod 600
///   timeout = "90s"              # also: connect_timeout, ca, proxy, provider,
///                                # allow_plain_http
///
///   [profiles.tms]
///   platform = "tvip"
///   url = "https://tms.example.net/api"
///   username = "admin"
///   keyring = "tms"              # kept by: secret-tool store --label=jsonsql \
///                                #   service jsonsql account tms
///
/// A flag is stronger than a variable (JSONSQL_URL or JSONSQL_DOMAIN, JSONSQL_PLATFORM,
/// JSONSQL_USERNAME, JSONSQL_PASSWORD), and that is stronger than a profile. A login of
/// a profile is used for the profile's own address only.
#[derive(clap::Args)]
#[command(verbatim_doc_comment, after_help = crate::exit::HELP)]
pub(crate) struct Args {
    #[command(flatten)]
    target: TargetArgs,

    #[command(flatten)]
    output: OutputArgs,
}

/// Runs the command.
pub(crate) fn run(args: &Args) -> Result<Status> {
    let config = profiles(&args.target)?;
    let names = ["name", "platform", "server", "login", "default"];
    let mut printer = Printer::new(&args.output, names.map(str::to_owned).to_vec())?;
    for (name, profile) in &config.profiles {
        let platform = profile
            .platform
            .map_or("iptvportal", |platform| platform.name());
        let server = profile.url.as_ref().or(profile.domain.as_ref());
        let text = |text: Option<&String>| text.map_or(Value::Null, |text| json!(text));
        printer.row(&[
            json!(name),
            json!(platform),
            text(server),
            text(profile.username.as_ref()),
            json!(config.default.as_ref() == Some(name)),
        ])?;
    }
    printer.finish()?;
    Ok(Status::Done)
}
