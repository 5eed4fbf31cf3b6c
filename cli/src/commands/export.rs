//! `jsonsql export`: everything of a platform, streamed.

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use jsonsql_client::provisioning::model::{Package, Subscriber, Subscription, Terminal};

use crate::exit::{Failure, Result, Status, ended};
use crate::output::{Format, Printer};
use crate::platform::{Seen, everybody};
use crate::records::{Record, columns};
use crate::say;
use crate::stop::Stop;
use crate::target::{Connection, TargetArgs, on_platform, open};

/// Writes everything of a platform as CSV or JSON lines
///
/// A row is written when it is read, so that memory does not grow with the number
/// of rows. A file gets its name when it is whole: an interruption leaves nothing
/// half-written.
///
///   jsonsql export --what terminals -o terminals.csv
///   jsonsql export --what all --format jsonl -o DIRECTORY
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

    /// The file; with `--what all` a directory, which is made if it is not there
    #[arg(long, short, value_name = "FILE|DIR", required_if_eq("what", "all"))]
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

/// The formats in which a row does not wait for others.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Streamed {
    /// Comma-separated values with a header
    #[default]
    Csv,
    /// A JSON object per line
    Jsonl,
}

/// The outputs that are written to.
#[derive(Default)]
struct Outputs {
    subscribers: Option<Printer>,
    terminals: Option<Printer>,
    subscriptions: Option<Printer>,
    packages: Option<Printer>,
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
        let path = args.output.as_deref();
        if let (What::All, Some(directory)) = (args.what, path) {
            std::fs::create_dir_all(directory)
                .map_err(|error| Failure::failed(format!("{}: {error}", directory.display())))?;
        }
        Ok(Outputs {
            subscribers: output::<Subscriber>(args, What::Subscribers, path)?,
            terminals: output::<Terminal>(args, What::Terminals, path)?,
            subscriptions: output::<Subscription>(args, What::Subscriptions, path)?,
            packages: output::<Package>(args, What::Packages, path)?,
        })
    }

    /// Gives the files their names.
    fn finish(self) -> Result<()> {
        let all = [
            self.subscribers,
            self.terminals,
            self.subscriptions,
            self.packages,
        ];
        all.into_iter().flatten().try_for_each(Printer::finish)
    }
}

/// The output of one kind of record, if it is to be written.
fn output<R: Record>(args: &Args, kind: What, path: Option<&Path>) -> Result<Option<Printer>> {
    let (format, ending) = match args.format {
        Streamed::Csv => (Format::Csv, "csv"),
        Streamed::Jsonl => (Format::Jsonl, "jsonl"),
    };
    let path = match (args.what, path) {
        (What::All, Some(directory)) => {
            let name = match kind {
                What::Terminals => "terminals",
                What::Subscriptions => "subscriptions",
                What::Packages => "packages",
                What::Subscribers | What::All => "subscribers",
            };
            Some(directory.join(format!("{name}.{ending}")))
        }
        (what, path) if what == kind => path.map(Path::to_owned),
        _ => return Ok(None),
    };
    Ok(Some(Printer::streamed(
        path.as_deref(),
        format,
        columns::<R>(),
    )?))
}

async fn written(connection: &Connection, outputs: &mut Outputs) -> Result<Status> {
    if let Some(printer) = &mut outputs.packages {
        let backend = connection.backend();
        let mut packages = backend.packages();
        while let Some(package) = packages.next().await {
            printer.row(&package?.values())?;
        }
    }
    let is_of_subscribers = outputs.subscribers.is_some()
        || outputs.terminals.is_some()
        || outputs.subscriptions.is_some();
    if !is_of_subscribers {
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
        rows(&mut outputs.subscribers, view.subscriber.as_slice())?;
        rows(&mut outputs.terminals, &view.terminals)?;
        rows(&mut outputs.subscriptions, &view.subscriptions)
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

fn rows<R: Record>(printer: &mut Option<Printer>, records: &[R]) -> Result<()> {
    let Some(printer) = printer else {
        return Ok(());
    };
    let mut records = records.iter();
    records.try_for_each(|record| printer.row(&record.values()))
}
