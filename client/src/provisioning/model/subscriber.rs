//! Who watches. Of what is personal, `Debug` shows only whether it is there.

use secrecy::SecretString;

use super::{ExternalRef, Patch, SubscriberId};

/// A subscriber: who watches, with a login.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Subscriber {
    /// The platform's key.
    pub id: SubscriberId,
    /// The name to log in with, unique within the operator.
    pub login: String,
    /// The billing's key.
    pub external_ref: Option<ExternalRef>,
    /// Whether the subscriber may watch.
    pub enabled: bool,
    /// The person's name, in one.
    pub name: Option<String>,
    /// The e-mail address.
    pub email: Option<String>,
    /// The telephone number.
    pub phone: Option<String>,
    /// The postal address.
    pub address: Option<String>,
    /// What the operator has noted.
    pub note: Option<String>,
    /// How many terminals there may be; none is the operator's own limit.
    pub device_limit: Option<u32>,
}

impl Subscriber {
    /// An enabled subscriber with this key and login, and nothing else.
    pub fn new(id: SubscriberId, login: impl Into<String>) -> Subscriber {
        Subscriber {
            id,
            login: login.into(),
            external_ref: None,
            enabled: true,
            name: None,
            email: None,
            phone: None,
            address: None,
            note: None,
            device_limit: None,
        }
    }
}

/// A subscriber to be created. Passwords are written and never read.
///
/// ```
/// use jsonsql_client::provisioning::model::{ExternalRef, NewSubscriber};
///
/// let new = NewSubscriber {
///     password: Some("a password from somewhere safe".into()),
///     external_ref: Some(ExternalRef::new("contract-1553")),
///     ..NewSubscriber::of("ivanov")
/// };
/// ```
#[derive(Clone)]
pub struct NewSubscriber {
    /// The name to log in with.
    pub login: String,
    /// The password, if the platform is to have one.
    pub password: Option<SecretString>,
    /// The billing's key.
    pub external_ref: Option<ExternalRef>,
    /// Whether the subscriber may watch.
    pub enabled: bool,
    /// The person's name, in one.
    pub name: Option<String>,
    /// The e-mail address.
    pub email: Option<String>,
    /// The telephone number.
    pub phone: Option<String>,
    /// The postal address.
    pub address: Option<String>,
    /// What the operator has to note.
    pub note: Option<String>,
    /// How many terminals there may be; none is the operator's own limit.
    pub device_limit: Option<u32>,
}

impl NewSubscriber {
    /// An enabled subscriber with this login and nothing else.
    pub fn of(login: impl Into<String>) -> NewSubscriber {
        NewSubscriber {
            login: login.into(),
            password: None,
            external_ref: None,
            enabled: true,
            name: None,
            email: None,
            phone: None,
            address: None,
            note: None,
            device_limit: None,
        }
    }
}

/// A change of a subscriber; what it does not name stays as it is.
#[derive(Clone, Default)]
pub struct SubscriberPatch {
    /// Another login.
    pub login: Option<String>,
    /// Another password. Sent only when given.
    pub password: Option<SecretString>,
    /// The billing's key.
    pub external_ref: Patch<ExternalRef>,
    /// The person's name, in one.
    pub name: Patch<String>,
    /// The e-mail address.
    pub email: Patch<String>,
    /// The telephone number.
    pub phone: Patch<String>,
    /// The postal address.
    pub address: Patch<String>,
    /// What the operator has noted.
    pub note: Patch<String>,
    /// How many terminals there may be; cleared, it is the operator's own limit.
    pub device_limit: Patch<u32>,
}

impl SubscriberPatch {
    /// Whether it changes nothing.
    pub fn is_empty(&self) -> bool {
        self.login.is_none()
            && self.password.is_none()
            && self.external_ref.is_keep()
            && self.name.is_keep()
            && self.email.is_keep()
            && self.phone.is_keep()
            && self.address.is_keep()
            && self.note.is_keep()
            && self.device_limit.is_keep()
    }
}

/// How to find a subscriber.
#[derive(Clone, PartialEq, Eq)]
pub enum SubscriberKey {
    /// By the platform's key.
    Id(SubscriberId),
    /// By the name to log in with.
    Login(String),
    /// By the billing's key.
    ExternalRef(ExternalRef),
}
