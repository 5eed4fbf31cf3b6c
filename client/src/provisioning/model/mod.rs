//! Subscribers, terminals, packages, subscriptions, channels: the same on every
//! platform.
//!
//! A [`Backend`](crate::provisioning::Backend) reads and writes them. They have
//! IPTVPORTAL's names; what another platform calls an account or a device is a
//! [`Subscriber`] or a [`Terminal`] here.

mod channel;
mod command;
mod debug;
mod ids;
mod lossy;
mod package;
mod patch;
mod subscriber;
mod subscription;
mod terminal;

pub use channel::Channel;
pub use command::{Command, Message, Recipients};
pub use ids::{ChannelId, ExternalRef, PackageId, SubscriberId, SubscriptionId, TerminalId};
pub use jiff::Timestamp;
pub use jsonsql::MacAddr;
pub use lossy::Lossy;
pub use package::{Package, PackageKind};
pub use patch::Patch;
pub use subscriber::{NewSubscriber, Subscriber, SubscriberKey, SubscriberPatch};
pub use subscription::{End, NewSubscription, Subscription};
pub use terminal::Terminal;
