//! Rows on standard output or in a file: as a table, CSV, JSON, JSON lines or SQLite.

mod database;
mod file;
mod part;
mod printer;
mod table;

use std::fmt;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::exit::Result;

pub(crate) use database::Database;
pub(crate) use file::Destination;
pub(crate) use printer::Printer;

/// How rows are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// A table for people
    #[default]
    Table,
    /// Comma-separated values with a header, quoted as RFC 4180 says; NULL is an empty cell
    Csv,
    /// One JSON array of objects
    Json,
    /// A JSON object per line
    Jsonl,
}

/// Where rows go, and how they are written.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Output")]
pub(crate) struct OutputArgs {
    /// How rows are written
    #[arg(
        long,
        short = 'f',
        value_enum,
        default_value_t,
        conflicts_with = "json"
    )]
    format: Format,

    /// The same as `--format json`
    #[arg(long)]
    json: bool,

    /// Writes to this file instead of standard output; it appears when it is whole
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl OutputArgs {
    pub(crate) fn format(&self) -> Format {
        if self.json { Format::Json } else { self.format }
    }
}

/// Writes a text on standard output.
///
/// # Errors
///
/// When it cannot be written; see [`ended`](crate::exit::ended) for a closed pipe.
pub(crate) fn print(text: impl fmt::Display) -> Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    write!(out, "{text}")?;
    Ok(out.flush()?)
}
