//! The operations of all three platforms.

use std::sync::Arc;

use super::{Iter, Thread};
use crate::error::Result;
use crate::model::Capabilities;
use crate::model::{
    Channel, Command, End, MacAddr, NewSubscriber, NewSubscription, Package, Recipients,
    Subscriber, SubscriberId, SubscriberKey, SubscriberPatch, Subscription, SubscriptionId,
    Terminal, TerminalId,
};
use crate::provisioning::{Applied, Operation, Preview};

/// A [platform](crate::provisioning::Backend) with a thread of its own to wait on.
///
/// ```no_run
/// use jsonsql_client::blocking::Backend;
/// use jsonsql_client::provisioning::{Adapter, IptvPortal};
/// use jsonsql_client::{Client, Printable};
///
/// let platform = Backend::new(Adapter::new(IptvPortal::new(Client::from_env()?)))?;
/// for subscriber in platform.subscribers() {
///     println!("{}", Printable(subscriber?.login));
/// }
/// # Ok::<(), jsonsql_client::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Backend {
    backend: Arc<dyn crate::provisioning::Backend>,
    thread: Arc<Thread>,
}

impl Backend {
    /// A platform that is waited for.
    ///
    /// # Errors
    ///
    /// [`Error::Config`](crate::Error::Config) when there can be no thread.
    pub fn new(backend: impl crate::provisioning::Backend + 'static) -> Result<Backend> {
        Ok(Backend {
            backend: Arc::new(backend),
            thread: Thread::start()?,
        })
    }

    /// As [`name`](crate::provisioning::Backend::name).
    pub fn name(&self) -> &'static str {
        self.backend.name()
    }

    /// As [`capabilities`](crate::provisioning::Backend::capabilities).
    pub fn capabilities(&self) -> Capabilities {
        self.backend.capabilities()
    }

    /// As [`subscribers`](crate::provisioning::Backend::subscribers).
    pub fn subscribers(&self) -> Iter<'_, Subscriber> {
        Iter::new(self.backend.subscribers(), &self.thread)
    }

    /// As [`packages`](crate::provisioning::Backend::packages).
    pub fn packages(&self) -> Iter<'_, Package> {
        Iter::new(self.backend.packages(), &self.thread)
    }

    /// As [`channels`](crate::provisioning::Backend::channels).
    pub fn channels(&self) -> Iter<'_, Channel> {
        Iter::new(self.backend.channels(), &self.thread)
    }

    /// As [`terminals`](crate::provisioning::Backend::terminals).
    pub fn terminals<'a>(&'a self, of: &'a SubscriberId) -> Iter<'a, Terminal> {
        Iter::new(self.backend.terminals(of), &self.thread)
    }

    /// As [`subscriptions`](crate::provisioning::Backend::subscriptions).
    pub fn subscriptions<'a>(&'a self, of: &'a SubscriberId) -> Iter<'a, Subscription> {
        Iter::new(self.backend.subscriptions(of), &self.thread)
    }

    /// As [`find_subscriber`](crate::provisioning::Backend::find_subscriber).
    ///
    /// # Errors
    ///
    /// As there.
    pub fn find_subscriber(&self, key: &SubscriberKey) -> Result<Option<Subscriber>> {
        self.thread.wait(self.backend.find_subscriber(key))
    }

    /// As [`create_subscriber`](crate::provisioning::Backend::create_subscriber).
    ///
    /// # Errors
    ///
    /// As there.
    pub fn create_subscriber(&self, new: &NewSubscriber) -> Result<Applied<Subscriber>> {
        self.thread.wait(self.backend.create_subscriber(new))
    }

    /// As [`change_subscriber`](crate::provisioning::Backend::change_subscriber).
    ///
    /// # Errors
    ///
    /// As there.
    pub fn change_subscriber(
        &self,
        id: &SubscriberId,
        patch: &SubscriberPatch,
    ) -> Result<Applied<Subscriber>> {
        self.thread.wait(self.backend.change_subscriber(id, patch))
    }

    /// As [`enable_subscriber`](crate::provisioning::Backend::enable_subscriber).
    ///
    /// # Errors
    ///
    /// As there.
    pub fn enable_subscriber(&self, id: &SubscriberId) -> Result<Applied<Subscriber>> {
        self.thread.wait(self.backend.enable_subscriber(id))
    }

    /// As [`disable_subscriber`](crate::provisioning::Backend::disable_subscriber).
    ///
    /// # Errors
    ///
    /// As there.
    pub fn disable_subscriber(&self, id: &SubscriberId) -> Result<Applied<Subscriber>> {
        self.thread.wait(self.backend.disable_subscriber(id))
    }

    /// As [`delete_subscriber`](crate::provisioning::Backend::delete_subscriber).
    ///
    /// # Errors
    ///
    /// As there.
    pub fn delete_subscriber(&self, id: &SubscriberId) -> Result<Applied<()>> {
        self.thread.wait(self.backend.delete_subscriber(id))
    }

    /// As [`bind_terminal`](crate::provisioning::Backend::bind_terminal).
    ///
    /// # Errors
    ///
    /// As there.
    pub fn bind_terminal(
        &self,
        subscriber: &SubscriberId,
        mac: MacAddr,
    ) -> Result<Applied<Terminal>> {
        self.thread
            .wait(self.backend.bind_terminal(subscriber, mac))
    }

    /// As [`move_terminal`](crate::provisioning::Backend::move_terminal).
    ///
    /// # Errors
    ///
    /// As there.
    pub fn move_terminal(
        &self,
        terminal: &TerminalId,
        to: &SubscriberId,
    ) -> Result<Applied<Terminal>> {
        self.thread.wait(self.backend.move_terminal(terminal, to))
    }

    /// As [`unbind_terminal`](crate::provisioning::Backend::unbind_terminal).
    ///
    /// # Errors
    ///
    /// As there.
    pub fn unbind_terminal(&self, terminal: &TerminalId) -> Result<Applied<()>> {
        self.thread.wait(self.backend.unbind_terminal(terminal))
    }

    /// As [`add_subscription`](crate::provisioning::Backend::add_subscription).
    ///
    /// # Errors
    ///
    /// As there.
    pub fn add_subscription(&self, new: &NewSubscription) -> Result<Applied<Subscription>> {
        self.thread.wait(self.backend.add_subscription(new))
    }

    /// As [`end_subscription`](crate::provisioning::Backend::end_subscription).
    ///
    /// # Errors
    ///
    /// As there.
    pub fn end_subscription(&self, subscription: &SubscriptionId, end: End) -> Result<Applied<()>> {
        self.thread
            .wait(self.backend.end_subscription(subscription, end))
    }

    /// As [`send`](crate::provisioning::Backend::send).
    ///
    /// # Errors
    ///
    /// As there.
    pub fn send(&self, to: &Recipients, command: &Command) -> Result<Applied<()>> {
        self.thread.wait(self.backend.send(to, command))
    }

    /// As [`preview`](crate::provisioning::Backend::preview).
    ///
    /// # Errors
    ///
    /// As there.
    pub fn preview(&self, operation: &Operation) -> Result<Preview> {
        self.thread.wait(self.backend.preview(operation))
    }

    /// As [`apply`](crate::provisioning::Backend::apply).
    ///
    /// # Errors
    ///
    /// As there.
    pub fn apply(&self, operation: &Operation) -> Result<Applied<()>> {
        self.thread.wait(self.backend.apply(operation))
    }
}
