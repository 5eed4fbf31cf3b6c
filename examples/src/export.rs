//! A billing's export: one subscriber a line, as CSV.
//!
//! ```text
//! external_ref,login,name,phone,email,enabled,packages,macs
//! LB-1001,12345,Анна Волкова,+7 912 000-00-01,a@example.net,1,basic;family,00:1a:79:10:00:01
//! ```
//!
//! A column that is left out is not managed; a cell that is empty is empty.
//! One bad line and nothing is applied: half an export would delete the rest.

mod problem;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::io::Read;

use csv::{ReaderBuilder, StringRecord, Trim};
use jsonsql_client::model::{ExternalRef, MacAddr, NewSubscriber};

pub use problem::Problem;
use problem::{Lines, whole};

use crate::sync::state::Offer;
use crate::sync::wanted::{Managed, Wanted, WantedPackage};

const REQUIRED: [&str; 3] = ["external_ref", "login", "enabled"];
const COLUMNS: [&str; 8] = [
    "external_ref",
    "login",
    "name",
    "phone",
    "email",
    "enabled",
    "packages",
    "macs",
];

/// What an export says, before its packages are looked up on a platform.
#[derive(Debug)]
pub struct Export {
    /// The columns it has.
    pub managed: Managed,
    rows: Vec<Row>,
}

#[derive(Debug)]
struct Row {
    line: u64,
    record: NewSubscriber,
    packages: Vec<String>,
    macs: Vec<MacAddr>,
}

impl Export {
    /// Reads all of it.
    ///
    /// # Errors
    ///
    /// With every problem there is, so that all can be mended at once.
    pub fn read(mut csv: impl Read) -> Result<Export, Vec<Problem>> {
        let mut text = Vec::new();
        if let Err(error) = csv.read_to_end(&mut text) {
            return Err(vec![whole(error.to_string())]);
        }
        let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&text);
        let mut lines = Lines::of(text);
        let mut reader = ReaderBuilder::new()
            .flexible(true)
            .trim(Trim::All)
            .from_reader(text);
        let columns = match reader.headers() {
            Ok(header) => Columns::of(header)?,
            Err(error) => return Err(vec![lines.unreadable(&error)]),
        };
        let mut rows = Vec::new();
        let mut problems = Vec::new();
        for record in reader.records() {
            match record {
                Ok(record) => {
                    let line = lines.line(record.position());
                    rows.extend(columns.row(line, &record, &mut problems));
                }
                Err(error) => problems.push(lines.unreadable(&error)),
            }
        }
        twice(&rows, &mut problems);
        problems.sort_by_key(|problem| problem.line);
        if problems.is_empty() && rows.is_empty() {
            // A failed export looks like a billing without subscribers.
            problems.push(whole("there is no subscriber in it"));
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        Ok(Export {
            managed: columns.managed(),
            rows,
        })
    }

    /// How many subscribers it has.
    pub fn subscribers(&self) -> usize {
        self.rows.len()
    }

    /// The same with the platform's packages in place of their names.
    ///
    /// # Errors
    ///
    /// With every name that is no package's, or several packages'.
    pub fn resolve(self, packages: &[Offer]) -> Result<Vec<Wanted>, Vec<Problem>> {
        let mut problems = Vec::new();
        let mut wanted = Vec::new();
        for row in self.rows {
            let mut found = Vec::new();
            for name in &row.packages {
                match package(packages, name) {
                    Ok(package) => found.push(WantedPackage::of(package)),
                    Err(what) => problems.push(Problem {
                        line: Some(row.line),
                        column: Some("packages"),
                        what,
                    }),
                }
            }
            wanted.push(Wanted {
                record: row.record,
                packages: found,
                macs: row.macs,
            });
        }
        if problems.is_empty() {
            Ok(wanted)
        } else {
            Err(problems)
        }
    }
}

/// The package with this name or, where names are not unique, this key.
///
/// # Errors
///
/// When there is none, or more than one.
pub fn package<'a>(packages: &'a [Offer], name: &str) -> Result<&'a Offer, String> {
    let mut named = packages.iter().filter(|package| package.name == name);
    match (named.next(), named.next()) {
        (Some(package), None) => Ok(package),
        (Some(_), Some(_)) => Err(format!(
            "several packages are called {name:?}: write the key of one"
        )),
        (None, _) => packages
            .iter()
            .find(|package| package.id.as_str() == name)
            .ok_or_else(|| format!("there is no package {name:?} on the platform")),
    }
}

