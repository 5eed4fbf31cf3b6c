//! `jsonsql export`: everything of a platform, streamed.

mod outputs;
mod records;
mod tables;

use std::path::PathBuf;

use crate::exit::{Failure, Result, Status, ended};
use crate::stop::Stop;
use crate::target::{Connection, TargetArgs, open};

use outputs::{Outputs, Streamed};
use records::What;
use tables::{Columns, Table};

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
///
/// Ministra sends all accounts in one answer, and TVIP has no list of terminals in the
/// order of accounts: there memory grows with the number of rows.
///
///   jsonsql export --table terminal --table tv_channel -o DIRECTORY
///
/// A table of an IPTVPORTAL server is written as it is, whichever it is. Nobody outside
/// can ask for its columns: common names are tried, as `jsonsql schema discover` does.
#[derive(clap::Args)]
#[command(verbatim_doc_comment, after_help = crate::exit::HELP)]
pub(crate) struct Args {
    /// What is written; `all` needs a directory
    #[arg(long, value_enum, default_value_t, conflicts_with = "tables")]
    what: What,

    /// A table of IPTVPORTAL instead; may be repeated, and then needs a directory
    #[arg(long = "table", value_name = "TABLE", id = "tables")]
    tables: Vec<String>,

    #[command(flatten)]
    columns: Columns,

    /// How rows are written
    #[arg(long, short = 'f', value_enum, default_value_t)]
    format: Streamed,

    /// The file; with `--what all` or several tables a directory, which is made if it is
    /// not there, unless the format is sqlite
    #[arg(long, short, value_name = "FILE|DIR", required_if_eq_any([("what", "all"), ("format", "sqlite")]))]
    output: Option<PathBuf>,

    #[command(flatten)]
    target: TargetArgs,
}

/// Runs the command.
pub(crate) async fn run(args: Args) -> Result<Status> {
    if args.tables.len() > 1 && args.output.is_none() {
        return Err(Failure::usage("several tables need --output DIRECTORY"));
    }
    let connection = open(&args.target).await?;
    let mut stop = Stop::listen()?;
    let path = args.output.as_deref();
    if !args.tables.is_empty() {
        return stop.reading(of_tables(&connection, &args)).await?;
    }
    let is_directory = args.what == What::All;
    let mut outputs = Outputs::open(args.what.kinds(), args.format, path, is_directory)?;
    let status = stop
        .reading(records::written(&connection, &mut outputs))
        .await??;
    ended(status, outputs.finish())
}

async fn of_tables(connection: &Connection, args: &Args) -> Result<Status> {
    let client = connection.portal()?;
    let mut tables = Vec::new();
    for name in &args.tables {
        tables.extend(Table::discover(client, name, &args.columns).await?);
    }
    let kinds = tables.iter().map(Table::kind).collect();
    let is_directory = args.tables.len() > 1;
    let path = args.output.as_deref();
    let mut outputs = Outputs::open(kinds, args.format, path, is_directory)?;
    for table in &tables {
        table.written(client, &mut outputs).await?;
    }
    ended(Status::Done, outputs.finish())
}
