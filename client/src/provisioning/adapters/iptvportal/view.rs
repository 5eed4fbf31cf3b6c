//! The rows in the terms of the model.

use super::place;
use super::rows::{Device, HardwareAddress, IptvPortalRows};
use crate::provisioning::identity::{Identity, Key};
use crate::provisioning::model::{
    ExternalRef, Package, PackageKind, Subscriber, SubscriberId, Subscription, Terminal, TerminalId,
};
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
            keys.extend(pairs.map(|id| identity.subscription(&id)));
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

    pub(super) fn view(&self, identity: &Identity) -> View {
        let Some(account) = &self.subscriber else {
            return View::loose();
        };
        let id = self.owner();
        let subscription = |held: &super::rows::Held| {
            let pair = account.id.map(|id| place::subscription(id, held.package));
            Subscription {
                active: held.enabled,
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
            let enabled = self.packages.iter().filter(|held| held.enabled);
            enabled.map(|held| held.package.0.into()).collect()
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
                ..Subscriber::new(id.clone(), account.login.clone())
            }),
            terminals: self.terminals.iter().map(terminal).collect(),
            subscriptions: self.packages.iter().map(subscription).collect(),
            screens: self.terminals.iter().filter_map(screen).collect(),
            ..View::loose()
        }
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
