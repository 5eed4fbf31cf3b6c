//! `jsonsql terminal`: boxes and players, on any platform.

use clap::Subcommand;
use jsonsql_client::model::Capability;
use jsonsql_client::model::{MacAddr, Terminal};
use jsonsql_client::provisioning::{Operation, TerminalKey};

use crate::exit::{Failure, Result, Status, ended};
use crate::operation::{self, WriteArgs};
use crate::output::{OutputArgs, Printer};
use crate::platform::{Seen, everybody};
use crate::records::ExtraArgs;
use crate::say;
use crate::stop::Stop;
use crate::subject::{SubscriberArgs, TerminalArgs};
use crate::target::{Connection, TargetArgs, on_platform, open};

/// Lists terminals, gives one to a subscriber, takes it away, or moves it
#[derive(Subcommand)]
#[command(after_help = crate::exit::HELP)]
pub(crate) enum Command {
    List(ListArgs),
    Bind(BindArgs),
    Unbind(UnbindArgs),
    Move(MoveArgs),
}

/// Lists the terminals of a subscriber, of nobody, or all
///
///   jsonsql terminal list --login ivanov
///   jsonsql terminal list --nobodys --format csv
#[derive(clap::Args)]
#[command(verbatim_doc_comment, after_help = crate::exit::HELP)]
pub(crate) struct ListArgs {
    #[command(flatten)]
    of: OfArgs,

    #[command(flatten)]
    extra: ExtraArgs,

    #[command(flatten)]
    target: TargetArgs,

    #[command(flatten)]
    output: OutputArgs,
}

/// Whose terminals: one of these, or everybody's.
#[derive(clap::Args)]
#[group(multiple = false)]
struct OfArgs {
    /// Of the subscriber with this login
    #[arg(long, value_name = "LOGIN")]
    login: Option<String>,

    /// Of the subscriber with this external reference
    #[arg(long = "ref", value_name = "REF")]
    reference: Option<String>,

    /// Of the subscriber with this key of the platform
    #[arg(long, value_name = "ID")]
    id: Option<String>,

    /// The terminals that belong to nobody, where the platform keeps such
    #[arg(long)]
    nobodys: bool,
}

/// Gives a subscriber a terminal
///
/// One that has no subscriber is taken; one that is another subscriber's is refused:
/// `jsonsql terminal move` takes it away from there.
#[derive(clap::Args)]
#[command(verbatim_doc_comment, after_help = crate::exit::HELP)]
pub(crate) struct BindArgs {
    #[command(flatten)]
    subscriber: SubscriberArgs,

    #[command(flatten)]
    terminal: BoundArgs,

    #[command(flatten)]
    write: WriteArgs,
}

/// Which terminal is given: one of these.
#[derive(clap::Args)]
#[group(required = true, multiple = false)]
struct BoundArgs {
    /// The terminal with this hardware address, whether the platform knows it or not
    #[arg(long, value_name = "ADDRESS")]
    mac: Option<MacAddr>,

    /// The terminal with this key of the platform
    #[arg(long, value_name = "ID")]
    terminal: Option<String>,
}

impl BoundArgs {
    fn key(&self) -> Result<TerminalKey> {
        let id = || {
            self.terminal
                .as_deref()
                .map(|id| TerminalKey::Id(id.into()))
        };
        let key = self.mac.map(TerminalKey::Mac).or_else(id);
        key.ok_or_else(|| Failure::usage("no terminal is named"))
    }
}

/// Takes a terminal away from its subscriber
#[derive(clap::Args)]
#[command(after_help = crate::exit::HELP)]
pub(crate) struct UnbindArgs {
    #[command(flatten)]
    terminal: TerminalArgs,

    #[command(flatten)]
    write: WriteArgs,
}

