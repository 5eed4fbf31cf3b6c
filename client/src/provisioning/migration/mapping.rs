//! The mapping of the packages of one platform to those of another.

use std::collections::HashMap;

use crate::model::{Package, PackageId};
use crate::provisioning::package_names::PackageNames;

/// Of each package of the source those of the target that stand for it.
#[derive(Debug, Clone, Default)]
pub struct Mapping(HashMap<PackageId, Vec<Package>>);

impl Mapping {
    /// Takes packages with the same name as the same, unless a name is not one
    /// package's alone.
    pub fn by_names(from: &[Package], to: &[Package]) -> Mapping {
        let (sources, targets) = (PackageNames::new(from), PackageNames::new(to));
        let mut mapping = Mapping::default();
        for source in from {
            let is_unique = sources.named(&source.name).is_some();
            if let (true, Some(target)) = (is_unique, targets.named(&source.name)) {
                mapping.0.insert(source.id.clone(), vec![target.clone()]);
            }
        }
        mapping
    }

    /// Reads names or keys in the columns `from` and `to` of a CSV file; what is
    /// not in it goes by equal names. One package may stand for several, each on
    /// its line, and for none with an empty `to`.
    ///
    /// # Errors
    ///
    /// With every line that names what is not there.
    #[cfg(feature = "export")]
    pub fn read(
        csv: impl std::io::Read,
        from: &[Package],
        to: &[Package],
    ) -> Result<Mapping, Vec<String>> {
        let (sources, targets) = (PackageNames::new(from), PackageNames::new(to));
        let mut reader = csv::ReaderBuilder::new()
            .trim(csv::Trim::All)
            .from_reader(csv);
        let header = reader.headers().map_err(|error| vec![error.to_string()])?;
        if header != ["from", "to"].as_slice() {
            return Err(vec!["the header is not from,to".to_owned()]);
        }
        let mut named: HashMap<PackageId, Vec<Package>> = HashMap::new();
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
            let problem = |column, what: String| format!("line {line}, column {column}: {what}");
            let source = match sources.find(&row[0]) {
                Ok(source) => source,
                Err(what) => {
                    problems.push(problem("from", what.to_string()));
                    continue;
                }
            };
            let stand_for_it = named.entry(source.id.clone()).or_default();
            match targets.find(&row[1]) {
                Ok(target) => stand_for_it.push(target.clone()),
                Err(_) if row[1].is_empty() => {}
                Err(what) => problems.push(problem("to", what.to_string())),
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let mut mapping = Mapping::by_names(from, to);
        mapping.0.extend(named);
        Ok(mapping)
    }

    /// Returns the packages that stand for this one; none if it is not brought
    /// along.
    pub fn of(&self, package: &PackageId) -> &[Package] {
        self.0.get(package).map_or(&[], Vec::as_slice)
    }
}
