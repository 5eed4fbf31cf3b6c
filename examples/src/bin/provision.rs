//! The life of a subscriber, from the order to the end of the contract, on any
//! platform.

use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;
use jsonsql_client::Printable;
use jsonsql_client::provisioning::model::{
    End, ExternalRef, MacAddr, NewSubscriber, NewSubscription, Package, PackageKind, SubscriberId,
    SubscriberKey,
};
use jsonsql_client::provisioning::{Applied, Backend, Capability, Change, Operation};
use jsonsql_examples::out::{self, Out};
use jsonsql_examples::platform::{Connected, Login, Server};
use jsonsql_sandbox::Sandbox;

/// Creates a subscriber with boxes and packages, disables it for a debt,
/// enables it once that is paid, and takes everything away again: the same code
/// on every platform.
///
/// Without options it does so in a local sandbox, which needs nothing. Of every
/// step it prints what it would do beside what it says, then what was changed.
#[derive(Parser)]
#[command(after_help = "\
Examples:
  provision
  JSONSQL_PASSWORD=… provision --url https://operator.admin.iptvportal.ru/api \\
      --username admin --login trial-1 --mac 02:00:00:00:00:01 --write")]
struct Options {
    #[command(flatten)]
    server: Server,

    /// The login of the subscriber, which must not be there yet
    #[arg(long, default_value = "example-1553")]
    login: String,

    /// The billing's key of it
    #[arg(long, default_value = "C-1553")]
    external_ref: String,

    /// A box; may be given several times
    #[arg(long = "mac", default_values = ["02:00:00:00:15:53", "02:00:00:00:15:54"])]
    macs: Vec<MacAddr>,

    /// A package by its name; may be given several times. Without it, up to two
    /// that are to be had
    #[arg(long = "package", value_name = "NAME")]
    packages: Vec<String>,

    /// Creates and deletes the subscriber on a real server too
    #[arg(long)]
    write: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    out::ended(run(Options::parse()).await.map(|()| true))
}

async fn run(options: Options) -> Result<(), Box<dyn Error>> {
    let mut out = Out::of_one_that(options.write);
    let sandbox;
    let login = match options.server.login()? {
        Some(login) if options.write => login,
        Some(_) => return Err("it creates and deletes on a real server: say --write".into()),
        None => {
            sandbox = Sandbox::builder().start().await?;
            writeln!(out, "A sandbox answers at {}", sandbox.url())?;
            Login::of_sandbox(options.server.platform, &sandbox)
        }
    };
    let platform = Connected::new(options.server.platform, login)?.backend();
    live(&*platform, &options, &mut out).await
}

/// All there is in the life of a subscriber.
async fn live(
    platform: &dyn Backend,
    options: &Options,
    out: &mut Out,
) -> Result<(), Box<dyn Error>> {
    writeln!(out, "\n{}", platform.name())?;
    let key = SubscriberKey::Login(options.login.clone());
    if platform.find_subscriber(&key).await?.is_some() {
        // It would be adopted, and deleted in the end.
        return Err(format!("there is a subscriber {} already", options.login).into());
    }
    let packages = choose(platform, &options.packages).await?;

    writeln!(out, "\nOrder")?;
    let new = NewSubscriber {
        external_ref: Some(ExternalRef::new(options.external_ref.as_str())),
        password: Some("a password from somewhere safe".into()),
        name: Some("Иванова Мария".to_owned()),
        phone: Some("+7 900 000-00-00".to_owned()),
        email: Some("ivanova@example.net".to_owned()),
        ..NewSubscriber::of(options.login.as_str())
    };
    foresee(
        platform,
        "create subscriber",
        &Operation::CreateSubscriber(new.clone()),
        out,
    )
    .await?;
    let created = platform.create_subscriber(&new).await?;
    tell(&created, out)?;
    let id = created.value.id;
    for package in &packages {
        let what = format!("add {:?}", package.name);
        let subscription = NewSubscription::of(id.clone(), package.id.clone());
        step(
            platform,
            &what,
            Operation::AddSubscription(subscription),
            out,
        )
        .await?;
    }
    for mac in &options.macs {
        let bind = Operation::BindTerminal(id.clone(), *mac);
        step(platform, &format!("bind {mac}"), bind, out).await?;
    }
    show(platform, &id, out).await?;

    writeln!(out, "\nDebt")?;
    let disable = Operation::DisableSubscriber(id.clone());
    step(platform, "disable subscriber", disable, out).await?;
    show(platform, &id, out).await?;

    writeln!(out, "\nPayment")?;
    let enable = Operation::EnableSubscriber(id.clone());
    step(platform, "enable subscriber", enable.clone(), out).await?;
    step(platform, "enable subscriber, once more", enable, out).await?;
    show(platform, &id, out).await?;

    writeln!(out, "\nLeaving")?;
    for subscription in platform.subscriptions(&id).collect().await? {
        let package = packages.iter().find(|one| one.id == subscription.package);
        let Some(package) = package.filter(|package| package.kind == PackageKind::Package) else {
            continue; // a plan goes with the subscriber
        };
        let end = Operation::EndSubscription(subscription.id, End::Now);
        step(platform, &format!("end {:?}", package.name), end, out).await?;
    }
    for terminal in platform.terminals(&id).collect().await? {
        let what = match terminal.mac {
            Some(mac) => format!("unbind {mac}"),
            None => "unbind terminal".to_owned(),
        };
        step(platform, &what, Operation::UnbindTerminal(terminal.id), out).await?;
    }
    step(
        platform,
        "delete subscriber",
        Operation::DeleteSubscriber(id),
        out,
    )
    .await?;
    let left = platform.find_subscriber(&key).await?;
    writeln!(
        out,
        "  now: {}",
        if left.is_none() {
            "gone"
        } else {
            "still there"
        }
    )?;
    Ok(())
}

