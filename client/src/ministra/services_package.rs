//! `services_package`: packages.

use std::fmt;

use serde::de::{self, SeqAccess, Visitor, value::SeqAccessDeserializer};
use serde::{Deserialize, Deserializer};

use super::call::Call;
use super::outcome::rows;
use super::php_serde::{One, Rows, filled, flag, number, text};
use super::{Ministra, PackageId};
use crate::error::Result;

/// A package.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct ServicesPackage {
    /// Its number.
    pub id: PackageId,
    /// Its external id.
    #[serde(default, deserialize_with = "filled")]
    pub external_id: Option<String>,
    /// The name.
    #[serde(default, deserialize_with = "text")]
    pub name: String,
    /// A description.
    #[serde(default, deserialize_with = "filled")]
    pub description: Option<String>,
    /// The kind of services: `tv`, `radio`, `video`, `module`, `option`.
    #[serde(default, rename = "type", deserialize_with = "text")]
    pub kind: String,
    /// `true` if it has all services of its kind.
    #[serde(default, deserialize_with = "flag")]
    pub all_services: bool,
    /// `periodic` or `single`.
    #[serde(default, deserialize_with = "text")]
    pub service_type: String,
    /// For how many hours a single one is had.
    #[serde(default, deserialize_with = "number")]
    pub rent_duration: Option<u32>,
    /// The price, with two decimals.
    #[serde(default, deserialize_with = "filled")]
    pub price: Option<String>,
    /// The services in it. Before 5.1 the server lists everything of the kind here.
    #[serde(default)]
    pub services: Services,
}

/// The services of a package.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Services {
    /// Everything of its kind.
    All,
    /// These.
    Some(Vec<Service>),
}

impl Default for Services {
    fn default() -> Services {
        Services::Some(Vec::new())
    }
}

/// A channel, a film, or the name of a module.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Service {
    /// A channel, a radio or a film.
    Item {
        /// Its number.
        id: String,
        /// Its name.
        name: String,
    },
    /// A module or an option.
    Module(String),
}

impl<'de> Deserialize<'de> for Services {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Services, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Services;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("`all` or a list of services")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Services, E> {
                match text {
                    "all" => Ok(Services::All),
                    "" => Ok(Services::default()),
                    _ => Err(E::invalid_value(de::Unexpected::Str("another text"), &self)),
                }
            }

            fn visit_unit<E>(self) -> Result<Services, E> {
                Ok(Services::default())
            }

            fn visit_bool<E>(self, _: bool) -> Result<Services, E> {
                Ok(Services::default())
            }

            fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Services, A::Error> {
                Vec::deserialize(SeqAccessDeserializer::new(list)).map(Services::Some)
            }
        }
        from.deserialize_any(Reader)
    }
}

impl<'de> Deserialize<'de> for Service {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Service, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Wire {
            Item {
                #[serde(deserialize_with = "text")]
                id: String,
                #[serde(default, deserialize_with = "text")]
                name: String,
            },
            Module(String),
        }
        Ok(match Wire::deserialize(from)? {
            Wire::Item { id, name } => Service::Item { id, name },
            Wire::Module(name) => Service::Module(name),
        })
    }
}

/// Packages.
#[derive(Debug, Clone, Copy)]
pub struct ServicesPackages<'a>(pub(super) &'a Ministra);

const GET: &str = "GET services_package";

impl ServicesPackages<'_> {
    /// All there are.
    ///
    /// # Errors
    ///
    /// As of every call: see the [module](super).
    pub async fn list(&self) -> Result<Vec<ServicesPackage>> {
        let Rows(packages) = self.0.call(Call::new(GET), "a list of packages").await?;
        rows(self.0, GET, packages)
    }

    /// The package, if there is one.
    ///
    /// # Errors
    ///
    /// As of every call: see the [module](super).
    pub async fn get(&self, id: PackageId) -> Result<Option<ServicesPackage>> {
        let call = Call::new(GET).of(vec![id.to_string()]);
        let One(package) = self.0.call(call, "a package").await?;
        Ok(package)
    }
}
