//! The rows in the terms of the model.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use super::Tvip;
use super::rows::{DeviceRow, OddPart, SubscriptionRow, TvipRows};
use crate::model::{
    ExternalRef, PackageId, Subscriber, SubscriberId, Subscription, SubscriptionId, Terminal,
    TerminalId,
};
use crate::provisioning::identity::Key;
use crate::provisioning::view::{Screen, Unreadable, View};

/// The beginning of the key of a device's subscription: the two kinds are
/// numbered apart.
pub(super) const OF_DEVICE: &str = "device-";

/// The time for which a device counts as connected after it was last seen, on
/// servers that do not report the connection. The value is that of one operator.
const ONLINE: SignedDuration = SignedDuration::from_secs(120);

pub(super) fn subscription_id(row: &SubscriptionRow) -> Option<SubscriptionId> {
    let id = row.id?;
    Some(match row.device {
        Some(_) => SubscriptionId::new(format!("{OF_DEVICE}{id}")),
        None => SubscriptionId::from(id),
    })
}

fn number(id: Option<i64>) -> String {
    id.map(|id| id.to_string()).unwrap_or_default()
}

impl Tvip {
    pub(super) fn all_keys(&self, rows: &TvipRows) -> Vec<Key> {
        let identity = &self.identity;
        let mut keys = Vec::new();
        if let Some(account) = &rows.account {
            keys.extend(account.id.map(|id| identity.id(&SubscriberId::from(id))));
            // A login is unique within a provider: another one's is not ours.
            if !rows.is_foreign {
                let reference = account.reference.as_deref();
                keys.extend(reference.map(|text| identity.reference(&text.into())));
                keys.push(identity.login(&account.login));
            }
        }
        for device in rows.devices.iter() {
            keys.push(device.key(identity));
            keys.extend(device.id.map(|id| identity.terminal(&TerminalId::from(id))));
        }
        if rows.account.is_some() && !rows.is_foreign {
            let ids = rows.subscriptions.iter().filter_map(subscription_id);
            keys.extend(ids.map(|id| identity.subscription(&id)));
        }
        keys
    }

    pub(super) fn view_of(&self, rows: &TvipRows, now: Timestamp) -> View {
        let Some(account) = &rows.account else {
            return View::loose();
        };
        let id = SubscriberId::new(number(account.id));
        let subscriber = Subscriber {
            id: id.clone(),
            login: account.login.clone(),
            external_ref: account.reference.as_deref().map(ExternalRef::from),
            enabled: account.enabled,
            name: account.name.clone(),
            email: None,
            phone: None,
            address: account.address.clone(),
            note: account.note.clone(),
            device_limit: account.limit.and_then(|limit| u32::try_from(limit).ok()),
            extra: account.extra.clone(),
        };
        let subscription = |row: &SubscriptionRow| {
            let device = row.device.as_deref();
            let device = device.and_then(|of| rows.devices.iter().find(|one| one.unique_id == of));
            Subscription {
                id: subscription_id(row).unwrap_or_else(|| SubscriptionId::new("")),
                subscriber: id.clone(),
                package: PackageId::from(row.tarif),
                terminal: device.map(|device| TerminalId::new(number(device.id))),
                from: row.start,
                until: row.stop,
                active: row.is_running(now),
            }
        };
        let screen = |device: &DeviceRow| Screen {
            terminal: device.key(&self.identity),
            on: account.enabled,
            shows: shown(rows, device, now),
        };
        View {
            terminals: (rows.devices.iter())
                .map(|device| terminal(device, &id, now))
                .collect(),
            subscriptions: rows.subscriptions.iter().map(subscription).collect(),
            screens: rows.devices.iter().map(screen).collect(),
            subscriber: Some(subscriber),
            terminals_unread: rows.devices_unread,
            unreadable: rows.odd.iter().map(unreadable).collect(),
            ..View::loose()
        }
    }
}

fn unreadable(odd: &OddPart) -> Unreadable {
    Unreadable {
        record: match odd.is_device {
            true => "terminal",
            false => "subscription",
        },
        id: odd.name.clone(),
        reason: odd.reason.clone(),
    }
}

/// Returns the packages that a device shows. One with any subscription of its
/// own, even an ended one, has nothing of its account's (TVIP's "Tariffs").
fn shown(rows: &TvipRows, device: &DeviceRow, now: Timestamp) -> BTreeSet<PackageId> {
    let own = Some(device.unique_id.as_str());
    let holder = own.filter(|_| rows.held_by(own).next().is_some());
    let running = rows.held_by(holder).filter(|row| row.is_running(now));
    running.map(|row| PackageId::from(row.tarif)).collect()
}

fn terminal(device: &DeviceRow, owner: &SubscriberId, now: Timestamp) -> Terminal {
    let mac = device.mac();
    let state = &device.state;
    let seen_lately = |seen: Timestamp| now.duration_since(seen) < ONLINE;
    Terminal {
        id: TerminalId::new(number(device.id)),
        subscriber: Some(owner.clone()),
        mac,
        unique_id: mac.is_none().then(|| device.unique_id.clone()),
        ip: state.ip.clone(),
        model: state.model_name.clone(),
        serial: None,
        firmware: state.firmware.clone(),
        online: match (state.connected, state.was_seen) {
            (Some(connected), _) => Some(connected),
            (None, false) => Some(false),
            (None, true) => state.seen.map(seen_lately),
        },
        extra: state.extra.clone(),
    }
}
