//! `jsonsql schema`: what a server has.

use std::collections::BTreeSet;

use clap::Subcommand;
use jsonsql::Table;
use jsonsql_client::schema::{self, full};
use jsonsql_client::{Client, Discovered, Error, Printable};
use serde_json::{Value, json};

use crate::exit::{Failure, Result, Status, ended};
use crate::knowledge;
use crate::output::{OutputArgs, Printer, print};
use crate::say;
use crate::stop::Stop;
use crate::target::{TargetArgs, open};

/// Finds out which tables and columns a server has
#[derive(Subcommand)]
#[command(after_help = crate::exit::HELP)]
pub(crate) enum Command {
    Discover(Discover),
    Rust(Rust),
    Check(Check),
}

/// Lists the columns of tables, as far as a sample of their rows shows them
///
/// Nobody outside can ask the server's schema: common names are tried, and the
/// ones given by --column. No value of a row is shown.
#[derive(clap::Args)]
#[command(verbatim_doc_comment, after_help = crate::exit::HELP)]
pub(crate) struct Discover {
    #[command(flatten)]
    tables: Tables,

    #[command(flatten)]
    output: OutputArgs,
}

/// Prints the structs of tables for a Rust program
#[derive(clap::Args)]
#[command(after_help = crate::exit::HELP)]
pub(crate) struct Rust {
    #[command(flatten)]
    tables: Tables,
}

/// Compares the library's mappings of the vendor's tables with a server
///
/// A column that the server does not have, whose values have another type, or that
/// has NULL where none is expected, is a line; then the exit status is 1.
#[derive(clap::Args)]
#[command(verbatim_doc_comment, after_help = crate::exit::HELP)]
pub(crate) struct Check {
    #[command(flatten)]
    target: TargetArgs,

    #[command(flatten)]
    output: OutputArgs,
}

#[derive(clap::Args)]
struct Tables {
    /// The tables; by default those that are publicly known
    #[arg(value_name = "TABLE")]
    tables: Vec<String>,

    /// One more column name to try; may be repeated
    #[arg(long = "column", value_name = "NAME")]
    columns: Vec<String>,

    #[command(flatten)]
    target: TargetArgs,
}

/// Runs the command.
pub(crate) async fn run(command: Command) -> Result<Status> {
    match command {
        Command::Discover(args) => discover(args).await,
        Command::Rust(args) => rust(args).await,
        Command::Check(args) => check(args).await,
    }
}

async fn discover(args: Discover) -> Result<Status> {
    let (found, status) = found(&args.tables).await?;
    ended(status, list(&found, &args.output))
}

fn list(found: &[Discovered], output: &OutputArgs) -> Result<()> {
    let names = ["table", "column", "kinds", "nulls", "sample", "place"];
    let mut printer = Printer::new(output, names.map(str::to_owned).to_vec())?;
    for table in found {
        for column in &table.columns {
            let kinds: Vec<String> = column
                .kinds
                .iter()
                .map(|kind| format!("{kind:?}").to_lowercase())
                .collect();
            let place = match column.places.as_slice() {
                [place] => json!(place),
                _ => Value::Null,
            };
            printer.row(&[
                json!(table.table),
                json!(column.name),
                json!(kinds.join(" or ")),
                json!(column.nulls),
                json!(table.sample),
                place,
            ])?;
        }
    }
    printer.finish()
}

async fn rust(args: Rust) -> Result<Status> {
    let (found, status) = found(&args.tables).await?;
    let mut text = String::new();
    for (number, table) in found.iter().enumerate() {
        text.push_str(if number > 0 { "\n" } else { "" });
        for line in table.to_string().trim_end().lines() {
            text.push_str(&format!("{}\n", Printable(line)));
        }
    }
    ended(status, print(&text))
}

