//! Where an export goes: a file for each kind of row, or one for all.

use std::path::Path;

use clap::ValueEnum;
use serde_json::Value;

use crate::exit::{Failure, Result};
use crate::output::{Database, Format, Printer};
use crate::records::Record;

/// The formats in which a row does not wait for others.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Streamed {
    /// Comma-separated values with a header
    #[default]
    Csv,
    /// A JSON object per line
    Jsonl,
    /// A file of SQLite
    Sqlite,
}

/// Rows of one name and the same columns.
#[derive(Debug, Clone)]
pub(super) struct Kind {
    pub(super) name: String,
    pub(super) columns: Vec<String>,
}

/// The destination: an output for each kind of row, or one file for all.
pub(super) enum Outputs {
    Printers(Vec<(String, Printer)>),
    Database(Vec<String>, Database),
}

impl Outputs {
    /// Opens them: with several kinds `path` is a directory, but for SQLite.
    ///
    /// # Errors
    ///
    /// When a file cannot be created.
    pub(super) fn open(
        kinds: Vec<Kind>,
        format: Streamed,
        path: Option<&Path>,
        is_directory: bool,
    ) -> Result<Outputs> {
        let (format, ending) = match (format, path) {
            (Streamed::Sqlite, Some(path)) => {
                let database = Database::open(path)?;
                for kind in &kinds {
                    database.create(&kind.name, &kind.columns)?;
                }
                let names = kinds.into_iter().map(|kind| kind.name).collect();
                return Ok(Outputs::Database(names, database));
            }
            (Streamed::Sqlite, None) => {
                return Err(Failure::usage("an SQLite file needs --output FILE"));
            }
            (Streamed::Csv, _) => (Format::Csv, "csv"),
            (Streamed::Jsonl, _) => (Format::Jsonl, "jsonl"),
        };
        let directory = path.filter(|_| is_directory);
        if let Some(directory) = directory {
            std::fs::create_dir_all(directory)
                .map_err(|error| Failure::failed(format!("{}: {error}", directory.display())))?;
        }
        let open = |Kind { name, columns }: Kind| {
            let within = directory.map(|one| one.join(format!("{name}.{ending}")));
            let path = within.as_deref().or(path);
            Ok((name, Printer::streamed(path, format, columns)?))
        };
        let printers = kinds.into_iter().map(open);
        Ok(Outputs::Printers(printers.collect::<Result<_>>()?))
    }

    /// Returns `true` if rows of this name are to be written.
    pub(super) fn has(&self, wanted: &str) -> bool {
        match self {
            Outputs::Printers(printers) => printers.iter().any(|(name, _)| name == wanted),
            Outputs::Database(names, _) => names.iter().any(|name| name == wanted),
        }
    }

    /// Writes these records, if they are of a kind that is to be written.
    pub(super) fn records<R: Record>(&mut self, kind: &str, records: &[R]) -> Result<()> {
        let mut records = records.iter().map(R::values);
        records.try_for_each(|values| self.row(kind, &values))
    }

    /// Writes a row, if it is of a kind that is to be written.
    pub(super) fn row(&mut self, kind: &str, values: &[Value]) -> Result<()> {
        match self {
            Outputs::Database(names, database) => match names.iter().any(|name| name == kind) {
                true => database.row(kind, values),
                false => Ok(()),
            },
            Outputs::Printers(printers) => {
                match printers.iter_mut().find(|(name, _)| name == kind) {
                    Some((_, printer)) => printer.row(values),
                    None => Ok(()),
                }
            }
        }
    }

    /// Gives the files their names.
    ///
    /// # Errors
    ///
    /// When the rest cannot be written.
    pub(super) fn finish(self) -> Result<()> {
        match self {
            Outputs::Database(_, database) => database.finish(),
            Outputs::Printers(printers) => {
                let mut printers = printers.into_iter();
                printers.try_for_each(|(_, printer)| printer.finish())
            }
        }
    }
}
