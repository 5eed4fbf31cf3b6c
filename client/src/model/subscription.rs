//! The subscriptions of a subscriber to packages.

use jiff::Timestamp;

use super::{PackageId, SubscriberId, SubscriptionId, TerminalId};

/// A package that a subscriber has.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Subscription {
    /// The platform's key, or one made of the subscriber's and the package's.
    pub id: SubscriptionId,
    /// The subscriber who has the package.
    pub subscriber: SubscriberId,
    /// The package.
    pub package: PackageId,
    /// The only terminal it holds for. On TVIP, a terminal with subscriptions
    /// of its own has only these.
    pub terminal: Option<TerminalId>,
    /// Since when, where the platform knows.
    pub from: Option<Timestamp>,
    /// Until when; none is until it is ended.
    pub until: Option<Timestamp>,
    /// `true` if it is in use: neither ended nor kept for later.
    pub active: bool,
}

impl Subscription {
    /// A subscription in use, for all terminals and without dates.
    pub fn new(id: SubscriptionId, subscriber: SubscriberId, package: PackageId) -> Subscription {
        Subscription {
            id,
            subscriber,
            package,
            terminal: None,
            from: None,
            until: None,
            active: true,
        }
    }
}

/// A subscription to be added.
///
/// ```
/// use jsonsql_client::model::{NewSubscription, PackageId, SubscriberId};
///
/// let movies = NewSubscription::new(SubscriberId::from(7), PackageId::from(2));
/// # let _ = movies;
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSubscription {
    /// The subscriber who is to have the package.
    pub subscriber: SubscriberId,
    /// The package.
    pub package: PackageId,
    /// The only terminal it is to hold for.
    pub terminal: Option<TerminalId>,
    /// From when; none is from now.
    pub from: Option<Timestamp>,
    /// Until when; none is until it is ended.
    pub until: Option<Timestamp>,
}

impl NewSubscription {
    /// From now until it is ended, for all terminals.
    pub fn new(subscriber: SubscriberId, package: PackageId) -> NewSubscription {
        NewSubscription {
            subscriber,
            package,
            terminal: None,
            from: None,
            until: None,
        }
    }
}

/// The time at which a subscription ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// As soon as the platform can.
    Now,
    /// Later, where the platform has dates.
    At(Timestamp),
}
