//! `jsonsql sandbox`: the local server.

use std::process::ExitCode;

use jsonsql_sandbox::command::{self, Options};

/// Runs a local server of all three platforms until Ctrl-C
#[derive(clap::Args)]
#[command(after_help = crate::exit::HELP)]
pub(crate) struct Args {
    #[command(flatten)]
    options: Options,
}

/// Runs the command; the sandbox says itself what went wrong.
pub(crate) async fn run(args: Args) -> ExitCode {
    command::run(args.options).await
}
