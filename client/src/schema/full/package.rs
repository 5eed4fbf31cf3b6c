//! `package`, with its domain.

use jsonsql::prelude::*;

use crate::schema::{DomainId, PackageId};

/// A package of channels and other media.
#[derive(Debug, Clone, PartialEq, Eq, Table)]
#[table(name = "package", reserved("price", "description", "period_days"))]
pub struct Package {
    /// The key (A).
    #[column(key, generated)]
    pub id: PackageId,
    /// The operator's domain, which the server fills in (C: as `subscriber` has it).
    #[column(generated)]
    pub domain_id: DomainId,
    /// The name (A).
    pub name: String,
    /// `true` if it costs something: free is what is not paid (A).
    #[column(default)]
    pub paid: bool,
    /// The price. Its type is unknown; a number is read as its text (A).
    pub cost: Option<String>,
    /// `true` if it is not offered (A).
    #[column(default)]
    pub disabled: bool,
}
