//! Any platform as a [`Backend`]: every operation is a run of one job or two.

mod look;
mod run;
mod send;

use std::fmt;
use std::time::Duration;

use super::backend::{Answer, Backend};
use super::desired::{Desired, Members};
use super::kept_lists::KeptLists;
use super::operation::{Applied, Operation, Preview};
use super::platform::Platform;
use super::queue::Queue;
use super::trace::traced;
use crate::model::Capabilities;
use crate::model::{
    Channel, Command, End, MacAddr, NewSubscriber, NewSubscription, Package, Recipients,
    Subscriber, SubscriberId, SubscriberKey, SubscriberPatch, Subscription, SubscriptionId,
    Terminal, TerminalId,
};
use crate::provisioning::Records;

/// A [`Platform`] for billings.
///
/// Operations on one subscriber that are asked for at once are made one after
/// the other, so that two of them do not leave two records.
pub struct Adapter<P: Platform> {
    platform: P,
    queue: Queue,
    kept_lists: KeptLists<P::Catalogue>,
    reports_all_effects: bool,
}

impl<P: Platform> Adapter<P> {
    /// Creates the backend of a platform.
    pub fn new(platform: P) -> Adapter<P> {
        Adapter {
            platform,
            queue: Queue::default(),
            kept_lists: KeptLists::new(Duration::ZERO),
            reports_all_effects: false,
        }
    }

    /// Reads all rows of a subscriber before each operation, so that its result
    /// names every terminal that shows something else. Otherwise rows that only
    /// effects need are left out, at platforms where they are further requests,
    /// and [`Effect::Unread`](super::Effect::Unread) says so; a preview always
    /// reads all of them.
    #[must_use]
    pub fn reporting_all_effects(mut self) -> Adapter<P> {
        self.reports_all_effects = true;
        self
    }

    /// Uses the lists of packages that an operation has read for those after it, up
    /// to this long. Otherwise each operation that needs them reads them.
    ///
    /// It is a request less for each package that is added, and one guarantee less: a
    /// package that is withdrawn is given until the lists are read again. An operation
    /// that would be refused reads them before, so that a new package is found.
    #[must_use]
    pub fn keeping_lists(mut self, lifetime: Duration) -> Adapter<P> {
        self.kept_lists = KeptLists::new(lifetime);
        self
    }

    /// Returns the platform, whose own interface goes beyond the model.
    pub fn platform(&self) -> &P {
        &self.platform
    }
}

impl<P: Platform> fmt::Debug for Adapter<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Adapter")
            .field(&self.platform.name())
            .finish()
    }
}

