//! The adapter's plans without a server: a write leaves what the adapter says
//! that it leaves, so that a run is planning and nothing else.

use std::fmt::Write as _;
use std::sync::{Mutex, OnceLock};

use jsonsql_client::model::{Capabilities, MacAddr, Package, Patch, Timestamp};
use jsonsql_client::provisioning::{
    Context, Desired, EndedSubscription, Executor, FieldDiff, Found, Identity, IptvPortal,
    IptvPortalRows, IptvPortalWrite, Job, Key, Loaded, Members, Others, Plan, Platform, Proof,
    Records, Step, TerminalKey, Unplanned, View, WantedSubscription,
};
use jsonsql_client::schema::full::SubscriberPackage;
use jsonsql_client::schema::{DomainId, PackageId, Subscriber, SubscriberId};
use jsonsql_client::schema::{SubscriberPackageId, Terminal, TerminalId};
use jsonsql_client::{Client, Result};

use crate::outcome::show;
use crate::{block_on, mac};

/// One subscriber as a case has it: its number, login and reference.
#[derive(Clone, Default)]
pub(super) struct Has {
    id: i64,
    login: &'static str,
    reference: &'static str,
    off: bool,
    name: Option<&'static str>,
    limit: Option<i32>,
    /// Numbers of terminals; one below 0 is not registered.
    terminals: Vec<i64>,
    /// A package, `enabled`, the end.
    packages: Vec<(i64, bool, Option<&'static str>)>,
}

pub(super) fn has(id: i64, login: &'static str, reference: &'static str) -> Has {
    Has {
        id,
        login,
        reference,
        ..Has::default()
    }
}

impl Has {
    pub(super) fn off(mut self) -> Has {
        self.off = true;
        self
    }

    pub(super) fn name(mut self, name: &'static str) -> Has {
        self.name = Some(name);
        self
    }

    pub(super) fn limit(mut self, limit: i32) -> Has {
        self.limit = Some(limit);
        self
    }

    pub(super) fn terminals(mut self, numbers: &[i64]) -> Has {
        self.terminals.extend(numbers);
        self
    }

    pub(super) fn package(mut self, package: i64) -> Has {
        self.packages.push((package, true, None));
        self
    }

    pub(super) fn until(mut self, package: i64, end: &'static str) -> Has {
        self.packages.push((package, true, Some(end)));
        self
    }

    pub(super) fn unused(mut self, package: i64) -> Has {
        self.packages.push((package, false, None));
        self
    }

    fn rows(&self, portal: &IptvPortal) -> IptvPortalRows {
        let subscriber = Subscriber {
            id: SubscriberId(self.id),
            domain_id: DomainId(1),
            username: self.login.to_owned(),
            password: None,
            disabled: self.off,
            email: None,
            phone: None,
            address: None,
            first_name: None,
            middle_name: None,
            surname: self.name.map(str::to_owned),
            max_terminal: self.limit,
            billing: Some(self.reference.to_owned()),
            kind: None,
            business: None,
        };
        let terminals = self.terminals.iter();
        let terminals = terminals.map(|number| terminal(Some(self.id), *number));
        let packages = self
            .packages
            .iter()
            .map(|(package, enabled, end)| SubscriberPackage {
                id: SubscriberPackageId(*package),
                subscriber_id: SubscriberId(self.id),
                package_id: PackageId(*package),
                enabled: *enabled,
                expired_on: end.map(str::to_owned),
            });
        portal.rows(Some(subscriber), terminals.collect(), packages.collect())
    }
}

fn terminal(owner: Option<i64>, number: i64) -> Terminal {
    let address = mac(usize::try_from(number.abs()).unwrap());
    Terminal {
        id: TerminalId(number.abs()),
        subscriber_id: owner.map(SubscriberId),
        mac_addr: Some(address.to_string().parse().unwrap()),
        inet_addr: None,
        registered: number > 0,
    }
}

fn portal() -> IptvPortal {
    static PORTAL: OnceLock<IptvPortal> = OnceLock::new();
    let make = || {
        let client = Client::builder()
            .url("http://127.0.0.1:9/api")
            .credentials("admin", "adminpassword")
            .build();
        IptvPortal::new(client.unwrap())
    };
    PORTAL.get_or_init(make).clone()
}

/// An IPTVPORTAL that is a list of subscribers.
pub(super) struct Stage {
    portal: IptvPortal,
    all: Mutex<Vec<IptvPortalRows>>,
    writes: Mutex<usize>,
}

impl Stage {
    /// These subscribers, and terminals that are nobody's.
    pub(super) fn new(all: impl IntoIterator<Item = Has>, loose: &[i64]) -> Stage {
        let portal = portal();
        let loose = loose.iter().map(|number| {
            let free = terminal(None, -number);
            portal.rows(None, vec![free], Vec::new())
        });
        let all = all.into_iter().map(|one| one.rows(&portal)).chain(loose);
        Stage {
            all: Mutex::new(all.collect()),
            writes: Mutex::new(0),
            portal,
        }
    }

