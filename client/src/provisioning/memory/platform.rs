//! The platform in memory as an adapter.

use std::collections::{BTreeSet, HashSet};

use super::row::{Held, MemoryRows, MemoryWrite, Row, RowChange, Write};
use super::{Memory, plan};
use crate::error::Result;
use crate::model::{Capabilities, Capability};
use crate::model::{
    Channel, Command, Extra, MacAddr, Package, Subscriber, SubscriberId, Subscription,
    SubscriptionId, Terminal, TerminalId, Timestamp,
};
use crate::provisioning::Records;
use crate::provisioning::desired::Desired;
use crate::provisioning::identity::{Identity, Key, KeyKind};
use crate::provisioning::plan::{FieldDiff, Plan, Step, Unplanned};
use crate::provisioning::platform::{Audience, Context, Found, Loaded, Platform, Proof};
use crate::provisioning::view::{Screen, View};

impl Memory {
    pub(super) fn id(&self, first: &Row) -> SubscriberId {
        let number = || first.id.map(|id| id.to_string()).unwrap_or_default();
        SubscriberId::new(match (self.layout, &first.login) {
            (super::Layout::RowPerTerminal, Some(login)) => login.clone(),
            _ => number(),
        })
    }

    pub(super) fn subscription_id(owner: &SubscriberId, held: &Held) -> SubscriptionId {
        let terminal = held
            .terminal
            .map(|mac| format!("/{mac}"))
            .unwrap_or_default();
        SubscriptionId::new(format!("{owner}/{}{terminal}", held.package))
    }

    /// Returns each package of any row once.
    fn all_held(rows: &MemoryRows) -> Vec<&Held> {
        let mut all: Vec<&Held> = Vec::new();
        for held in rows.iter().flat_map(|row| &row.packages) {
            if !all.contains(&held) {
                all.push(held);
            }
        }
        all
    }
}

impl Platform for Memory {
    type Observed = MemoryRows;
    type Write = MemoryWrite;
    type Catalogue = Vec<Package>;

