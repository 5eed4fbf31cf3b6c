//! The adapter's plans without a server: a write leaves what the adapter says
//! that it leaves, so that a run is planning and nothing else.

use std::fmt::Write as _;
use std::sync::{Mutex, OnceLock, PoisonError};

use jsonsql_client::Result;
use jsonsql_client::ministra::{self, Account, Tariff};
use jsonsql_client::model::Capabilities;
use jsonsql_client::model::{Package, Patch, Timestamp};
use jsonsql_client::provisioning::Records;
use jsonsql_client::provisioning::{
    Context, Desired, EndedSubscription, Executor, FieldDiff, Found, Identity, Job, Key, Loaded,
    Members, Others, Plan, Platform, Proof, Step, TerminalKey, Unplanned, View, WantedSubscription,
};
use jsonsql_client::provisioning::{MARK, Ministra, MinistraLists, MinistraRows, MinistraWrite};
use serde_json::{Value, json};

use crate::outcome::show;
use crate::{block_on, mac};

/// A Ministra that is a list of subscribers.
pub(super) struct Stage {
    pub(super) ministra: Ministra,
    all: Mutex<Vec<MinistraRows>>,
    writes: Mutex<usize>,
    has_rival: bool,
}

/// The adapter, without a server behind it. It is made once, for a client reads
/// the certificates of the system.
pub(super) fn adapter() -> Ministra {
    static ADAPTER: OnceLock<Ministra> = OnceLock::new();
    let adapter = ADAPTER.get_or_init(|| {
        let client = ministra::Ministra::builder().url("http://127.0.0.1:9/stalker_portal/api/");
        Ministra::new(client.build().unwrap())
    });
    adapter.clone()
}

/// An account: login, number, box, packages of the plan `basic`.
pub(super) fn account(login: &str, number: &str, terminal: usize, packages: &[u64]) -> Value {
    let written = |number: usize| mac(number).to_string().replace('-', ":");
    json!({
        "login": login, "account_number": number, "status": 1, "tariff_plan": "basic",
        "stb_mac": if terminal == 0 { String::new() } else { written(terminal) },
        "subscribed_id": packages,
    })
}

/// One that this library has made for a further box.
pub(super) fn further(login: &str, number: &str, terminal: usize, packages: &[u64]) -> Value {
    with(
        account(login, number, terminal, packages),
        "comment",
        json!(MARK),
    )
}

/// A box that the server has added by itself.
pub(super) fn loose(terminal: usize) -> Value {
    account("", "", terminal, &[])
}

pub(super) fn with(mut account: Value, field: &str, value: Value) -> Value {
    account[field] = value;
    account
}

pub(super) fn lists() -> MinistraLists {
    let package = |id: u64, optional: u64| {
        let service_type = if id == 7 { "single" } else { "periodic" };
        json!({"id": id, "name": format!("P{id}"), "type": "tv", "optional": optional,
            "service_type": service_type})
    };
    let plan = |id: u64, external: &str, default: u64, packages: Vec<Value>| {
        json!({"id": id, "external_id": external, "name": external, "user_default": default,
            "packages": packages})
    };
    let tariffs = json!([
        plan(
            1,
            "basic",
            1,
            vec![package(1, 0), package(2, 1), package(3, 1), package(7, 1)]
        ),
        plan(
            2,
            "full",
            0,
            vec![package(1, 0), package(3, 1), package(5, 1)]
        ),
        plan(3, "", 0, vec![package(2, 1)]),
    ]);
    let tariffs: Vec<Tariff> = serde_json::from_value(tariffs).unwrap();
    MinistraLists::new(tariffs, Vec::new())
}

pub(super) fn now() -> Timestamp {
    "2026-11-25T20:00:00Z".parse().unwrap()
}