/// Says what an operation would do, does it, and says what it did.
async fn step(
    platform: &dyn Backend,
    what: &str,
    operation: Operation,
    out: &mut Out,
) -> Result<(), Box<dyn Error>> {
    foresee(platform, what, &operation, out).await?;
    tell(&platform.apply(&operation).await?, out)?;
    Ok(())
}

async fn foresee(
    platform: &dyn Backend,
    what: &str,
    operation: &Operation,
    out: &mut Out,
) -> Result<(), Box<dyn Error>> {
    writeln!(out, "  {what}")?;
    let preview = platform.preview(operation).await?;
    for effect in preview.effects {
        writeln!(out, "    will also: {}", Printable(effect))?;
    }
    Ok(())
}

fn tell<T>(applied: &Applied<T>, out: &mut Out) -> io::Result<()> {
    writeln!(
        out,
        "    {}",
        match applied.change {
            Change::Made => "done",
            Change::Nothing => "was so already",
            Change::Adopted => "was there already, and is as asked for now",
        }
    )?;
    for loss in &applied.losses {
        writeln!(out, "    not kept as it is: {}", Printable(loss))?;
    }
    Ok(())
}

/// What the platform has of the subscriber.
async fn show(
    platform: &dyn Backend,
    id: &SubscriberId,
    out: &mut Out,
) -> Result<(), Box<dyn Error>> {
    let key = SubscriberKey::Id(id.clone());
    let found = platform.find_subscriber(&key).await?;
    let subscriber = found.ok_or("the subscriber is gone")?;
    let subscriptions = platform.subscriptions(id).collect().await?;
    let active = subscriptions.iter().filter(|one| one.active).count();
    let terminals = platform.terminals(id).collect().await?.len();
    let enabled = if subscriber.enabled {
        "enabled"
    } else {
        "disabled"
    };
    writeln!(
        out,
        "  now: {enabled}, subscriptions: {active}, terminals: {terminals}"
    )?;
    Ok(())
}

/// The packages with these names; without names, up to two that a new
/// subscriber can have, the first a plan where there are plans.
async fn choose(platform: &dyn Backend, names: &[String]) -> Result<Vec<Package>, Box<dyn Error>> {
    let all = platform.packages().collect().await?;
    if !names.is_empty() {
        let named = names.iter().map(|name| {
            let package = all.iter().find(|package| package.name == *name);
            package
                .cloned()
                .ok_or_else(|| format!("there is no package {name:?}"))
        });
        return Ok(named.collect::<Result<_, _>>()?);
    }
    let mut chosen: Vec<Package> = Vec::new();
    if platform.capabilities().has(Capability::Plans) {
        let tied = |plan: &Package| all.iter().any(|package| package.plans.contains(&plan.id));
        let mut plans = all
            .iter()
            .filter(|package| package.kind == PackageKind::Plan);
        chosen.extend(plans.find(|plan| plan.enabled && tied(plan)).cloned());
    }
    let fits = |package: &&Package| {
        let in_plan = |plan: &Package| package.plans.contains(&plan.id);
        package.kind == PackageKind::Package
            && package.enabled
            && (chosen.is_empty() || chosen.iter().any(in_plan))
    };
    let others: Vec<Package> = all
        .iter()
        .filter(fits)
        .take(2 - chosen.len())
        .cloned()
        .collect();
    chosen.extend(others);
    Ok(chosen)
}
