//! `jsonsql subscription`: the packages that a subscriber has.

use clap::Subcommand;
use jsonsql_client::model::{End, NewSubscription, Package, Subscription, Timestamp};
use jsonsql_client::provisioning::{Backend, Operation, PackageNames};
use serde_json::json;

use crate::exit::{Failure, Result, Status};
use crate::operation::{self, WriteArgs};
use crate::output::{OutputArgs, Printer};
use crate::records::{Record, columns};
use crate::stop::Stop;
use crate::subject::SubscriberArgs;
use crate::target::{TargetArgs, open};

/// Lists what a subscriber has, adds a package, or ends one
#[derive(Subcommand)]
#[command(after_help = crate::exit::HELP)]
pub(crate) enum Command {
    List(ListArgs),
    Add(AddArgs),
    End(EndArgs),
}

/// Lists the packages that a subscriber has
#[derive(clap::Args)]
#[command(after_help = crate::exit::HELP)]
pub(crate) struct ListArgs {
    #[command(flatten)]
    subscriber: SubscriberArgs,

    #[command(flatten)]
    target: TargetArgs,

    #[command(flatten)]
    output: OutputArgs,
}

/// Gives a subscriber a package; a plan replaces the plan there is
#[derive(clap::Args)]
#[command(after_help = crate::exit::HELP)]
pub(crate) struct AddArgs {
    #[command(flatten)]
    subscriber: SubscriberArgs,

    /// The package: the platform's key of it, or its name
    #[arg(long, value_name = "ID|NAME")]
    package: String,

    /// Only for this terminal, by the platform's key of it
    #[arg(long, value_name = "ID")]
    terminal: Option<String>,

    /// From when, such as `2026-12-01T00:00:00Z`; by default from now
    #[arg(long, value_name = "TIME")]
    from: Option<Timestamp>,

    /// Until when; by default until it is ended
    #[arg(long, value_name = "TIME")]
    until: Option<Timestamp>,

    #[command(flatten)]
    write: WriteArgs,
}

/// Ends a package of a subscriber
#[derive(clap::Args)]
#[command(after_help = crate::exit::HELP)]
pub(crate) struct EndArgs {
    #[command(flatten)]
    subscriber: SubscriberArgs,

    /// The package: the platform's key of it, or its name
    #[arg(long, value_name = "ID|NAME", required_unless_present = "subscription")]
    package: Option<String>,

    /// The subscription, by the platform's key of it, as `list` shows it
    #[arg(long, value_name = "ID", conflicts_with = "package")]
    subscription: Option<String>,

    /// When, such as `2026-12-31T23:59:59Z`; by default now
    #[arg(long, value_name = "TIME")]
    at: Option<Timestamp>,

    #[command(flatten)]
    write: WriteArgs,
}

/// Runs the command.
pub(crate) async fn run(command: Command) -> Result<Status> {
    match command {
        Command::List(args) => list(args).await,
        Command::Add(args) => {
            operation::run("add subscription", &args.write, async |_, backend| {
                let subscriber = args.subscriber.find(backend).await?.id;
                let package = package(backend, &args.package).await?;
                Ok(Operation::AddSubscription(NewSubscription {
                    terminal: args.terminal.as_deref().map(Into::into),
                    from: args.from,
                    until: args.until,
                    ..NewSubscription::new(subscriber, package.id)
                }))
            })
            .await
        }
        Command::End(args) => {
            operation::run("end subscription", &args.write, async |_, backend| {
                let end = args.at.map_or(End::Now, End::At);
                let subscription = named(backend, &args).await?;
                Ok(Operation::EndSubscription(subscription.id, end))
            })
            .await
        }
    }
}

async fn list(args: ListArgs) -> Result<Status> {
    let connection = open(&args.target).await?;
    let backend = connection.backend();
    let mut stop = Stop::listen()?;
    let read = async {
        let id = args.subscriber.find(&*backend).await?.id;
        let subscriptions = backend.subscriptions(&id).collect().await?;
        let packages = match subscriptions.is_empty() {
            true => Vec::new(),
            false => backend.packages().collect().await?,
        };
        Ok((subscriptions, packages))
    };
    let read: Result<(Vec<Subscription>, Vec<Package>)> = stop.reading(read).await?;
    let (subscriptions, packages) = read?;
    let mut names = columns::<Subscription>();
    names.push("package_name".to_owned());
    let mut printer = Printer::new(&args.output, names)?;
    for one in subscriptions {
        let package = packages.iter().find(|package| package.id == one.package);
        let mut row = one.values();
        row.push(json!(package.map(|package| package.name.as_str())));
        printer.row(&row)?;
    }
    printer.finish()?;
    Ok(Status::Done)
}

/// The subscription that is to end.
async fn named(backend: &dyn Backend, args: &EndArgs) -> Result<Subscription> {
    let subscriber = args.subscriber.find(backend).await?.id;
    let all = backend.subscriptions(&subscriber).collect().await?;
    let Some(name) = &args.package else {
        let id = args.subscription.as_deref().unwrap_or_default();
        let found = all.into_iter().find(|one| one.id.as_str() == id);
        return found
            .ok_or_else(|| Failure::failed(format!("the subscriber has no subscription `{id}`")));
    };
    let package = package(backend, name).await?;
    let mut those = all
        .into_iter()
        .filter(|one| one.package == package.id && one.active);
    match (those.next(), those.count()) {
        (Some(only), 0) => Ok(only),
        (None, _) => Err(Failure::failed(format!(
            "the subscriber does not have the package `{name}`"
        ))),
        (Some(_), more) => Err(Failure::failed(format!(
            "the subscriber has the package `{name}` {} times",
            more + 1
        ))
        .hint("--subscription names one: `jsonsql subscription list`")),
    }
}

/// Finds a package by the platform's key of it, or by its name.
///
/// # Errors
///
/// When there is none, or several have it.
async fn package(backend: &dyn Backend, text: &str) -> Result<Package> {
    let names = PackageNames::new(&backend.packages().collect().await?);
    choose(&names, text).cloned()
}

/// Finds a package among those that were listed.
///
/// # Errors
///
/// When there is none, or several have it.
pub(super) fn choose<'n>(names: &'n PackageNames, text: &str) -> Result<&'n Package> {
    let list = "`jsonsql package list` shows them";
    let found = names.find(text);
    found.map_err(|error| Failure::failed(error.to_string()).hint(list))
}
