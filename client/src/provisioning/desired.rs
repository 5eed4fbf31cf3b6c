//! Desired state of one subscriber.

use secrecy::SecretString;

use super::identity::{Identity, Key};
use crate::model::{
    End, ExternalRef, MacAddr, NewSubscriber, NewSubscription, PackageId, Patch, SubscriberPatch,
    SubscriptionId, TerminalId, Timestamp,
};
use crate::redacted::redacted_debug;

/// The state that one subscriber is to have.
///
/// A field that is kept is not looked at, so that what somebody set by hand
/// stays.
///
/// ```
/// use jsonsql_client::model::PackageId;
/// use jsonsql_client::provisioning::{Desired, Members, WantedSubscription};
///
/// let desired = Desired {
///     enabled: Some(true),
///     subscriptions: Members::Exactly(vec![WantedSubscription::new(PackageId::from("7"))]),
///     ..Desired::create("ivanov")
/// };
/// # assert!(desired.terminals.is_keep());
/// ```
#[derive(Clone)]
pub struct Desired {
    /// Existence.
    pub presence: Presence,
    /// The name to log in with; kept if none.
    pub login: Option<String>,
    /// The password; kept if none. No platform shows one, so that it is written
    /// each time it is given.
    pub password: Option<SecretString>,
    /// The billing's key.
    pub external_ref: Patch<ExternalRef>,
    /// The right to watch; kept if none.
    pub enabled: Option<bool>,
    /// The person's name, in one.
    pub name: Patch<String>,
    /// The e-mail address.
    pub email: Patch<String>,
    /// The telephone number.
    pub phone: Patch<String>,
    /// The postal address.
    pub address: Patch<String>,
    /// The operator's note.
    pub note: Patch<String>,
    /// The limit of terminals; cleared, it is the operator's own limit.
    pub device_limit: Patch<u32>,
    /// Terminals.
    pub terminals: Members<TerminalKey, TerminalKey>,
    /// Packages.
    pub subscriptions: Members<WantedSubscription, EndedSubscription>,
}

/// Existence of a subscriber.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Presence {
    /// Created, or adopted if it is there.
    Create,
    /// Changed; it is an error if it is not there.
    Existing,
    /// Deleted, if it is there.
    Absent,
}

/// Members of a set: terminals or packages of a subscriber.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Members<A, R> {
    /// Leaves them as they are.
    #[default]
    Keep,
    /// Has these and no others.
    Exactly(Vec<A>),
    /// Adds and removes these; the others stay, and one that is in both lists
    /// is added.
    Change {
        /// Those that are to be there.
        add: Vec<A>,
        /// Those that are not to be there.
        remove: Vec<R>,
    },
}

impl<A, R> Members<A, R> {
    /// Returns `true` if the set is left as it is.
    pub fn is_keep(&self) -> bool {
        match self {
            Members::Keep => true,
            Members::Exactly(_) => false,
            Members::Change { add, remove } => add.is_empty() && remove.is_empty(),
        }
    }

    /// Creates the change that adds one member.
    pub fn adding(member: A) -> Members<A, R> {
        Members::Change {
            add: vec![member],
            remove: Vec::new(),
        }
    }

    /// Creates the change that removes one member.
    pub fn removing(member: R) -> Members<A, R> {
        Members::Change {
            add: Vec::new(),
            remove: vec![member],
        }
    }

    /// Returns the members that are to be there.
    pub fn wanted(&self) -> &[A] {
        match self {
            Members::Keep => &[],
            Members::Exactly(all) => all,
            Members::Change { add, .. } => add,
        }
    }

    /// Returns the members that are named as not to be there.
    pub fn unwanted(&self) -> &[R] {
        match self {
            Members::Keep | Members::Exactly(_) => &[],
            Members::Change { remove, .. } => remove,
        }
    }

    /// Returns `true` if a member that is not wanted is to go.
    pub fn is_exact(&self) -> bool {
        matches!(self, Members::Exactly(_))
    }
}

impl Members<WantedSubscription, EndedSubscription> {
    /// Returns the subscriptions that are to end. A package that is to be there too is
    /// not among them, unless it is named by the key of its subscription.
    pub fn ended(&self) -> impl Iterator<Item = &EndedSubscription> {
        self.unwanted().iter().filter(|ended| {
            let is_it = |one: &WantedSubscription| {
                matches!(&ended.subscription, SubscriptionKey::Package(package) if *package == one.package)
            };
            !self.wanted().iter().any(is_it)
        })
    }
}

/// A terminal by its hardware address or by the platform's key.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum TerminalKey {
    /// By the hardware address.
    Mac(MacAddr),
    /// By the platform's key.
    Id(TerminalId),
}

impl TerminalKey {
    /// Returns the key as the platform compares it.
    pub fn key(&self, identity: &Identity) -> Key {
        match self {
            TerminalKey::Mac(mac) => identity.mac(*mac),
            TerminalKey::Id(id) => identity.terminal(id),
        }
    }
}

