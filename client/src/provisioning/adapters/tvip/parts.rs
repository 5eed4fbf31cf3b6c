//! The lists that a desired state is about.

use crate::model::Patch;
use crate::provisioning::desired::{
    Desired, EndedSubscription, Members, Presence, SubscriptionKey, TerminalKey,
};

/// Lists of an account's records, beside the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Parts {
    pub(super) devices: bool,
    /// The devices only if the account has a limit of them.
    pub(super) devices_if_limited: bool,
    pub(super) subscriptions: bool,
    /// The subscriptions of its devices.
    pub(super) of_devices: bool,
    /// The subscriptions of those devices by which it was found.
    pub(super) of_found: bool,
    pub(super) networks: bool,
}

impl Parts {
    pub(super) const ALL: Parts = Parts {
        devices: true,
        devices_if_limited: true,
        subscriptions: true,
        of_devices: true,
        of_found: true,
        networks: true,
    };

    /// `found_by` are the terminals by which it is looked for.
    pub(super) fn new(about: &Desired, found_by: impl Fn(&TerminalKey) -> bool) -> Parts {
        if about.presence == Presence::Absent {
            return Parts::ALL;
        }
        let takes_devices = match &about.terminals {
            Members::Keep => false,
            Members::Exactly(_) => true,
            Members::Change { remove, .. } => !remove.iter().all(found_by),
        };
        let adds_devices = !about.terminals.wanted().is_empty();
        let packages = &about.subscriptions;
        let of_account = |ended: &EndedSubscription| match &ended.subscription {
            SubscriptionKey::Id(id) => !id.as_str().starts_with(super::view::OF_DEVICE),
            SubscriptionKey::Package(_) => false,
        };
        let of_devices = takes_devices
            || packages.is_exact()
            || packages.wanted().iter().any(|one| one.terminal.is_some())
            || !packages.unwanted().iter().all(of_account);
        Parts {
            devices: takes_devices
                || of_devices
                || adds_devices && matches!(about.device_limit, Patch::Set(_)),
            devices_if_limited: adds_devices,
            subscriptions: !packages.is_keep(),
            of_devices,
            of_found: !about.terminals.unwanted().is_empty(),
            networks: false,
        }
    }
}
