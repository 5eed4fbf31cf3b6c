//! `jsonsql sandbox`: the local server.

use std::process::ExitCode;

use jsonsql_sandbox::command::{self, Options};

#[cfg(not(feature = "postgres"))]
use crate::absent::absent;
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
///
/// # Errors
///
/// When the system does not let it listen for them, or when the database is of a kind that
/// this build has no client of.
pub(crate) async fn run(args: Args) -> Result<ExitCode> {
    #[cfg(not(feature = "postgres"))]
    if args.options.is_on_postgres() {
        return Err(absent("--database", "PostgreSQL", "postgres"));
    }
    let mut stop = Stop::listen()?;
    Ok(tokio::select! {
        end = command::run(args.options) => end,
        () = stop.asked() => Status::Done.into(),
    })
}
