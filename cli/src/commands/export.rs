//! `jsonsql export`: everything of a platform, streamed.

use std::path::PathBuf;

use clap::ValueEnum;
use jsonsql_client::model::{Package, Subscriber, Subscription, Terminal};

use crate::exit::{Failure, Result, Status, ended};
use crate::output::{Database, Format, Printer};
use crate::platform::{Seen, everybody};
use crate::records::{Record, columns};
use crate::say;
use crate::stop::Stop;
use crate::target::{Connection, TargetArgs, on_platform, open};

/// Writes everything of a platform as CSV, JSON lines or an SQLite file
///
/// A row is written when it is read, so that memory does not grow with the number
/// of rows. A file gets its name when it is whole: an interruption leaves nothing
/// half-written.
///
///   jsonsql export --what terminals -o terminals.csv
///   jsonsql export --what all --format jsonl -o DIRECTORY
///   jsonsql export --what all --format sqlite -o platform.db
///
/// An SQLite file has a table for each kind of record, of the names below.
///
/// The columns are: subscribers: id, login, external_ref, enabled, name, email, phone,
/// address, note, device_limit; terminals: id, subscriber, mac, unique_id, ip, model,
/// serial, firmware, online; subscriptions: id, subscriber, package, terminal, from,
/// until, active; packages: id, kind, name, enabled, price, plans. Terminals of nobody
/// are among the terminals. Passwords are never read.
#[derive(clap::Args)]
#[command(verbatim_doc_comment, after_help = crate::exit::HELP)]
pub(crate) struct Args {
    /// What is written; `all` needs a directory
    #[arg(long, value_enum, default_value_t)]
    what: What,

    /// How rows are written
    #[arg(long, short = 'f', value_enum, default_value_t)]
    format: Streamed,

    /// The file; with `--what all` a directory, which is made if it is not there, unless
    /// the format is sqlite
    #[arg(long, short, value_name = "FILE|DIR", required_if_eq_any([("what", "all"), ("format", "sqlite")]))]
    output: Option<PathBuf>,

    #[command(flatten)]
    target: TargetArgs,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum What {
    #[default]
    Subscribers,
    Terminals,
    Subscriptions,
    Packages,
    All,
}

impl What {
    fn name(self) -> &'static str {
        match self {
            What::Subscribers => "subscribers",
            What::Terminals => "terminals",
            What::Subscriptions => "subscriptions",
            What::Packages => "packages",
            What::All => "all",
        }
    }
}

/// The formats in which a row does not wait for others.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Streamed {
    /// Comma-separated values with a header
    #[default]
    Csv,
    /// A JSON object per line
    Jsonl,
    /// A file of SQLite
    Sqlite,
}

/// The destination: an output for each kind of record, or one file for all.
enum Outputs {
    Printers(Vec<(What, Printer)>),
    Database(Vec<What>, Database),
}

/// Runs the command.
pub(crate) async fn run(args: Args) -> Result<Status> {
    let connection = open(&args.target).await?;
    let mut stop = Stop::listen()?;
    let mut outputs = Outputs::open(&args)?;
    let status = stop.reading(written(&connection, &mut outputs)).await??;
    ended(status, outputs.finish())
}

impl Outputs {
    fn open(args: &Args) -> Result<Outputs> {
        let kinds = [
            (What::Subscribers, columns::<Subscriber>()),
            (What::Terminals, columns::<Terminal>()),
            (What::Subscriptions, columns::<Subscription>()),
            (What::Packages, columns::<Package>()),
        ];
        let mut kinds = Vec::from(kinds);
        kinds.retain(|(kind, _)| args.what == What::All || args.what == *kind);
        let path = args.output.as_deref();
        let (format, ending) = match (args.format, path) {
            (Streamed::Sqlite, Some(path)) => {
                let database = Database::open(path)?;
                for (kind, columns) in &kinds {
                    database.create(kind.name(), columns)?;
                }
                let kinds = kinds.into_iter().map(|(kind, _)| kind).collect();
                return Ok(Outputs::Database(kinds, database));
            }
            (Streamed::Sqlite, None) => {
                return Err(Failure::usage("an SQLite file needs --output FILE"));
            }
            (Streamed::Csv, _) => (Format::Csv, "csv"),
            (Streamed::Jsonl, _) => (Format::Jsonl, "jsonl"),
        };
        let directory = path.filter(|_| args.what == What::All);
        if let Some(directory) = directory {
            std::fs::create_dir_all(directory)
                .map_err(|error| Failure::failed(format!("{}: {error}", directory.display())))?;
        }
        let open = |(kind, columns): (What, Vec<String>)| {
            let within = directory.map(|one| one.join(format!("{}.{ending}", kind.name())));
            let path = within.as_deref().or(path);
            Ok((kind, Printer::streamed(path, format, columns)?))
        };
        let printers = kinds.into_iter().map(open);
        Ok(Outputs::Printers(printers.collect::<Result<_>>()?))
    }

    fn has(&self, wanted: What) -> bool {
        match self {
            Outputs::Printers(printers) => printers.iter().any(|(kind, _)| *kind == wanted),
            Outputs::Database(kinds, _) => kinds.contains(&wanted),
        }
    }

    /// Writes these records, if they are of a kind that is to be written.
    fn write<R: Record>(&mut self, kind: What, records: &[R]) -> Result<()> {
        let mut records = records.iter().map(R::values);
        match self {
            Outputs::Database(kinds, database) if kinds.contains(&kind) => {
                records.try_for_each(|values| database.row(kind.name(), &values))
            }
            Outputs::Printers(printers) => {
                match printers.iter_mut().find(|(one, _)| *one == kind) {
                    Some((_, printer)) => records.try_for_each(|values| printer.row(&values)),
                    None => Ok(()),
                }
            }
            Outputs::Database(..) => Ok(()),
        }
    }

    /// Gives the files their names.
    fn finish(self) -> Result<()> {
        match self {
            Outputs::Database(_, database) => database.finish(),
            Outputs::Printers(printers) => {
                let mut printers = printers.into_iter();
                printers.try_for_each(|(_, printer)| printer.finish())
            }
        }
    }
}

async fn written(connection: &Connection, outputs: &mut Outputs) -> Result<Status> {
    if outputs.has(What::Packages) {
        let backend = connection.backend();
        let mut packages = backend.packages();
        while let Some(package) = packages.next().await {
            outputs.write(What::Packages, &[package?])?;
        }
    }
    let of_subscribers = [What::Subscribers, What::Terminals, What::Subscriptions];
    if !of_subscribers.iter().any(|kind| outputs.has(*kind)) {
        return Ok(Status::Done);
    }
    let mut unreadable = 0_u64;
    let each = |seen: Seen| {
        let view = match seen {
            Seen::View(view) => view,
            Seen::Unreadable(row) => {
                unreadable += 1;
                say::note(&format!("left out, since it cannot be read: {row}"));
                return Ok(());
            }
        };
        for row in &view.unreadable {
            unreadable += 1;
            let text = format!(
                "left out, since it cannot be read: {}: {}",
                row.id, row.reason
            );
            say::note(&text);
        }
        outputs.write(What::Subscribers, view.subscriber.as_slice())?;
        outputs.write(What::Terminals, &view.terminals)?;
        outputs.write(What::Subscriptions, &view.subscriptions)
    };
    on_platform!(connection, platform => everybody(&platform, each).await)?;
    match unreadable {
        0 => Ok(Status::Done),
        rows => {
            say::note(&format!("{rows} rows were left out"));
            Ok(Status::Failed)
        }
    }
}
