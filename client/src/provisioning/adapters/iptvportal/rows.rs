//! The rows of one subscriber, and the writes that change them.

use std::fmt;

use secrecy::SecretString;

use super::place::Made;
use crate::model::{Extra, MacAddr};
use crate::provisioning::identity::{Identity, Key};
use crate::provisioning::rows::{Rows, Slot};
use crate::schema::{InetAddrId, PackageId, SubscriberId, TerminalId};

/// The rows of one subscriber, or a terminal that is nobody's.
#[derive(Clone, PartialEq, Eq, Hash, Default)]
pub struct IptvPortalRows {
    pub(super) subscriber: Option<Account>,
    pub(super) terminals: Rows<Device>,
    pub(super) packages: Vec<Held>,
    pub(super) addresses: Vec<InetAddrId>,
}

/// A row of `subscriber`.
#[derive(Clone, PartialEq, Eq, Hash, Default)]
pub(super) struct Account {
    /// None while the row is not made.
    pub(super) id: Option<SubscriberId>,
    pub(super) login: String,
    pub(super) enabled: bool,
    pub(super) reference: Option<String>,
    pub(super) name: Option<String>,
    pub(super) email: Option<String>,
    pub(super) phone: Option<String>,
    pub(super) address: Option<String>,
    pub(super) device_limit: Option<i32>,
    /// The rest, and the parts of the name.
    pub(super) extra: Extra,
}

/// A row of `terminal`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Device {
    /// None while the row is not made.
    pub(super) id: Option<TerminalId>,
    pub(super) address: Option<HardwareAddress>,
    pub(super) ip: Option<String>,
    pub(super) registered: bool,
}

/// The content of the column `mac_addr`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum HardwareAddress {
    Mac(MacAddr),
    /// A text that is no address.
    Other(String),
}

/// A row of `subscriber_package`. That there is one of a pair is not attested.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Held {
    pub(super) package: PackageId,
    pub(super) enabled: bool,
    /// As the server writes it.
    pub(super) until: Option<String>,
}

impl Held {
    pub(super) fn new(package: PackageId) -> Held {
        Held {
            package,
            enabled: true,
            until: None,
        }
    }
}

impl Device {
    pub(super) fn key(&self, identity: &Identity) -> Option<Key> {
        match &self.address {
            Some(HardwareAddress::Mac(mac)) => Some(identity.mac(*mac)),
            Some(HardwareAddress::Other(text)) => Some(identity.player(text)),
            None => None,
        }
    }
}

/// A column of `subscriber` with its new value.
#[derive(Clone)]
pub(super) enum Field {
    Login(String),
    Enabled(bool),
    Reference(Option<String>),
    Name(Option<String>),
    Email(Option<String>),
    Phone(Option<String>),
    Address(Option<String>),
    DeviceLimit(Option<i32>),
    Password(SecretString),
}

/// A write on IPTVPORTAL.
#[derive(Clone)]
pub struct IptvPortalWrite(pub(super) Write);

#[derive(Clone)]
pub(super) enum Write {
    CreateSubscriber(Vec<Field>),
    ChangeSubscriber(Vec<Field>),
    DeleteSubscriber,
    CreateTerminal(MacAddr),
    /// Of a terminal that is nobody's, or whose subscriber gives it up before.
    TakeTerminal(Device),
    /// Of a terminal of this subscriber.
    MoveTerminal(Device, SubscriberId),
    RegisterTerminal(Slot),
    ReleaseTerminal(Slot),
    DeleteTerminals,
    DeleteAddresses,
    AddPackage(Held),
    EnablePackage(PackageId),
    /// Of all rows with the package.
    ClearEnd(PackageId),
    EndPackage(PackageId),
    EndPackages,
}

/// Names the write, and nobody.
impl fmt::Debug for IptvPortalWrite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.name())
    }
}

impl Write {
    /// Returns the step's name in messages.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Write::CreateSubscriber(_) => "create the subscriber",
            Write::ChangeSubscriber(_) => "change the subscriber",
            Write::DeleteSubscriber => "delete the subscriber",
            Write::CreateTerminal(_) => "create the terminal",
            Write::TakeTerminal(_) => "give the terminal",
            Write::MoveTerminal(..) => "move the terminal",
            Write::RegisterTerminal(_) => "register the terminal",
            Write::ReleaseTerminal(_) => "take the terminal away",
            Write::DeleteTerminals => "delete the terminals",
            Write::DeleteAddresses => "delete the addresses",
            Write::AddPackage(_) => "add the package",
            Write::EnablePackage(_) => "enable the package",
            Write::ClearEnd(_) => "clear the package's end",
            Write::EndPackage(_) => "end the package",
            Write::EndPackages => "end the packages",
        }
    }
}

