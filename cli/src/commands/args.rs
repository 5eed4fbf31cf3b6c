//! The command line.

use clap::{Parser, Subcommand};

use super::{
    apply, completions, doctor, export, lint, message, migrate, package, plan, profiles, sandbox,
    schema, send, sql, subscriber, subscription, terminal, trial,
};
use crate::exit;

/// IPTVPORTAL, Ministra and TVIP TMS from a shell.
///
/// Each command that talks to a server says on standard error which one. Without
/// a profile, variables or flags that name one it fails; --sandbox starts a local
/// one for a first try:
///
///   jsonsql sql --sandbox "select id, username from subscriber limit 3"
#[derive(Parser)]
#[command(name = "jsonsql", version, verbatim_doc_comment, after_help = exit::HELP)]
#[command(
    propagate_version = true,
    subcommand_required = true,
    arg_required_else_help = true
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    Sql(sql::Args),
    Send(send::Args),
    Lint(lint::Args),
    #[command(subcommand)]
    Schema(schema::Command),
    #[command(subcommand)]
    Subscriber(subscriber::Command),
    #[command(subcommand)]
    Terminal(terminal::Command),
    #[command(subcommand)]
    Subscription(subscription::Command),
    #[command(subcommand)]
    Package(package::Command),
    #[command(subcommand)]
    Channel(package::ChannelCommand),
    #[command(subcommand)]
    Message(message::Command),
    Export(export::Args),
    Doctor(doctor::Args),
    Trial(trial::Args),
    Profiles(profiles::Args),
    Plan(plan::Args),
    Apply(apply::Args),
    Migrate(migrate::Args),
    Sandbox(sandbox::Args),
    Completions(completions::Args),
    Man(completions::ManArgs),
}
