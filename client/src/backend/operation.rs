//! Writes as data: to be planned, shown, and then made.

use crate::model::{
    Command, End, Lossy, MacAddr, NewSubscriber, NewSubscription, Recipients, SubscriberId,
    SubscriberPatch, SubscriptionId, TerminalId,
};

/// A write, before it is made.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Operation {
    /// [`Backend::create_subscriber`](super::Backend::create_subscriber)
    CreateSubscriber(NewSubscriber),
    /// [`Backend::change_subscriber`](super::Backend::change_subscriber)
    ChangeSubscriber(SubscriberId, SubscriberPatch),
    /// [`Backend::enable_subscriber`](super::Backend::enable_subscriber)
    EnableSubscriber(SubscriberId),
    /// [`Backend::disable_subscriber`](super::Backend::disable_subscriber)
    DisableSubscriber(SubscriberId),
    /// [`Backend::delete_subscriber`](super::Backend::delete_subscriber)
    DeleteSubscriber(SubscriberId),
    /// [`Backend::bind_terminal`](super::Backend::bind_terminal)
    BindTerminal(SubscriberId, MacAddr),
    /// [`Backend::move_terminal`](super::Backend::move_terminal)
    MoveTerminal(TerminalId, SubscriberId),
    /// [`Backend::unbind_terminal`](super::Backend::unbind_terminal)
    UnbindTerminal(TerminalId),
    /// [`Backend::add_subscription`](super::Backend::add_subscription)
    AddSubscription(NewSubscription),
    /// [`Backend::end_subscription`](super::Backend::end_subscription)
    EndSubscription(SubscriptionId, End),
    /// [`Backend::send`](super::Backend::send)
    Send(Recipients, Command),
}

impl Operation {
    /// What it is called in plans and errors: `create subscriber`.
    pub fn name(&self) -> &'static str {
        match self {
            Operation::CreateSubscriber(_) => "create subscriber",
            Operation::ChangeSubscriber(..) => "change subscriber",
            Operation::EnableSubscriber(_) => "enable subscriber",
            Operation::DisableSubscriber(_) => "disable subscriber",
            Operation::DeleteSubscriber(_) => "delete subscriber",
            Operation::BindTerminal(..) => "bind terminal",
            Operation::MoveTerminal(..) => "move terminal",
            Operation::UnbindTerminal(_) => "unbind terminal",
            Operation::AddSubscription(_) => "add subscription",
            Operation::EndSubscription(..) => "end subscription",
            Operation::Send(..) => "send",
        }
    }
}

/// What an operation would do beside what it says, found out beforehand.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Preview {
    /// What viewers will notice.
    pub effects: Vec<Effect>,
    /// What the platform will not keep.
    pub losses: Vec<Lossy>,
}

/// What an operation does beside what it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Effect {
    /// Boxes start again, in the middle of whatever is watched.
    Reboot {
        /// How many.
        boxes: u32,
    },
    /// For a moment there is no service.
    ServiceGap,
    /// What is gone cannot be had back.
    Irreversible,
}

/// A write that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Applied<T> {
    /// What was written, as read back.
    pub value: T,
    /// Whether anything was.
    pub change: Change,
    /// What the platform did not keep.
    pub losses: Vec<Lossy>,
}

/// What a write changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Change {
    /// It was made.
    Made,
    /// Everything was as asked for already.
    Nothing,
    /// What was to be created was there, with the same key, and is as asked
    /// for now.
    Adopted,
}

impl<T> Applied<T> {
    pub(crate) fn new(value: T, change: Change, losses: Vec<Lossy>) -> Applied<T> {
        Applied {
            value,
            change,
            losses,
        }
    }

    pub(crate) fn without_value(self) -> Applied<()> {
        Applied::new((), self.change, self.losses)
    }
}
