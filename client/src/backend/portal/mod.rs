//! IPTVPORTAL as a [`Backend`], over typed JSONSQL.
//!
//! Only what the vendor's documents and billings in production show is relied
//! on: tables and columns of [`schema`](crate::schema) graded A, a single
//! column in `returning`, writes that name their rows. What nobody outside
//! knows is a setting of [`IptvPortal`].

mod ids;
mod insertion;
mod lists;
mod preview;
mod removal;
mod rows;
mod steps;
mod subscriber;
mod subscription;
mod terminal;
mod wanted;

use std::sync::Arc;

use crate::Client;
use crate::backend::trace::{Located, traced};
use crate::backend::{
    Answer, Applied, Backend, Capabilities, Capability, Operation, Platform, Preview, Record,
    Records,
};
use crate::error::{Place, Refusal};
use crate::model::{
    Channel, Command, End, MacAddr, NewSubscriber, NewSubscription, Package, Recipients,
    Subscriber, SubscriberId, SubscriberKey, SubscriberPatch, Subscription, SubscriptionId,
    Terminal, TerminalId,
};

/// IPTVPORTAL for a billing.
///
/// ```no_run
/// use jsonsql_client::Client;
/// use jsonsql_client::backend::{Backend, IptvPortal};
///
/// let portal = IptvPortal::new(Client::from_env()?);
/// let platform: &dyn Backend = &portal;
/// # Ok::<(), jsonsql_client::Error>(())
/// ```
///
/// A person's name is written whole into `surname`, and read from `surname`,
/// `first_name` and `middle_name` together: where to part it would be a guess.
/// A name that reads as asked for already is left in its columns.
///
/// An ended subscription is a deleted row, as in the vendor's scripts; a row
/// that is not `enabled` is shown as inactive, and adding it again enables it.
#[derive(Debug, Clone)]
pub struct IptvPortal {
    client: Client,
    reference: ReferenceColumn,
    addresses: bool,
}

/// The column of `subscriber` that holds the billing's key.
///
/// No document says which one it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum ReferenceColumn {
    /// `billing`: the subscriber's name in the billing, in a billing in production.
    #[default]
    Billing,
    /// `business`, where that is not the name of a firm.
    Business,
    /// There is none: [external references](Capability::ExternalRef) are lost.
    Nowhere,
}

impl IptvPortal {
    /// Of this client's server, with external references in `billing`.
    pub fn new(client: Client) -> IptvPortal {
        IptvPortal {
            client,
            reference: ReferenceColumn::default(),
            addresses: true,
        }
    }

    /// Keeps external references in this column.
    #[must_use]
    pub fn external_refs_in(mut self, column: ReferenceColumn) -> IptvPortal {
        self.reference = column;
        self
    }

    /// Does without the table `subscriber_inetaddr`, which the vendor's
    /// document does not mention: subscribers are deleted without looking for
    /// their addresses there.
    #[must_use]
    pub fn without_addresses(mut self) -> IptvPortal {
        self.addresses = false;
        self
    }
}

impl Located for IptvPortal {
    fn place(&self, operation: &'static str) -> Arc<Place> {
        self.client.exchange().place_of(operation.to_owned())
    }
}

impl Backend for IptvPortal {
    fn platform(&self) -> Platform {
        Platform::IptvPortal
    }

    fn capabilities(&self) -> Capabilities {
        let reference =
            (self.reference != ReferenceColumn::Nowhere).then_some(Capability::ExternalRef);
        Capabilities::of(reference.into_iter().chain([
            Capability::Email,
            Capability::Phone,
            Capability::Address,
            Capability::DeviceLimit,
            Capability::ChangeLogin,
            Capability::FreeTerminals,
            Capability::MoveTerminal,
            Capability::Channels,
        ]))
    }

    fn subscribers(&self) -> Records<'_, Subscriber> {
        self.all_subscribers()
    }

    fn find_subscriber<'a>(&'a self, key: &'a SubscriberKey) -> Answer<'a, Option<Subscriber>> {
        traced(self, "find subscriber", self.find(key))
    }

    fn create_subscriber<'a>(&'a self, new: &'a NewSubscriber) -> Answer<'a, Applied<Subscriber>> {
        traced(self, "create subscriber", self.create(new))
    }

    fn change_subscriber<'a>(
        &'a self,
        id: &'a SubscriberId,
        patch: &'a SubscriberPatch,
    ) -> Answer<'a, Applied<Subscriber>> {
        traced(self, "change subscriber", self.change(id, patch))
    }

    fn enable_subscriber<'a>(&'a self, id: &'a SubscriberId) -> Answer<'a, Applied<Subscriber>> {
        traced(
            self,
            "enable subscriber",
            self.set_enabled("enable subscriber", id, true),
        )
    }

    fn disable_subscriber<'a>(&'a self, id: &'a SubscriberId) -> Answer<'a, Applied<Subscriber>> {
        traced(
            self,
            "disable subscriber",
            self.set_enabled("disable subscriber", id, false),
        )
    }

    fn delete_subscriber<'a>(&'a self, id: &'a SubscriberId) -> Answer<'a, Applied<()>> {
        traced(self, "delete subscriber", self.delete(id))
    }

    fn terminals<'a>(&'a self, of: &'a SubscriberId) -> Records<'a, Terminal> {
        self.terminals_of(of)
    }

    fn bind_terminal<'a>(
        &'a self,
        subscriber: &'a SubscriberId,
        mac: MacAddr,
    ) -> Answer<'a, Applied<Terminal>> {
        traced(self, "bind terminal", self.bind(subscriber, mac))
    }

    fn move_terminal<'a>(
        &'a self,
        terminal: &'a TerminalId,
        to: &'a SubscriberId,
    ) -> Answer<'a, Applied<Terminal>> {
        traced(self, "move terminal", self.give(terminal, to))
    }

    fn unbind_terminal<'a>(&'a self, terminal: &'a TerminalId) -> Answer<'a, Applied<()>> {
        traced(self, "unbind terminal", self.unbind(terminal))
    }

    fn packages(&self) -> Records<'_, Package> {
        self.all_packages()
    }

    fn subscriptions<'a>(&'a self, of: &'a SubscriberId) -> Records<'a, Subscription> {
        self.subscriptions_of(of)
    }

    fn add_subscription<'a>(
        &'a self,
        new: &'a NewSubscription,
    ) -> Answer<'a, Applied<Subscription>> {
        traced(self, "add subscription", self.subscribe(new))
    }

    fn end_subscription<'a>(
        &'a self,
        subscription: &'a SubscriptionId,
        end: End,
    ) -> Answer<'a, Applied<()>> {
        traced(
            self,
            "end subscription",
            self.unsubscribe(subscription, end),
        )
    }

    fn channels(&self) -> Records<'_, Channel> {
        self.all_channels()
    }

    fn send<'a>(&'a self, _: &'a Recipients, command: &'a Command) -> Answer<'a, Applied<()>> {
        // The vendor documents no way to reach a terminal.
        traced(self, "send", async move {
            Err(Refusal::lacking("send", command.capability()).into())
        })
    }

    fn preview<'a>(&'a self, operation: &'a Operation) -> Answer<'a, Preview> {
        traced(self, "preview", self.previewed(operation))
    }

    fn snapshot(&self) -> Records<'_, Record> {
        self.everything()
    }
}
