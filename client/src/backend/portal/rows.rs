//! What is read of each table, and what it is in the model.

use jsonsql::prelude::*;

use super::{ReferenceColumn, ids};
use crate::model;
use crate::schema::{PackageId, SubscriberId, TerminalId};

/// A subscriber as a billing needs it: without the password, which this server
/// would show in clear.
#[derive(Table)]
#[table(
    name = "subscriber",
    reserved(
        "domain_id",
        "password",
        "type",
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
}

impl Subscriber {
    pub(super) fn reference(&self, column: ReferenceColumn) -> Option<&str> {
        match column {
            ReferenceColumn::Billing => given(self.billing.as_deref()),
            ReferenceColumn::Business => given(self.business.as_deref()),
            ReferenceColumn::Nowhere => None,
        }
    }

    /// In one, in the order in which the vendor's clients print it.
    pub(super) fn name(&self) -> Option<String> {
        let parts = [&self.surname, &self.first_name, &self.middle_name];
        let parts: Vec<_> = parts
            .into_iter()
            .filter_map(|part| given(part.as_deref()))
            .collect();
        (!parts.is_empty()).then(|| parts.join(" "))
    }

    pub(super) fn into_model(self, column: ReferenceColumn) -> model::Subscriber {
        model::Subscriber {
            id: self.id.0.into(),
            external_ref: self.reference(column).map(model::ExternalRef::new),
            enabled: !self.disabled,
            name: self.name(),
            login: self.username,
            email: owned(self.email),
            phone: owned(self.phone),
            address: owned(self.address),
            note: None,
            device_limit: self.max_terminal.and_then(|limit| limit.try_into().ok()),
        }
    }
}

/// An empty text and NULL say the same.
pub(super) fn given(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !text.trim().is_empty())
}

fn owned(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty())
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

impl From<Terminal> for model::Terminal {
    fn from(row: Terminal) -> model::Terminal {
        let text = given(row.mac_addr.as_deref());
        let mac = text.and_then(|text| text.parse().ok());
        let unread = text.filter(|_| mac.is_none()).map(str::to_owned);
        model::Terminal {
            id: row.id.0.into(),
            subscriber: row.subscriber_id.map(|SubscriberId(id)| id.into()),
            mac,
            unique_id: unread,
            ip: owned(row.inet_addr),
            model: None,
            serial: None,
            firmware: None,
            online: None,
        }
    }
}

impl From<crate::schema::Package> for model::Package {
    fn from(row: crate::schema::Package) -> model::Package {
        model::Package {
            id: row.id.0.into(),
            kind: model::PackageKind::Package,
            name: row.name,
            enabled: !row.disabled,
            price: row.cost,
            plans: Vec::new(),
        }
    }
}

impl From<crate::schema::SubscriberPackage> for model::Subscription {
    fn from(row: crate::schema::SubscriberPackage) -> model::Subscription {
        let (SubscriberId(subscriber), PackageId(package)) = (row.subscriber_id, row.package_id);
        model::Subscription {
            id: ids::of_subscription(row.subscriber_id, row.package_id),
            subscriber: subscriber.into(),
            package: package.into(),
            terminal: None,
            from: None,
            until: None,
            active: row.enabled,
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
    pub(super) id: crate::schema::MediaId,
    pub(super) name: String,
    #[column(default)]
    pub(super) is_tv: bool,
}

impl From<Channel> for model::Channel {
    fn from(row: Channel) -> model::Channel {
        model::Channel {
            id: row.id.0.into(),
            name: row.name,
            number: None,
            enabled: None,
        }
    }
}
