//! One billing integration for three platforms.
//!
//! A [`Backend`] is IPTVPORTAL, Ministra or TVIP. What all can do has one
//! method; what one cannot do it says as data
//! ([`capabilities`](Backend::capabilities)).
//!
//! # What is refused, and what is lost
//!
//! - **Lost** is a field of a subscriber that the platform has no place for:
//!   [`ExternalRef`](Capability::ExternalRef), [`Email`](Capability::Email),
//!   [`Phone`](Capability::Phone), [`Address`](Capability::Address),
//!   [`Note`](Capability::Note), [`DeviceLimit`](Capability::DeviceLimit). The
//!   rest of the record is written, and each field that was given and is not
//!   kept is a [`Lossy`](crate::model::Lossy) with the field's name. So is a
//!   field that is kept otherwise than it was given. To clear what is not kept
//!   loses nothing.
//!   Lost too is a part of a message that the platform has, but not for this
//!   message: TVIP has titles only over messages to be confirmed, and durations
//!   only of the others. The message is sent without it.
//! - **Refused** is everything else, for without it the operation would be
//!   another one: an operation, a command, a key to find by, a login to change
//!   to, a date, a terminal to which a subscription is limited, a part of a
//!   message that the platform has for no message. It is
//!   [`Error::Refused`](crate::Error::Refused) with
//!   [the capability](crate::Refusal::capability), and nothing was sent.
//!
//! Refused without a capability is what no platform would do right: a login or
//! external reference that is empty, begins or ends with a blank or has a
//! control character in it, an empty password, an id that is not one of this
//! platform, recipients of which there are none.

mod capability;
#[doc(hidden)]
pub mod ministra;
mod operation;
mod portal;
mod records;
mod texts;
mod trace;
pub mod tvip;

use std::fmt;
use std::future::Future;
use std::pin::Pin;

pub use capability::{Capabilities, Capability, matrix};
pub use operation::{Applied, Change, Effect, Operation, Preview};
pub use portal::{IptvPortal, ReferenceColumn};
pub use records::Records;

use crate::error::Result;
use crate::model::{
    Channel, Command, End, MacAddr, NewSubscriber, NewSubscription, Package, Recipients,
    Subscriber, SubscriberId, SubscriberKey, SubscriberPatch, Subscription, SubscriptionId,
    Terminal, TerminalId,
};

/// The answer of a backend, to be awaited.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

/// A platform, as a billing sees it.
///
/// Writes say what is to be, not what to do: each looks what there is, writes
/// what differs and reads it back, so asking again after any failure completes
/// what was begun. [`Error::Indeterminate`](crate::Error::Indeterminate) is a
/// write whose outcome is unknown, [`Error::Partial`](crate::Error::Partial)
/// one of several steps that stopped half-way.
///
/// ```no_run
/// use jsonsql_client::backend::Backend;
/// use jsonsql_client::model::{MacAddr, NewSubscriber, NewSubscription, PackageId};
///
/// async fn order(
///     platform: &dyn Backend,
///     login: &str,
///     mac: MacAddr,
///     package: PackageId,
/// ) -> jsonsql_client::Result<()> {
///     let subscriber = platform.create_subscriber(&NewSubscriber::of(login)).await?.value;
///     platform.bind_terminal(&subscriber.id, mac).await?;
///     platform
///         .add_subscription(&NewSubscription::of(subscriber.id, package))
///         .await?;
///     Ok(())
/// }
/// ```
pub trait Backend: Send + Sync + fmt::Debug {
    /// Which platform it is.
    fn platform(&self) -> Platform;

    /// What it can do.
    fn capabilities(&self) -> Capabilities;

    /// All subscribers.
    fn subscribers(&self) -> Records<'_, Subscriber>;

    /// The subscriber with this key, if there is one. Two with the same
    /// external reference are [`Error::ManyRows`](crate::Error::ManyRows).
    fn find_subscriber<'a>(&'a self, key: &'a SubscriberKey) -> Answer<'a, Option<Subscriber>>;

    /// Creates a subscriber, or adopts the one that is there: it is the same
    /// if the login is and, where both have one, the external reference.
    ///
    /// # Errors
    ///
    /// [`Error::Taken`](crate::Error::Taken) if the login or the external
    /// reference is another subscriber's.
    fn create_subscriber<'a>(&'a self, new: &'a NewSubscriber) -> Answer<'a, Applied<Subscriber>>;

