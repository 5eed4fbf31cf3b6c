//! `tariffs`: plans.

use serde::Deserialize;

use super::call::Call;
use super::outcome::rows;
use super::php_serde::{One, Rows, filled, flag, number, text};
use super::{Ministra, PackageId, TariffId};
use crate::error::Result;

/// A plan.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Tariff {
    /// Its number, by which it is read.
    pub id: TariffId,
    /// Its external id, by which accounts have it. Without one, no account can
    /// be given it.
    #[serde(default, deserialize_with = "filled")]
    pub external_id: Option<String>,
    /// The name.
    #[serde(default, deserialize_with = "text")]
    pub name: String,
    /// `true` if it is the plan of accounts without one.
    #[serde(default, deserialize_with = "flag")]
    pub user_default: bool,
    /// After how many days it ends; from 5.2.
    #[serde(default, deserialize_with = "number")]
    pub days_to_expires: Option<u32>,
    /// The packages in it.
    #[serde(default)]
    pub packages: Vec<TariffPackage>,
}

/// A package of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct TariffPackage {
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
    /// `true` if an account of the plan may have it or not; otherwise it has it.
    #[serde(default, deserialize_with = "flag")]
    pub optional: bool,
}

/// Plans.
#[derive(Debug, Clone, Copy)]
pub struct Tariffs<'a>(pub(super) &'a Ministra);

const GET: &str = "GET tariffs";

impl Tariffs<'_> {
    /// All there are.
    ///
    /// ```no_run
    /// # async fn example(ministra: &jsonsql_client::ministra::Ministra) -> jsonsql_client::Result<()> {
    /// for tariff in ministra.tariffs().list().await? {
    ///     println!("{tariff:?}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As of every call: see the [module](super).
    pub async fn list(&self) -> Result<Vec<Tariff>> {
        let Rows(tariffs) = self.0.call(Call::new(GET), "a list of plans").await?;
        rows(self.0, GET, tariffs)
    }

    /// The plan, if there is one.
    ///
    /// # Errors
    ///
    /// As of every call: see the [module](super).
    pub async fn get(&self, id: TariffId) -> Result<Option<Tariff>> {
        let call = Call::new(GET).of(vec![id.to_string()]);
        let One(tariff) = self.0.call(call, "a plan").await?;
        Ok(tariff)
    }
}