impl Stage {
    pub(super) fn new(accounts: impl IntoIterator<Item = Value>) -> Stage {
        let ministra = adapter();
        let mut groups: Vec<Vec<Account>> = Vec::new();
        for account in accounts {
            let account: Account = serde_json::from_value(account).unwrap();
            let key = |account: &Account| {
                let number = account.account_number.as_deref()?;
                Some(ministra.identity().reference(&number.into()))
            };
            let own = key(&account);
            let is_it = |group: &&mut Vec<Account>| own.is_some() && key(&group[0]) == own;
            match groups.iter_mut().find(is_it) {
                Some(group) => group.push(account),
                None => groups.push(vec![account]),
            }
        }
        Stage {
            ministra,
            all: Mutex::new(groups.into_iter().map(MinistraRows::new).collect()),
            writes: Mutex::new(0),
            has_rival: false,
        }
    }

    /// Another caller creates the same accounts at the same time.
    pub(super) fn with_rival(mut self) -> Stage {
        self.has_rival = true;
        self
    }

    pub(super) fn all(&self) -> Vec<MinistraRows> {
        self.all
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    pub(super) fn writes(&self) -> usize {
        *self.writes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// By the reference, then by the login.
    pub(super) fn job(&self, wanted: Desired) -> Job {
        let reference = match &wanted.external_ref {
            Patch::Set(reference) => Some(self.identity().reference(reference)),
            _ => None,
        };
        let login = wanted
            .login
            .as_deref()
            .map(|login| self.identity().login(login));
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
        for (forecast, report) in forecasts.iter().zip(&reports) {
            let outcome = show(&report.outcome);
            match forecast {
                Err(left) => {
                    let _ = writeln!(text, "{outcome}");
                    assert_eq!(show(left), outcome, "the forecast says otherwise");
                }
                Ok(forecast) => {
                    let steps = forecast.steps.iter().map(|step| {
                        let fields: Vec<_> = step.differs.iter().map(FieldDiff::field).collect();
                        format!("{} ({})", step.name, fields.join(", "))
                    });
                    let steps: Vec<_> = steps.collect();
                    let _ = writeln!(text, "{outcome}: {}", steps.join("; "));
                    for loss in &forecast.losses {
                        let _ = writeln!(text, "  loses {loss}");
                    }
                }
            }
        }
        let before = self.writes();
        let done = jobs.iter().zip(&reports);
        let done = done.filter(|(_, report)| report.outcome.is_done());
        let again: Vec<Job> = done.map(|(job, _)| job.clone()).collect();
        let blind = again
            .iter()
            .filter(|job| job.wanted().password.is_some())
            .count();
        block_on(Executor::new(self).run(again));
        assert_eq!(
            self.writes(),
            before + blind,
            "a second run writes\n{text}{}",
            self.show()
        );
        text + &self.show()
    }

    /// Rows read `login number state [box] {plan packages} name`.
    pub(super) fn show(&self) -> String {
        let mut lines = Vec::new();
        for account in self.all().iter().flat_map(MinistraRows::iter) {
            let written = account.stb_mac.as_deref();
            let shown = written.map(|mac| mac.get(15..).unwrap_or(mac).to_owned());
            let packages = account.subscribed_id.iter().map(ToString::to_string);
            let mut has: Vec<String> = account.tariff_plan.iter().cloned().collect();
            has.extend(
                account
                    .tariff_expired_date
                    .iter()
                    .map(|date| format!("until {}", date.date())),
            );
            has.extend(packages);
            let note = account.comment.as_deref();
            lines.push(format!(
                "  {} {} {} [{}] {{{}}}{}{}",
                Some(account.login.as_str())
                    .filter(|login| !login.is_empty())
                    .unwrap_or("-"),
                account.account_number.as_deref().unwrap_or("-"),
                if account.status { "on" } else { "off" },
                shown.unwrap_or_default(),
                has.join(" "),
                account
                    .full_name
                    .iter()
                    .map(|name| format!(" {name}"))
                    .collect::<String>(),
                match note {
                    Some(MARK) => " marked".to_owned(),
                    Some(note) => format!(" ({note})"),
                    None => String::new(),
                },
            ));
        }
        lines.sort();
        lines.join("\n") + "\n"
    }
}

/// What the plan of the adapter knows of the others.
struct Same<'a>(&'a Context<'a, Stage>);

impl Others<MinistraRows> for Same<'_> {
    fn holders(&self, key: &Key) -> Option<Vec<&MinistraRows>> {
        self.0.holders(key).ok()
    }

    fn is_reserved(&self, key: &Key) -> bool {
        self.0.is_reserved(key)
    }
}

impl Platform for Stage {
    type Observed = MinistraRows;
    type Write = MinistraWrite;
    type Catalogue = MinistraLists;