/// Where each column is.
struct Columns(HashMap<&'static str, usize>);

impl Columns {
    fn of(header: &StringRecord) -> Result<Columns, Vec<Problem>> {
        let mut columns = HashMap::new();
        let mut problems = Vec::new();
        for (place, name) in header.iter().enumerate() {
            match COLUMNS.iter().find(|known| **known == name) {
                None => problems.push(whole(format!(
                    "the header has the column {name:?}; known are {}",
                    COLUMNS.join(", ")
                ))),
                Some(known) if columns.insert(*known, place).is_some() => {
                    problems.push(whole(format!("the header has the column {name:?} twice")));
                }
                Some(_) => {}
            }
        }
        for required in REQUIRED {
            if !columns.contains_key(required) {
                problems.push(whole(format!("the header lacks the column {required:?}")));
            }
        }
        if problems.is_empty() {
            Ok(Columns(columns))
        } else {
            Err(problems)
        }
    }

    fn managed(&self) -> Managed {
        Managed {
            name: self.0.contains_key("name"),
            email: self.0.contains_key("email"),
            phone: self.0.contains_key("phone"),
            packages: self.0.contains_key("packages"),
            terminals: self.0.contains_key("macs"),
            ..Managed::default()
        }
    }

    fn row(&self, line: u64, record: &StringRecord, problems: &mut Vec<Problem>) -> Option<Row> {
        let before = problems.len();
        let mut problem = |column, what: String| {
            problems.push(Problem {
                line: Some(line),
                column,
                what,
            });
        };
        if record.len() != self.0.len() {
            let (found, expected) = (record.len(), self.0.len());
            problem(
                None,
                format!("{found} cells, where {expected} were expected"),
            );
            return None;
        }
        let cell = |column| {
            let place = self.0.get(column)?;
            record.get(*place).filter(|text| !text.is_empty())
        };
        let text = |column| cell(column).map(str::to_owned);
        let list = |column| {
            let cell = cell(column).unwrap_or_default();
            let items = cell.split(';').map(str::trim);
            items.filter(|item| !item.is_empty()).collect::<Vec<_>>()
        };
        for required in ["external_ref", "login"] {
            if cell(required).is_none() {
                problem(Some(required), "it is empty".to_owned());
            }
        }
        let enabled = match cell("enabled") {
            Some("1" | "true" | "yes") => true,
            Some("0" | "false" | "no") => false,
            _ => {
                problem(Some("enabled"), "neither 1 nor 0".to_owned());
                false
            }
        };
        let mut macs = Vec::new();
        for text in list("macs") {
            match text.parse::<MacAddr>() {
                Ok(mac) => macs.push(mac),
                Err(_) => problem(Some("macs"), format!("{text:?} is no hardware address")),
            }
        }
        (problems.len() == before).then(|| Row {
            line,
            record: NewSubscriber {
                external_ref: text("external_ref").map(ExternalRef::new),
                enabled,
                name: text("name"),
                phone: text("phone"),
                email: text("email"),
                ..NewSubscriber::of(cell("login").unwrap_or_default())
            },
            packages: list("packages").into_iter().map(str::to_owned).collect(),
            macs,
        })
    }
}

/// Keys that two lines have.
fn twice(rows: &[Row], problems: &mut Vec<Problem>) {
    let mut seen = HashMap::new();
    for row in rows {
        let reference = row.record.external_ref.as_ref().map(ToString::to_string);
        let keys = [
            ("external_ref", reference),
            ("login", Some(row.record.login.clone())),
        ];
        let macs = row.macs.iter().map(|mac| ("macs", Some(mac.to_string())));
        for (column, key) in keys.into_iter().chain(macs) {
            if let Some(first) = seen.insert((column, key), row.line) {
                problems.push(Problem {
                    line: Some(row.line),
                    column: Some(column),
                    what: format!("the same as in line {first}"),
                });
            }
        }
    }
}
