//! Keys, and the only place where they are made.

mod collation;

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

pub use collation::Collation;

use crate::model::{ExternalRef, MacAddr, SubscriberId, SubscriberKey, SubscriptionId, TerminalId};

/// Something that a record is found by, compared as the server compares it.
///
/// Only an [`Identity`] makes one, so that two keys are equal exactly if the
/// server takes them as equal. The text is kept as it was written, to be sent.
#[derive(Clone)]
pub struct Key {
    kind: KeyKind,
    folded: Arc<str>,
    text: Arc<str>,
}

/// The kind of a [`Key`]: the field whose value it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum KeyKind {
    /// The platform's own number of a subscriber.
    Id,
    /// The billing's key of a subscriber.
    Reference,
    /// The name to log in with.
    Login,
    /// The hardware address of a terminal, or what stands for it.
    Terminal,
    /// The platform's own number of a terminal.
    TerminalId,
    /// The platform's own number of a subscription.
    Subscription,
}

impl KeyKind {
    /// Returns the name in messages: `external reference`.
    pub fn as_str(self) -> &'static str {
        match self {
            KeyKind::Id => "id",
            KeyKind::Reference => "external reference",
            KeyKind::Login => "login",
            KeyKind::Terminal => "hardware address",
            KeyKind::TerminalId => "terminal id",
            KeyKind::Subscription => "subscription id",
        }
    }
}

impl KeyKind {
    /// Returns the record that has such a key: `terminal`.
    pub(super) fn record(self) -> &'static str {
        match self {
            KeyKind::Id | KeyKind::Reference | KeyKind::Login => "subscriber",
            KeyKind::Terminal | KeyKind::TerminalId => "terminal",
            KeyKind::Subscription => "subscription",
        }
    }
}

impl Key {
    /// Returns the kind of key.
    pub fn kind(&self) -> KeyKind {
        self.kind
    }

    /// Returns the text as it was written.
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Key) -> bool {
        self.kind == other.kind && self.folded == other.folded
    }
}

impl Eq for Key {}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Key) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Key {
    fn cmp(&self, other: &Key) -> Ordering {
        (self.kind, &self.folded).cmp(&(other.kind, &other.folded))
    }
}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.kind.hash(state);
        self.folded.hash(state);
    }
}

/// Shows the kind alone where the text is personal.
impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            KeyKind::Login | KeyKind::Reference => write!(f, "{:?}(…)", self.kind),
            _ => write!(f, "{:?}({})", self.kind, self.text),
        }
    }
}

/// Equality as one platform has it: the maker of all its keys.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Identity {
    logins: Collation,
    references: Collation,
    ids_are_logins: bool,
    may_have_twins: Vec<KeyKind>,
}

impl Identity {
    /// Creates the identity of a platform that compares everything exactly and
    /// has a unique index on every key.
    pub fn new() -> Identity {
        Identity::default()
    }

    /// Compares logins so.
    #[must_use]
    pub fn logins(mut self, collation: Collation) -> Identity {
        self.logins = collation;
        self
    }

    /// Compares external references so.
    #[must_use]
    pub fn references(mut self, collation: Collation) -> Identity {
        self.references = collation;
        self
    }

    /// Takes a subscriber's id as its login: the platform shows no number.
    #[must_use]
    pub fn ids_are_logins(mut self) -> Identity {
        self.ids_are_logins = true;
        self
    }

    /// Says that two records can get the same key of this kind, if two callers
    /// create them at once: the key is read again after a creation. A kind whose
    /// second record cannot be seen by loading the key is not to be named.
    #[must_use]
    pub fn may_have_twins(mut self, kind: KeyKind) -> Identity {
        self.may_have_twins.push(kind);
        self
    }

    /// Returns `true` if a key of this kind is read again after a creation.
    pub fn has_twins(&self, kind: KeyKind) -> bool {
        self.may_have_twins.contains(&kind)
    }