/// Takes a terminal from whoever has it and gives it to another subscriber
///
/// One that has no subscriber is refused: `jsonsql terminal bind` gives it to one.
#[derive(clap::Args)]
#[command(after_help = crate::exit::HELP)]
pub(crate) struct MoveArgs {
    #[command(flatten)]
    terminal: TerminalArgs,

    #[command(flatten)]
    to: ToArgs,

    #[command(flatten)]
    write: WriteArgs,
}

/// Who gets the terminal: one of these.
#[derive(clap::Args)]
#[group(required = true, multiple = false)]
struct ToArgs {
    /// To the subscriber with this login
    #[arg(long, value_name = "LOGIN")]
    to_login: Option<String>,

    /// To the subscriber with this external reference
    #[arg(long, value_name = "REF")]
    to_ref: Option<String>,

    /// To the subscriber with this key of the platform
    #[arg(long, value_name = "ID")]
    to_id: Option<String>,
}

/// Runs the command.
pub(crate) async fn run(command: Command) -> Result<Status> {
    match command {
        Command::List(args) => list(args).await,
        Command::Bind(args) => {
            operation::run("bind terminal", &args.write, async |_, backend| {
                let id = args.subscriber.find(backend).await?.id;
                Ok(Operation::BindTerminal(id, args.terminal.key()?))
            })
            .await
        }
        Command::Unbind(args) => {
            let terminal = &args.terminal;
            operation::run("unbind terminal", &args.write, async |connection, _| {
                Ok(Operation::UnbindTerminal(terminal.find(connection).await?))
            })
            .await
        }
        Command::Move(args) => {
            let to = SubscriberArgs::of(args.to.to_login, args.to.to_ref, args.to.to_id);
            let terminal = &args.terminal;
            operation::run("move terminal", &args.write, async |connection, backend| {
                let terminal = terminal.find(connection).await?;
                let to = to.find(backend).await?.id;
                Ok(Operation::MoveTerminal(terminal, to))
            })
            .await
        }
    }
}

async fn list(args: ListArgs) -> Result<Status> {
    let connection = open(&args.target).await?;
    let backend = connection.backend();
    if args.of.nobodys && !backend.capabilities().has(Capability::FreeTerminals) {
        return Err(Failure::failed(format!(
            "{} keeps no terminals without a subscriber",
            backend.name()
        )));
    }
    let mut stop = Stop::listen()?;
    let mut printer = Printer::new(&args.output, args.extra.columns::<Terminal>())?;
    let mut status = Status::Done;
    let OfArgs {
        login,
        reference,
        id,
        nobodys,
    } = args.of;
    let is_of_one = login.is_some() || reference.is_some() || id.is_some();
    match is_of_one.then(|| SubscriberArgs::of(login, reference, id)) {
        Some(subscriber) => {
            let read = async {
                let id = subscriber.find(&*backend).await?.id;
                Ok(backend.terminals(&id).collect().await?)
            };
            let terminals: Result<_> = stop.reading(read).await?;
            for terminal in terminals? {
                printer.row(&args.extra.values(&terminal))?;
            }
        }
        None => {
            let row = |terminal: &Terminal| printer.row(&args.extra.values(terminal));
            let all = all(&connection, nobodys, row);
            status = stop.reading(all).await??;
        }
    }
    ended(status, printer.finish())
}

/// Writes the terminals of everybody, or of nobody, as they come.
async fn all(
    connection: &Connection,
    nobodys: bool,
    mut row: impl FnMut(&Terminal) -> Result<()>,
) -> Result<Status> {
    let mut status = Status::Done;
    let each = |seen: Seen| match seen {
        Seen::View(view) if nobodys && view.subscriber.is_some() => Ok(()),
        Seen::View(view) => view.terminals.iter().try_for_each(&mut row),
        Seen::Unreadable(row) => {
            say::note(&format!("left out, since it cannot be read: {row}"));
            status = status.and(Status::Failed);
            Ok(())
        }
    };
    on_platform!(connection, platform => everybody(&platform, each).await)?;
    Ok(status)
}