    /// By the reference, then by the login.
    pub(super) fn job(&self, wanted: Desired) -> Job {
        let reference = match &wanted.external_ref {
            Patch::Set(reference) => Some(self.identity().reference(reference)),
            _ => None,
        };
        let login = wanted.login.as_deref();
        let login = login.map(|login| self.identity().login(login));
        Job::new(reference.into_iter().chain(login), wanted)
    }

    pub(super) fn of_login(&self, login: &str, wanted: Desired) -> Job {
        Job::new([self.identity().login(login)], wanted)
    }

    pub(super) fn of_reference(&self, reference: &str, wanted: Desired) -> Job {
        Job::new([self.identity().reference(&reference.into())], wanted)
    }

    /// Plans, runs, and shows all of it; a second run must write nothing.
    pub(super) fn run(&self, jobs: &[Job]) -> String {
        let mut text = String::new();
        let forecasts = block_on(Executor::new(self).preview(jobs.to_vec()));
        let reports = block_on(Executor::new(self).run(jobs.to_vec()));
        crate::effects::are_as_forecast(forecasts.iter().zip(&reports));
        for (forecast, report) in forecasts.iter().zip(&reports) {
            let outcome = show(&report.outcome);
            let Ok(forecast) = forecast else {
                let _ = writeln!(text, "{outcome}");
                continue;
            };
            let steps = forecast.steps.iter().map(|step| {
                let fields: Vec<_> = step.differs.iter().map(FieldDiff::field).collect();
                format!("{} ({})", step.name, fields.join(", "))
            });
            let _ = writeln!(text, "{outcome}: {}", steps.collect::<Vec<_>>().join("; "));
            for effect in &forecast.effects {
                let _ = writeln!(text, "  {effect}");
            }
            for loss in &forecast.losses {
                let _ = writeln!(text, "  loses {loss}");
            }
        }
        let before = *self.writes.lock().unwrap();
        let done = jobs.iter().zip(&reports);
        let done = done.filter(|(_, report)| report.outcome.is_done());
        let again: Vec<Job> = done.map(|(job, _)| job.clone()).collect();
        let blind = again.iter().filter(|job| job.wanted().password.is_some());
        let blind = blind.count();
        block_on(Executor::new(self).run(again));
        let writes = *self.writes.lock().unwrap();
        assert_eq!(writes, before + blind, "a second run writes\n{text}");
        text + &self.show()
    }

    /// Rows read `login reference state [terminals] {packages} name`.
    pub(super) fn show(&self) -> String {
        let mut lines = Vec::new();
        for rows in self.all.lock().unwrap().iter() {
            let view = self.portal.view(rows, None, now());
            let Some(subscriber) = view.subscriber else {
                let keys = self.portal.keys(rows);
                lines.push(format!("  - [{}]", &keys[0].text()[15..]));
                continue;
            };
            let screens = view.screens.iter().map(|screen| {
                let on = if screen.on { "" } else { " off" };
                format!("{}{on}", &screen.terminal.text()[15..])
            });
            let screens: Vec<_> = screens.collect();
            let packages = view.subscriptions.iter().map(|one| {
                let state = if one.active { "" } else { " unused" };
                let end = one.until.map(|end| format!(":..{end}"));
                format!("{}{}{state}", one.package, end.unwrap_or_default())
            });
            let packages: Vec<_> = packages.collect();
            lines.push(format!(
                "  {} {} {} [{}] {{{}}}{}{}",
                subscriber.login,
                subscriber
                    .external_ref
                    .map_or("-".to_owned(), |one| one.to_string()),
                if subscriber.enabled { "on" } else { "off" },
                screens.join(" "),
                packages.join(" "),
                subscriber
                    .name
                    .map(|name| format!(" {name}"))
                    .unwrap_or_default(),
                if view.disagrees.is_empty() {
                    ""
                } else {
                    " doubled"
                },
            ));
        }
        lines.sort();
        lines.join("\n") + "\n"
    }
}

pub(super) fn now() -> Timestamp {
    "2026-11-25T20:00:00Z".parse().unwrap()
}

/// What the plan of the adapter knows of the others.
struct Same<'a>(&'a Context<'a, Stage>);

impl Others<IptvPortalRows> for Same<'_> {
    fn holders(&self, key: &Key) -> Option<Vec<&IptvPortalRows>> {
        self.0.holders(key).ok()
    }

