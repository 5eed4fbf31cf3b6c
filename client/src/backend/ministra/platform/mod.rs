//! Ministra as a [`Backend`].
//!
//! The server has accounts, each with one box at the most. Here a subscriber is
//! all accounts with one account number ([`group`]); a further box is a further
//! account with the same plan and packages, made with the box and gone with it.

mod commands;
mod group;
mod packages;
mod plan;
mod reads;
mod subscribers;
mod terminals;

use std::sync::Arc;

use super::{Ministra, itv};
use crate::backend::trace::{Located, traced};
use crate::backend::{
    Answer, Applied, Backend, Capabilities, Capability, Operation, Platform, Preview, Record,
    Records,
};
use crate::error::{Error, Place, Result};
use crate::model::{
    Channel, Command, End, MacAddr, NewSubscriber, NewSubscription, Package, Recipients,
    Subscriber, SubscriberId, SubscriberKey, SubscriberPatch, Subscription, SubscriptionId,
    Terminal, TerminalId,
};
use group::{Group, address};
use packages::Plans;
use plan::Plan;

impl Ministra {
    async fn plan(&self, operation: &Operation) -> Result<Plan> {
        let name = operation.name();
        match operation {
            Operation::CreateSubscriber(new) => self.plan_creation(new).await,
            Operation::ChangeSubscriber(id, patch) => self.plan_change(id, patch).await,
            Operation::EnableSubscriber(id) => self.plan_switch(name, id, true).await,
            Operation::DisableSubscriber(id) => self.plan_switch(name, id, false).await,
            Operation::DeleteSubscriber(id) => self.plan_deletion(id).await,
            Operation::BindTerminal(id, mac) => self.plan_binding(id, *mac).await,
            Operation::MoveTerminal(id, to) => self.plan_move(id, to).await,
            Operation::UnbindTerminal(id) => self.plan_unbinding(id).await,
            Operation::AddSubscription(new) => self.plan_subscription(new).await,
            Operation::EndSubscription(id, end) => self.plan_end(id, *end).await,
            Operation::Send(to, command) => self.plan_sending(to, command).await,
        }
    }

    async fn made(&self, operation: Operation) -> Result<Applied<()>> {
        self.make(&operation).await?.with(Ok(()))
    }

    /// Makes an operation and reads the subscriber back.
    async fn made_of(&self, operation: Operation, id: &str) -> Result<Applied<Subscriber>> {
        let made = self.make(&operation).await?;
        let read = self
            .required(operation.name(), &SubscriberId::new(id))
            .await;
        made.with(read.map(|group| group.subscriber()))
    }

    /// Makes an operation and reads the subscriber's box back.
    async fn made_with(
        &self,
        operation: Operation,
        subscriber: &SubscriberId,
        is_it: impl Fn(&Terminal) -> bool,
    ) -> Result<Applied<Terminal>> {
        let made = self.make(&operation).await?;
        let read = self.required(operation.name(), subscriber).await;
        let missing = Error::Missing {
            record: "terminal",
            place: None,
        };
        let terminal = |group: Group| group.terminals().into_iter().find(is_it).ok_or(missing);
        made.with(read.and_then(terminal))
    }

    async fn found(&self, key: &SubscriberKey) -> Result<Option<Subscriber>> {
        const FIND: &str = "find subscriber";
        let group = match key {
            SubscriberKey::Id(id) => self.group(FIND, id).await?,
            SubscriberKey::Login(login) => {
                self.group(FIND, &SubscriberId::new(login.as_str())).await?
            }
            SubscriberKey::ExternalRef(reference) => {
                let number = reads::number(FIND, reference.as_str())?;
                self.group_of_number(&number).await?
            }
        };
        Ok(group.map(|group| group.subscriber()))
    }

    async fn all_groups(&self) -> Result<Vec<Group>> {
        Ok(Group::fold(self.accounts().list().await?))
    }