impl Account {
    fn apply(&mut self, field: &Field) {
        match field {
            Field::Login(login) => self.login.clone_from(login),
            Field::Enabled(enabled) => self.enabled = *enabled,
            Field::Reference(text) => self.reference.clone_from(text),
            Field::Name(text) => {
                self.name.clone_from(text);
                self.extra.set("surname", text.clone());
                self.extra.set("first_name", None);
                self.extra.set("middle_name", None);
            }
            Field::Email(text) => self.email.clone_from(text),
            Field::Phone(text) => self.phone.clone_from(text),
            Field::Address(text) => self.address.clone_from(text),
            Field::DeviceLimit(limit) => self.device_limit = *limit,
            Field::Password(_) => {}
        }
    }
}

impl IptvPortalRows {
    pub(super) fn is_empty(&self) -> bool {
        self.subscriber.is_none() && self.terminals.is_empty()
    }

    /// Makes the write on these rows.
    pub(super) fn apply(&mut self, write: &IptvPortalWrite) {
        match &write.0 {
            Write::CreateSubscriber(fields) | Write::ChangeSubscriber(fields) => {
                let account = self.subscriber.get_or_insert_with(|| Account {
                    enabled: true,
                    ..Account::default()
                });
                fields.iter().for_each(|field| account.apply(field));
            }
            Write::DeleteSubscriber => *self = IptvPortalRows::default(),
            Write::CreateTerminal(mac) => drop(self.terminals.add(Device {
                id: None,
                address: Some(HardwareAddress::Mac(*mac)),
                ip: None,
                registered: true,
            })),
            Write::TakeTerminal(device) | Write::MoveTerminal(device, _) => {
                self.terminals.add(device.clone());
            }
            Write::RegisterTerminal(slot) => {
                if let Some(device) = self.terminals.get_mut(*slot) {
                    device.registered = true;
                }
            }
            Write::ReleaseTerminal(slot) => drop(self.terminals.remove(*slot)),
            Write::DeleteTerminals => self.terminals = Rows::default(),
            Write::DeleteAddresses => self.addresses.clear(),
            Write::AddPackage(held) => self.packages.push(held.clone()),
            Write::EnablePackage(package) => {
                self.each(*package, |held| held.enabled = true);
            }
            Write::ClearEnd(package) => self.each(*package, |held| held.until = None),
            Write::EndPackage(package) => self.packages.retain(|held| held.package != *package),
            Write::EndPackages => self.packages.clear(),
        }
    }

    fn each(&mut self, package: PackageId, change: impl Fn(&mut Held)) {
        let rows = self.packages.iter_mut();
        rows.filter(|held| held.package == package).for_each(change);
    }

    /// Gives the row that was made the number that the server has answered with.
    pub(super) fn name_made(&mut self, made: Made) {
        match made {
            Made::Subscriber(id) => {
                if let Some(account) = &mut self.subscriber {
                    account.id = Some(id);
                }
            }
            Made::Terminal(id) => {
                let unmade = self
                    .terminals
                    .slots()
                    .find(|(_, device)| device.id.is_none());
                let slot = unmade.map(|(slot, _)| slot);
                if let Some(device) = slot.and_then(|slot| self.terminals.get_mut(slot)) {
                    device.id = Some(id);
                }
            }
            Made::Done | Made::Unclear => {}
        }
    }
}

/// Returns the write that gives another subscriber the terminal that its own gives up.
pub(super) fn transfer(
    from: &IptvPortalRows,
    release: &IptvPortalWrite,
    take: &IptvPortalWrite,
) -> Option<IptvPortalWrite> {
    let (Write::ReleaseTerminal(slot), Write::TakeTerminal(device)) = (&release.0, &take.0) else {
        return None;
    };
    let owner = from.subscriber.as_ref()?.id?;
    let own = from.terminals.get(*slot)?.id?;
    (device.id == Some(own)).then(|| IptvPortalWrite(Write::MoveTerminal(device.clone(), owner)))
}
