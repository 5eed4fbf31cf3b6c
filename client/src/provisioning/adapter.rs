//! Any platform as a [`Backend`]: every operation is a run of one job or two.

use std::fmt;

use super::backend::{Answer, Backend};
use super::conflict::Conflict;
use super::desired::{Desired, Members};
use super::executor::{Change, Executor, Job, Outcome, Report};
use super::identity::Key;
use super::operation::{Applied, Operation, Preview};
use super::platform::{Audience, Found, Loaded, Platform};
use super::queue::Queue;
use super::trace::traced;
use super::view::View;
use crate::backend::{Capabilities, Records};
use crate::error::{Error, Partial, Refusal, Result};
use crate::model::{
    Channel, Command, End, MacAddr, NewSubscriber, NewSubscription, Package, Recipients,
    Subscriber, SubscriberId, SubscriberKey, SubscriberPatch, Subscription, SubscriptionId,
    Terminal, TerminalId, Timestamp,
};

const SEND: &str = "send";

/// A [`Platform`] for billings.
///
/// Operations on one subscriber that are asked for at once are made one after
/// the other, so that two of them do not leave two records.
pub struct Adapter<P> {
    platform: P,
    queue: Queue,
}

impl<P: Platform> Adapter<P> {
    /// Creates the backend of a platform.
    pub fn new(platform: P) -> Adapter<P> {
        Adapter {
            platform,
            queue: Queue::default(),
        }
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

impl<P: Platform> Adapter<P> {
    /// Makes an operation, and returns how its subscriber is then.
    async fn run(&self, operation: &Operation) -> Result<Applied<Option<View>>> {
        let jobs = operation.jobs(self.platform.identity());
        let turn = self.queue.turn(keys(&jobs)).await;
        let executor = Executor::new(&self.platform).queued(&turn);
        let (executor, jobs) = self.ready(executor, operation, jobs).await?;
        let mut reports = executor.run(jobs).await;
        let Some(last) = reports.pop() else {
            return Ok(Applied::new(None, Change::Nothing));
        };
        // What is taken away is taken away before it is given.
        let mut applied = Applied::new(None, Change::Nothing);
        let is_withheld = |report: &Report<P::Observed>| {
            matches!(report.outcome, Outcome::Left(Conflict::Withheld { .. }))
        };
        if reports.iter().any(is_withheld) {
            // The reason is the other's.
            self.add(&mut applied, operation, last.clone())?;
        }
        for report in reports {
            self.add(&mut applied, operation, report)?;
        }
        let (present, now) = (last.present.clone(), last.now);
        let was_taken = applied.change == Change::Made;
        self.add(&mut applied, operation, last)
            .map_err(|error| match was_taken {
                true => Partial::of(
                    operation.name(),
                    vec!["take the terminal away"],
                    "give the terminal",
                    error,
                ),
                false => error,
            })?;
        applied.value = match present {
            Some(present) => Some(self.whole_view(&present, now).await?),
            None => None,
        };
        Ok(applied)
    }

    /// Leaves out the job of whoever gives up the terminal, if nobody has to.
    async fn ready<'e>(
        &'e self,
        executor: Executor<'e, P>,
        operation: &Operation,
        mut jobs: Vec<Job>,
    ) -> Result<(Executor<'e, P>, Vec<Job>)> {
        if !matches!(operation, Operation::MoveTerminal(..)) {
            return Ok((executor, jobs));
        }
        let find = keys(&jobs);
        let loaded = self.platform.load(&find).await?;
        if !self.has_to_be_given_up(&find, &loaded)? {
            jobs.remove(0);
        }
        Ok((executor.knowing(&find, loaded).all_or_none(), jobs))
    }

    /// Returns `true` if the terminal that is to be moved is another subscriber's.
    /// One that is nobody's was perhaps given up by a move that stopped half-way.
    fn has_to_be_given_up(&self, find: &[Key], loaded: &Loaded<P::Observed>) -> Result<bool> {
        let mut holders = (loaded.found.iter())
            .filter(|one| self.platform.keys(one).contains(&find[0]))
            .peekable();
        if holders.peek().is_none() {
            return Err(Error::Missing {
                record: "terminal",
                place: None,
            });
        }
        let is_anothers = |one: &P::Observed| {
            let view = self.platform.view(one, None, Timestamp::now());
            view.subscriber.is_some() && !self.platform.keys(one).contains(&find[1])
        };
        Ok(holders.any(is_anothers))
    }

    fn add(
        &self,
        applied: &mut Applied<Option<View>>,
        operation: &Operation,
        report: Report<P::Observed>,
    ) -> Result<()> {
        let change = match report.outcome.into_result(operation.name()) {
            Err(Error::Missing { .. }) if operation.is_removal() => Change::Nothing,
            change => change?,
        };
        if applied.change == Change::Nothing {
            applied.change = change;
        }
        applied.losses.extend(report.losses);
        applied.effects.extend(report.effects);
        Ok(())
    }

    /// Views rows, with the lists if there is more to say with them.
    async fn whole_view(&self, present: &P::Observed, now: Timestamp) -> Result<View> {
        let mut view = self.platform.view(present, None, now);
        if view.needs_catalogue {
            let catalogue = self.platform.catalogue().await?;
            view = self.platform.view(present, Some(&catalogue), now);
        }
        match view.is_made() {
            true => Ok(view),
            // The server has made it, and has not said what it is called.
            false => self.found_again(present).await,
        }
    }

    /// Loads rows again by what is known of them.
    async fn found_again(&self, present: &P::Observed) -> Result<View> {
        let keys = self.platform.keys(present);
        let key = keys.iter().min_by_key(|key| key.kind()).cloned();
        let found = self.load(key.into_iter().collect(), None).await?;
        found.into_iter().next().ok_or(Error::Missing {
            record: "subscriber",
            place: None,
        })
    }

    /// Loads the views of everybody who has one of these keys.
    async fn load(&self, keys: Vec<Key>, about: Option<&Desired>) -> Result<Vec<View>> {
        let loaded = match about {
            Some(about) => self.platform.load_for(&keys, about).await?,
            None => self.platform.load(&keys).await?,
        };
        let now = loaded.now.unwrap_or_else(Timestamp::now);
        let mut views: Vec<View> = (loaded.found.iter())
            .map(|one| self.platform.view(one, None, now))
            .collect();
        if views.iter().any(|view| view.needs_catalogue) {
            let catalogue = self.platform.catalogue().await?;
            let view = |one| self.platform.view(one, Some(&catalogue), now);
            views = loaded.found.iter().map(view).collect();
        }
        views.retain(|view| view.subscriber.is_some());
        Ok(views)
    }

    async fn find(&self, key: &SubscriberKey, about: &Desired) -> Result<Option<View>> {
        const FIND: &str = "find subscriber";
        let identity = self.platform.identity();
        let key = identity.subscriber(key);
        if key.text().trim().is_empty() {
            let reason = format!("the {} is empty", key.kind().name());
            return Err(Refusal::new(FIND, reason).into());
        }
        let mut found = self.load(vec![key.clone()], Some(about)).await?;
        if key.kind() == super::KeyKind::Login {
            // The login of a further row is not a subscriber's.
            found.retain(|view| {
                view.login()
                    .is_some_and(|login| identity.login(login) == key)
            });
        }
        match found.len() {
            0 | 1 => Ok(found.pop()),
            many => Err(Error::ManyRows {
                found: many,
                place: None,
            }),
        }
    }

    async fn view_of(&self, of: &SubscriberId, about: &Desired) -> Result<Option<View>> {
        self.find(&SubscriberKey::Id(of.clone()), about).await
    }

    async fn subscriber(&self, operation: Operation) -> Result<Applied<Subscriber>> {
        let applied = self.run(&operation).await?;
        let missing = Error::Missing {
            record: "subscriber",
            place: None,
        };
        pick(applied, missing, |view| view.subscriber)
    }

    async fn terminal(&self, operation: Operation, key: Key) -> Result<Applied<Terminal>> {
        let identity = self.platform.identity();
        let applied = self.run(&operation).await?;
        let is_it = |terminal: &Terminal| {
            identity.terminal(&terminal.id) == key
                || terminal.mac.is_some_and(|mac| identity.mac(mac) == key)
        };
        let missing = Error::Missing {
            record: "terminal",
            place: None,
        };
        pick(applied, missing, |view| {
            view.terminals.into_iter().find(is_it)
        })
    }

    async fn subscription(&self, new: &NewSubscription) -> Result<Applied<Subscription>> {
        let applied = self.run(&Operation::AddSubscription(new.clone())).await?;
        let is_it = |one: &Subscription| {
            one.package == new.package && (one.terminal == new.terminal || new.terminal.is_none())
        };
        let missing = Error::Missing {
            record: "subscription",
            place: None,
        };
        pick(applied, missing, |view| {
            let (mut current, ended): (Vec<_>, Vec<_>) = (view.subscriptions.into_iter())
                .filter(is_it)
                .partition(|one| one.active);
            current.pop().or(ended.into_iter().next_back())
        })
    }

    fn refuse_lacking(&self, command: &Command) -> Result<()> {
        let lacking = command.capability();
        match self.platform.capabilities().has(lacking) {
            true => Ok(()),
            false => Err(Refusal::lacking(SEND, lacking).into()),
        }
    }

    /// Tells everybody who is found; whoever is not is named before anybody is
    /// told.
    async fn tell(&self, to: &Recipients, command: &Command) -> Result<Applied<()>> {
        self.refuse_lacking(command)?;
        let identity = self.platform.identity();
        let keys: Vec<Key> = match to {
            Recipients::Subscribers(all) => all.iter().map(|id| identity.id(id)).collect(),
            Recipients::Terminals(all) => all.iter().map(|id| identity.terminal(id)).collect(),
        };
        if keys.is_empty() {
            return Err(Refusal::new(SEND, "there are no recipients").into());
        }
        let found = self.platform.load(&keys).await?.found;
        let known: Vec<Vec<Key>> = found.iter().map(|one| self.platform.keys(one)).collect();
        let is_there = |key: &Key| known.iter().any(|own| own.contains(key));
        if let Some(missing) = keys.iter().find(|key| !is_there(key)) {
            return Err(Error::Missing {
                record: missing.kind().record(),
                place: None,
            });
        }
        let has_terminals = |one: &P::Observed| {
            let view = self.platform.view(one, None, Timestamp::now());
            !view.terminals.is_empty() || !view.screens.is_empty()
        };
        let terminals = match to {
            Recipients::Subscribers(_) if !found.iter().any(has_terminals) => {
                return Ok(Applied::new((), Change::Nothing));
            }
            Recipients::Subscribers(_) => None,
            Recipients::Terminals(_) => Some(keys.as_slice()),
        };
        let audience = Audience {
            subscribers: &found,
            terminals,
        };
        self.platform.send(&audience, command).await?;
        Ok(Applied::new((), Change::Made))
    }

    async fn forecast(&self, operation: &Operation) -> Result<Preview> {
        if let Operation::Send(_, command) = operation {
            self.refuse_lacking(command)?;
        }
        let jobs = operation.jobs(self.platform.identity());
        let executor = Executor::new(&self.platform);
        let (executor, jobs) = self.ready(executor, operation, jobs).await?;
        let mut preview = Preview::default();
        for forecast in executor.preview(jobs).await {
            let forecast = match forecast {
                Ok(forecast) => forecast,
                Err(Outcome::Left(Conflict::Missing { .. })) if operation.is_removal() => {
                    continue;
                }
                Err(outcome) => {
                    outcome.into_result(operation.name())?;
                    continue;
                }
            };
            preview.effects.extend(forecast.effects);
            preview.losses.extend(forecast.losses);
            preview
                .steps
                .extend(forecast.steps.iter().map(|step| step.name));
        }
        Ok(preview)
    }

    async fn everybody(&self) -> Result<Vec<Subscriber>> {
        let mut all = self.platform.load_all();
        let mut subscribers = Vec::new();
        let now = Timestamp::now();
        while let Some(found) = all.next().await {
            if let Found::Rows(rows) = found? {
                subscribers.extend(self.platform.view(&rows, None, now).subscriber);
            }
        }
        Ok(subscribers)
    }
}

fn keys(jobs: &[Job]) -> Vec<Key> {
    jobs.iter().flat_map(|job| job.find().to_vec()).collect()
}

fn pick<T>(
    applied: Applied<Option<View>>,
    missing: Error,
    pick: impl FnOnce(View) -> Option<T>,
) -> Result<Applied<T>> {
    let mut value = None;
    let applied = applied.map(|view| value = view.and_then(pick));
    let value = value.ok_or(missing)?;
    Ok(applied.map(|()| value))
}

impl<P: Platform> Backend for Adapter<P> {
    fn name(&self) -> &'static str {
        self.platform.name()
    }

    fn capabilities(&self) -> Capabilities {
        self.platform.capabilities()
    }

    fn subscribers(&self) -> Records<'_, Subscriber> {
        Records::once(self.everybody())
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
        Records::once(async move {
            let about = Desired {
                terminals: Members::Exactly(Vec::new()),
                ..Desired::existing()
            };
            let view = self.view_of(of, &about).await?;
            Ok(view.map(|view| view.terminals).unwrap_or_default())
        })
    }

    fn bind_terminal<'a>(
        &'a self,
        subscriber: &'a SubscriberId,
        mac: MacAddr,
    ) -> Answer<'a, Applied<Terminal>> {
        let operation = Operation::BindTerminal(subscriber.clone(), mac);
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
            let catalogue = self.platform.catalogue().await?;
            Ok(self.platform.packages(&catalogue))
        })
    }

    fn subscriptions<'a>(&'a self, of: &'a SubscriberId) -> Records<'a, Subscription> {
        Records::once(async move {
            let about = Desired {
                subscriptions: Members::Exactly(Vec::new()),
                ..Desired::existing()
            };
            let view = self.view_of(of, &about).await?;
            Ok(view.map(|view| view.subscriptions).unwrap_or_default())
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
