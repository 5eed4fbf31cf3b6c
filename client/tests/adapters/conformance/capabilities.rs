//! Each capability is what the platform does, and its absence what it refuses.

use std::time::Duration;

use jsonsql_client::Error;
use jsonsql_client::model::Capability;
use jsonsql_client::model::{
    ChannelId, Command, End, Message, NewSubscription, PackageKind, Recipients, Subscriber,
    SubscriberKey, SubscriberPatch, Terminal, Timestamp,
};
use jsonsql_client::provisioning::Operation;

use crate::conformance::subscriptions::add;
use crate::world::{Person, World, create, kept, mac, new, person, reference, sent, writes};

/// A server of one's own for each: they must not be in each other's way.
pub(crate) async fn every_capability_is_true<W: World>() {
    for capability in Capability::ALL {
        let world = W::start(4).await;
        let anna = create(&world, "anna").await;
        let terminal = world.backend().bind_terminal(&anna.id, mac(1)).await;
        let probe = Probe {
            has: world.backend().capabilities().has(*capability),
            capability: *capability,
            anna,
            terminal: terminal.unwrap().value,
            world,
        };
        probe.run().await;
    }
}

struct Probe<W> {
    world: W,
    capability: Capability,
    has: bool,
    anna: Subscriber,
    terminal: Terminal,
}

impl<W: World> Probe<W> {
    async fn run(self) {
        let backend = self.world.backend();
        match self.capability {
            Capability::ExternalRef => {
                self.kept("external_ref", |person| person.external_ref.is_some())
                    .await;
                let key = SubscriberKey::ExternalRef(reference("full"));
                let found = self.tell(backend.find_subscriber(&key)).await;
                if let Some(found) = found {
                    assert_eq!(found.unwrap().login, "full");
                }
            }
            Capability::Email => self.kept("email", |person| person.email.is_some()).await,
            Capability::Phone => self.kept("phone", |person| person.phone.is_some()).await,
            Capability::Address => {
                self.kept("address", |person| person.address.is_some())
                    .await;
            }
            Capability::Note => self.kept("note", |person| person.note.is_some()).await,
            Capability::DeviceLimit => {
                self.kept("device_limit", |person| person.device_limit.is_some())
                    .await;
            }
            Capability::ChangeLogin => {
                let patch = SubscriberPatch {
                    login: Some("anna2".to_owned()),
                    ..SubscriberPatch::default()
                };
                let changed = self
                    .tell(backend.change_subscriber(&self.anna.id, &patch))
                    .await;
                let login = if changed.is_some() { "anna2" } else { "anna" };
                self.world.truth().await.person(login);
            }
            Capability::TerminalsWithoutMac => {
                let terminals = self.terminals().await;
                let any = terminals.iter().any(|terminal| terminal.mac.is_none());
                assert_eq!(any, self.has, "one is on every server that can have one");
            }
            Capability::FreeTerminals => {
                backend.unbind_terminal(&self.terminal.id).await.unwrap();
                let free = self.world.truth().await.free;
                assert_eq!(free.contains(&mac(1)), self.has);
            }
            Capability::MoveTerminal => {
                let boris = create(&self.world, "boris").await;
                let moved = backend.move_terminal(&self.terminal.id, &boris.id);
                if let Some(moved) = self.tell(moved).await {
                    assert_eq!(moved.value.id, self.terminal.id);
                    assert_eq!(moved.value.subscriber, Some(boris.id));
                }
            }
            Capability::TerminalState => {
                let terminals = self.terminals().await;
                assert!(terminals.iter().all(|one| one.online.is_some() == self.has));
            }
            Capability::Plans => {
                let packages = backend.packages().collect().await.unwrap();
                let is_plan = |kind| kind == PackageKind::Plan;
                let any = packages.iter().any(|package| is_plan(package.kind));
                assert_eq!(any, self.has);
            }
            Capability::DatedSubscriptions => self.dates().await,
            Capability::TerminalSubscriptions => {
                let [package, ..] = self.world.packages();
                let new = NewSubscription {
                    terminal: Some(self.terminal.id.clone()),
                    ..NewSubscription::new(self.anna.id.clone(), package)
                };
                if let Some(added) = self.tell(backend.add_subscription(&new)).await {
                    assert_eq!(added.value.terminal, new.terminal);
                }
            }
            Capability::SubscriptionHistory => {
                let [package, ..] = self.world.packages();
                let added = add(&self.world, &self.anna, &package).await;
                backend.end_subscription(&added.id, End::Now).await.unwrap();
                let left = backend
                    .subscriptions(&self.anna.id)
                    .collect()
                    .await
                    .unwrap();
                let left = left.iter().find(|one| one.package == package);
                assert_eq!(left.is_some(), self.has);
                assert!(left.is_none_or(|left| !left.active));
            }
            Capability::Channels => {
                let channels = Box::pin(backend.channels().collect());
                if let Some(channels) = self.tell(channels).await {
                    assert!(!channels.is_empty());
                }
            }
            _ => self.command().await,
        }
    }

    /// What a platform can do works. What it cannot is refused with the
    /// capability's name, and nothing arrives.
    async fn tell<T>(&self, call: impl Future<Output = Result<T, Error>>) -> Option<T> {
        self.tell_of(&[self.capability], call).await
    }

