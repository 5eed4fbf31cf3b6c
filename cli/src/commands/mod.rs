//! The commands, one file each.

pub(crate) mod apply;
pub(crate) mod completions;
pub(crate) mod lint;
pub(crate) mod migrate;
pub(crate) mod plan;
pub(crate) mod profiles;
pub(crate) mod sandbox;
pub(crate) mod schema;
pub(crate) mod send;
pub(crate) mod sql;

use std::process::ExitCode;

use crate::args::Command;
use crate::exit::Result;

/// Runs a command to its end.
pub(crate) async fn run(command: Command) -> Result<ExitCode> {
    let status = match command {
        Command::Sql(args) => sql::run(args).await,
        Command::Send(args) => send::run(args).await,
        Command::Lint(args) => lint::run(&args),
        Command::Schema(command) => schema::run(command).await,
        Command::Profiles(args) => profiles::run(&args),
        Command::Plan(args) => plan::run(args).await,
        Command::Apply(args) => apply::run(args).await,
        Command::Migrate(args) => migrate::run(args).await,
        Command::Sandbox(args) => return Ok(sandbox::run(args).await),
        Command::Completions(args) => completions::run(&args),
        Command::Man(args) => completions::run_man(&args),
    }?;
    Ok(status.into())
}