    fn name(&self) -> &'static str {
        "ministra without a server"
    }

    fn capabilities(&self) -> Capabilities {
        self.ministra.capabilities()
    }

    fn identity(&self) -> &Identity {
        self.ministra.identity()
    }

    async fn catalogue(&self) -> Result<MinistraLists> {
        Ok(lists())
    }

    fn packages(&self, catalogue: &MinistraLists) -> Vec<Package> {
        self.ministra.packages(catalogue)
    }

    async fn load(&self, keys: &[Key]) -> Result<Loaded<MinistraRows>> {
        let has = |rows: &MinistraRows| self.keys(rows).iter().any(|key| keys.contains(key));
        Ok(Loaded {
            found: self.all().into_iter().filter(has).collect(),
            now: Some(now()),
        })
    }

    fn load_all(&self) -> Records<'_, Found<MinistraRows>> {
        let all = self.all();
        Records::once(async move { Ok(all.into_iter().map(Found::Rows).collect()) })
    }

    fn keys(&self, present: &MinistraRows) -> Vec<Key> {
        self.ministra.keys(present)
    }

    fn view(&self, present: &MinistraRows, lists: Option<&MinistraLists>, now: Timestamp) -> View {
        self.ministra.view(present, lists, now)
    }

    fn plan(
        &self,
        present: Option<&MinistraRows>,
        wanted: &Desired,
        context: &Context<'_, Stage>,
    ) -> Result<Plan<MinistraWrite>, Unplanned> {
        let others = Same(context);
        let context = Context::new(context.now(), context.catalogue().ok(), &others);
        self.ministra.plan(present, wanted, &context)
    }

    fn after(&self, present: Option<&MinistraRows>, write: &MinistraWrite) -> Option<MinistraRows> {
        self.ministra.after(present, write)
    }

    fn park(
        &self,
        present: &MinistraRows,
        key: &Key,
        temporary: &str,
    ) -> Option<Step<MinistraWrite>> {
        self.ministra.park(present, key, temporary)
    }

    async fn perform(
        &self,
        write: &MinistraWrite,
        present: Option<&MinistraRows>,
    ) -> Result<Proof<MinistraRows>> {
        *self.writes.lock().unwrap() += 1;
        let after = self.after(present, write);
        let mut all = self.all.lock().unwrap();
        all.retain(|rows| Some(rows) != present);
        if let Some(after) = &after {
            // What was added for a box by the server has gone into its account.
            let is_loose = |rows: &MinistraRows| {
                let nobodys = self.view(rows, None, now()).subscriber.is_none();
                nobodys
                    && rows
                        .iter()
                        .any(|own| after.iter().any(|one| one.stb_mac == own.stb_mac))
            };
            all.retain(|rows| !is_loose(rows));
            let twins = after.iter().chain(after.iter()).cloned();
            all.push(match self.has_rival && present.is_none() {
                true => MinistraRows::new(twins),
                false => after.clone(),
            });
        }
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

pub(super) fn packages(ids: &[&str]) -> Members<WantedSubscription, EndedSubscription> {
    Members::Exactly(
        ids.iter()
            .map(|id| WantedSubscription::new((*id).into()))
            .collect(),
    )
}
