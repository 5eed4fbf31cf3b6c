//! Tables, as far as they are read here.

use jsonsql::prelude::*;

use crate::model;
use crate::schema::{self, MediaId, PackageId, SubscriberId, TerminalId};

/// A subscriber as a billing needs it: without the password, which this server
/// would show in clear.
#[derive(Table)]
#[table(
    name = "subscriber",
    reserved(
        "domain_id",
        "password",
        "created_at",
        "balance",
        "last_login",
        "status"
    )
)]
pub(super) struct Subscriber {
    #[column(key, generated)]
    pub(super) id: SubscriberId,
    pub(super) username: String,
    #[column(default)]
    pub(super) disabled: bool,
    pub(super) email: Option<String>,
    pub(super) phone: Option<String>,
    pub(super) address: Option<String>,
    pub(super) first_name: Option<String>,
    pub(super) middle_name: Option<String>,
    pub(super) surname: Option<String>,
    pub(super) max_terminal: Option<i32>,
    pub(super) billing: Option<String>,
    pub(super) business: Option<String>,
    #[column(name = "type")]
    pub(super) kind: Option<String>,
}

/// A terminal; its address as the text it is, for one that does not read as an
/// address must not hide the others.
#[derive(Table)]
#[table(
    name = "terminal",
    reserved("domain_id", "model", "active", "last_seen", "status")
)]
pub(super) struct Terminal {
    #[column(key, generated)]
    pub(super) id: TerminalId,
    pub(super) subscriber_id: Option<SubscriberId>,
    pub(super) mac_addr: Option<String>,
    pub(super) inet_addr: Option<String>,
    #[column(default)]
    pub(super) registered: bool,
}

/// A package of a subscriber, with its end.
#[derive(Table)]
#[table(name = "subscriber_package", reserved("id", "domain_id"))]
pub(super) struct Dated {
    #[column(key)]
    pub(super) subscriber_id: SubscriberId,
    #[column(key)]
    pub(super) package_id: PackageId,
    #[column(default)]
    pub(super) enabled: bool,
    pub(super) expired_on: Option<String>,
}

impl From<schema::Subscriber> for Subscriber {
    fn from(row: schema::Subscriber) -> Subscriber {
        Subscriber {
            id: row.id,
            username: row.username,
            disabled: row.disabled,
            email: row.email,
            phone: row.phone,
            address: row.address,
            first_name: row.first_name,
            middle_name: row.middle_name,
            surname: row.surname,
            max_terminal: row.max_terminal,
            billing: row.billing,
            business: row.business,
            kind: row.kind,
        }
    }
}

impl From<schema::Terminal> for Terminal {
    fn from(row: schema::Terminal) -> Terminal {
        Terminal {
            id: row.id,
            subscriber_id: row.subscriber_id,
            mac_addr: row.mac_addr.map(|mac| mac.to_string()),
            inet_addr: row.inet_addr,
            registered: row.registered,
        }
    }
}

impl From<schema::full::SubscriberPackage> for Dated {
    fn from(row: schema::full::SubscriberPackage) -> Dated {
        Dated {
            subscriber_id: row.subscriber_id,
            package_id: row.package_id,
            enabled: row.enabled,
            expired_on: row.expired_on,
        }
    }
}

/// On a server where ends are not read.
impl From<schema::SubscriberPackage> for Dated {
    fn from(row: schema::SubscriberPackage) -> Dated {
        Dated {
            subscriber_id: row.subscriber_id,
            package_id: row.package_id,
            enabled: row.enabled,
            expired_on: None,
        }
    }
}

/// A stream that is a channel: of the rest of `media` nothing is read.
#[derive(Table)]
#[table(
    name = "media",
    reserved(
        "domain_id",
        "paid",
        "url",
        "description",
        "type",
        "protocol",
        "inet_addr",
        "port",
        "path"
    )
)]
#[allow(dead_code, reason = "channels are found by `is_tv`")]
pub(super) struct Channel {
    #[column(key, generated)]
    pub(super) id: MediaId,
    pub(super) name: String,
    #[column(default)]
    pub(super) is_tv: bool,
}

impl Channel {
    pub(super) fn into_model(self) -> model::Channel {
        model::Channel {
            id: self.id.0.into(),
            name: self.name,
            number: None,
            enabled: None,
        }
    }
}

/// Returns the text, unless it is empty: an empty text and NULL say the same.
pub(super) fn given(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty())
}
