//! `jsonsql trial`: the life of a subscriber, to see a platform work.

use std::cell::Cell;

use jsonsql_client::Printable;
use jsonsql_client::model::Capability;
use jsonsql_client::model::{
    End, ExternalRef, MacAddr, NewSubscriber, NewSubscription, Package, PackageKind, Subscriber,
    SubscriberId, SubscriberKey,
};
use jsonsql_client::provisioning::{Backend, Change, Operation, PackageNames};

use super::subscription::choose;
use crate::exit::{Failure, Result, Status};
use crate::output::print;
use crate::stop::{self, Stop};
use crate::target::{TargetArgs, open};

/// The beginning of trial subscribers' references; nobody else is touched.
const MARK: &str = "jsonsql-trial-";

/// The name of trial subscribers, by which one is known under another reference.
const NAME: &str = "jsonsql trial";

/// Lives the life of a subscriber: order, debt, payment, leaving
///
/// Creates a subscriber with boxes and packages, disables and enables it, and takes
/// everything away again; each step says what it does beside what it says. The
/// subscriber has an external reference of the trial's own. A run that was killed
/// is continued by the next one, or its subscriber removed by --cleanup; one with
/// the login and another reference is never touched.
///
///   jsonsql trial --sandbox --write
///   jsonsql trial --profile main --login trial-1 --cleanup --write
#[derive(clap::Args)]
#[command(verbatim_doc_comment, after_help = crate::exit::HELP)]
pub(crate) struct Args {
    /// The login of the trial's subscriber
    #[arg(long, value_name = "LOGIN", default_value = "jsonsql-trial")]
    login: String,

    /// The external reference of the trial's subscriber; by default `jsonsql-trial-` and
    /// the login. If it is the reference of somebody who is no trial's, the trial stops
    #[arg(long = "external-ref", value_name = "REF")]
    reference: Option<String>,

    /// A box; may be repeated
    #[arg(long = "mac", value_name = "ADDRESS", default_values = ["02:00:00:00:15:53", "02:00:00:00:15:54"])]
    macs: Vec<MacAddr>,

    /// A package, by key or name; may be repeated. By default up to two that are available
    #[arg(long = "package", value_name = "ID|NAME")]
    packages: Vec<String>,

    /// Stops before the subscriber leaves, so that it can be looked at
    #[arg(long, conflicts_with = "cleanup")]
    keep: bool,

    /// Only removes what an earlier trial with this login has made
    #[arg(long)]
    cleanup: bool,

    /// Creates and deletes on the server
    #[arg(long)]
    write: bool,

    /// Answers the question before the first change with yes
    #[arg(long, short, requires = "write")]
    yes: bool,

    #[command(flatten)]
    target: TargetArgs,
}

/// Runs the command.
pub(crate) async fn run(args: Args) -> Result<Status> {
    let connection = open(&args.target).await?;
    let backend = connection.backend();
    let mut stop = Stop::listen()?;
    if !backend.capabilities().has(Capability::ExternalRef) {
        return Err(Failure::failed(format!(
            "{} keeps no external references: a trial could not tell its subscriber from others",
            backend.name()
        )));
    }
    let found = stop.reading(find(&*backend, &args)).await??;
    let what = match (&found, args.cleanup) {
        (None, true) => {
            print("there is nothing of an earlier trial\n")?;
            return Ok(Status::Done);
        }
        (Some(_), true) => "delete the subscriber of an earlier trial",
        (Some(_), false) => "continue an earlier trial",
        (None, false) => "create a subscriber, and delete it in the end",
    };
    let question = format!("{what}: `{}` on {}", args.login, backend.name());
    if !args.write {
        return Err(
            Failure::guarded(format!("the trial would {question}; nothing was written"))
                .hint("--write does it"),
        );
    }
    let is_agreed = args.yes || connection.is_sandbox();
    stop::confirm(&format!("{question}?"), is_agreed, &mut stop).await?;
    let trial = Trial {
        backend: &*backend,
        stop: &stop,
        is_unheard: Cell::new(false),
    };
    match (found, args.cleanup) {
        (Some(subscriber), true) => trial.leaving(&subscriber.id).await?,
        _ => trial.life(&args).await?,
    }
    match trial.is_unheard.get() {
        false => Ok(Status::Done),
        true => Err(Failure::failed(
            "the trial was made, and not all of it could be shown",
        )),
    }
}