/// The tables that the server has; of the others it is said why they are left out.
async fn found(args: &Tables) -> Result<(Vec<Discovered>, Status)> {
    let known: BTreeSet<&str> = knowledge::TABLES.iter().map(|table| table.name).collect();
    let tables: Vec<&str> = match args.tables.is_empty() {
        true => known.into_iter().collect(),
        false => args.tables.iter().map(String::as_str).collect(),
    };
    let candidates: Vec<&str> = args.columns.iter().map(String::as_str).collect();
    let connection = open(&args.target).await?;
    let client = connection.portal()?;
    let mut stop = Stop::listen()?;
    let mut found = Vec::new();
    let mut status = Status::Done;
    for table in tables {
        let asked = stop
            .reading(async { client.discover(table, &candidates).await })
            .await?;
        match asked {
            Ok(table) => found.push(table),
            Err(Error::NoRow { .. }) => {
                say::note(&format!("`{table}` is empty: nothing can be known of it"));
            }
            // One table that the server does not have keeps no other from being shown;
            // that it lacks a known one is no failure.
            Err(Error::Server(refusal)) => {
                say::note(&format!("`{table}`: {}", refusal.message()));
                if !args.tables.is_empty() {
                    status = Status::Failed;
                }
            }
            Err(other) => return Err(other.into()),
        }
    }
    Ok((found, status))
}

async fn check(args: Check) -> Result<Status> {
    let connection = open(&args.target).await?;
    let client = connection.portal()?;
    let mut stop = Stop::listen()?;
    let work = async {
        let mut lines = Vec::new();
        mappings(client, &mut lines).await.map(|()| lines)
    };
    let lines = stop.reading(work).await??;
    let is_bad = lines.iter().any(|line| line.is_mismatch);
    let status = match is_bad {
        true => Status::Failed,
        false => Status::Done,
    };
    ended(status, results(lines, &args.output))
}

fn results(lines: Vec<Line>, output: &OutputArgs) -> Result<()> {
    let names = ["table", "column", "result"].map(str::to_owned).to_vec();
    let mut printer = Printer::new(output, names)?;
    for line in lines {
        let column = line.column.map_or(Value::Null, Value::from);
        printer.row(&[json!(line.table), column, json!(line.result)])?;
    }
    printer.finish()
}

/// A line about a table or a column.
struct Line {
    table: &'static str,
    column: Option<&'static str>,
    result: String,
    is_mismatch: bool,
}

async fn mappings(client: &Client, lines: &mut Vec<Line>) -> Result<()> {
    macro_rules! compared {
        ($($table:ty),* $(,)?) => {
            $(compare::<$table>(client, lines).await?;)*
        };
    }
    compared!(
        full::Domain,
        schema::Key,
        full::Media,
        full::Package,
        schema::Playlist,
        schema::PlayerProfile,
        schema::Profile,
        schema::Service,
        schema::Subscriber,
        schema::SubscriberInetaddr,
        full::SubscriberPackage,
        schema::SystemProfile,
        full::Terminal,
        schema::TerminalPlaylog,
        schema::TvCategory,
        schema::TvChannel,
        schema::TvProgram,
        schema::TvProgramCategory,
        schema::User,
    );
    Ok(())
}

async fn compare<T: Table>(client: &Client, lines: &mut Vec<Line>) -> Result<()> {
    let table = T::INFO.name;
    let line = |column, result: String, is_mismatch| Line {
        table,
        column,
        result,
        is_mismatch,
    };
    match client.check::<T>().await {
        Ok(mismatches) if mismatches.is_empty() => {
            lines.push(line(None, "fits".to_owned(), false));
        }
        Ok(mismatches) => lines.extend(
            mismatches
                .into_iter()
                .map(|mismatch| line(Some(mismatch.column()), mismatch.to_string(), true)),
        ),
        Err(Error::NoRow { .. }) => lines.push(line(None, "is empty".to_owned(), false)),
        Err(Error::Server(refusal)) => {
            lines.push(line(None, Printable(refusal.message()).to_string(), true));
        }
        Err(other) => return Err(Failure::from(other)),
    }
    Ok(())
}
