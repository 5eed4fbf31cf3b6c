//! The subscribers. `Debug` shows only whether a personal field has a value.

use secrecy::SecretString;

use super::{ExternalRef, Extra, Patch, SubscriberId};

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
    /// `true` if the subscriber may watch.
    pub enabled: bool,
    /// The person's name, in one.
    pub name: Option<String>,
    /// The e-mail address.
    pub email: Option<String>,
    /// The telephone number.
    pub phone: Option<String>,
    /// The postal address.
    pub address: Option<String>,
    /// The operator's note.
    pub note: Option<String>,
    /// The maximum number of terminals; none is the operator's own limit.
    pub device_limit: Option<u32>,
    /// The fields that the platform has beyond these.
    pub extra: Extra,
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
            extra: Extra::default(),
        }
    }
}

/// A subscriber to be created. Passwords are written and never read.
///
/// ```
/// use jsonsql_client::model::{ExternalRef, NewSubscriber};
///
/// let new = NewSubscriber {
///     password: Some("a password from somewhere safe".into()),
///     external_ref: Some(ExternalRef::new("contract-1553")),
///     ..NewSubscriber::new("ivanov")
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
    /// `true` if the subscriber may watch.
    pub enabled: bool,
    /// The person's name, in one.
    pub name: Option<String>,
    /// The e-mail address.
    pub email: Option<String>,
    /// The telephone number.
    pub phone: Option<String>,
    /// The postal address.
    pub address: Option<String>,
    /// The operator's note.
    pub note: Option<String>,
    /// The maximum number of terminals; none is the operator's own limit.
    pub device_limit: Option<u32>,
}

impl NewSubscriber {
    /// An enabled subscriber with this login and nothing else.
    pub fn new(login: impl Into<String>) -> NewSubscriber {
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
///
/// ```
/// use jsonsql_client::model::{Patch, SubscriberPatch};
///
/// let moved = SubscriberPatch {
///     address: Patch::Set("Lenina 1, 5".to_owned()),
///     ..SubscriberPatch::default() // everything else stays
/// };
/// assert!(!moved.is_empty());
/// ```
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
    /// The operator's note.
    pub note: Patch<String>,
    /// The maximum number of terminals; if cleared, the operator's own limit applies.
    pub device_limit: Patch<u32>,
}

impl SubscriberPatch {
    /// Returns `true` if the patch changes nothing.
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

/// The key by which a subscriber is found.
///
/// ```
/// use jsonsql_client::model::{SubscriberId, SubscriberKey};
///
/// let by_login = SubscriberKey::Login("ivanov".to_owned());
/// let by_id = SubscriberKey::Id(SubscriberId::from(7));
/// assert_ne!(by_login, by_id);
/// ```
#[derive(Clone, PartialEq, Eq)]
pub enum SubscriberKey {
    /// The platform's key.
    Id(SubscriberId),
    /// The name to log in with.
    Login(String),
    /// The billing's key.
    ExternalRef(ExternalRef),
}
