//! Packages by the names that people write.

use std::collections::HashMap;

use crate::model::Package;

/// Packages by their names, or by the platform's keys where names are not
/// unique.
#[derive(Debug, Clone, Default)]
pub struct PackageNames(HashMap<String, Named>);

#[derive(Debug, Clone)]
enum Named {
    One(Package),
    Several,
}

impl PackageNames {
    /// Collects the names of these packages.
    pub fn new(packages: &[Package]) -> PackageNames {
        let mut named = HashMap::new();
        for package in packages {
            (named.entry(package.name.clone()))
                .and_modify(|other| *other = Named::Several)
                .or_insert_with(|| Named::One(package.clone()));
        }
        for package in packages {
            (named.entry(package.id.to_string())).or_insert_with(|| Named::One(package.clone()));
        }
        PackageNames(named)
    }

    /// Returns the package with this name or key.
    ///
    /// # Errors
    ///
    /// In words, when there is none or more than one.
    pub fn find(&self, name: &str) -> Result<&Package, String> {
        match self.0.get(name) {
            Some(Named::One(package)) => Ok(package),
            Some(Named::Several) => Err(format!(
                "several packages are called {name:?}: write the key of one"
            )),
            None => Err(format!("there is no package {name:?} on the platform")),
        }
    }
}