impl Args {
    fn reference(&self) -> ExternalRef {
        match &self.reference {
            Some(reference) => ExternalRef::new(reference.as_str()),
            None => ExternalRef::new(format!("{MARK}{}", self.login)),
        }
    }

    /// Returns `true` if a trial with these settings has made the subscriber, which has
    /// the trial's reference.
    fn has_made(&self, subscriber: &Subscriber) -> bool {
        let own = self.reference();
        let is_marked = own.as_str().starts_with(MARK);
        // Some platforms take two spellings of a login for one.
        subscriber.login.eq_ignore_ascii_case(&self.login)
            && (is_marked || subscriber.name.as_deref() == Some(NAME))
    }
}

/// Finds the trial's subscriber.
///
/// # Errors
///
/// When the reference or the login is somebody else's.
async fn find(backend: &dyn Backend, args: &Args) -> Result<Option<Subscriber>> {
    let somebodys = |what: String| {
        Err(Failure::guarded(format!(
            "{what} is of a subscriber that is no trial's; nothing was written"
        ))
        .hint("--login and --external-ref give the trial others"))
    };
    let reference = args.reference();
    let key = SubscriberKey::ExternalRef(reference.clone());
    if let Some(subscriber) = backend.find_subscriber(&key).await? {
        return match args.has_made(&subscriber) {
            true => Ok(Some(subscriber)),
            false => somebodys(format!("the reference `{reference}`")),
        };
    }
    let key = SubscriberKey::Login(args.login.clone());
    match backend.find_subscriber(&key).await? {
        None => Ok(None),
        Some(_) => somebodys(format!("the login `{}`", args.login)),
    }
}

/// A trial under way.
struct Trial<'a> {
    backend: &'a dyn Backend,
    stop: &'a Stop,
    /// Something could not be printed.
    is_unheard: Cell<bool>,
}

