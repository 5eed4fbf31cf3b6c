//! One step of a plan: a write, and whom it is about.

use std::fmt;

use jsonsql_client::Printable;
use jsonsql_client::backend::Operation;
use jsonsql_client::model::{
    End, MacAddr, NewSubscriber, NewSubscription, SubscriberId, SubscriberPatch, SubscriptionId,
    TerminalId,
};

use super::wanted::WantedPackage;

/// A write that is planned.
#[derive(Debug, Clone)]
pub struct Step {
    /// Whom it is about, for whoever reads the plan.
    pub login: String,
    /// The platform's key; none if an earlier step creates the subscriber.
    pub subscriber: Option<SubscriberId>,
    /// What is to be done.
    pub action: Action,
}

/// What is to be done, in the order in which it is: whoever pays gets
/// something before anybody loses anything.
#[derive(Debug, Clone)]
pub enum Action {
    /// Creates the subscriber.
    Create(Box<NewSubscriber>),
    /// Changes these fields.
    Change(Box<SubscriberPatch>),
    /// Lets it watch.
    Enable,
    /// Gives it a package.
    Add(WantedPackage),
    /// Ends the subscription to a package of this name.
    End(SubscriptionId, String),
    /// Takes a box away.
    Unbind(TerminalId, MacAddr),
    /// Gives it another subscriber's box.
    Move(TerminalId, MacAddr),
    /// Gives it a box.
    Bind(MacAddr),
    /// Keeps it from watching.
    Disable,
    /// Deletes it.
    Delete,
}

impl Action {
    /// What it is called in a plan.
    pub fn name(&self) -> &'static str {
        match self {
            Action::Create(_) => "create subscriber",
            Action::Change(_) => "change subscriber",
            Action::Enable => "enable subscriber",
            Action::Add(_) => "add subscription",
            Action::End(..) => "end subscription",
            Action::Unbind(..) => "unbind terminal",
            Action::Move(..) => "move terminal",
            Action::Bind(_) => "bind terminal",
            Action::Disable => "disable subscriber",
            Action::Delete => "delete subscriber",
        }
    }

    /// Its place in the order. A plan comes before the packages in it.
    pub fn rank(&self) -> u8 {
        match self {
            Action::Create(_) => 0,
            Action::Change(_) => 1,
            Action::Enable => 2,
            Action::Add(package) if package.offer.plan => 3,
            Action::Add(_) => 4,
            Action::End(..) => 5,
            Action::Unbind(..) => 6,
            Action::Move(..) => 7,
            Action::Bind(_) => 8,
            Action::Disable => 9,
            Action::Delete => 10,
        }
    }
}

impl Step {
    /// The write, about the subscriber with this key.
    pub fn operation(&self, subscriber: &SubscriberId) -> Operation {
        let id = subscriber.clone();
        match &self.action {
            Action::Create(new) => Operation::CreateSubscriber((**new).clone()),
            Action::Change(patch) => Operation::ChangeSubscriber(id, (**patch).clone()),
            Action::Enable => Operation::EnableSubscriber(id),
            Action::Add(package) => Operation::AddSubscription(NewSubscription {
                until: package.until,
                ..NewSubscription::of(id, package.offer.id.clone())
            }),
            Action::End(subscription, _) => {
                Operation::EndSubscription(subscription.clone(), End::Now)
            }
            Action::Unbind(terminal, _) => Operation::UnbindTerminal(terminal.clone()),
            Action::Move(terminal, _) => Operation::MoveTerminal(terminal.clone(), id),
            Action::Bind(mac) => Operation::BindTerminal(id, *mac),
            Action::Disable => Operation::DisableSubscriber(id),
            Action::Delete => Operation::DeleteSubscriber(id),
        }
    }
}

/// `change subscriber 10002: phone`, without what the fields hold. A login or a
/// name cannot make a line of its own.
impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:<18} {}", self.action.name(), Printable(&self.login))?;
        match &self.action {
            Action::Create(new) if !new.enabled => f.write_str(": disabled"),
            Action::Change(patch) => write!(f, ": {}", fields(patch).join(", ")),
            Action::Add(package) => write!(f, ": {}", Printable(&package.offer.name)),
            Action::End(_, package) => write!(f, ": {}", Printable(package)),
            Action::Unbind(_, mac) | Action::Move(_, mac) | Action::Bind(mac) => {
                write!(f, ": {mac}")
            }
            Action::Create(_) | Action::Enable | Action::Disable | Action::Delete => Ok(()),
        }
    }
}

fn fields(patch: &SubscriberPatch) -> Vec<&'static str> {
    let all = [
        ("login", patch.login.is_some()),
        ("password", patch.password.is_some()),
        ("external_ref", !patch.external_ref.is_keep()),
        ("name", !patch.name.is_keep()),
        ("email", !patch.email.is_keep()),
        ("phone", !patch.phone.is_keep()),
        ("address", !patch.address.is_keep()),
        ("note", !patch.note.is_keep()),
        ("device_limit", !patch.device_limit.is_keep()),
    ];
    all.into_iter()
        .filter_map(|(name, changed)| changed.then_some(name))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_or_a_name_makes_no_line_of_its_own() {
        let step = |action| Step {
            login: "10001\n  delete subscriber  10002\u{1b}[2J".to_owned(),
            subscriber: None,
            action,
        };
        let ended = Action::End(SubscriptionId::from("7"), "TV\r\n\u{202e}".to_owned());
        for action in [Action::Delete, Action::Enable, ended] {
            let shown = step(action).to_string();
            assert!(
                !shown.contains(['\n', '\r', '\u{1b}', '\u{202e}']),
                "{shown}"
            );
            assert!(shown.contains(r"10001\n  delete"), "{shown}");
        }
    }
}
