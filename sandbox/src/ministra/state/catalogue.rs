//! The catalogue: plans, packages and channels for accounts; and the resellers,
//! who sell them.

use serde::{Deserialize, Serialize};

/// A tariff plan.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::ministra) struct Tariff {
    pub(in crate::ministra) id: u64,
    pub(in crate::ministra) external_id: String,
    pub(in crate::ministra) name: String,
    pub(in crate::ministra) user_default: bool,
    #[serde(default)]
    pub(in crate::ministra) days_to_expires: Option<u32>,
}

/// A package of services.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::ministra) struct Package {
    pub(in crate::ministra) id: u64,
    pub(in crate::ministra) external_id: String,
    pub(in crate::ministra) name: String,
    pub(in crate::ministra) description: Option<String>,
    /// `tv`, `radio`, `video`, `module` or `option`.
    #[serde(rename = "type")]
    pub(in crate::ministra) kind: String,
    #[serde(with = "flag")]
    pub(in crate::ministra) all_services: bool,
    /// `periodic` or `single`.
    pub(in crate::ministra) service_type: String,
    pub(in crate::ministra) rent_duration: u32,
    pub(in crate::ministra) price: f64,
    pub(in crate::ministra) services: Vec<String>,
}

/// That a plan has a package.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Inclusion {
    pub(super) tariff: u64,
    pub(super) package: u64,
    #[serde(with = "flag")]
    pub(super) optional: bool,
}

/// A television channel.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::ministra) struct Channel {
    pub(in crate::ministra) id: u64,
    pub(in crate::ministra) name: String,
    pub(in crate::ministra) number: u32,
    #[serde(with = "flag")]
    pub(in crate::ministra) base_ch: bool,
    #[serde(with = "flag")]
    pub(in crate::ministra) hd: bool,
    /// Not asked: the API lists channels that are switched off too.
    #[serde(default)]
    on: bool,
    #[serde(default)]
    pub(in crate::ministra) monitoring_url: String,
    #[serde(default)]
    pub(in crate::ministra) descr: Option<String>,
}

/// A radio channel or a film.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::ministra) struct Service {
    pub(in crate::ministra) id: u64,
    pub(in crate::ministra) name: String,
    #[serde(default)]
    number: u32,
}

/// A reseller.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::ministra) struct Reseller {
    pub(in crate::ministra) id: i64,
    pub(in crate::ministra) name: String,
    pub(in crate::ministra) created: String,
    pub(in crate::ministra) modified: String,
    pub(in crate::ministra) max_users: i64,
    pub(in crate::ministra) use_ip_ranges: i64,
}

/// A flag as MySQL has it: 0 or 1.
pub(super) mod flag {
    use serde::{Deserialize, Deserializer, Serializer};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
    pub(in crate::ministra) fn serialize<S: Serializer>(
        on: &bool,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8((*on).into())
    }

    pub(in crate::ministra) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<bool, D::Error> {
        Ok(u8::deserialize(deserializer)? != 0)
    }
}