    /// Changes what the patch names.
    ///
    /// # Errors
    ///
    /// [`Error::Missing`](crate::Error::Missing) if there is no such
    /// subscriber, as of every operation on one except deleting it;
    /// [`Error::Taken`](crate::Error::Taken) if the login or the external
    /// reference is another subscriber's.
    fn change_subscriber<'a>(
        &'a self,
        id: &'a SubscriberId,
        patch: &'a SubscriberPatch,
    ) -> Answer<'a, Applied<Subscriber>>;

    /// Lets the subscriber watch. Packages stay as they are.
    fn enable_subscriber<'a>(&'a self, id: &'a SubscriberId) -> Answer<'a, Applied<Subscriber>>;

    /// Keeps the subscriber from watching. Packages stay as they are.
    fn disable_subscriber<'a>(&'a self, id: &'a SubscriberId) -> Answer<'a, Applied<Subscriber>>;

    /// Deletes the subscriber with terminals and subscriptions. One that is
    /// not there is deleted already.
    fn delete_subscriber<'a>(&'a self, id: &'a SubscriberId) -> Answer<'a, Applied<()>>;

    /// The terminals of a subscriber; none if there is no such subscriber.
    fn terminals<'a>(&'a self, of: &'a SubscriberId) -> Records<'a, Terminal>;

    /// Gives the subscriber a box. One that is nobody's is taken.
    ///
    /// # Errors
    ///
    /// [`Error::Taken`](crate::Error::Taken) if it is another subscriber's:
    /// [`move_terminal`](Self::move_terminal) takes it away from there.
    fn bind_terminal<'a>(
        &'a self,
        subscriber: &'a SubscriberId,
        mac: MacAddr,
    ) -> Answer<'a, Applied<Terminal>>;

    /// Gives the terminal to another subscriber. Refused where that means
    /// making it anew ([`Capability::MoveTerminal`]).
    ///
    /// # Errors
    ///
    /// [`Error::Missing`](crate::Error::Missing) if there is no such terminal
    /// or subscriber.
    fn move_terminal<'a>(
        &'a self,
        terminal: &'a TerminalId,
        to: &'a SubscriberId,
    ) -> Answer<'a, Applied<Terminal>>;

    /// Takes the terminal from its subscriber. One that is not there is taken
    /// away already.
    fn unbind_terminal<'a>(&'a self, terminal: &'a TerminalId) -> Answer<'a, Applied<()>>;

    /// What subscribers can have.
    fn packages(&self) -> Records<'_, Package>;

    /// What the subscriber has; nothing if there is no such subscriber.
    fn subscriptions<'a>(&'a self, of: &'a SubscriberId) -> Records<'a, Subscription>;

    /// Gives the subscriber a package. A plan replaces the plan there is.
    ///
    /// # Errors
    ///
    /// [`Error::Missing`](crate::Error::Missing) if there is no such subscriber
    /// or package.
    fn add_subscription<'a>(
        &'a self,
        new: &'a NewSubscription,
    ) -> Answer<'a, Applied<Subscription>>;

    /// Ends a subscription. One that is not there has ended already.
    fn end_subscription<'a>(
        &'a self,
        subscription: &'a SubscriptionId,
        end: End,
    ) -> Answer<'a, Applied<()>>;

    /// What is watched.
    fn channels(&self) -> Records<'_, Channel>;

    /// Tells terminals something. Never sent again: a box that restarts twice
    /// is worse than one that does not.
    ///
    /// # Errors
    ///
    /// [`Error::Missing`](crate::Error::Missing) if one of them is not there:
    /// then none is told. [`Error::Partial`](crate::Error::Partial) if some
    /// were told and others not, where many take several requests; unlike other
    /// operations, asking again tells the first of them again.
    fn send<'a>(&'a self, to: &'a Recipients, command: &'a Command) -> Answer<'a, Applied<()>>;

    /// What an operation would do beside what it says, from reading only.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`](crate::Error::Refused) if the operation would be.
    fn preview<'a>(&'a self, operation: &'a Operation) -> Answer<'a, Preview>;

    /// Everything there is, in the fewest calls the platform allows.
    fn snapshot(&self) -> Records<'_, Record>;

    /// Makes a write that was planned as data.
    fn apply<'a>(&'a self, operation: &'a Operation) -> Answer<'a, Applied<()>> {
        Box::pin(async move {
            Ok(match operation {
                Operation::CreateSubscriber(new) => {
                    self.create_subscriber(new).await?.without_value()
                }
                Operation::ChangeSubscriber(id, patch) => {
                    self.change_subscriber(id, patch).await?.without_value()
                }
                Operation::EnableSubscriber(id) => {
                    self.enable_subscriber(id).await?.without_value()
                }
                Operation::DisableSubscriber(id) => {
                    self.disable_subscriber(id).await?.without_value()
                }
                Operation::DeleteSubscriber(id) => self.delete_subscriber(id).await?,
                Operation::BindTerminal(id, mac) => {
                    self.bind_terminal(id, *mac).await?.without_value()
                }
                Operation::MoveTerminal(id, to) => {
                    self.move_terminal(id, to).await?.without_value()
                }
                Operation::UnbindTerminal(id) => self.unbind_terminal(id).await?,
                Operation::AddSubscription(new) => {
                    self.add_subscription(new).await?.without_value()
                }
                Operation::EndSubscription(id, end) => self.end_subscription(id, *end).await?,
                Operation::Send(to, command) => self.send(to, command).await?,
            })
        })
    }
}

/// A platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Platform {
    /// IPTVPORTAL, over JSONSQL.
    IptvPortal,
    /// Ministra, once Stalker, over REST v1.
    Ministra,
    /// TVIP TMS, over its provider API.
    Tvip,
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Platform::IptvPortal => "IPTVPORTAL",
            Platform::Ministra => "Ministra",
            Platform::Tvip => "TVIP",
        })
    }
}

/// A record of a [snapshot](Backend::snapshot).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Record {
    /// What can be had.
    Package(Package),
    /// What is watched.
    Channel(Channel),
    /// Who watches.
    Subscriber(Subscriber),
    /// What is watched with.
    Terminal(Terminal),
    /// Who has what.
    Subscription(Subscription),
}