    async fn tell_of<T>(
        &self,
        lacking: &[Capability],
        call: impl Future<Output = Result<T, Error>>,
    ) -> Option<T> {
        let capability = self.capability;
        sent(&self.world);
        match call.await {
            Ok(answer) => {
                assert!(self.has, "{capability}: made, and not said to be possible");
                assert!(!sent(&self.world).is_empty());
                Some(answer)
            }
            Err(Error::Refused(refusal)) => {
                assert!(!self.has, "{capability}: {refusal}");
                let named = refusal.capability().unwrap();
                assert!(lacking.contains(&named), "{capability}: {refusal}");
                assert_eq!(sent(&self.world), [], "{capability}");
                None
            }
            Err(error) => panic!("{capability}: {error}"),
        }
    }

    /// Everybody's.
    async fn terminals(&self) -> Vec<Terminal> {
        let backend = self.world.backend();
        let mut all = Vec::new();
        for subscriber in backend.subscribers().collect().await.unwrap() {
            all.extend(backend.terminals(&subscriber.id).collect().await.unwrap());
        }
        all
    }

    /// A field is kept or reported; the rest of the record is written.
    async fn kept(&self, field: &str, is_there: impl Fn(&Person) -> bool) {
        let full = new("full");
        let created = self.world.backend().create_subscriber(&full).await.unwrap();
        let truth = self.world.truth().await;
        assert_eq!(is_there(truth.person("full")), self.has, "{field}");
        let lost = created.losses.iter().any(|lossy| lossy.field == field);
        assert_eq!(lost, !self.has, "{field}: {:?}", created.losses);
        let kept = person(&self.world, &kept(&self.world, "full"));
        assert_eq!(truth.person("full").managed(), kept);
    }

    async fn dates(&self) {
        let backend = self.world.backend();
        let day = Duration::from_secs(86_400);
        let now = Timestamp::from_second(Timestamp::now().as_second()).unwrap();
        let [first, second, _] = self.world.packages();
        let dated = [
            (Some(now + 2 * day), Some(now + 30 * day), first),
            (None, Some(now + 30 * day), second.clone()),
        ];
        for (from, until, package) in dated {
            let new = NewSubscription {
                from,
                until,
                ..NewSubscription::new(self.anna.id.clone(), package)
            };
            if !self.has {
                let add = Operation::AddSubscription(new.clone());
                self.tell(backend.preview(&add)).await;
            }
            if let Some(added) = self.tell(backend.add_subscription(&new)).await {
                assert_eq!(added.value.until, until);
                assert!(from.is_none() || added.value.from == from);
                assert_eq!(added.value.active, from.is_none());
            }
        }
        let added = add(&self.world, &self.anna, &second).await;
        let at = now + 10 * day;
        let ended = backend.end_subscription(&added.id, End::At(at));
        if self.tell(ended).await.is_some() {
            let list = backend
                .subscriptions(&self.anna.id)
                .collect()
                .await
                .unwrap();
            let ends = list.iter().find(|one| one.id == added.id);
            assert_eq!(ends.unwrap().until, Some(at));
        }
    }

    async fn command(&self) {
        let text = Message::new("Hello & <goodbye>");
        let in_an_hour = Timestamp::now() + Duration::from_secs(3600);
        let (command, lacking) = match self.capability {
            Capability::Messages => (Command::Message(text), None),
            Capability::Confirmation => {
                let message = Message {
                    confirm: true,
                    ..text
                };
                (Command::Message(message), Some(Capability::Messages))
            }
            Capability::MessageTitles => {
                let title = Some("Title".to_owned());
                let message = Message { title, ..text };
                (Command::Message(message), Some(Capability::Messages))
            }
            Capability::MessageDuration => {
                let shown_for = Some(Duration::from_secs(20));
                let message = Message { shown_for, ..text };
                (Command::Message(message), Some(Capability::Messages))
            }
            Capability::ScheduledMessages => {
                let not_before = Some(in_an_hour);
                let message = Message { not_before, ..text };
                (Command::Message(message), Some(Capability::Messages))
            }
            Capability::MessageExpiry => {
                let expires_in = Some(Duration::from_secs(3600));
                let message = Message { expires_in, ..text };
                (Command::Message(message), Some(Capability::Messages))
            }
            Capability::Restart => (Command::Restart, None),
            Capability::ReloadPortal => (Command::ReloadPortal, None),
            Capability::RefreshChannels => (Command::RefreshChannels, None),
            Capability::SwitchToChannel => (Command::SwitchToChannel(ChannelId::from(1)), None),
            Capability::UpdateFirmware => (Command::UpdateFirmware, None),
            other => panic!("no probe for {other}"),
        };
        let lacking: Vec<_> = lacking.into_iter().chain([self.capability]).collect();
        for to in [
            Recipients::Subscribers(vec![self.anna.id.clone()]),
            Recipients::Terminals(vec![self.terminal.id.clone()]),
        ] {
            let told = self.tell_of(&lacking, self.world.backend().send(&to, &command));
            told.await;
            if !self.has {
                let send = Operation::Send(to, command.clone());
                self.tell_of(&lacking, self.world.backend().preview(&send))
                    .await;
            }
        }
        // Nobody is not everybody.
        for nobody in [
            Recipients::Subscribers(vec![]),
            Recipients::Terminals(vec![]),
        ] {
            writes(&self.world);
            let refused = self.world.backend().send(&nobody, &command).await;
            assert!(matches!(refused, Err(Error::Refused(_))), "{refused:?}");
            assert_eq!(sent(&self.world), []);
        }
    }
}