    /// Returns `true` if one record at most has a key of this kind: the platform has
    /// numbered its records.
    pub fn is_unique(&self, kind: KeyKind) -> bool {
        let is_number = matches!(
            kind,
            KeyKind::Id | KeyKind::TerminalId | KeyKind::Subscription
        );
        is_number && !self.ids_are_logins
    }

    /// Makes the key of a login.
    pub fn login(&self, login: &str) -> Key {
        make(KeyKind::Login, self.logins, login)
    }

    /// Makes the key of an external reference.
    pub fn reference(&self, reference: &ExternalRef) -> Key {
        make(KeyKind::Reference, self.references, reference.as_str())
    }

    /// Makes the key of a subscriber's id.
    pub fn id(&self, id: &SubscriberId) -> Key {
        match self.ids_are_logins {
            true => self.login(id.as_str()),
            false => make(KeyKind::Id, Collation::Exact, id.as_str()),
        }
    }

    /// Makes the key of a subscriber.
    pub fn subscriber(&self, key: &SubscriberKey) -> Key {
        match key {
            SubscriberKey::Id(id) => self.id(id),
            SubscriberKey::Login(login) => self.login(login),
            SubscriberKey::ExternalRef(reference) => self.reference(reference),
        }
    }

    /// Makes the key of a hardware address.
    pub fn mac(&self, mac: MacAddr) -> Key {
        make(KeyKind::Terminal, Collation::Exact, &mac.to_string())
    }

    /// Makes the key of a player without a hardware address.
    pub fn player(&self, unique_id: &str) -> Key {
        make(KeyKind::Terminal, Collation::Exact, unique_id)
    }

    /// Makes the key of a terminal's id. An id that is a hardware address is
    /// the same key as the address.
    pub fn terminal(&self, id: &TerminalId) -> Key {
        let text = id.as_str();
        match text.parse::<MacAddr>() {
            // Twelve digits alone may be a number, and an id has no blanks around it.
            Ok(mac) if text.contains([':', '-', '.']) && text.trim() == text => self.mac(mac),
            _ => make(KeyKind::TerminalId, Collation::Exact, text),
        }
    }

    /// Makes the key of a subscription's id.
    pub fn subscription(&self, id: &SubscriptionId) -> Key {
        make(KeyKind::Subscription, Collation::Exact, id.as_str())
    }
}

fn make(kind: KeyKind, collation: Collation, text: &str) -> Key {
    let folded = collation.fold(text);
    let text: Arc<str> = text.into();
    let folded = match *folded == *text {
        true => Arc::clone(&text),
        false => folded.into(),
    };
    Key { kind, folded, text }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn keys_are_equal_as_the_server_says() {
        let identity = Identity::new().logins(Collation::MysqlGeneral);
        let (one, other) = (identity.login("Королёв"), identity.login("королев "));
        assert_eq!(one, other);
        assert_eq!(one.cmp(&other), Ordering::Equal);
        assert_eq!(HashSet::from([one.clone()]).get(&other), Some(&one));
        assert_eq!(other.text(), "королев ");
        let reference = |text: &str| identity.reference(&ExternalRef::from(text));
        assert_ne!(reference("c1"), reference("C1"));
    }

    #[test]
    fn kinds_are_apart_except_where_the_platform_has_one_for_two() {
        let id = SubscriberId::from("7");
        assert_ne!(Identity::new().id(&id), Identity::new().login("7"));
        let ministra = Identity::new().ids_are_logins();
        assert_eq!(ministra.id(&id), ministra.login("7"));
        let mac: MacAddr = "00:1a:79:00:00:01".parse().unwrap();
        let id = TerminalId::from("00-1A-79-00-00-01");
        assert_eq!(ministra.terminal(&id), ministra.mac(mac));
    }

    #[test]
    fn personal_keys_do_not_show() {
        let shown = format!("{:?}", Identity::new().login("planted"));
        assert_eq!(shown, "Login(…)");
    }
}
