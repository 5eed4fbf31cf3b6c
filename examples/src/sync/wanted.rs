//! What a billing wants, and which of it it manages.

use jsonsql_client::backend::{Capabilities, Capability};
use jsonsql_client::model::{MacAddr, NewSubscriber, Timestamp};

use super::state::Offer;

/// A subscriber as it is to be.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// The fields.
    pub record: NewSubscriber,
    /// What it is to have.
    pub packages: Vec<WantedPackage>,
    /// Its boxes.
    pub macs: Vec<MacAddr>,
}

/// A package that a subscriber is to have.
#[derive(Debug, Clone)]
pub struct WantedPackage {
    /// What it is.
    pub offer: Offer,
    /// When it is to end by itself.
    pub until: Option<Timestamp>,
}

impl WantedPackage {
    /// This package, until it is ended.
    pub fn of(offer: &Offer) -> WantedPackage {
        WantedPackage {
            offer: offer.clone(),
            until: None,
        }
    }
}

/// What the billing manages. The rest stays as somebody set it by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Managed {
    /// The person's name.
    pub name: bool,
    /// The e-mail address.
    pub email: bool,
    /// The telephone number.
    pub phone: bool,
    /// The postal address.
    pub address: bool,
    /// What the operator has noted.
    pub note: bool,
    /// How many terminals there may be.
    pub device_limit: bool,
    /// Packages.
    pub packages: bool,
    /// Boxes.
    pub terminals: bool,
}

impl Managed {
    /// Everything.
    pub const ALL: Managed = Managed {
        name: true,
        email: true,
        phone: true,
        address: true,
        note: true,
        device_limit: true,
        packages: true,
        terminals: true,
    };

    /// Without what the platform does not keep, and so would differ every
    /// night; and what that is.
    pub fn kept_by(mut self, platform: &Capabilities) -> (Managed, Vec<Capability>) {
        let fields = [
            (&mut self.email, Capability::Email),
            (&mut self.phone, Capability::Phone),
            (&mut self.address, Capability::Address),
            (&mut self.note, Capability::Note),
            (&mut self.device_limit, Capability::DeviceLimit),
        ];
        let mut lost = Vec::new();
        for (managed, capability) in fields {
            if *managed && !platform.has(capability) {
                *managed = false;
                lost.push(capability);
            }
        }
        (self, lost)
    }
}
