//! TVIP as a [`Backend`].
//!
//! A subscriber is an account, a terminal a device, a package a tariff. Nothing
//! of other providers is seen or touched when one is set.

mod convert;
mod difference;
mod find;
mod lost;
mod preview;
mod removal;
mod snapshot;
mod steps;
mod subscribers;
mod subscriptions;
mod tell;
mod terminals;

use std::sync::Arc;

use super::options::{Ending, Unbind};
use super::pager::Pager;
use super::{AccountFilter, ChannelFilter, Tarif, TarifFilter, Tvip};
use crate::backend::trace::{Located, traced};
use crate::backend::{
    Answer, Applied, Backend, Capabilities, Capability, Operation, Platform, Preview, Record,
    Records,
};
use crate::error::Place;
use crate::model::{
    Channel, Command, End, MacAddr, NewSubscriber, NewSubscription, Package, Recipients,
    Subscriber, SubscriberId, SubscriberKey, SubscriberPatch, Subscription, SubscriptionId,
    Terminal, TerminalId,
};

impl Located for Tvip {
    fn place(&self, operation: &'static str) -> Arc<Place> {
        self.place_of(operation)
    }
}

impl Backend for Tvip {
    fn platform(&self) -> Platform {
        Platform::Tvip
    }

    fn capabilities(&self) -> Capabilities {
        let kept = self.options().unbind == Unbind::Free;
        let stopped = self.options().ending == Ending::Stop;
        Capabilities::of(
            Capability::ALL
                .iter()
                .copied()
                .filter(|capability| match capability {
                    Capability::Email | Capability::Phone | Capability::Plans => false,
                    Capability::FreeTerminals => kept,
                    Capability::SubscriptionHistory => stopped,
                    _ => true,
                }),
        )
    }

    fn subscribers(&self) -> Records<'_, Subscriber> {
        let filter = AccountFilter {
            provider: self.options().provider,
            ..AccountFilter::default()
        };
        Records::paged(Pager::new(self.clone(), filter), |mut pager| {
            Box::pin(async move {
                let accounts = pager.next().await?;
                Ok(accounts.map(|accounts| {
                    let subscribers = accounts.into_iter().map(convert::subscriber).collect();
                    (subscribers, pager)
                }))
            })
        })
    }

    fn find_subscriber<'a>(&'a self, key: &'a SubscriberKey) -> Answer<'a, Option<Subscriber>> {
        traced(self, "find subscriber", async move {
            Ok(self.find(key).await?.map(convert::subscriber))
        })
    }

    fn create_subscriber<'a>(&'a self, new: &'a NewSubscriber) -> Answer<'a, Applied<Subscriber>> {
        traced(self, "create subscriber", self.create_or_adopt(new))
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
            self.switch("enable subscriber", id, true),
        )
    }

    fn disable_subscriber<'a>(&'a self, id: &'a SubscriberId) -> Answer<'a, Applied<Subscriber>> {
        traced(
            self,
            "disable subscriber",
            self.switch("disable subscriber", id, false),
        )
    }

    fn delete_subscriber<'a>(&'a self, id: &'a SubscriberId) -> Answer<'a, Applied<()>> {
        traced(self, "delete subscriber", self.delete_with_all(id))
    }

    fn terminals<'a>(&'a self, of: &'a SubscriberId) -> Records<'a, Terminal> {
        Records::once(self.terminals_of(of))
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
        traced(self, "move terminal", self.move_to(terminal, to))
    }

    fn unbind_terminal<'a>(&'a self, terminal: &'a TerminalId) -> Answer<'a, Applied<()>> {
        traced(self, "unbind terminal", self.unbind(terminal))
    }

    /// The provider's tariffs and those of all providers.
    fn packages(&self) -> Records<'_, Package> {
        let pager = Pager::<Tarif>::new(self.clone(), TarifFilter::default());
        Records::paged(pager, move |mut pager| {
            Box::pin(async move {
                let tarifs = pager.next().await?;
                Ok(tarifs.map(|tarifs| {
                    let seen = tarifs.into_iter().filter(|t| self.sees(t.provider));
                    (seen.map(convert::package).collect(), pager)
                }))
            })
        })
    }

    fn subscriptions<'a>(&'a self, of: &'a SubscriberId) -> Records<'a, Subscription> {
        Records::once(self.subscriptions_of(of))
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
        traced(self, "end subscription", self.end(subscription, end))
    }

    fn channels(&self) -> Records<'_, Channel> {
        let pager = Pager::new(self.clone(), ChannelFilter::default());
        Records::paged(pager, |mut pager| {
            Box::pin(async move {
                let channels = pager.next().await?;
                Ok(channels.map(|channels| {
                    let channels = channels.into_iter().map(convert::channel).collect();
                    (channels, pager)
                }))
            })
        })
    }

    fn send<'a>(&'a self, to: &'a Recipients, command: &'a Command) -> Answer<'a, Applied<()>> {
        traced(self, "send", self.tell(to, command))
    }

    fn preview<'a>(&'a self, operation: &'a Operation) -> Answer<'a, Preview> {
        traced(self, "preview", self.foresee(operation))
    }

    fn snapshot(&self) -> Records<'_, Record> {
        self.everything()
    }
}
