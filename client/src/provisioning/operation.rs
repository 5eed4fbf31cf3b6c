//! Operations of a billing, each of them one job or two.

use super::desired::{
    Desired, EndedSubscription, Members, SubscriptionKey, TerminalKey, WantedSubscription,
};
use super::effect::Effect;
use super::executor::{Change, Job};
use super::identity::Identity;
use crate::model::{
    Command, End, FieldLoss, NewSubscriber, NewSubscription, Recipients, SubscriberId,
    SubscriberPatch, SubscriptionId, TerminalId,
};

/// The name of a move in plans and errors.
pub(super) const MOVE: &str = "move terminal";

/// A write as data: to be shown, and then made.
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
    ///
    /// A terminal without a hardware address is named by the platform's key.
    BindTerminal(SubscriberId, TerminalKey),
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
    /// Returns the name in plans and errors: `create subscriber`.
    pub fn name(&self) -> &'static str {
        match self {
            Operation::CreateSubscriber(_) => "create subscriber",
            Operation::ChangeSubscriber(..) => "change subscriber",
            Operation::EnableSubscriber(_) => "enable subscriber",
            Operation::DisableSubscriber(_) => "disable subscriber",
            Operation::DeleteSubscriber(_) => "delete subscriber",
            Operation::BindTerminal(..) => "bind terminal",
            Operation::MoveTerminal(..) => MOVE,
            Operation::UnbindTerminal(_) => "unbind terminal",
            Operation::AddSubscription(_) => "add subscription",
            Operation::EndSubscription(..) => "end subscription",
            Operation::Send(..) => "send",
        }
    }

    /// Returns the jobs it is made of, the one whose subscriber is its result
    /// last.
    pub fn jobs(&self, identity: &Identity) -> Vec<Job> {
        let existing = |id: &SubscriberId, wanted| Job::new([identity.id(id)], wanted);
        let terminals = |terminals| Desired {
            terminals,
            ..Desired::existing()
        };
        match self {
            // Found by its login alone: a subscriber with the reference and
            // another login is not renamed by a creation.
            Operation::CreateSubscriber(new) => {
                vec![Job::new([identity.login(&new.login)], new.into())]
            }
            Operation::ChangeSubscriber(id, patch) => vec![existing(id, patch.into())],
            Operation::EnableSubscriber(id) => vec![existing(id, switched(true))],
            Operation::DisableSubscriber(id) => vec![existing(id, switched(false))],
            Operation::DeleteSubscriber(id) => vec![existing(id, Desired::absent())],
            Operation::BindTerminal(id, terminal) => {
                vec![existing(id, terminals(Members::adding(terminal.clone())))]
            }
            Operation::MoveTerminal(terminal, to) => {
                let key = || TerminalKey::Id(terminal.clone());
                let give_up = terminals(Members::removing(key()));
                let get = terminals(Members::adding(key()));
                vec![
                    Job::new([identity.terminal(terminal)], give_up),
                    existing(to, get),
                ]
            }
            Operation::UnbindTerminal(terminal) => {
                let remove = Members::removing(TerminalKey::Id(terminal.clone()));
                vec![Job::new([identity.terminal(terminal)], terminals(remove))]
            }
            Operation::AddSubscription(new) => {
                let wanted = Desired {
                    subscriptions: Members::adding(WantedSubscription::from(new)),
                    ..Desired::existing()
                };
                vec![existing(&new.subscriber, wanted)]
            }
            Operation::EndSubscription(id, end) => {
                let wanted = Desired {
                    subscriptions: Members::removing(EndedSubscription {
                        subscription: SubscriptionKey::Id(id.clone()),
                        end: *end,
                    }),
                    ..Desired::existing()
                };
                vec![Job::new([identity.subscription(id)], wanted)]
            }
            Operation::Send(..) => Vec::new(),
        }
    }

    /// Returns `true` if it has nothing to do when its subscriber is not there.
    pub(super) fn is_removal(&self) -> bool {
        matches!(
            self,
            Operation::DeleteSubscriber(_)
                | Operation::UnbindTerminal(_)
                | Operation::EndSubscription(..)
        )
    }
}

fn switched(enabled: bool) -> Desired {
    Desired {
        enabled: Some(enabled),
        ..Desired::existing()
    }
}

/// The effects, losses and steps that an operation would have.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Preview {
    /// The effects that viewers will notice, and removals that cannot be undone.
    pub effects: Vec<Effect>,
    /// The losses: data that the platform will not keep.
    pub losses: Vec<FieldLoss>,
    /// The steps, by name.
    pub steps: Vec<&'static str>,
}

/// A write that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Applied<T> {
    /// The record that the write is about, as it is now.
    pub value: T,
    /// The kind of change that was made.
    pub change: Change,
    /// The losses: data that the platform did not keep.
    pub losses: Vec<FieldLoss>,
    /// The effects that viewers noticed, and removals that cannot be undone.
    pub effects: Vec<Effect>,
}

impl<T> Applied<T> {
    /// A write that changed this.
    pub fn new(value: T, change: Change) -> Applied<T> {
        Applied {
            value,
            change,
            losses: Vec::new(),
            effects: Vec::new(),
        }
    }

    /// Returns the same of another value.
    pub fn map<U>(self, into: impl FnOnce(T) -> U) -> Applied<U> {
        Applied {
            value: into(self.value),
            change: self.change,
            losses: self.losses,
            effects: self.effects,
        }
    }
}