    async fn all_channels(&self) -> Result<Vec<Channel>> {
        let channels = self.itv().list().await?;
        let channel = |channel: itv::Channel| Channel {
            id: crate::model::ChannelId::new(channel.id.to_string()),
            name: channel.name,
            number: channel.number,
            // Those that are switched off are among them.
            enabled: None,
        };
        Ok(channels.into_iter().map(channel).collect())
    }

    async fn catalogue(&self) -> Result<(Vec<Record>, Plans)> {
        let (packages, plans) = self.all_packages().await?;
        let channels = self.all_channels().await?;
        let packages = packages.into_iter().map(Record::Package);
        let records = packages.chain(channels.into_iter().map(Record::Channel));
        Ok((records.collect(), plans))
    }

    async fn people(&self, plans: &Plans) -> Result<Vec<Record>> {
        let mut records = Vec::new();
        for group in self.all_groups().await? {
            records.push(Record::Subscriber(group.subscriber()));
            records.extend(group.terminals().into_iter().map(Record::Terminal));
            let subscriptions = group.subscriptions(plans);
            records.extend(subscriptions.into_iter().map(Record::Subscription));
        }
        Ok(records)
    }

    async fn subscriptions_of(&self, id: &SubscriberId) -> Result<Vec<Subscription>> {
        let Some(group) = self.group("list subscriptions", id).await? else {
            return Ok(Vec::new());
        };
        let plans = self.plans_for(&group).await?;
        Ok(group.subscriptions(&plans))
    }
}

/// Where the reading of a [snapshot](Backend::snapshot) is.
enum Stage {
    Catalogue,
    People(Plans),
    End,
}

impl Located for Ministra {
    fn place(&self, operation: &'static str) -> Arc<Place> {
        self.place_of(operation)
    }
}

impl Backend for Ministra {
    fn platform(&self) -> Platform {
        Platform::Ministra
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::of([
            Capability::ExternalRef,
            Capability::Phone,
            Capability::Note,
            Capability::ChangeLogin,
            Capability::MoveTerminal,
            Capability::TerminalState,
            Capability::Plans,
            Capability::Channels,
            Capability::Messages,
            Capability::MessageDuration,
            Capability::MessageExpiry,
            Capability::Restart,
            Capability::ReloadPortal,
            Capability::RefreshChannels,
            Capability::SwitchToChannel,
            Capability::UpdateFirmware,
        ])
    }

