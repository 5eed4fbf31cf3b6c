//! An account, which is a box, which is a user.

use serde::{Deserialize, Serialize};

use super::catalogue::flag;
use crate::ministra::column::NEVER;
use crate::ministra::value::Value;

/// One row of the table behind `stb`, `accounts` and `users`. No password: the
/// API takes one, and nothing of it can be read back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::ministra) struct User {
    pub(in crate::ministra) id: i64,
    #[serde(default)]
    pub(in crate::ministra) mac: String,
    #[serde(default)]
    pub(in crate::ministra) ls: String,
    #[serde(default)]
    pub(in crate::ministra) login: String,
    #[serde(default)]
    pub(in crate::ministra) full_name: String,
    #[serde(default)]
    pub(in crate::ministra) phone: String,
    /// 1 is on, as in the API; the real table has it the other way round.
    #[serde(rename = "status", default = "on", with = "flag")]
    pub(in crate::ministra) on: bool,
    #[serde(default = "one")]
    pub(in crate::ministra) additional_services_on: i8,
    /// 0 is the default plan.
    #[serde(default)]
    pub(in crate::ministra) tariff: u64,
    #[serde(default)]
    pub(in crate::ministra) stb_type: String,
    #[serde(default)]
    pub(in crate::ministra) serial_number: String,
    #[serde(default)]
    pub(in crate::ministra) ip: String,
    #[serde(default)]
    pub(in crate::ministra) version: String,
    #[serde(default)]
    pub(in crate::ministra) online: bool,
    #[serde(default = "never")]
    pub(in crate::ministra) last_active: String,
    #[serde(default)]
    pub(in crate::ministra) comment: Option<String>,
    #[serde(default)]
    pub(in crate::ministra) account_balance: String,
    #[serde(default = "never")]
    pub(in crate::ministra) end_date: String,
    #[serde(default)]
    pub(in crate::ministra) tariff_expired_date: Option<String>,
    #[serde(default)]
    pub(in crate::ministra) tariff_instead_expired: Option<u64>,
    #[serde(default)]
    pub(in crate::ministra) reseller: Option<i64>,
    #[serde(default)]
    pub(in crate::ministra) optional_packages: Vec<u64>,
    /// Modules; none is what was never written.
    #[serde(default)]
    pub(in crate::ministra) disabled: Option<Value>,
    #[serde(default)]
    pub(in crate::ministra) restricted: Option<Value>,
    /// Only how a seed says it; it becomes a record of its own.
    #[serde(default, skip_serializing)]
    pub(super) channel_subscription: Option<Value>,
}

impl User {
    /// An account as it is before anything is said about it.
    pub(super) fn new(id: i64) -> User {
        User {
            id,
            mac: String::new(),
            ls: String::new(),
            login: String::new(),
            full_name: String::new(),
            phone: String::new(),
            on: on(),
            additional_services_on: one(),
            tariff: 0,
            stb_type: String::new(),
            serial_number: String::new(),
            ip: String::new(),
            version: String::new(),
            online: false,
            last_active: never(),
            comment: None,
            account_balance: String::new(),
            end_date: never(),
            tariff_expired_date: None,
            tariff_instead_expired: None,
            reseller: None,
            optional_packages: Vec::new(),
            disabled: None,
            restricted: None,
            channel_subscription: None,
        }
    }
}

fn on() -> bool {
    true
}

fn one() -> i8 {
    1
}

fn never() -> String {
    NEVER.to_owned()
}