impl Trial<'_> {
    async fn life(&self, args: &Args) -> Result<()> {
        let packages = self.packages(&args.packages).await?;
        self.tell("Order\n");
        let new = NewSubscriber {
            external_ref: Some(args.reference()),
            name: Some(NAME.to_owned()),
            ..NewSubscriber::new(args.login.as_str())
        };
        self.step("create subscriber", Operation::CreateSubscriber(new))
            .await?;
        let found = find(self.backend, args).await?;
        let id = found
            .ok_or_else(|| Failure::failed("the subscriber of the trial is gone"))?
            .id;
        // Boxes first: Ministra gives packages to an account that has one.
        for mac in &args.macs {
            let bind = Operation::BindTerminal(id.clone(), (*mac).into());
            self.step(&format!("bind {mac}"), bind).await?;
        }
        for package in &packages {
            let new = NewSubscription::new(id.clone(), package.id.clone());
            self.step(
                &format!("add `{}`", package.name),
                Operation::AddSubscription(new),
            )
            .await?;
        }
        self.tell("Debt\n");
        self.step("disable", Operation::DisableSubscriber(id.clone()))
            .await?;
        self.tell("Payment\n");
        self.step("enable", Operation::EnableSubscriber(id.clone()))
            .await?;
        if args.keep {
            self.tell("kept; --cleanup removes it\n");
            return Ok(());
        }
        self.leaving(&id).await
    }

    /// Takes away what the subscriber has, and the subscriber.
    async fn leaving(&self, id: &SubscriberId) -> Result<()> {
        self.tell("Leaving\n");
        let all = self.backend.packages().collect().await?;
        for one in self.backend.subscriptions(id).collect().await? {
            let package = all.iter().find(|package| package.id == one.package);
            // A plan goes with the subscriber.
            let is_plan = package.is_some_and(|package| package.kind == PackageKind::Plan);
            if is_plan || !one.active {
                continue;
            }
            let name = package.map_or(one.package.as_str(), |package| package.name.as_str());
            let end = Operation::EndSubscription(one.id.clone(), End::Now);
            self.step(&format!("end `{name}`"), end).await?;
        }
        for terminal in self.backend.terminals(id).collect().await? {
            let what = format!("unbind {}", terminal.id);
            self.step(&what, Operation::UnbindTerminal(terminal.id))
                .await?;
        }
        self.step("delete subscriber", Operation::DeleteSubscriber(id.clone()))
            .await?;
        let left = self
            .backend
            .find_subscriber(&SubscriberKey::Id(id.clone()))
            .await?;
        match left {
            None => {
                self.tell("the subscriber is gone\n");
                Ok(())
            }
            Some(_) => Err(Failure::failed("the subscriber is still there")),
        }
    }

    /// Makes one step, and says what it did.
    async fn step(&self, what: &str, operation: Operation) -> Result<()> {
        if self.stop.is_asked() {
            return Err(Failure::failed(format!("stopped before: {what}"))
                .hint("the same command continues; --cleanup removes what there is"));
        }
        let applied = self.backend.apply(&operation).await?;
        let change = match applied.change {
            Change::Made => "done",
            Change::Nothing => "was so already",
            Change::Adopted => "was there already, and is as asked for now",
        };
        let mut text = format!("  {}: {change}\n", Printable(what));
        for effect in &applied.effects {
            text.push_str(&format!("    effect: {}\n", Printable(effect)));
        }
        for loss in &applied.losses {
            text.push_str(&format!("    not kept as it is: {}\n", Printable(loss)));
        }
        self.tell(&text);
        Ok(())
    }

    /// Prints; that nobody reads does not leave a subscriber half-way.
    fn tell(&self, text: &str) {
        if print(text).is_err() {
            self.is_unheard.set(true);
        }
    }

    async fn packages(&self, names: &[String]) -> Result<Vec<Package>> {
        let all = self.backend.packages().collect().await?;
        if names.is_empty() {
            return Ok(available(&all));
        }
        let listed = PackageNames::new(&all);
        let chosen = names.iter().map(|name| choose(&listed, name).cloned());
        chosen.collect()
    }
}

/// Up to two that a new subscriber can have, the first a plan where there are plans.
fn available(all: &[Package]) -> Vec<Package> {
    let is_plan = |package: &Package| package.kind == PackageKind::Plan;
    let in_plan = |package: &Package, plan: &Package| package.plans.contains(&plan.id);
    let plan = all
        .iter()
        .filter(|one| is_plan(one) && one.enabled)
        .find(|plan| all.iter().any(|package| in_plan(package, plan)));
    let fits = |package: &&Package| {
        !is_plan(package) && package.enabled && plan.is_none_or(|plan| in_plan(package, plan))
    };
    let packages = all.iter().filter(fits);
    plan.into_iter().chain(packages).take(2).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_comes_first_and_a_package_of_another_plan_is_left_out() {
        let package = |id: i64, plans: &[i64]| {
            let mut package = Package::new(id.into(), format!("package {id}"));
            package.plans = plans.iter().map(|plan| (*plan).into()).collect();
            package
        };
        let mut plan = package(9, &[]);
        plan.kind = PackageKind::Plan;
        let ids = |all: &[Package]| -> Vec<String> {
            let chosen = available(all);
            chosen.iter().map(|one| one.id.to_string()).collect()
        };
        let all = [package(1, &[8]), package(2, &[9]), package(3, &[9]), plan];
        assert_eq!(ids(&all), ["9", "2"]);
        assert_eq!(ids(&all[..3]), ["1", "2"]);
        assert!(ids(&[]).is_empty());
    }
}
