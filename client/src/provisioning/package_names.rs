//! Packages by the texts that people write.

use std::collections::HashMap;

use strsim::damerau_levenshtein;

use crate::model::{Package, PackageId};

/// The maximum number of names that are suggested in place of one that is unknown.
const SUGGESTED: usize = 3;

/// Packages by their keys and by their names.
///
/// Operations and desired states name a package by the platform's key, as they do
/// subscribers and terminals. A name is what a person writes: platforms let two packages
/// have the same one, and let it be changed between a plan and its run. So it is looked
/// up once, where it is written. Exports, the mapping of a migration,
/// [`Backend::find_package`](super::Backend::find_package) and the command look here, and
/// take and refuse the same texts.
#[derive(Debug, Clone, Default)]
pub struct PackageNames {
    packages: Vec<Package>,
    /// Packages with a key or name, by their places.
    texts: HashMap<String, Vec<usize>>,
}

impl PackageNames {
    /// Collects the keys and names of these packages.
    pub fn new(packages: &[Package]) -> PackageNames {
        let mut texts: HashMap<String, Vec<usize>> = HashMap::new();
        for (place, package) in packages.iter().enumerate() {
            let own = [package.id.as_str(), &package.name];
            for text in own.into_iter().filter(|text| !text.is_empty()) {
                let places = texts.entry(text.to_owned()).or_default();
                if places.last() != Some(&place) {
                    places.push(place);
                }
            }
        }
        PackageNames {
            packages: packages.to_vec(),
            texts,
        }
    }

    /// Returns the package with this key or name.
    ///
    /// # Errors
    ///
    /// If there is none, with names like it; if there is more than one, as when the key
    /// of one is the name of another.
    pub fn find(&self, text: &str) -> Result<&Package, PackageNameError> {
        match self.texts.get(text).map(Vec::as_slice) {
            Some([only]) => Ok(&self.packages[*only]),
            Some(several) => Err(PackageNameError::Ambiguous {
                text: text.to_owned(),
                instead: (several.iter())
                    .filter_map(|place| self.only_text(*place))
                    .map(str::to_owned)
                    .collect(),
            }),
            None => Err(PackageNameError::Unknown {
                text: text.to_owned(),
                similar: self.similar(text),
            }),
        }
    }

    /// Returns the only package with this name.
    pub fn named(&self, name: &str) -> Option<&Package> {
        let places = self.texts.get(name)?.iter();
        let mut named = places
            .map(|place| &self.packages[*place])
            .filter(|package| package.name == name);
        let first = named.next()?;
        named.next().is_none().then_some(first)
    }

    /// Returns the name of the package with this key.
    pub fn name(&self, id: &PackageId) -> Option<&str> {
        let mut places = self.texts.get(id.as_str())?.iter();
        let package = places.find_map(|place| {
            let package = &self.packages[*place];
            (package.id == *id).then_some(package)
        });
        package.map(|package| package.name.as_str())
    }

    /// Returns a text that only this package is found by.
    fn only_text(&self, place: usize) -> Option<&str> {
        let package = &self.packages[place];
        let is_only = |text: &&str| {
            let places = self.texts.get(*text);
            places.is_some_and(|places| places.len() == 1)
        };
        [package.id.as_str(), &package.name]
            .into_iter()
            .find(is_only)
    }

    /// Returns the names that are most like a text, the most similar one first.
    fn similar(&self, text: &str) -> Vec<String> {
        let text = text.trim().to_lowercase();
        let slips = text.chars().count().div_ceil(4);
        let mut similar: Vec<(usize, &str)> = Vec::new();
        for package in &self.packages {
            let name = package.name.to_lowercase();
            let differs = damerau_levenshtein(&name, &text);
            let is_part = text.chars().count() > 2 && name.contains(&text);
            if differs <= slips || is_part {
                similar.push((differs, &package.name));
            }
        }
        similar.sort_unstable();
        similar.dedup();
        let names = similar.into_iter().take(SUGGESTED);
        names.map(|(_, name)| name.to_owned()).collect()
    }
}

/// A text that is not the key or name of one package.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PackageNameError {
    /// No package has it.
    #[error("there is no package `{text}`{}", list("; similar names: ", .similar, ", "))]
    Unknown {
        /// The text.
        text: String,
        /// Names like it.
        similar: Vec<String>,
    },
    /// Several packages have it.
    #[error("several packages have the name or key `{text}`{}", list("; write ", .instead, " or "))]
    Ambiguous {
        /// The text.
        text: String,
        /// Texts by which one of them is found.
        instead: Vec<String>,
    },
}

fn list(before: &str, texts: &[String], between: &str) -> String {
    let texts: Vec<String> = texts.iter().map(|text| format!("`{text}`")).collect();
    match texts.is_empty() {
        true => String::new(),
        false => format!("{before}{}", texts.join(between)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(packages: &[(i64, &str)]) -> PackageNames {
        let package = |(id, name): &(i64, &str)| Package::new((*id).into(), *name);
        PackageNames::new(&packages.iter().map(package).collect::<Vec<_>>())
    }

    fn shown(names: &PackageNames, text: &str) -> String {
        match names.find(text) {
            Ok(package) => package.id.to_string(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn a_package_is_found_by_its_key_and_by_its_name() {
        let names = names(&[(7, "Sports"), (8, "Movies")]);
        assert_eq!([shown(&names, "7"), shown(&names, "Movies")], ["7", "8"]);
        assert_eq!(names.name(&8.into()), Some("Movies"));
        assert_eq!(names.name(&9.into()), None);
    }

    #[test]
    fn a_text_that_may_mean_two_packages_is_refused_with_texts_that_do_not() {
        let names = names(&[(1, "2"), (2, "Base"), (3, "Twice"), (4, "Twice"), (5, "5")]);
        assert_eq!(
            shown(&names, "Twice"),
            "several packages have the name or key `Twice`; write `3` or `4`"
        );
        assert_eq!(
            shown(&names, "2"),
            "several packages have the name or key `2`; write `1` or `Base`"
        );
        assert_eq!([shown(&names, "1"), shown(&names, "Base")], ["1", "2"]);
        // Its key is its name.
        assert_eq!(shown(&names, "5"), "5");
        // By name alone there is one.
        assert_eq!(names.named("2").map(|package| &package.id), Some(&1.into()));
        assert_eq!(names.named("Twice"), None);
    }

    #[test]
    fn an_unknown_text_is_refused_with_the_names_that_are_like_it() {
        let names = names(&[(1, "Sports"), (2, "Sport HD"), (3, "Кино"), (4, "Kids")]);
        assert_eq!(
            shown(&names, "sport"),
            "there is no package `sport`; similar names: `Sports`, `Sport HD`"
        );
        assert_eq!(
            shown(&names, " кино"),
            "there is no package ` кино`; similar names: `Кино`"
        );
        assert_eq!(shown(&names, "opera"), "there is no package `opera`");
        assert_eq!(shown(&names, ""), "there is no package ``");
    }
}