impl<P: Platform> Backend for Adapter<P> {
    fn name(&self) -> &'static str {
        self.platform.name()
    }

    fn capabilities(&self) -> Capabilities {
        self.platform.capabilities()
    }

    fn subscribers(&self) -> Records<'_, Subscriber> {
        self.everybody()
    }

    fn find_subscriber<'a>(&'a self, key: &'a SubscriberKey) -> Answer<'a, Option<Subscriber>> {
        traced(&self.platform, "find subscriber", async move {
            let view = self.find(key, &Desired::existing()).await?;
            Ok(view.and_then(|view| view.subscriber))
        })
    }

    fn create_subscriber<'a>(&'a self, new: &'a NewSubscriber) -> Answer<'a, Applied<Subscriber>> {
        traced(
            &self.platform,
            "create subscriber",
            self.subscriber(Operation::CreateSubscriber(new.clone())),
        )
    }

    fn change_subscriber<'a>(
        &'a self,
        id: &'a SubscriberId,
        patch: &'a SubscriberPatch,
    ) -> Answer<'a, Applied<Subscriber>> {
        traced(
            &self.platform,
            "change subscriber",
            self.subscriber(Operation::ChangeSubscriber(id.clone(), patch.clone())),
        )
    }

    fn enable_subscriber<'a>(&'a self, id: &'a SubscriberId) -> Answer<'a, Applied<Subscriber>> {
        traced(
            &self.platform,
            "enable subscriber",
            self.subscriber(Operation::EnableSubscriber(id.clone())),
        )
    }

    fn disable_subscriber<'a>(&'a self, id: &'a SubscriberId) -> Answer<'a, Applied<Subscriber>> {
        traced(
            &self.platform,
            "disable subscriber",
            self.subscriber(Operation::DisableSubscriber(id.clone())),
        )
    }

    fn delete_subscriber<'a>(&'a self, id: &'a SubscriberId) -> Answer<'a, Applied<()>> {
        Box::pin(async move { self.apply(&Operation::DeleteSubscriber(id.clone())).await })
    }

    fn terminals<'a>(&'a self, of: &'a SubscriberId) -> Records<'a, Terminal> {
        let about = Desired {
            terminals: Members::Exactly(Vec::new()),
            ..Desired::existing()
        };
        self.of_one("list terminals", of, about, |view| {
            let unreadable = view.unreadable.into_iter();
            let of_terminals = unreadable.filter(|row| row.record == "terminal");
            (view.terminals, of_terminals.collect())
        })
    }

    fn bind_terminal<'a>(
        &'a self,
        subscriber: &'a SubscriberId,
        mac: MacAddr,
    ) -> Answer<'a, Applied<Terminal>> {
        let operation = Operation::BindTerminal(subscriber.clone(), mac.into());
        let key = self.platform.identity().mac(mac);
        traced(
            &self.platform,
            "bind terminal",
            self.terminal(operation, key),
        )
    }

    fn move_terminal<'a>(
        &'a self,
        terminal: &'a TerminalId,
        to: &'a SubscriberId,
    ) -> Answer<'a, Applied<Terminal>> {
        let operation = Operation::MoveTerminal(terminal.clone(), to.clone());
        let key = self.platform.identity().terminal(terminal);
        traced(
            &self.platform,
            "move terminal",
            self.terminal(operation, key),
        )
    }

    fn unbind_terminal<'a>(&'a self, terminal: &'a TerminalId) -> Answer<'a, Applied<()>> {
        Box::pin(async move {
            self.apply(&Operation::UnbindTerminal(terminal.clone()))
                .await
        })
    }

    fn packages(&self) -> Records<'_, Package> {
        Records::once(async move {
            let lists = self.read_lists().await?;
            Ok(self.platform.packages(&lists))
        })
    }

    fn find_package<'a>(&'a self, text: &'a str) -> Answer<'a, Package> {
        traced(&self.platform, "find package", self.package(text))
    }

    fn subscriptions<'a>(&'a self, of: &'a SubscriberId) -> Records<'a, Subscription> {
        let about = Desired {
            subscriptions: Members::Exactly(Vec::new()),
            ..Desired::existing()
        };
        // What a terminal that cannot be read has cannot be read either.
        self.of_one("list subscriptions", of, about, |view| {
            (view.subscriptions, view.unreadable)
        })
    }

    fn add_subscription<'a>(
        &'a self,
        new: &'a NewSubscription,
    ) -> Answer<'a, Applied<Subscription>> {
        traced(&self.platform, "add subscription", self.subscription(new))
    }

    fn end_subscription<'a>(
        &'a self,
        subscription: &'a SubscriptionId,
        end: End,
    ) -> Answer<'a, Applied<()>> {
        Box::pin(async move {
            self.apply(&Operation::EndSubscription(subscription.clone(), end))
                .await
        })
    }

    fn channels(&self) -> Records<'_, Channel> {
        Records::once(self.platform.channels())
    }

    fn send<'a>(&'a self, to: &'a Recipients, command: &'a Command) -> Answer<'a, Applied<()>> {
        traced(&self.platform, "send", self.tell(to, command))
    }

    fn preview<'a>(&'a self, operation: &'a Operation) -> Answer<'a, Preview> {
        traced(&self.platform, "preview", self.forecast(operation))
    }

    fn apply<'a>(&'a self, operation: &'a Operation) -> Answer<'a, Applied<()>> {
        traced(&self.platform, operation.name(), async move {
            match operation {
                Operation::Send(to, command) => self.tell(to, command).await,
                _ => Ok(self.run(operation).await?.map(|_| ())),
            }
        })
    }
}
