//! Which packages of one platform are which of another.

use std::collections::HashMap;
use std::io::Read;

use csv::{ReaderBuilder, Trim};
use jsonsql_client::model::PackageId;

use crate::export::package;
use crate::sync::state::Offer;
use crate::sync::wanted::WantedPackage;

/// Of each package of the source those of the target that stand for it.
#[derive(Debug, Default)]
pub struct Mapping(HashMap<PackageId, Vec<WantedPackage>>);

impl Mapping {
    /// Packages with the same name are the same, unless a name is not one
    /// package's alone.
    pub fn by_names(from: &[Offer], to: &[Offer]) -> Mapping {
        let mut mapping = Mapping::default();
        for source in from {
            let unique = package(from, &source.name).is_ok();
            if let (true, Ok(target)) = (unique, package(to, &source.name))
                && target.name == source.name
            {
                let target = vec![WantedPackage::of(target)];
                mapping.0.insert(source.id.clone(), target);
            }
        }
        mapping
    }

    /// Names or keys in the columns `from` and `to` of a CSV file; what is not
    /// in it goes by equal names. One package may stand for several, each on
    /// its line, and for none with an empty `to`.
    ///
    /// # Errors
    ///
    /// With every line that names what is not there.
    pub fn read(csv: impl Read, from: &[Offer], to: &[Offer]) -> Result<Mapping, Vec<String>> {
        let mut reader = ReaderBuilder::new().trim(Trim::All).from_reader(csv);
        let header = reader.headers().map_err(|error| vec![error.to_string()])?;
        if header != ["from", "to"].as_slice() {
            return Err(vec!["the header is not from,to".to_owned()]);
        }
        let mut named: HashMap<PackageId, Vec<WantedPackage>> = HashMap::new();
        let mut problems = Vec::new();
        for row in reader.into_records() {
            let row = match row {
                Ok(row) => row,
                Err(error) => {
                    problems.push(error.to_string());
                    continue;
                }
            };
            let line = row.position().map_or(0, csv::Position::line);
            let mut look_up = |column, packages, name| {
                let found = package(packages, name);
                found.map_err(|what| problems.push(format!("line {line}, column {column}: {what}")))
            };
            let Ok(source) = look_up("from", from, &row[0]) else {
                continue;
            };
            let targets = named.entry(source.id.clone()).or_default();
            if !row[1].is_empty()
                && let Ok(target) = look_up("to", to, &row[1])
            {
                targets.push(WantedPackage::of(target));
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let mut mapping = Mapping::by_names(from, to);
        mapping.0.extend(named);
        Ok(mapping)
    }

    /// What stands for this package; nothing if it is not migrated.
    pub fn of(&self, package: &PackageId) -> &[WantedPackage] {
        self.0.get(package).map_or(&[], Vec::as_slice)
    }
}
