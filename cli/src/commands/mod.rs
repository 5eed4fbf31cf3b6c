//! The commands, one file each.

pub(crate) mod apply;
pub(crate) mod args;
pub(crate) mod completions;
pub(crate) mod doctor;
pub(crate) mod export;
pub(crate) mod lint;
pub(crate) mod message;
pub(crate) mod migrate;
pub(crate) mod package;
pub(crate) mod plan;
pub(crate) mod profiles;
pub(crate) mod sandbox;
pub(crate) mod schema;
pub(crate) mod send;
pub(crate) mod sql;
pub(crate) mod subscriber;
pub(crate) mod subscription;
pub(crate) mod terminal;
pub(crate) mod trial;

use std::process::ExitCode;

use self::args::Command;
use crate::exit::Result;

/// Runs a command to its end.
pub(crate) async fn run(command: Command) -> Result<ExitCode> {
    let status = match command {
        Command::Sql(args) => sql::run(args).await,
        Command::Send(args) => send::run(args).await,
        Command::Lint(args) => lint::run(&args),
        Command::Schema(command) => schema::run(command).await,
        Command::Subscriber(command) => subscriber::run(command).await,
        Command::Terminal(command) => terminal::run(command).await,
        Command::Subscription(command) => subscription::run(command).await,
        Command::Package(command) => package::run(command).await,
        Command::Channel(command) => package::run_channel(command).await,
        Command::Message(command) => message::run(command).await,
        Command::Doctor(args) => doctor::run(args).await,
        Command::Export(args) => export::run(args).await,
        Command::Trial(args) => trial::run(args).await,
        Command::Profiles(args) => profiles::run(&args),
        Command::Plan(args) => plan::run(args).await,
        Command::Apply(args) => apply::run(args).await,
        Command::Migrate(args) => migrate::run(args).await,
        Command::Sandbox(args) => return sandbox::run(args).await,
        Command::Completions(args) => completions::run(&args),
        Command::Man(args) => completions::run_man(&args),
    }?;
    Ok(status.into())
}