    fn is_reserved(&self, key: &Key) -> bool {
        self.0.is_reserved(key)
    }
}

impl Platform for Stage {
    type Observed = IptvPortalRows;
    type Write = IptvPortalWrite;
    type Catalogue = Vec<Package>;

    fn name(&self) -> &'static str {
        "iptvportal without a server"
    }

    fn capabilities(&self) -> Capabilities {
        self.portal.capabilities()
    }

    fn identity(&self) -> &Identity {
        self.portal.identity()
    }

    /// Packages 1 to 3, and 4 that is not sold any more.
    async fn catalogue(&self) -> Result<Vec<Package>> {
        let package = |id: i64| {
            let mut package = Package::new(id.into(), format!("P{id}"));
            package.enabled = id != 4;
            package
        };
        Ok((1..=4).map(package).collect())
    }

    async fn load(&self, keys: &[Key]) -> Result<Loaded<IptvPortalRows>> {
        let all = self.all.lock().unwrap().clone();
        let has = |rows: &IptvPortalRows| self.keys(rows).iter().any(|key| keys.contains(key));
        Ok(Loaded {
            found: all.into_iter().filter(has).collect(),
            now: Some(now()),
        })
    }

    fn load_all(&self) -> Records<'_, Found<IptvPortalRows>> {
        let all = self.all.lock().unwrap().clone();
        Records::once(async move { Ok(all.into_iter().map(Found::Rows).collect()) })
    }

    fn keys(&self, present: &IptvPortalRows) -> Vec<Key> {
        self.portal.keys(present)
    }

    fn view(&self, present: &IptvPortalRows, _: Option<&Vec<Package>>, now: Timestamp) -> View {
        self.portal.view(present, None, now)
    }

    fn plan(
        &self,
        present: Option<&IptvPortalRows>,
        wanted: &Desired,
        context: &Context<'_, Stage>,
    ) -> Result<Plan<IptvPortalWrite>, Unplanned> {
        let others = Same(context);
        let context = Context::new(context.now(), context.catalogue().ok(), &others);
        self.portal.plan(present, wanted, &context)
    }

    fn after(
        &self,
        present: Option<&IptvPortalRows>,
        write: &IptvPortalWrite,
    ) -> Option<IptvPortalRows> {
        self.portal.after(present, write)
    }

    fn park(
        &self,
        present: &IptvPortalRows,
        key: &Key,
        temporary: &str,
    ) -> Option<Step<IptvPortalWrite>> {
        self.portal.park(present, key, temporary)
    }

    /// A terminal that is taken away stays as one that is nobody's.
    async fn perform(
        &self,
        write: &IptvPortalWrite,
        present: Option<&IptvPortalRows>,
    ) -> Result<Proof<IptvPortalRows>> {
        *self.writes.lock().unwrap() += 1;
        let after = self.after(present, write);
        let mut all = self.all.lock().unwrap();
        all.retain(|rows| Some(rows) != present);
        let macs = |rows: Option<&IptvPortalRows>| -> Vec<MacAddr> {
            let view = rows.map(|rows| self.portal.view(rows, None, now()));
            let terminals = view.into_iter().flat_map(|view| view.terminals);
            terminals.filter_map(|one| one.mac).collect()
        };
        let (before, then) = (macs(present), macs(after.as_ref()));
        let has = |rows: &IptvPortalRows, mac: &MacAddr| {
            self.keys(rows).contains(&self.identity().mac(*mac))
        };
        let is_loose = |rows: &IptvPortalRows| self.view(rows, None, now()).subscriber.is_none();
        all.retain(|rows| !(is_loose(rows) && then.iter().any(|mac| has(rows, mac))));
        if format!("{write:?}") == "take the terminal away" {
            for mac in before.iter().filter(|mac| !then.contains(mac)) {
                let number = i64::from_str_radix(&mac.to_string()[15..], 16).unwrap();
                let free = terminal(None, -number);
                all.push(self.portal.rows(None, vec![free], Vec::new()));
            }
        }
        all.extend(after.clone());
        Ok(Proof::Answered(after))
    }
}

pub(super) fn wanted(login: &str, reference: &str) -> Desired {
    Desired {
        external_ref: Patch::Set(reference.into()),
        ..Desired::create(login)
    }
}

pub(super) fn macs(numbers: &[usize]) -> Members<TerminalKey, TerminalKey> {
    let keys = numbers.iter().map(|number| TerminalKey::Mac(mac(*number)));
    Members::Exactly(keys.collect())
}

pub(super) fn packages(ids: &[i64]) -> Members<WantedSubscription, EndedSubscription> {
    let wanted = ids.iter().map(|id| WantedSubscription::new((*id).into()));
    Members::Exactly(wanted.collect())
}