    fn name(&self) -> &'static str {
        "memory"
    }

    fn capabilities(&self) -> Capabilities {
        let all = Capability::ALL.iter().copied();
        // A new one is claimed here once there are rows that keep it.
        Capabilities::new(all.filter(|capability| match capability {
            Capability::ExternalRef
            | Capability::Email
            | Capability::Phone
            | Capability::Address
            | Capability::Note
            | Capability::DeviceLimit
            | Capability::ChangeLogin
            | Capability::TerminalsWithoutMac
            | Capability::FreeTerminals
            | Capability::MoveTerminal
            | Capability::TerminalState
            | Capability::Plans
            | Capability::DatedSubscriptions
            | Capability::TerminalSubscriptions
            | Capability::SubscriptionHistory
            | Capability::Channels
            | Capability::Messages
            | Capability::Confirmation
            | Capability::MessageTitles
            | Capability::MessageDuration
            | Capability::ScheduledMessages
            | Capability::MessageExpiry
            | Capability::Restart
            | Capability::ReloadPortal
            | Capability::RefreshChannels
            | Capability::SwitchToChannel
            | Capability::UpdateFirmware => true,
        }))
    }

    fn identity(&self) -> &Identity {
        &self.identity
    }

    async fn catalogue(&self) -> Result<Vec<Package>> {
        self.wait().await;
        let mut server = self.lock();
        server.read()?;
        Ok(server.packages.clone())
    }

    fn packages(&self, catalogue: &Vec<Package>) -> Vec<Package> {
        catalogue.clone()
    }

    async fn load(&self, keys: &[Key]) -> Result<Loaded<MemoryRows>> {
        for _ in keys {
            self.wait().await;
            self.lock().read()?;
        }
        let server = self.lock();
        let keys: HashSet<&Key> = keys.iter().collect();
        let has = |rows: &MemoryRows| self.keys(rows).iter().any(|key| keys.contains(key));
        Ok(Loaded {
            found: server.all().into_iter().filter(has).collect(),
            now: server.now,
        })
    }

    fn load_all(&self) -> Records<'_, Found<MemoryRows>> {
        Records::once(async move {
            self.wait().await;
            let mut server = self.lock();
            server.read()?;
            Ok(server.all().into_iter().map(Found::Rows).collect())
        })
    }

    fn keys(&self, present: &MemoryRows) -> Vec<Key> {
        let mut keys = Vec::new();
        let first = present.first().map(|(_, row)| row);
        if self.layout == super::Layout::RowPerSubscriber {
            let made = first.filter(|row| row.id.is_some());
            keys.extend(made.map(|row| self.identity.id(&self.id(row))));
        }
        for row in present.iter() {
            let reference = row.reference.as_deref();
            keys.extend(reference.map(|text| self.identity.reference(&text.into())));
            keys.extend(row.login.as_deref().map(|login| self.identity.login(login)));
        }
        let terminals = present.iter().flat_map(|row| &row.terminals);
        keys.extend(terminals.map(|mac| self.identity.mac(*mac)));
        if let Some(first) = first.filter(|row| !row.is_loose()) {
            let owner = self.id(first);
            let id = |held| {
                self.identity
                    .subscription(&Memory::subscription_id(&owner, held))
            };
            keys.extend(Memory::all_held(present).into_iter().map(id));
        }
        keys
    }

    fn view(&self, present: &MemoryRows, _: Option<&Vec<Package>>, now: Timestamp) -> View {
        let Some((_, first)) = present.first().filter(|(_, row)| !row.is_loose()) else {
            return View::loose();
        };
        let id = self.id(first);
        let subscriber = Subscriber {
            id: id.clone(),
            login: first.login.clone().unwrap_or_default(),
            external_ref: first.reference.as_deref().map(Into::into),
            // With one row on, the subscriber watches.
            enabled: present.iter().any(|row| !row.disabled),
            name: first.name.clone(),
            email: first.email.clone(),
            phone: first.phone.clone(),
            address: first.address.clone(),
            note: first.note.clone(),
            device_limit: first.device_limit,
            extra: Extra::default(),
        };
        let terminal = |mac: &MacAddr| Terminal {
            id: TerminalId::new(mac.to_string()),
            subscriber: Some(id.clone()),
            mac: Some(*mac),
            unique_id: None,
            ip: None,
            model: None,
            serial: None,
            firmware: None,
            online: None,
            extra: Extra::default(),
        };
        let subscription = |held: &Held| Subscription {
            id: Memory::subscription_id(&id, held),
            subscriber: id.clone(),
            package: held.package.clone(),
            terminal: held.terminal.map(|mac| TerminalId::new(mac.to_string())),
            from: held.from,
            until: held.until,
            active: held.is_running(now),
        };
        let rows = || present.iter();
        let differs = |field: &dyn Fn(&Row) -> String| rows().any(|row| field(row) != field(first));
        let mut disagrees = Vec::new();
        if differs(&|row| row.disabled.to_string()) {
            disagrees.push("enabled");
        }
        if differs(&|row| row.name.clone().unwrap_or_default()) {
            disagrees.push("name");
        }
        if differs(&|row| format!("{:?}", row.packages)) {
            disagrees.push("subscriptions");
        }
        View {
            subscriber: Some(subscriber),
            terminals: rows()
                .flat_map(|row| &row.terminals)
                .map(terminal)
                .collect(),
            subscriptions: Memory::all_held(present)
                .into_iter()
                .map(subscription)
                .collect(),
            screens: rows()
                .flat_map(|row| screens(&self.identity, row, now))
                .collect(),
            disagrees,
            ..View::loose()
        }
    }

    fn plan(
        &self,
        present: Option<&MemoryRows>,
        wanted: &Desired,
        context: &Context<'_, Memory>,
    ) -> Result<Plan<MemoryWrite>, Unplanned> {
        plan::plan(self, present, wanted, context)
    }

    fn after(&self, present: Option<&MemoryRows>, write: &MemoryWrite) -> Option<MemoryRows> {
        let mut rows = present.cloned().unwrap_or_default();
        rows.apply(&write.0);
        (!rows.0.is_empty()).then_some(rows)
    }

    fn park(&self, present: &MemoryRows, key: &Key, temporary: &str) -> Option<Step<MemoryWrite>> {
        let is_login = |row: &Row| {
            let own = row.login.as_deref().map(|login| self.identity.login(login));
            own.as_ref() == Some(key)
        };
        let has = |row: &Row| {
            row.terminals
                .iter()
                .any(|mac| self.identity.mac(*mac) == *key)
        };
        match key.kind() {
            KeyKind::Login => {
                let (slot, row) = present.0.slots().find(|(_, row)| is_login(row))?;
                let write = Write::Update(slot, vec![RowChange::Login(temporary.to_owned())]);
                let differs = FieldDiff::new("login", row.login.clone(), Some(temporary));
                Some(Step::new("park the login", MemoryWrite(write)).differs(differs))
            }
            KeyKind::Terminal => {
                let (slot, row) = present.0.slots().find(|(_, row)| has(row))?;
                let mac = row
                    .terminals
                    .iter()
                    .find(|mac| self.identity.mac(**mac) == *key)?;
                let write = Write::Update(slot, vec![RowChange::RemoveTerminal(*mac)]);
                let differs = FieldDiff::new("terminals", Some(mac.to_string()), None::<String>);
                Some(Step::new("park the terminal", MemoryWrite(write)).differs(differs))
            }
            _ => None,
        }
    }

    async fn perform(
        &self,
        write: &MemoryWrite,
        present: Option<&MemoryRows>,
    ) -> Result<Proof<MemoryRows>> {
        self.wait().await;
        let id = self.lock().write(&write.0, present)?;
        if !self.proves {
            return Ok(Proof::Accepted);
        }
        let mut rows = self.after(present, write);
        if let (Some(rows), Write::Insert(slot, _)) = (&mut rows, &write.0)
            && let Some(row) = rows.0.get_mut(*slot)
        {
            row.id = id;
        }
        Ok(Proof::Answered(rows))
    }

    async fn channels(&self) -> Result<Vec<Channel>> {
        Ok(Vec::new())
    }

    async fn send(&self, _to: &Audience<'_, MemoryRows>, _command: &Command) -> Result<()> {
        self.wait().await;
        self.lock().write_nothing()
    }
}

/// Returns what the terminals of a row show: those with packages of their own
/// have only these.
fn screens(identity: &Identity, row: &Row, now: Timestamp) -> Vec<Screen> {
    let running = |terminal: Option<MacAddr>| -> BTreeSet<_> {
        let of = row.packages.iter().filter(|held| held.terminal == terminal);
        of.filter(|held| held.is_running(now))
            .map(|held| held.package.clone())
            .collect()
    };
    let screen = |mac: &MacAddr| {
        let own = running(Some(*mac));
        Screen {
            terminal: identity.mac(*mac),
            on: !row.disabled,
            shows: match own.is_empty() {
                true => running(None),
                false => own,
            },
        }
    };
    row.terminals.iter().map(screen).collect()
}
