//! Subscribers, terminals, packages, subscriptions, channels: the same on every
//! platform.
//!
//! A [`Backend`](crate::provisioning::Backend) reads and writes them. They have
//! IPTVPORTAL's names; what another platform calls an account or a device is a
//! [`Subscriber`] or a [`Terminal`] here.

mod capability;
mod channel;
mod command;
mod debug;
mod extra;
mod field_loss;
mod ids;
mod package;
mod patch;
mod subscriber;
mod subscription;
mod terminal;

pub use capability::{Capabilities, Capability};
pub use channel::Channel;
pub use command::{Command, Message, Recipients};
pub use extra::Extra;
pub use field_loss::FieldLoss;
pub use ids::{ChannelId, ExternalRef, PackageId, SubscriberId, SubscriptionId, TerminalId};
pub use jiff::Timestamp;
pub use jsonsql::MacAddr;
pub use package::{Package, PackageKind};
pub use patch::Patch;
pub use subscriber::{NewSubscriber, Subscriber, SubscriberKey, SubscriberPatch};
pub use subscription::{End, NewSubscription, Subscription};
pub use terminal::Terminal;
