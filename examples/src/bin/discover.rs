//! Writes the structs of a server's tables: the vendor publishes its schema as
//! a picture, and every server has columns of its own.

use std::error::Error;
use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use jsonsql::Table;
use jsonsql_client::Printable;
use jsonsql_client::{Client, schema};
use jsonsql_examples::out::{self, Out};
use jsonsql_examples::platform::Portal;
use jsonsql_examples::progress::Progress;

/// Prints a struct with `#[derive(Table)]` for each of a server's tables, to be
/// put into a program: `discover media > src/media.rs`.
///
/// Three selects per table, of at most 200 rows; no value of a row is printed.
///
/// With an address, and the password in the variable `JSONSQL_PASSWORD`, that
/// server is asked; it is only read. Otherwise a local sandbox is started, which
/// needs nothing.
#[derive(Parser)]
struct Options {
    /// The tables; without any, those that are publicly known
    tables: Vec<String>,

    /// A column that the tables may have, beside the common names; repeatable
    #[arg(long = "column", value_name = "NAME")]
    columns: Vec<String>,

    #[command(flatten)]
    portal: Portal,
}

/// The tables of [`schema`].
fn known() -> Vec<String> {
    let tables = [
        schema::Domain::INFO,
        schema::Media::INFO,
        schema::Package::INFO,
        schema::Subscriber::INFO,
        schema::SubscriberInetaddr::INFO,
        schema::SubscriberPackage::INFO,
        schema::Terminal::INFO,
        schema::TerminalPlaylog::INFO,
        schema::TvCategory::INFO,
        schema::TvChannel::INFO,
        schema::TvProgram::INFO,
        schema::TvProgramCategory::INFO,
    ];
    tables.iter().map(|table| table.name.to_owned()).collect()
}

#[tokio::main]
async fn main() -> ExitCode {
    out::ended(run(Options::parse()).await)
}

/// Whether every table was found.
async fn run(options: Options) -> Result<bool, Box<dyn Error>> {
    let tables = match options.tables {
        tables if tables.is_empty() => known(),
        tables => tables,
    };
    let candidates: Vec<&str> = options.columns.iter().map(String::as_str).collect();
    let mut out = Out::of_one_that(false);
    let (client, _sandbox) = options.portal.start().await?;
    let mut progress = Progress::new("discovering", tables.len());
    let mut all_found = true;
    for (number, table) in tables.iter().enumerate() {
        progress.step();
        let (found, printed) = describe(&client, table, &candidates).await?;
        progress.hide();
        all_found &= found;
        let between = if number > 0 { "\n" } else { "" };
        write!(out, "{between}")?;
        for line in printed.trim_end().lines() {
            writeln!(out, "{}", Printable(line))?;
        }
    }
    Ok(all_found)
}

/// Whether the server has the table, and what is printed of it. What it says
/// of one table does not keep the others from being printed.
async fn describe(
    client: &Client,
    table: &str,
    candidates: &[&str],
) -> Result<(bool, String), Box<dyn Error>> {
    use jsonsql_client::Error;
    match client.discover(table, candidates).await {
        Ok(found) => Ok((true, found.to_string())),
        Err(Error::NoRow { .. }) => Ok((
            true,
            format!("// `{table}` is empty: nothing can be known of it"),
        )),
        Err(Error::Server(refusal)) => Ok((false, format!("// `{table}`: {}", refusal.message()))),
        Err(other) => Err(other.into()),
    }
}
