//! The plan: each step is made on a copy, on which the next one is planned.

use super::IptvPortal;
use super::place;
use super::rows::{Account, Device, Field, Held, IptvPortalRows, IptvPortalWrite, Write};
use crate::error::Refusal;
use crate::model::{FieldLoss, PackageId, Patch, TerminalId};
use crate::provisioning::conflict::Conflict;
use crate::provisioning::desired::{
    Desired, EndedSubscription, Members, Presence, SubscriptionKey, TerminalKey,
};
use crate::provisioning::identity::{Key, KeyKind};
use crate::provisioning::plan::{FieldDiff, Plan, Step, Unplanned};
use crate::provisioning::platform::Context;
use crate::provisioning::rows::Slot;

struct Planning<'a> {
    portal: &'a IptvPortal,
    wanted: &'a Desired,
    context: &'a Context<'a, IptvPortal>,
    /// The rows as the steps so far leave them.
    rows: IptvPortalRows,
    steps: Vec<Step<IptvPortalWrite>>,
    losses: Vec<FieldLoss>,
}

pub(super) fn plan(
    portal: &IptvPortal,
    present: Option<&IptvPortalRows>,
    wanted: &Desired,
    context: &Context<'_, IptvPortal>,
) -> Result<Plan<IptvPortalWrite>, Unplanned> {
    let mut planning = Planning {
        portal,
        wanted,
        context,
        rows: present.cloned().unwrap_or_default(),
        steps: Vec::new(),
        losses: Vec::new(),
    };
    if wanted.presence == Presence::Absent {
        planning.delete();
    } else {
        planning.fields()?;
        planning.unwanted_terminals()?;
        planning.wanted_terminals()?;
        planning.packages()?;
    }
    Ok(Plan {
        steps: planning.steps,
        losses: planning.losses,
    })
}

/// Plans how a subscriber gives up a key for a while.
pub(super) fn park(
    portal: &IptvPortal,
    present: &IptvPortalRows,
    key: &Key,
    temporary: &str,
) -> Option<Step<IptvPortalWrite>> {
    let account = present.subscriber.as_ref()?;
    match key.kind() {
        KeyKind::Login => {
            let fields = vec![Field::Login(temporary.to_owned())];
            let differs = FieldDiff::new("login", Some(&*account.login), Some(temporary));
            let write = IptvPortalWrite(Write::ChangeSubscriber(fields));
            Some(Step::new("park the login", write).differs(differs))
        }
        KeyKind::Terminal | KeyKind::TerminalId => {
            let is_it = |device: &Device| has_key(portal, device, key);
            let (slot, device) = present
                .terminals
                .slots()
                .find(|(_, device)| is_it(device))?;
            let differs = FieldDiff::new("terminals", shown(portal, device), None::<String>);
            let write = IptvPortalWrite(Write::ReleaseTerminal(slot));
            Some(Step::new("park the terminal", write).differs(differs))
        }
        _ => None,
    }
}

fn has_key(portal: &IptvPortal, device: &Device, key: &Key) -> bool {
    let id = device
        .id
        .map(|id| portal.identity.terminal(&TerminalId::from(id.0)));
    device.key(&portal.identity).as_ref() == Some(key) || id.as_ref() == Some(key)
}

/// Returns what a message calls the terminal.
fn shown(portal: &IptvPortal, device: &Device) -> Option<String> {
    let key = device.key(&portal.identity);
    let id = || device.id.map(|id| id.to_string());
    key.map(|key| key.text().to_owned()).or_else(id)
}

fn refused(reason: &'static str) -> Unplanned {
    Refusal::new("plan", reason).into()
}

fn missing(record: &'static str) -> Unplanned {
    Conflict::Missing { record }.into()
}

