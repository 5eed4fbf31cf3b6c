//! Typed analytics: the server groups, counts and sorts, and the answers are
//! rows of structs.
//!
//! Packages by subscribers, boxes per subscriber and the channels most played,
//! as terminal tables, CSV or JSON lines.

mod output;
mod queries;

use std::error::Error;
use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use jsonsql::Select;
use jsonsql::row::Row;
use jsonsql_client::{Client, Printable};
use jsonsql_examples::out::{self, Out};
use jsonsql_examples::platform::Portal;
use jsonsql_examples::progress::Progress;
use serde::Serialize;

use output::Format;

/// Reports of a server: packages by subscribers, boxes per subscriber, and the
/// channels most played.
///
/// With an address, and the password in the variable `JSONSQL_PASSWORD`, that
/// server is asked; it is only read. Otherwise a local sandbox is started, which
/// needs nothing.
#[derive(Parser)]
struct Options {
    /// The one to print; all of them if none is named
    report: Option<Report>,

    /// How to print it
    #[arg(long, value_enum, default_value_t)]
    format: Format,

    /// How many rows at the most
    #[arg(long, default_value_t = 10)]
    top: u64,

    #[command(flatten)]
    portal: Portal,
}

#[derive(Clone, Copy, ValueEnum)]
enum Report {
    /// Packages by the number of subscribers that have them
    Packages,
    /// How many subscribers have so many boxes
    Boxes,
    /// Channels by how often they were played
    Channels,
}

impl Report {
    fn title(self) -> &'static str {
        match self {
            Report::Packages => "Packages by subscribers",
            Report::Boxes => "Boxes per subscriber",
            Report::Channels => "Channels most played",
        }
    }

    async fn print(
        self,
        client: &Client,
        top: u64,
        format: Format,
    ) -> Result<Vec<u8>, Box<dyn Error>> {
        let heading = (format == Format::Table).then(|| self.title());
        match self {
            Report::Packages => rows(client, queries::packages(top), format, heading).await,
            Report::Boxes => rows(client, queries::boxes(top), format, heading).await,
            Report::Channels => rows(client, queries::channels(top), format, heading).await,
        }
    }
}

async fn rows<R>(
    client: &Client,
    query: Select<R>,
    format: Format,
    heading: Option<&str>,
) -> Result<Vec<u8>, Box<dyn Error>>
where
    R: for<'de> Row<'de> + Serialize + Default + Send + 'static,
{
    let rows = client.fetch_all(&query).await?;
    let mut printed = heading.map_or_else(Vec::new, |title| format!("{title}\n").into_bytes());
    output::print(&rows, format, &mut printed)?;
    Ok(printed)
}

#[tokio::main]
async fn main() -> ExitCode {
    out::ended(run(Options::parse()).await.map(|()| true))
}

async fn run(options: Options) -> Result<(), Box<dyn Error>> {
    let reports = match (options.report, options.format) {
        (Some(report), _) => vec![report],
        (None, Format::Table) => Report::value_variants().to_vec(),
        (None, Format::Csv | Format::Jsonl) => {
            return Err("name one report: their columns differ".into());
        }
    };
    let mut out = Out::of_one_that(false);
    let (client, _sandbox) = options.portal.start().await?;
    let mut progress = Progress::new("asking", reports.len());
    for (number, report) in reports.iter().enumerate() {
        progress.step();
        let printed = report.print(&client, options.top, options.format).await?;
        progress.hide();
        if number > 0 {
            writeln!(out)?;
        }
        if options.format == Format::Table || !io::stdout().is_terminal() {
            out.write_all(&printed)?;
            continue;
        }
        // Data for a program is as it is; on a terminal it is for a person.
        for line in String::from_utf8_lossy(&printed).lines() {
            writeln!(out, "{}", Printable(line))?;
        }
    }
    Ok(())
}
