//! `jsonsql subscriber`: one subscriber, on any platform.

use clap::Subcommand;
use jsonsql_client::model::{NewSubscriber, Subscriber, SubscriberId, SubscriberPatch};
use jsonsql_client::provisioning::{Backend, Operation};
use serde_json::{Value, json};

use crate::exit::{Failure, Result, Status, ended};
use crate::operation::{self, WriteArgs};
use crate::output::{OutputArgs, Printer};
use crate::records::{ExtraArgs, Record};
use crate::stop::Stop;
use crate::subject::SubscriberArgs;
use crate::target::{TargetArgs, open};

mod fields;
mod password;
mod show;

use fields::{ChangedFields, NewFields};
use password::PasswordArgs;

/// Shows, creates, changes, switches or deletes a subscriber, on any platform
#[derive(Subcommand)]
#[command(after_help = crate::exit::HELP)]
pub(crate) enum Command {
    Show(show::Args),
    List(ListArgs),
    Create(CreateArgs),
    Change(ChangeArgs),
    /// Lets a subscriber watch; packages stay as they are
    #[command(after_help = crate::exit::HELP)]
    Enable(OneArgs),
    /// Keeps a subscriber from watching; packages stay as they are
    #[command(after_help = crate::exit::HELP)]
    Disable(OneArgs),
    /// Deletes a subscriber with terminals and subscriptions, which cannot be undone
    #[command(after_help = crate::exit::HELP)]
    Delete(OneArgs),
}

/// Lists all subscribers
#[derive(clap::Args)]
#[command(after_help = crate::exit::HELP)]
pub(crate) struct ListArgs {
    #[command(flatten)]
    extra: ExtraArgs,

    #[command(flatten)]
    target: TargetArgs,

    #[command(flatten)]
    output: OutputArgs,
}

/// Creates a subscriber; one that has the login and no other reference is adopted
///
///   jsonsql subscriber create --login ivanov --ref C-1553 --password-env NEW --write
#[derive(clap::Args)]
#[command(verbatim_doc_comment, after_help = crate::exit::HELP)]
pub(crate) struct CreateArgs {
    /// The login
    #[arg(long, value_name = "LOGIN")]
    login: String,

    #[command(flatten)]
    fields: NewFields,

    #[command(flatten)]
    password: PasswordArgs,

    #[command(flatten)]
    write: WriteArgs,
}

/// Changes what is given; the rest stays as it is
///
///   jsonsql subscriber change --login ivanov --phone "+7 900 000-00-00" --clear note --write
#[derive(clap::Args)]
#[command(verbatim_doc_comment, after_help = crate::exit::HELP)]
pub(crate) struct ChangeArgs {
    #[command(flatten)]
    subscriber: SubscriberArgs,

    #[command(flatten)]
    fields: ChangedFields,

    #[command(flatten)]
    password: PasswordArgs,

    #[command(flatten)]
    write: WriteArgs,
}

/// One subscriber, and how it is written.
#[derive(clap::Args)]
pub(crate) struct OneArgs {
    #[command(flatten)]
    subscriber: SubscriberArgs,

    #[command(flatten)]
    write: WriteArgs,
}

/// Runs the command.
pub(crate) async fn run(command: Command) -> Result<Status> {
    match command {
        Command::Show(args) => show::run(args).await,
        Command::List(args) => list(args).await,
        Command::Create(args) => create(args).await,
        Command::Change(args) => change(args).await,
        Command::Enable(args) => one("enable subscriber", args, Operation::EnableSubscriber).await,
        Command::Disable(args) => {
            one("disable subscriber", args, Operation::DisableSubscriber).await
        }
        Command::Delete(args) => one("delete subscriber", args, Operation::DeleteSubscriber).await,
    }
}

/// Makes an operation that needs nothing but the subscriber.
async fn one(
    name: &'static str,
    args: OneArgs,
    operation: impl FnOnce(SubscriberId) -> Operation,
) -> Result<Status> {
    operation::run(name, &args.write, async |_, backend| {
        Ok(operation(args.subscriber.find(backend).await?.id))
    })
    .await
}

async fn list(args: ListArgs) -> Result<Status> {
    let connection = open(&args.target).await?;
    let backend = connection.backend();
    let mut stop = Stop::listen()?;
    let mut printer = Printer::new(&args.output, args.extra.columns::<Subscriber>())?;
    let mut all = backend.subscribers();
    let mut status = Status::Done;
    while let Some(subscriber) = stop.reading(all.next()).await? {
        match subscriber {
            Ok(subscriber) => printer.row(&args.extra.values(&subscriber))?,
            Err(error @ jsonsql_client::Error::Unreadable { .. }) => {
                crate::say::note(&format!("left out: {error}"));
                status = status.and(Status::Failed);
            }
            Err(error) => return Err(error.into()),
        }
    }
    ended(status, printer.finish())
}

async fn create(args: CreateArgs) -> Result<Status> {
    operation::run("create subscriber", &args.write, async |_, _| {
        let password = args.password.read()?;
        let new = args.fields.of(NewSubscriber {
            password,
            ..NewSubscriber::new(args.login.as_str())
        });
        Ok(Operation::CreateSubscriber(new))
    })
    .await
}

async fn change(args: ChangeArgs) -> Result<Status> {
    operation::run("change subscriber", &args.write, async |_, backend| {
        let mut patch: SubscriberPatch = args.fields.patch()?;
        patch.password = args.password.read()?;
        if patch.is_empty() {
            return Err(Failure::usage("no change is given")
                .hint("--name, --phone and others give a field; --clear takes one away"));
        }
        let id = args.subscriber.find(backend).await?.id;
        Ok(Operation::ChangeSubscriber(id, patch))
    })
    .await
}

/// Returns what a subscriber has, with the names of packages.
async fn belongings(
    backend: &dyn Backend,
    subscriber: &Subscriber,
) -> Result<(Vec<Value>, Vec<Value>)> {
    let terminals = backend.terminals(&subscriber.id).collect().await?;
    let subscriptions = backend.subscriptions(&subscriber.id).collect().await?;
    let packages = match subscriptions.is_empty() {
        true => Vec::new(),
        false => backend.packages().collect().await?,
    };
    let terminals = terminals.iter().map(Record::object).collect();
    let subscriptions = subscriptions.iter().map(|one| {
        let package = packages.iter().find(|package| package.id == one.package);
        let mut object = one.object();
        object["package_name"] = json!(package.map(|package| package.name.as_str()));
        object
    });
    Ok((terminals, subscriptions.collect()))
}