    fn subscribers(&self) -> Records<'_, Subscriber> {
        Records::once(async move {
            let groups = self.all_groups().await?;
            Ok(groups.iter().map(Group::subscriber).collect())
        })
    }

    fn find_subscriber<'a>(&'a self, key: &'a SubscriberKey) -> Answer<'a, Option<Subscriber>> {
        traced(self, "find subscriber", self.found(key))
    }

    fn create_subscriber<'a>(&'a self, new: &'a NewSubscriber) -> Answer<'a, Applied<Subscriber>> {
        traced(
            self,
            "create subscriber",
            self.made_of(Operation::CreateSubscriber(new.clone()), &new.login),
        )
    }

    fn change_subscriber<'a>(
        &'a self,
        id: &'a SubscriberId,
        patch: &'a SubscriberPatch,
    ) -> Answer<'a, Applied<Subscriber>> {
        let login = patch.login.as_deref().unwrap_or(id.as_str());
        traced(
            self,
            "change subscriber",
            self.made_of(
                Operation::ChangeSubscriber(id.clone(), patch.clone()),
                login,
            ),
        )
    }

    fn enable_subscriber<'a>(&'a self, id: &'a SubscriberId) -> Answer<'a, Applied<Subscriber>> {
        traced(
            self,
            "enable subscriber",
            self.made_of(Operation::EnableSubscriber(id.clone()), id.as_str()),
        )
    }

    fn disable_subscriber<'a>(&'a self, id: &'a SubscriberId) -> Answer<'a, Applied<Subscriber>> {
        traced(
            self,
            "disable subscriber",
            self.made_of(Operation::DisableSubscriber(id.clone()), id.as_str()),
        )
    }

    fn delete_subscriber<'a>(&'a self, id: &'a SubscriberId) -> Answer<'a, Applied<()>> {
        traced(
            self,
            "delete subscriber",
            self.made(Operation::DeleteSubscriber(id.clone())),
        )
    }

    fn terminals<'a>(&'a self, of: &'a SubscriberId) -> Records<'a, Terminal> {
        Records::once(async move {
            let group = self.group("list terminals", of).await?;
            Ok(group.map(|group| group.terminals()).unwrap_or_default())
        })
    }

    fn bind_terminal<'a>(
        &'a self,
        subscriber: &'a SubscriberId,
        mac: MacAddr,
    ) -> Answer<'a, Applied<Terminal>> {
        let operation = Operation::BindTerminal(subscriber.clone(), mac);
        traced(
            self,
            "bind terminal",
            self.made_with(operation, subscriber, move |one| one.mac == Some(mac)),
        )
    }

    fn move_terminal<'a>(
        &'a self,
        terminal: &'a TerminalId,
        to: &'a SubscriberId,
    ) -> Answer<'a, Applied<Terminal>> {
        let operation = Operation::MoveTerminal(terminal.clone(), to.clone());
        let mac = address(terminal.as_str());
        let is_it = move |one: &Terminal| one.id == *terminal || mac.is_some() && one.mac == mac;
        traced(self, "move terminal", self.made_with(operation, to, is_it))
    }

    fn unbind_terminal<'a>(&'a self, terminal: &'a TerminalId) -> Answer<'a, Applied<()>> {
        traced(
            self,
            "unbind terminal",
            self.made(Operation::UnbindTerminal(terminal.clone())),
        )
    }

    fn packages(&self) -> Records<'_, Package> {
        Records::once(async move {
            let (packages, _) = self.all_packages().await?;
            Ok(packages)
        })
    }

    fn subscriptions<'a>(&'a self, of: &'a SubscriberId) -> Records<'a, Subscription> {
        Records::once(self.subscriptions_of(of))
    }

    fn add_subscription<'a>(
        &'a self,
        new: &'a NewSubscription,
    ) -> Answer<'a, Applied<Subscription>> {
        traced(self, "add subscription", async move {
            let made = self.make(&Operation::AddSubscription(new.clone())).await?;
            let read = self.subscriptions_of(&new.subscriber).await;
            let missing = Error::Missing {
                record: "subscription",
                place: None,
            };
            let is_it = |one: &Subscription| one.package == new.package;
            let added = |all: Vec<_>| all.into_iter().find(is_it).ok_or(missing);
            made.with(read.and_then(added))
        })
    }

    fn end_subscription<'a>(
        &'a self,
        subscription: &'a SubscriptionId,
        end: End,
    ) -> Answer<'a, Applied<()>> {
        traced(
            self,
            "end subscription",
            self.made(Operation::EndSubscription(subscription.clone(), end)),
        )
    }

    fn channels(&self) -> Records<'_, Channel> {
        Records::once(self.all_channels())
    }

    fn send<'a>(&'a self, to: &'a Recipients, command: &'a Command) -> Answer<'a, Applied<()>> {
        traced(
            self,
            "send",
            self.made(Operation::Send(to.clone(), command.clone())),
        )
    }

    fn preview<'a>(&'a self, operation: &'a Operation) -> Answer<'a, Preview> {
        traced(self, "preview", async move {
            let plan = self.plan(operation).await?;
            Ok(Preview {
                effects: plan.effects,
                losses: plan.losses,
            })
        })
    }

    /// Four calls, of which the one for the accounts is long.
    fn snapshot(&self) -> Records<'_, Record> {
        Records::paged(Stage::Catalogue, move |stage| {
            Box::pin(async move {
                Ok(match stage {
                    Stage::Catalogue => {
                        let (records, plans) = self.catalogue().await?;
                        Some((records, Stage::People(plans)))
                    }
                    Stage::People(plans) => Some((self.people(&plans).await?, Stage::End)),
                    Stage::End => None,
                })
            })
        })
    }
}
