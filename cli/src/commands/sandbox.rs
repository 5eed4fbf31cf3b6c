//! `jsonsql sandbox`: the local server.

use std::process::ExitCode;

use jsonsql_sandbox::command::{self, Options};

use crate::exit::{Result, Status};
use crate::stop::Stop;

/// Runs a local server of all three platforms until Ctrl-C
#[derive(clap::Args)]
#[command(after_help = crate::exit::HELP)]
pub(crate) struct Args {
    #[command(flatten)]
    options: Options,
}

/// Runs the command; the sandbox says itself what went wrong. SIGTERM and SIGHUP end it
/// as Ctrl-C does.
pub(crate) async fn run(args: Args) -> Result<ExitCode> {
    let mut stop = Stop::listen()?;
    Ok(tokio::select! {
        end = command::run(args.options) => end,
        () = stop.asked() => Status::Done.into(),
    })
}
