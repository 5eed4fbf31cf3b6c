//! `jsonsql package` and `jsonsql channel`: what is available.

use clap::Subcommand;
use jsonsql_client::provisioning::Records;

use crate::exit::{Result, Status};
use crate::output::{OutputArgs, Printer};
use crate::records::{Record, columns};
use crate::stop::Stop;
use crate::target::{TargetArgs, open};

/// Lists what subscribers can have
#[derive(Subcommand)]
#[command(after_help = crate::exit::HELP)]
pub(crate) enum Command {
    /// Lists the packages, and plans where the platform has them
    #[command(after_help = crate::exit::HELP)]
    List(ListArgs),
}

/// Lists channels
#[derive(Subcommand)]
#[command(after_help = crate::exit::HELP)]
pub(crate) enum ChannelCommand {
    /// Lists the channels
    #[command(after_help = crate::exit::HELP)]
    List(ListArgs),
}

#[derive(clap::Args)]
pub(crate) struct ListArgs {
    #[command(flatten)]
    target: TargetArgs,

    #[command(flatten)]
    output: OutputArgs,
}

/// Runs `jsonsql package`.
pub(crate) async fn run(command: Command) -> Result<Status> {
    let Command::List(args) = command;
    let connection = open(&args.target).await?;
    let backend = connection.backend();
    list(backend.packages(), &args.output).await
}

/// Runs `jsonsql channel`.
pub(crate) async fn run_channel(command: ChannelCommand) -> Result<Status> {
    let ChannelCommand::List(args) = command;
    let connection = open(&args.target).await?;
    let backend = connection.backend();
    list(backend.channels(), &args.output).await
}

async fn list<R: Record + Send + Unpin>(
    mut records: Records<'_, R>,
    output: &OutputArgs,
) -> Result<Status> {
    let mut stop = Stop::listen()?;
    let mut printer = Printer::new(output, columns::<R>())?;
    while let Some(record) = stop.reading(records.next()).await? {
        printer.row(&record?.values())?;
    }
    printer.finish()?;
    Ok(Status::Done)
}
