//! The rows in the terms of the model.

use jiff::civil::DateTime;

use super::rows::{Device, HardwareAddress, Held, IptvPortalRows};
use super::{IptvPortal, place};
use crate::model::{
    ExternalRef, Extra, Package, PackageKind, Subscriber, SubscriberId, Subscription, Terminal,
    TerminalId, Timestamp,
};
use crate::provisioning::identity::{Identity, Key};
use crate::provisioning::view::{Screen, View};
use crate::schema;

impl IptvPortalRows {
    fn owner(&self) -> SubscriberId {
        let id = self.subscriber.as_ref().and_then(|account| account.id);
        SubscriberId::new(id.map(|id| id.to_string()).unwrap_or_default())
    }

    pub(super) fn keys(&self, identity: &Identity) -> Vec<Key> {
        let mut keys = Vec::new();
        if let Some(account) = &self.subscriber {
            if let Some(id) = account.id {
                keys.push(identity.id(&id.0.into()));
            }
            let reference = account.reference.as_deref();
            keys.extend(reference.map(|text| identity.reference(&ExternalRef::from(text))));
            keys.push(identity.login(&account.login));
            let owner = account.id.into_iter();
            let pairs = owner.flat_map(|id| {
                let packages = self.packages.iter();
                packages.map(move |held| place::subscription(id, held.package))
            });
            for key in pairs.map(|id| identity.subscription(&id)) {
                if !keys.contains(&key) {
                    keys.push(key);
                }
            }
        }
        for device in self.terminals.iter() {
            keys.extend(device.key(identity));
            keys.extend(
                device
                    .id
                    .map(|id| identity.terminal(&TerminalId::from(id.0))),
            );
        }
        keys
    }

    pub(super) fn view(&self, portal: &IptvPortal, now: Timestamp) -> View {
        let identity = &portal.identity;
        let Some(account) = &self.subscriber else {
            return View::loose();
        };
        let id = self.owner();
        let is_active = |held: &&Held| portal.is_active(held, now);
        let subscription = |held: &Held| {
            let pair = account.id.map(|id| place::subscription(id, held.package));
            Subscription {
                active: portal.is_active(held, now),
                until: held.until.as_deref().and_then(|text| portal.time(text)),
                ..Subscription::new(
                    pair.unwrap_or_else(|| "".into()),
                    id.clone(),
                    held.package.0.into(),
                )
            }
        };
        let terminal = |device: &Device| Terminal {
            subscriber: Some(id.clone()),
            ..device.to_model()
        };
        let shows = || {
            let active = self.packages.iter().filter(is_active);
            active.map(|held| held.package.0.into()).collect()
        };
        let screen = |device: &Device| {
            let own = device
                .id
                .map(|id| identity.terminal(&TerminalId::from(id.0)));
            Some(Screen {
                terminal: device.key(identity).or(own)?,
                on: account.enabled && device.registered,
                shows: shows(),
            })
        };
        View {
            subscriber: Some(Subscriber {
                external_ref: account.reference.as_deref().map(ExternalRef::from),
                enabled: account.enabled,
                name: account.name.clone(),
                email: account.email.clone(),
                phone: account.phone.clone(),
                address: account.address.clone(),
                device_limit: account.device_limit.and_then(|limit| limit.try_into().ok()),
                extra: account.extra.clone(),
                ..Subscriber::new(id.clone(), account.login.clone())
            }),
            terminals: self.terminals.iter().map(terminal).collect(),
            subscriptions: self.counting(portal, now).map(subscription).collect(),
            disagrees: match self.has_doubles() {
                true => vec!["subscriptions"],
                false => Vec::new(),
            },
            screens: self.terminals.iter().filter_map(screen).collect(),
            ..View::loose()
        }
    }
}

impl IptvPortalRows {
    /// Returns `true` if a package is there twice.
    fn has_doubles(&self) -> bool {
        let mut seen = std::collections::HashSet::new();
        !self.packages.iter().all(|held| seen.insert(held.package))
    }

    /// Returns one row for each package: of two, the one that counts for longer.
    fn counting<'a>(
        &'a self,
        portal: &'a IptvPortal,
        now: Timestamp,
    ) -> impl Iterator<Item = &'a Held> {
        let is_counting = move |(place, held): &(usize, &Held)| {
            let rows = self.packages.iter().enumerate();
            let mut others = rows.filter(|(_, other)| other.package == held.package);
            let own = (portal.place_of(held, now), std::cmp::Reverse(*place));
            others.all(|(at, other)| {
                at == *place || (portal.place_of(other, now), std::cmp::Reverse(at)) < own
            })
        };
        let rows = self.packages.iter().enumerate().filter(is_counting);
        rows.map(|(_, held)| held)
    }
}

impl IptvPortal {
    /// Returns the time that a text means: with an offset that one, without in
    /// the server's zone.
    fn time(&self, text: &str) -> Option<Timestamp> {
        if let Ok(time) = text.parse::<Timestamp>() {
            return Some(time);
        }
        let civil: DateTime = text.parse().ok()?;
        Some(civil.to_zoned(self.time_zone.clone()).ok()?.timestamp())
    }

    /// Returns the end: the far future of a row without one, or with one that
    /// does not read as a time.
    pub(super) fn end(&self, held: &Held) -> Timestamp {
        let end = held.until.as_deref().and_then(|text| self.time(text));
        end.unwrap_or(Timestamp::MAX)
    }

    pub(super) fn is_active(&self, held: &Held, now: Timestamp) -> bool {
        held.enabled && self.end(held) > now
    }

    /// Returns the order of rows with the same package.
    pub(super) fn place_of(&self, held: &Held, now: Timestamp) -> (bool, Timestamp) {
        (self.is_active(held, now), self.end(held))
    }
}

impl Device {
    fn to_model(&self) -> Terminal {
        let id = self.id.map(|id| id.to_string()).unwrap_or_default();
        let (mac, unique_id) = match &self.address {
            Some(HardwareAddress::Mac(mac)) => (Some(*mac), None),
            Some(HardwareAddress::Other(text)) => (None, Some(text.clone())),
            None => (None, None),
        };
        Terminal {
            mac,
            unique_id,
            ip: self.ip.clone(),
            extra: Extra::new([("registered", Some(self.registered.to_string()))]),
            ..Terminal::new(TerminalId::new(id))
        }
    }
}

/// Returns a package in the terms of the model.
pub(super) fn package(row: schema::Package) -> Package {
    Package {
        id: row.id.0.into(),
        kind: PackageKind::Package,
        name: row.name,
        enabled: !row.disabled,
        price: row.cost,
        plans: Vec::new(),
    }
}