impl From<MacAddr> for TerminalKey {
    fn from(mac: MacAddr) -> TerminalKey {
        TerminalKey::Mac(mac)
    }
}

/// A package that a subscriber is to have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WantedSubscription {
    /// The package.
    pub package: PackageId,
    /// The only terminal it is to hold for.
    pub terminal: Option<TerminalId>,
    /// The beginning; none is now.
    pub from: Option<Timestamp>,
    /// The end: kept as it is, none, or this one.
    pub until: Patch<Timestamp>,
}

impl WantedSubscription {
    /// A package from now until it is ended, for all terminals.
    pub fn new(package: PackageId) -> WantedSubscription {
        WantedSubscription {
            package,
            terminal: None,
            from: None,
            until: Patch::Clear,
        }
    }
}

impl From<&NewSubscription> for WantedSubscription {
    fn from(new: &NewSubscription) -> WantedSubscription {
        WantedSubscription {
            package: new.package.clone(),
            terminal: new.terminal.clone(),
            from: new.from,
            until: new.until.into(),
        }
    }
}

/// A subscription that is to end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndedSubscription {
    /// The subscription.
    pub subscription: SubscriptionKey,
    /// The time.
    pub end: End,
}

/// A subscription by the platform's key or by its package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SubscriptionKey {
    /// By the platform's key.
    Id(SubscriptionId),
    /// All to this package, for all terminals and for single ones.
    Package(PackageId),
}

impl Desired {
    /// A subscriber that keeps everything.
    fn keeping(presence: Presence) -> Desired {
        Desired {
            presence,
            login: None,
            password: None,
            external_ref: Patch::Keep,
            enabled: None,
            name: Patch::Keep,
            email: Patch::Keep,
            phone: Patch::Keep,
            address: Patch::Keep,
            note: Patch::Keep,
            device_limit: Patch::Keep,
            terminals: Members::Keep,
            subscriptions: Members::Keep,
        }
    }

    /// A subscriber with this login, created if it is not there.
    pub fn create(login: impl Into<String>) -> Desired {
        Desired {
            login: Some(login.into()),
            ..Desired::keeping(Presence::Create)
        }
    }

    /// A subscriber that has to be there.
    pub fn existing() -> Desired {
        Desired::keeping(Presence::Existing)
    }

    /// A subscriber that is not to be there.
    pub fn absent() -> Desired {
        Desired::keeping(Presence::Absent)
    }

    /// Returns the keys of the terminals that are to be there.
    pub(super) fn terminal_keys(&self, identity: &Identity) -> impl Iterator<Item = Key> {
        let terminals = self.terminals.wanted().iter();
        terminals.map(|terminal| terminal.key(identity))
    }

    /// Returns the fields that are to have a value, by name: a platform without
    /// a place for one reports its loss.
    pub fn set_fields(&self) -> Vec<&'static str> {
        let fields = [
            ("external_ref", matches!(self.external_ref, Patch::Set(_))),
            ("name", matches!(self.name, Patch::Set(_))),
            ("email", matches!(self.email, Patch::Set(_))),
            ("phone", matches!(self.phone, Patch::Set(_))),
            ("address", matches!(self.address, Patch::Set(_))),
            ("note", matches!(self.note, Patch::Set(_))),
            ("device_limit", matches!(self.device_limit, Patch::Set(_))),
        ];
        let set = fields.into_iter().filter(|(_, set)| *set);
        set.map(|(name, _)| name).collect()
    }
}

/// Sets what is given; the rest is kept.
impl From<&NewSubscriber> for Desired {
    fn from(new: &NewSubscriber) -> Desired {
        fn given<T: Clone>(value: &Option<T>) -> Patch<T> {
            value.clone().map_or(Patch::Keep, Patch::Set)
        }
        Desired {
            password: new.password.clone(),
            external_ref: given(&new.external_ref),
            enabled: Some(new.enabled),
            name: given(&new.name),
            email: given(&new.email),
            phone: given(&new.phone),
            address: given(&new.address),
            note: given(&new.note),
            device_limit: given(&new.device_limit),
            ..Desired::create(new.login.clone())
        }
    }
}

/// Of a subscriber that has to be there.
impl From<&SubscriberPatch> for Desired {
    fn from(patch: &SubscriberPatch) -> Desired {
        Desired {
            login: patch.login.clone(),
            password: patch.password.clone(),
            external_ref: patch.external_ref.clone(),
            name: patch.name.clone(),
            email: patch.email.clone(),
            phone: patch.phone.clone(),
            address: patch.address.clone(),
            note: patch.note.clone(),
            device_limit: patch.device_limit,
            ..Desired::existing()
        }
    }
}

redacted_debug! { Desired {
    presence, login hidden, password, external_ref hidden, enabled, name hidden, email hidden,
    phone hidden, address hidden, note hidden, device_limit, terminals, subscriptions,
} }
