//! TVIP's records as those of the model.

use jiff::{SignedDuration, Timestamp};

use super::super::{
    Account, AccountId, AccountSubscription, Channel, Device, DeviceSubscription, Moment, Tarif,
};
use crate::model::{
    self, ExternalRef, Package, PackageKind, Subscriber, SubscriberId, Subscription,
    SubscriptionId, Terminal, TerminalId,
};

/// How long after it was last seen a device counts as connected, on servers
/// that do not say: as one operator has it.
const ONLINE: SignedDuration = SignedDuration::from_secs(120);

/// Begins the model's key of a device's subscription: the two kinds are
/// numbered apart.
pub(super) const OF_DEVICE: &str = "device-";

/// Some clients write an empty text where there is none.
pub(super) fn text(field: Option<String>) -> Option<String> {
    field.filter(|text| !text.is_empty())
}

pub(super) fn subscriber(account: Account) -> Subscriber {
    Subscriber {
        id: account.id.0.into(),
        login: account.login,
        external_ref: text(account.remote_custom_field).map(ExternalRef::new),
        enabled: account.enabled,
        name: text(account.fullname),
        email: None,
        phone: None,
        address: text(account.main_address),
        note: text(account.account_desc),
        device_limit: account
            .devices_per_account_limit
            .and_then(|limit| u32::try_from(limit).ok()),
    }
}

pub(super) fn terminal(device: Device, now: Timestamp) -> Terminal {
    let mac = device.mac_addr();
    let seen_lately = |seen: Moment| now.duration_since(seen.at()) < ONLINE;
    let online = match (device.ws_connected, &device.last_online) {
        (Some(connected), _) => Some(connected),
        (None, None) => Some(false),
        (None, Some(_)) => device.last_seen().map(seen_lately),
    };
    Terminal {
        id: device.id.0.into(),
        subscriber: device.account.map(|account| account.0.into()),
        mac,
        unique_id: mac.is_none().then_some(device.unique_id),
        ip: text(device.ipaddr),
        model: device.device_type.map(|model| model.to_string()),
        serial: None,
        firmware: text(device.last_fw_ver),
        online,
    }
}

pub(super) fn package(tarif: Tarif) -> Package {
    Package {
        id: tarif.id.0.into(),
        kind: PackageKind::Package,
        name: tarif.tarif_name,
        enabled: tarif.enabled.unwrap_or(true),
        price: None,
        plans: Vec::new(),
    }
}

pub(super) fn channel(channel: Channel) -> model::Channel {
    model::Channel {
        id: channel.id.0.into(),
        name: channel.name,
        number: text(channel.display_number),
        enabled: channel.enabled,
    }
}

pub(super) fn account_subscription(row: AccountSubscription, now: Timestamp) -> Subscription {
    let time = Time::of(row.start, row.stop);
    Subscription {
        id: SubscriptionId::from(row.id.0),
        subscriber: row.account.0.into(),
        package: row.tarif.0.into(),
        terminal: None,
        from: time.start,
        until: time.stop,
        active: time.is_active(now),
    }
}

pub(super) fn device_subscription(
    row: DeviceSubscription,
    of: AccountId,
    now: Timestamp,
) -> Subscription {
    let time = Time::of(row.start, row.stop);
    Subscription {
        id: SubscriptionId::new(format!("{OF_DEVICE}{}", row.id)),
        subscriber: SubscriberId::from(of.0),
        package: row.tarif.0.into(),
        terminal: Some(TerminalId::from(row.device.0)),
        from: time.start,
        until: time.stop,
        active: time.is_active(now),
    }
}

/// When a subscription holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Time {
    /// None: always has.
    pub(super) start: Option<Timestamp>,
    /// None: until it is ended.
    pub(super) stop: Option<Timestamp>,
}

impl Time {
    pub(super) fn of(start: Option<Moment>, stop: Option<Moment>) -> Time {
        Time {
            start: start.map(Moment::at),
            stop: stop.map(Moment::at),
        }
    }

    pub(super) fn is_active(self, now: Timestamp) -> bool {
        self.start.is_none_or(|start| start <= now) && !self.is_over(now)
    }

    pub(super) fn is_over(self, now: Timestamp) -> bool {
        self.stop.is_some_and(|stop| stop <= now)
    }

    pub(super) fn overlaps(self, other: Time) -> bool {
        let before = |a: Time, b: Time| matches!((a.stop, b.start), (Some(stop), Some(start)) if stop <= start);
        !before(self, other) && !before(other, self)
    }
}