impl Planning<'_> {
    fn step(&mut self, write: Write) -> Step<IptvPortalWrite> {
        let name = write.name();
        let write = IptvPortalWrite(write);
        self.rows.apply(&write);
        Step::new(name, write)
    }

    fn push(&mut self, write: Write, differs: FieldDiff) {
        let step = self.step(write).differs(differs);
        self.steps.push(step);
    }

    /// First what refers to the subscriber, and of that first what lets one
    /// watch: wherever it stops, nothing refers to a row that is not there.
    fn delete(&mut self) {
        let rows = &self.rows;
        let mut removals = Vec::new();
        let mut remove = |write, field, count: usize| {
            if count > 0 {
                removals.push((write, field, format!("{count} of them")));
            }
        };
        remove(Write::EndPackages, "subscriptions", rows.packages.len());
        remove(Write::DeleteAddresses, "addresses", rows.addresses.len());
        remove(Write::DeleteTerminals, "terminals", rows.terminals.len());
        if let Some(account) = &rows.subscriber {
            removals.push((Write::DeleteSubscriber, "subscriber", account.login.clone()));
        }
        for (write, field, found) in removals {
            let step = self.step(write).removes();
            let differs = FieldDiff::new(field, Some(found), None::<String>);
            self.steps.push(step.differs(differs));
        }
    }

    /// All fields in one write; a password goes along, for nothing shows it.
    fn fields(&mut self) -> Result<(), Unplanned> {
        let is_new = self.rows.subscriber.is_none();
        if is_new && self.wanted.login.is_none() {
            return Err(refused("a new subscriber needs a login"));
        }
        let account = self.rows.subscriber.clone().unwrap_or_else(|| Account {
            enabled: true,
            ..Account::default()
        });
        let (mut fields, mut differs) = self.differing(&account, is_new)?;
        if let Some(password) = &self.wanted.password {
            fields.push(Field::Password(password.clone()));
            differs.push(FieldDiff::secret("password"));
        }
        if fields.is_empty() {
            return Ok(());
        }
        self.refuse_misread(&fields)?;
        let has_parts = |text: &String| text.contains(char::is_whitespace);
        if (fields.iter()).any(|field| matches!(field, Field::Name(Some(name)) if has_parts(name)))
        {
            let reason = "kept whole as the surname: where to part it is a guess";
            self.losses.push(FieldLoss::new("name", reason));
        }
        let mut step = match is_new {
            true => self.step(Write::CreateSubscriber(fields)).never_again(),
            false => self.step(Write::ChangeSubscriber(fields)),
        };
        for difference in differs {
            step = step.differs(difference);
        }
        if self.wanted.password.is_some() {
            step = step.blind();
        }
        self.steps.push(step);
        Ok(())
    }

    /// Of a new subscriber the state is written if it is said, whatever a server
    /// puts there otherwise.
    fn differing(
        &self,
        account: &Account,
        is_new: bool,
    ) -> Result<(Vec<Field>, Vec<FieldDiff>), Unplanned> {
        let Desired {
            presence: _,
            login,
            password: _,
            external_ref,
            enabled,
            name,
            email,
            phone,
            address,
            // There is no column for it, which the core has said.
            note: _,
            device_limit,
            terminals: _,
            subscriptions: _,
        } = self.wanted;
        let (mut fields, mut differs) = (Vec::new(), Vec::new());
        if let Some(login) = login
            && *login != account.login
        {
            let found = Some(&account.login).filter(|login| !login.is_empty());
            differs.push(FieldDiff::new("login", found.cloned(), Some(&**login)));
            fields.push(Field::Login(login.clone()));
        }
        if let Some(enabled) = enabled
            && (is_new || *enabled != account.enabled)
        {
            let (found, to) = (account.enabled.to_string(), enabled.to_string());
            differs.push(FieldDiff::new("enabled", Some(found), Some(to)));
            fields.push(Field::Enabled(*enabled));
        }
        type Make = fn(Option<String>) -> Field;
        let mut text = |field, wanted: Patch<String>, found: &Option<String>, make: Make| {
            let wanted = match wanted {
                Patch::Keep => return,
                Patch::Clear => None,
                Patch::Set(text) => super::tables::given(Some(text)),
            };
            if wanted != *found {
                differs.push(FieldDiff::new(field, found.clone(), wanted.clone()));
                fields.push(make(wanted));
            }
        };
        let reference = match external_ref {
            Patch::Keep => Patch::Keep,
            Patch::Clear => Patch::Clear,
            Patch::Set(reference) => Patch::Set(reference.as_str().to_owned()),
        };
        text(
            "external_ref",
            reference,
            &account.reference,
            Field::Reference,
        );
        text("name", name.clone(), &account.name, Field::Name);
        text("email", email.clone(), &account.email, Field::Email);
        text("phone", phone.clone(), &account.phone, Field::Phone);
        text("address", address.clone(), &account.address, Field::Address);
        let limit = match device_limit {
            Patch::Keep => account.device_limit,
            Patch::Clear => None,
            Patch::Set(limit) => Some(
                i32::try_from(*limit)
                    .map_err(|_| refused("the limit of terminals is too large"))?,
            ),
        };
        if limit != account.device_limit {
            let shown = |limit: Option<i32>| limit.map(|limit| limit.to_string());
            let (found, to) = (shown(account.device_limit), shown(limit));
            differs.push(FieldDiff::new("device_limit", found, to));
            fields.push(Field::DeviceLimit(limit));
        }
        Ok((fields, differs))
    }

    /// A text that the server would read as one of its names is not sent; whose
    /// it is, is said instead of what it is.
    fn refuse_misread(&self, fields: &[Field]) -> Result<(), Unplanned> {
        let columns = self.portal.columns();
        let misread = columns.misread(fields, self.portal.client.dialect());
        match misread {
            None => Ok(()),
            Some(reason) => Err(Refusal::new("plan", reason).into()),
        }
    }

    fn wants(&self, device: &Device) -> bool {
        let wanted = self.wanted.terminals.wanted().iter();
        let mut keys = wanted.map(|key| key.key(&self.portal.identity));
        keys.any(|key| has_key(self.portal, device, &key))
    }

    /// Takes away what is not to be there. A terminal that is there twice is
    /// left alone unless the whole set is managed: then one of the two stays.
    fn unwanted_terminals(&mut self) -> Result<(), Unplanned> {
        let unwanted: Vec<Key> = (self.wanted.terminals.unwanted().iter())
            .map(|key| key.key(&self.portal.identity))
            .collect();
        let mut kept: Vec<Key> = Vec::new();
        let mut devices: Vec<(Slot, Device)> = (self.rows.terminals.slots())
            .map(|(slot, device)| (slot, device.clone()))
            .collect();
        // Of two, the one that is in use stays.
        devices.sort_by_key(|(_, device)| !device.registered);
        for (slot, device) in devices {
            let own = device.key(&self.portal.identity);
            let is_second = own.as_ref().is_some_and(|key| kept.contains(key));
            let goes = match &self.wanted.terminals {
                Members::Keep => false,
                Members::Exactly(_) => !self.wants(&device) || is_second,
                Members::Change { .. } => {
                    let is_named = |key: &Key| has_key(self.portal, &device, key);
                    unwanted.iter().any(is_named) && !self.wants(&device)
                }
            };
            if goes {
                let found = shown(self.portal, &device);
                let differs = FieldDiff::new("terminals", found, None::<String>);
                self.push(Write::ReleaseTerminal(slot), differs);
            } else {
                kept.extend(own);
            }
        }
        Ok(())
    }

    fn wanted_terminals(&mut self) -> Result<(), Unplanned> {
        for wanted in self.wanted.terminals.wanted() {
            let key = wanted.key(&self.portal.identity);
            let own: Vec<(Slot, Device)> = (self.rows.terminals.slots())
                .filter(|(_, device)| has_key(self.portal, device, &key))
                .map(|(slot, device)| (slot, device.clone()))
                .collect();
            if own.iter().any(|(_, device)| device.registered) {
                continue;
            }
            if let Some((slot, device)) = own.first() {
                let found = shown(self.portal, device);
                let differs = FieldDiff::new("registered", None::<String>, found);
                self.push(Write::RegisterTerminal(*slot), differs);
                continue;
            }
            self.refuse_too_many()?;
            self.give(wanted, &key)?;
        }
        Ok(())
    }

    fn refuse_too_many(&self) -> Result<(), Unplanned> {
        let limit = self
            .rows
            .subscriber
            .as_ref()
            .and_then(|account| account.device_limit);
        let limit = limit.and_then(|limit| usize::try_from(limit).ok());
        match limit.is_some_and(|limit| self.rows.terminals.len() >= limit) {
            true => Err(refused("the subscriber has as many terminals as it may")),
            false => Ok(()),
        }
    }

    /// Gives a terminal that has a row, or makes one.
    fn give(&mut self, wanted: &TerminalKey, key: &Key) -> Result<(), Unplanned> {
        let holders = self.context.holders(key)?;
        // Of several rows, one that is somebody's decides.
        let somebodys = holders.iter().find(|rows| rows.subscriber.is_some());
        let holder = somebodys.or_else(|| holders.first());
        let there = holder.and_then(|rows| {
            let mut devices = rows.terminals.iter();
            devices
                .find(|device| has_key(self.portal, device, key))
                .cloned()
        });
        match (there, wanted) {
            (Some(device), _) => {
                // It is registered by being given, as its own would be.
                let device = Device {
                    registered: true,
                    ..device
                };
                let wanted = shown(self.portal, &device);
                let differs = FieldDiff::new("terminals", None::<String>, wanted);
                self.push(Write::TakeTerminal(device), differs);
            }
            (None, TerminalKey::Mac(mac)) => {
                let differs = FieldDiff::new("terminals", None::<String>, Some(mac.to_string()));
                let step = self.step(Write::CreateTerminal(*mac)).never_again();
                self.steps.push(step.differs(differs));
            }
            (None, TerminalKey::Id(_)) => return Err(missing("terminal")),
        }
        Ok(())
    }

    fn packages(&mut self) -> Result<(), Unplanned> {
        let wanted = self.wanted.subscriptions.wanted();
        let mut packages = Vec::with_capacity(wanted.len());
        for one in wanted {
            packages.push(self.offered(&one.package)?);
        }
        if self.wanted.subscriptions.is_exact() {
            let held = self.rows.packages.clone();
            for held in held.iter().filter(|held| held.enabled) {
                // Of two rows one deletion takes both.
                let is_there = |row: &Held| row.package == held.package;
                let is_left = self.rows.packages.iter().any(is_there);
                if is_left && !packages.contains(&held.package) {
                    self.end(held.package);
                }
            }
            for package in &packages {
                self.keep_one(*package);
            }
        }
        for ended in self.wanted.subscriptions.unwanted() {
            if let Some(package) = self.named(ended)
                && !packages.contains(&package)
            {
                self.end(package);
            }
        }
        for (package, wanted) in packages.into_iter().zip(wanted) {
            if wanted.until == Patch::Clear {
                self.clear_end(package);
            }
            let mut rows = self.rows.packages.iter();
            let is_it = |held: &&Held| held.package == package;
            let write = match rows.clone().find(is_it) {
                Some(_) if rows.any(|held| held.package == package && held.enabled) => continue,
                Some(_) => Write::EnablePackage(package),
                None => Write::AddPackage(Held::new(package)),
            };
            let is_new = matches!(write, Write::AddPackage(_));
            let differs =
                FieldDiff::new("subscriptions", None::<String>, Some(package.to_string()));
            let mut step = self.step(write).differs(differs);
            if is_new {
                // No constraint is known that would refuse a second row.
                step = step.never_again();
            }
            self.steps.push(step);
        }
        Ok(())
    }

    /// A package that is bought until it is ended does not fall back on the end
    /// of an earlier purchase.
    fn clear_end(&mut self, package: crate::schema::PackageId) {
        let mut rows = self.rows.packages.iter();
        let dated = rows.find(|held| held.package == package && held.until.is_some());
        if let Some(held) = dated {
            let differs = FieldDiff::new("until", held.until.clone(), None::<String>);
            self.push(Write::ClearEnd(package), differs);
        }
    }

    /// Of two rows one stays, the one that counts for longer. They have no key
    /// of their own, so that both are deleted and one is made anew.
    fn keep_one(&mut self, package: crate::schema::PackageId) {
        let now = self.context.now();
        let rows = || (self.rows.packages.iter()).filter(|held| held.package == package);
        if rows().count() < 2 {
            return;
        }
        let Some(stays) = rows().max_by_key(|held| self.portal.place_of(held, now)) else {
            return;
        };
        let stays = stays.clone();
        let count = rows().count().to_string();
        let differs = FieldDiff::new("subscriptions", Some(count), Some("1"));
        self.push(Write::EndPackage(package), differs);
        let differs = FieldDiff::new("subscriptions", None::<String>, Some(package.to_string()));
        let step = self.step(Write::AddPackage(stays)).never_again();
        self.steps.push(step.differs(differs));
    }

    fn end(&mut self, package: crate::schema::PackageId) {
        let found = Some(package.to_string());
        let step = self.step(Write::EndPackage(package)).removes();
        let differs = FieldDiff::new("subscriptions", found, None::<String>);
        self.steps.push(step.differs(differs));
    }

    /// Refuses what is not available. What the subscriber has already is not
    /// looked up: a package that is not sold any more stays with who has it.
    fn offered(&self, id: &PackageId) -> Result<crate::schema::PackageId, Unplanned> {
        let package = place::package(id).ok_or_else(|| missing("package"))?;
        let now = self.context.now();
        let held = self
            .rows
            .packages
            .iter()
            .any(|held| held.package == package && self.portal.is_active(held, now));
        if held {
            return Ok(package);
        }
        let offers = self.context.catalogue()?;
        match offers.iter().find(|offer| offer.id == *id) {
            None => Err(missing("package")),
            Some(offer) if !offer.enabled => Err(refused("the package is not available")),
            Some(_) => Ok(package),
        }
    }

    /// Returns the package of a row that is named to end and is there.
    fn named(&self, ended: &EndedSubscription) -> Option<crate::schema::PackageId> {
        let owner = self.rows.subscriber.as_ref().and_then(|account| account.id);
        let is_it = |package| match &ended.subscription {
            SubscriptionKey::Package(id) => place::package(id) == Some(package),
            SubscriptionKey::Id(id) => {
                owner.is_some_and(|owner| place::subscription(owner, package) == *id)
            }
        };
        let mut held = self.rows.packages.iter().map(|held| held.package);
        held.find(|package| is_it(*package))
    }
}
