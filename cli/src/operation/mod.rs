//! A single operation: its preview, the question, the write, and the account of it.

mod account;

use clap::Args;
use jsonsql_client::provisioning::{
    Applied, Backend, Effect, Operation, PackageNames, TerminalKey,
};
use serde_json::Value;

use crate::exit::{Failure, Result, Status, ended};
use crate::output::print;
use crate::records::Record;
use crate::say;
use crate::stop::{self, Stop};
use crate::target::{Connection, TargetArgs, open};
use account::{Account, Outcome};

/// How an operation is made.
#[derive(Debug, Clone, Args)]
pub(crate) struct WriteArgs {
    /// Makes the change; without it, it is only shown, and the exit status is 4
    #[arg(long)]
    write: bool,

    /// Shows what would be done, and ends with the exit status 0
    #[arg(long, conflicts_with = "write")]
    dry_run: bool,

    /// Answers the question before a change with yes
    #[arg(long, short, requires = "write")]
    yes: bool,

    /// Prints one JSON object, whatever happens
    ///
    /// Its members are `operation`; `platform`; `steps`, by name; `effects`, each with
    /// `kind` (`switched_on`, `switched_off`, `shows`, `restart`, `unread`,
    /// `irreversible`, `other`), `terminal`, `gained`, `lost`, `irreversible` and `text`; `losses`, each
    /// with `field` and `reason`; `outcome` (`previewed`, `done`, `nothing`, `adopted`,
    /// `declined`, `failed`, `unknown`); `record`, what it is about as it is now; and
    /// `error`. What is not known is null or empty.
    #[arg(long, verbatim_doc_comment)]
    json: bool,

    #[command(flatten)]
    target: TargetArgs,
}

impl WriteArgs {
    /// Returns `true` if the question before the change is answered.
    pub(crate) fn is_agreed(&self) -> bool {
        self.yes
    }

    /// Returns `true` if the change is to be made.
    pub(crate) fn is_write(&self) -> bool {
        self.write
    }
}

/// Makes an operation: `plan` reads what is needed to name it.
///
/// # Errors
///
/// When it is not named rightly, refused, declined, or fails.
pub(crate) async fn run(
    name: &'static str,
    args: &WriteArgs,
    plan: impl AsyncFnOnce(&Connection, &dyn Backend) -> Result<Operation>,
) -> Result<Status> {
    let mut account = Account::new(name);
    let end = carried_out(&mut account, args, plan).await;
    if let Err(failure) = &end {
        account.outcome = Outcome::of(failure);
        account.error = Some(failure.message().to_owned());
    }
    let text = match (args.json, &end) {
        (true, _) => format!("{}\n", account.object()),
        (false, Ok(())) => account.result(),
        (false, Err(_)) => String::new(),
    };
    let printed = print(&text);
    end?;
    ended(Status::Done, printed)
}

async fn carried_out(
    account: &mut Account,
    args: &WriteArgs,
    plan: impl AsyncFnOnce(&Connection, &dyn Backend) -> Result<Operation>,
) -> Result<()> {
    let connection = open(&args.target).await?;
    let backend = connection.backend();
    account.on(backend.name());
    let mut stop = Stop::listen()?;
    let operation = stop.reading(plan(&connection, &*backend)).await??;
    let read = async {
        let preview = backend.preview(&operation).await?;
        let names = match preview.effects.iter().any(Effect::has_packages) {
            true => PackageNames::new(&backend.packages().collect().await?),
            false => PackageNames::default(),
        };
        Ok::<_, Failure>((preview, names))
    };
    let (preview, names) = stop.reading(read).await??;
    account.foreseen(preview, names);
    // A command for terminals has no steps of its own.
    if account.has_no_steps() && !matches!(operation, Operation::Send(..)) {
        account.outcome = Outcome::Nothing;
        if !args.write {
            return Ok(());
        }
    } else {
        for line in account.preview().lines() {
            say::note(line);
        }
        if args.dry_run {
            return Ok(());
        }
        if !args.write {
            return Err(Failure::guarded("nothing was written")
                .hint("--write makes the change; --dry-run shows it only"));
        }
        stop::confirm("Make the change?", args.yes, &mut stop).await?;
    }
    if stop.is_asked() {
        return Err(Failure::guarded("stopped; nothing was written"));
    }
    let (applied, record) = apply(&*backend, &operation).await?;
    account.applied(applied.change, applied.effects, applied.losses);
    account.record = record;
    Ok(())
}

/// Makes the operation, and returns the record it is about as it is now.
async fn apply(backend: &dyn Backend, operation: &Operation) -> Result<(Applied<()>, Value)> {
    let told = |applied: Applied<jsonsql_client::model::Subscriber>| with(applied);
    Ok(match operation {
        Operation::CreateSubscriber(new) => told(backend.create_subscriber(new).await?),
        Operation::ChangeSubscriber(id, patch) => told(backend.change_subscriber(id, patch).await?),
        Operation::EnableSubscriber(id) => told(backend.enable_subscriber(id).await?),
        Operation::DisableSubscriber(id) => told(backend.disable_subscriber(id).await?),
        Operation::BindTerminal(id, TerminalKey::Mac(mac)) => {
            with(backend.bind_terminal(id, *mac).await?)
        }
        Operation::MoveTerminal(terminal, to) => with(backend.move_terminal(terminal, to).await?),
        Operation::AddSubscription(new) => with(backend.add_subscription(new).await?),
        other => (backend.apply(other).await?, Value::Null),
    })
}

fn with<R: Record>(applied: Applied<R>) -> (Applied<()>, Value) {
    let mut record = Value::Null;
    let applied = applied.map(|value| record = value.object());
    (applied, record)
}
