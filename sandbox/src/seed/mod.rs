//! The initial data of a sandbox.

use std::path::Path;
use std::str::FromStr;

use jsonsql::ast::Statement;

use crate::account::{Account, FIRST_DOMAIN};
use crate::error::Error;
use crate::schema::{self, Catalog};

mod document;
mod generate;

use document::Document;

/// The rows a new sandbox starts with. A database that already has its tables
/// keeps what is in it.
///
/// The text form is that of the command line: `demo`, `empty`, `documents`,
/// `generate:N`, or the path of a JSON file.
///
/// ```
/// use jsonsql_sandbox::Seed;
///
/// let ours = Seed::from_json(r#"{
///     "tables": [{"name": "tariff", "columns": [
///         {"name": "id", "type": "id"},
///         {"name": "title", "type": "text", "required": true}]}],
///     "rows": [{"into": "tariff", "columns": ["title"], "values": [["basic"]]}]
/// }"#)?;
/// # let _ = ours;
/// # Ok::<(), jsonsql_sandbox::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub enum Seed {
    /// A small operator: a dozen subscribers with terminals and packages, ten
    /// channels, a programme.
    #[default]
    Demo,
    /// One domain and nothing else.
    Empty,
    /// The logins that the examples of the vendor's document use.
    Documents,
    /// This many subscribers with terminals and packages, the same ones every time.
    Generated(u32),
    /// Tables, columns, accounts and rows of one's own.
    Custom(Custom),
}

/// A seed read from a JSON document.
#[derive(Debug, Clone)]
pub struct Custom(std::sync::Arc<Document>);

/// Inserts, each with the domain it is made for.
pub(crate) type Inserts<'a> = Box<dyn Iterator<Item = Result<(i64, Statement), Error>> + Send + 'a>;

impl Seed {
    /// Reads a seed document.
    ///
    /// # Errors
    ///
    /// When it is not JSON of the expected form.
    pub fn from_json(json: &str) -> Result<Seed, Error> {
        let document = Document::parse(json).map_err(Error::Seed)?;
        Ok(Seed::Custom(Custom(document.into())))
    }

    /// Reads a seed document from a file.
    ///
    /// # Errors
    ///
    /// When the file cannot be read, or is not JSON of the expected form.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Seed, Error> {
        let path = path.as_ref();
        let describe = |problem: String| Error::Seed(format!("{}: {problem}", path.display()));
        let json = std::fs::read_to_string(path).map_err(|error| describe(error.to_string()))?;
        let document = Document::parse(&json).map_err(describe)?;
        Ok(Seed::Custom(Custom(document.into())))
    }

    /// The inserts of rows in the form of a seed document's `rows`.
    pub(crate) fn rows(rows: &serde_json::Value) -> Result<Vec<(i64, Statement)>, Error> {
        let json = serde_json::json!({"rows": rows}).to_string();
        let document = Document::parse(&json).map_err(Error::Seed)?;
        document.row_inserts().collect()
    }

    /// Returns `true` if it has nothing but rows: what can be put into existing
    /// tables.
    pub(crate) fn is_only_rows(&self) -> bool {
        match self {
            Seed::Custom(Custom(document)) => document.is_only_rows(),
            _ => true,
        }
    }

    /// The vendor's tables and those the seed declares.
    pub(crate) fn catalog(&self) -> Result<Catalog, Error> {
        let mut tables = schema::portal();
        if let Seed::Custom(Custom(document)) = self {
            document.extend(&mut tables).map_err(Error::Seed)?;
        }
        Ok(Catalog::new(tables))
    }

    /// Returns the accounts that may log in beside the builder's own.
    pub(crate) fn accounts(&self) -> Vec<Account> {
        match self {
            Seed::Custom(Custom(document)) => document.accounts(),
            _ => Vec::new(),
        }
    }

    /// The inserts that make the rows, those of the domains first.
    pub(crate) fn inserts(&self) -> Inserts<'_> {
        match self {
            Seed::Empty => Box::new(std::iter::once(document::domain(FIRST_DOMAIN))),
            Seed::Demo => of_ours(include_str!("demo.json")),
            Seed::Documents => of_ours(include_str!("documents.json")),
            Seed::Generated(subscribers) => Box::new(
                std::iter::once(document::domain(FIRST_DOMAIN))
                    .chain(generate::inserts(*subscribers)),
            ),
            Seed::Custom(Custom(document)) => Box::new(document.inserts()),
        }
    }
}

/// The inserts of a seed that the sandbox brings along.
fn of_ours(json: &str) -> Inserts<'static> {
    match Document::parse(json).map_err(Error::Seed) {
        Ok(document) => Box::new(document.inserts().collect::<Vec<_>>().into_iter()),
        Err(error) => Box::new(std::iter::once(Err(error))),
    }
}

impl FromStr for Seed {
    type Err = Error;

    fn from_str(text: &str) -> Result<Seed, Error> {
        match (text, text.strip_prefix("generate:")) {
            ("demo", _) => Ok(Seed::Demo),
            ("empty", _) => Ok(Seed::Empty),
            ("documents", _) => Ok(Seed::Documents),
            (_, Some(count)) => count.parse().map(Seed::Generated).map_err(|_| {
                Error::Seed(format!(
                    "\"{text}\": generate takes a whole number of subscribers, as in generate:1000"
                ))
            }),
            (path, None) => Seed::from_file(path),
        }
    }
}
