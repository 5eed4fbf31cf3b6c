//! `jsonsql message`: what terminals are told.

use std::time::Duration;

use clap::Subcommand;
use jsonsql_client::model::{self, Message, Recipients, SubscriberId, TerminalId};
use jsonsql_client::provisioning::{Backend, Operation};

use crate::exit::{Failure, Result, Status};
use crate::operation::{self, WriteArgs};
use crate::say;
use crate::subject::SubscriberArgs;

/// Shows a text on terminals, or restarts them
#[derive(Subcommand)]
#[command(after_help = crate::exit::HELP)]
pub(crate) enum Command {
    Send(SendArgs),
    Restart(RestartArgs),
}

/// Shows a text on the terminals of subscribers
///
///   jsonsql message send "The service is interrupted tonight" --login ivanov --login petrov --write
#[derive(clap::Args)]
#[command(verbatim_doc_comment, after_help = crate::exit::HELP)]
pub(crate) struct SendArgs {
    /// The text
    text: String,

    /// A title over the text, where the platform shows one
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,

    /// The viewer has to close it
    #[arg(long)]
    confirm: bool,

    /// How many seconds it is on the screen
    #[arg(long, value_name = "SECONDS")]
    shown_for: Option<u64>,

    #[command(flatten)]
    to: RecipientArgs,

    #[command(flatten)]
    write: WriteArgs,
}

/// Restarts the terminals of subscribers, in the middle of whatever is watched
#[derive(clap::Args)]
#[command(after_help = crate::exit::HELP)]
pub(crate) struct RestartArgs {
    #[command(flatten)]
    to: RecipientArgs,

    #[command(flatten)]
    write: WriteArgs,
}

/// Who is told. Nobody is told without being named.
#[derive(clap::Args)]
#[command(next_help_heading = "Recipients")]
struct RecipientArgs {
    /// The terminals of the subscriber with this login; may be repeated
    #[arg(long = "login", value_name = "LOGIN", required_unless_present_any = ["terminals", "all"])]
    logins: Vec<String>,

    /// The terminal with this key of the platform; may be repeated
    #[arg(long = "terminal", value_name = "ID", conflicts_with = "logins")]
    terminals: Vec<String>,

    /// The terminals of all subscribers; asks once more, with their number
    #[arg(long, conflicts_with_all = ["logins", "terminals"])]
    all: bool,

    /// Answers the question of --all beforehand: there have to be so many subscribers
    #[arg(long, value_name = "N", requires = "all")]
    expect: Option<usize>,
}

/// Runs the command.
pub(crate) async fn run(command: Command) -> Result<Status> {
    match command {
        Command::Send(args) => {
            let message = Message {
                title: args.title,
                confirm: args.confirm,
                shown_for: args.shown_for.map(Duration::from_secs),
                ..Message::new(args.text)
            };
            let command = model::Command::Message(message);
            tell("send message", &args.to, &args.write, command).await
        }
        Command::Restart(args) => {
            tell(
                "restart terminals",
                &args.to,
                &args.write,
                model::Command::Restart,
            )
            .await
        }
    }
}

async fn tell(
    name: &'static str,
    to: &RecipientArgs,
    write: &WriteArgs,
    command: model::Command,
) -> Result<Status> {
    operation::run(name, write, async |_, backend| {
        let recipients = to.find(backend, write).await?;
        Ok(Operation::Send(recipients, command))
    })
    .await
}

impl RecipientArgs {
    async fn find(&self, backend: &dyn Backend, write: &WriteArgs) -> Result<Recipients> {
        if !self.terminals.is_empty() {
            let ids = self
                .terminals
                .iter()
                .map(|id| TerminalId::from(id.as_str()));
            return Ok(Recipients::Terminals(ids.collect()));
        }
        if self.all {
            return self.everybody(backend, write).await;
        }
        let mut ids = Vec::new();
        for login in &self.logins {
            let who = SubscriberArgs::of(Some(login.clone()), None, None);
            ids.push(who.find(backend).await?.id);
        }
        say::note(&match ids.len() {
            1 => "to the terminals of 1 subscriber".to_owned(),
            count => format!("to the terminals of {count} subscribers"),
        });
        Ok(Recipients::Subscribers(ids))
    }

    async fn everybody(&self, backend: &dyn Backend, write: &WriteArgs) -> Result<Recipients> {
        let mut ids: Vec<SubscriberId> = Vec::new();
        let mut all = backend.subscribers();
        while let Some(subscriber) = all.next().await {
            ids.push(subscriber?.id);
        }
        let count = ids.len();
        if let Some(expected) = self.expect
            && expected != count
        {
            return Err(Failure::guarded(format!(
                "there are {count} subscribers, and {expected} are expected; nobody was told"
            )));
        }
        if write.is_write() {
            let is_agreed = self.expect == Some(count) && write.is_agreed();
            let question = format!("Tell the terminals of ALL {count} subscribers?");
            if self.expect.is_none() && write.is_agreed() {
                return Err(Failure::guarded(format!(
                    "--yes alone does not tell all {count} subscribers; nobody was told"
                ))
                .hint(format!("--expect {count} says that so many are meant")));
            }
            say::ask(&question, is_agreed).await?;
        } else {
            say::note(&format!("to the terminals of ALL {count} subscribers"));
        }
        Ok(Recipients::Subscribers(ids))
    }
}
