//! Provisioning while a fifth of all calls go wrong.
//!
//! After each operation the server is compared with what was intended, by
//! looking past the backend. An operation that says it was made was made, one
//! that says it was not left everything as it was, and whatever is in between
//! was reported as unknown or as half done. Nobody else is touched.
//!
//! `JSONSQL_PROVISIONING_OPERATIONS=2000` is the full size,
//! `JSONSQL_PROVISIONING_SEED` another weather.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::time::Instant;

use jsonsql_client::Error;
use jsonsql_client::model::Capability;
use jsonsql_client::model::{
    End, MacAddr, NewSubscriber, NewSubscription, PackageId, Patch, SubscriberId, SubscriberKey,
    SubscriberPatch,
};
use jsonsql_client::provisioning::Operation;
use jsonsql_sandbox::faults::{Fault, Faults, Rule, When};

use crate::conformance::subscribers::patch_person;
use crate::world::{Accounts, Person, Truth, World, fields, kept, mac, person};

const PEOPLE: u64 = 12;
const BOXES: u64 = 16;

pub(crate) async fn provisioning<W: World>() {
    let set = |name, otherwise| {
        std::env::var(name).map_or(otherwise, |text| text.parse::<u64>().unwrap())
    };
    let operations = set("JSONSQL_PROVISIONING_OPERATIONS", 300);
    let seed = set("JSONSQL_PROVISIONING_SEED", 11);
    let world = W::start(2).await;
    let begun = Instant::now();
    let mut storm = Storm {
        now: world.truth().await,
        world,
        luck: Luck(seed),
        ids: BTreeMap::new(),
        told: BTreeMap::new(),
    };
    let before = storm.now.clone();
    storm
        .world
        .sandbox()
        .set_faults(faults(storm.world.route(), seed));
    let mut asked = 0;
    while asked < operations {
        asked += u64::from(storm.operate().await);
    }
    storm.world.sandbox().set_faults(Faults::default());
    let took = begun.elapsed();

    assert_eq!(storm.world.truth().await, storm.now);
    let ours: Vec<_> = (0..PEOPLE).map(login).collect();
    let ours: Vec<_> = ours.iter().map(String::as_str).collect();
    assert_eq!(storm.now.without(&ours), before.people, "bystanders");
    // Asked again in calm weather, everything can be had as it was wanted.
    for login in ours {
        let new = kept(&storm.world, login);
        storm.world.backend().create_subscriber(&new).await.unwrap();
        let is = storm.world.truth().await.person(login).shown();
        assert_eq!(is, person(&storm.world, &new).shown());
    }

    let requests = storm.world.sandbox().take_requests();
    let mut injected = BTreeMap::<_, usize>::new();
    for fault in requests.iter().flat_map(|request| &request.faults) {
        *injected.entry(*fault).or_default() += 1;
    }
    // Past the capture of tests: the figures are the point.
    let mut stdout = std::io::stdout();
    writeln!(
        stdout,
        "provisioning on {}: {operations} operations in {took:.1?}, {} requests; {:?}; faults {injected:?}",
        storm.world.backend().name(),
        requests.len(),
        storm.told,
    )
    .unwrap();
    let injected: usize = injected.values().sum();
    assert!(injected * 100 > requests.len() * 15, "it was no storm");
    let made = storm.told.get("made").copied().unwrap_or(0);
    assert!(made > operations / 2, "{made} were made");
}

fn page(code: u16, body: &str, when: When) -> (Fault, f64) {
    let page = Fault::Page {
        code,
        content_type: "text/html".to_owned(),
        body: body.to_owned(),
        when,
    };
    (page, 0.005)
}

fn faults(route: &str, seed: u64) -> Faults {
    let status = |code| Fault::Status {
        code,
        retry_after: None,
    };
    let kinds = [
        (Fault::DelayMs(2), 0.02),
        (Fault::Refuse, 0.04),
        (Fault::Drop, 0.05),
        (Fault::Truncate, 0.03),
        (Fault::Garble, 0.01),
        (status(500), 0.02),
        (status(502), 0.01),
        (status(429), 0.01),
        (Fault::ExpireSession, 0.01),
        // Of whoever stands between, before the server and behind it.
        page(502, r#"{"error":"upstream session aborted"}"#, When::After),
        page(403, "<html>Blocked</html>", When::After),
        page(404, r#"{"message":"no route"}"#, When::After),
        page(400, r#"{"error":"session expired"}"#, When::After),
        page(200, "<html>Log in to the network</html>", When::Before),
    ];
    let plan = Faults::seeded(seed);
    kinds.into_iter().fold(plan, |plan, (fault, chance)| {
        plan.rule(Rule::new(route, fault).chance(chance))
    })
}

fn login(number: u64) -> String {
    format!("s{number}")
}

struct Storm<W> {
    world: W,
    luck: Luck,
    /// What is on the server, as intended and as far as was reported.
    now: Truth,
    /// The last known id of each login, of one that is gone too.
    ids: BTreeMap<String, SubscriberId>,
    told: BTreeMap<&'static str, u64>,
}

/// An operation, and what it is to come to: nothing if it is to be refused.
struct Intent {
    operation: Operation,
    after: Option<Truth>,
    touched: Vec<String>,
}

impl<W: World> Storm<W> {
    /// Whether there was something to ask for.
    async fn operate(&mut self) -> bool {
        match self.intend().await {
            Some(intent) => {
                self.ask(intent).await;
                true
            }
            None => {
                self.tell("not asked");
                false
            }
        }
    }

    async fn ask(&mut self, intent: Intent) {
        let touched: Vec<_> = intent.touched.iter().map(String::as_str).collect();
        for again in 0.. {
            assert!(again < 50, "{} never succeeds", intent.operation.name());
            let before = self.now.clone();
            self.world.restarts();
            let accounts = self.world.accounts();
            let result = self.world.backend().apply(&intent.operation).await;
            self.now = self.world.truth().await;
            let what = format!("{}: {result:?}", intent.operation.name());
            assert_eq!(
                self.now.without(&touched),
                before.without(&touched),
                "{what}"
            );
            assert_eq!(self.now.orphans, before.orphans, "{what}");
            self.restarts(&accounts, &what);
            let as_intended = || {
                intent
                    .after
                    .as_ref()
                    .is_some_and(|after| self.is(after, &before))
            };
            match result {
                Ok(_) => {
                    assert!(
                        as_intended(),
                        "{what}\nis {:#?}\ninstead of {:#?}",
                        self.now,
                        intent.after
                    );
                    return self.tell("made");
                }
                Err(Error::Taken { .. } | Error::Missing { .. }) if intent.after.is_none() => {
                    assert_eq!(self.now, before, "{what}");
                    return self.tell("refused");
                }
                Err(error @ (Error::Indeterminate(_) | Error::Partial(_))) => {
                    let after = intent.after.as_ref().unwrap_or(&before);
                    assert!(self.is_between(&before, after, &touched), "{what}");
                    self.tell(match error {
                        Error::Partial(_) => "half done",
                        _ => "unknown",
                    });
                }
                Err(error) => {
                    assert!(error.is_retryable() || is_weather(&error), "{what}");
                    assert_eq!(self.now, before, "{what}");
                    return self.tell("not done");
                }
            }
            // A billing asks again, or leaves it to the next day.
            if self.luck.below(3) == 0 {
                return self.tell("left as reported");
            }
        }
    }

    /// Whether the server is like this; of records made anew nobody knows
    /// beforehand what the server puts into them.
    fn is(&self, after: &Truth, before: &Truth) -> bool {
        let logins = |truth: &Truth| truth.people.keys().cloned().collect::<Vec<_>>();
        logins(after) == logins(&self.now)
            && after.free == self.now.free
            && self.now.people.iter().all(|(login, is)| {
                let was = before.people.get(login);
                is.managed() == after.people[login].managed()
                    && was.is_none_or(|was| was.unmanaged == is.unmanaged)
            })
    }

    /// Whether nothing is on the server that was neither there before nor
    /// intended: some steps of the operation were made, and no other ones.
    /// A box that is moved is nobody's in between.
    fn is_between(&self, before: &Truth, after: &Truth, touched: &[&str]) -> bool {
        let boxes = |truth: &Truth| -> BTreeSet<MacAddr> {
            let of = |login: &&str| truth.people.get(*login).map(|one| one.terminals.clone());
            touched.iter().filter_map(of).flatten().collect()
        };
        let mut moved = boxes(before);
        moved.retain(|mac| touched.len() > 1 && boxes(after).contains(mac));
        let free = self.now.free.difference(&moved).copied().collect();
        let person = |login: &&str| {
            let of = |truth: &Truth| truth.people.get(*login).cloned();
            match (of(before), of(&self.now), of(after)) {
                (was, None, wanted) => was.is_none() || wanted.is_none(),
                (None, Some(_), None) => false,
                (was, Some(is), wanted) => {
                    let one = was.clone().or_else(|| wanted.clone()).unwrap_or_default();
                    let other = wanted.clone().or_else(|| was.clone()).unwrap_or_default();
                    let (was, wanted) = (was.unwrap_or_default(), wanted.unwrap_or_default());
                    let scalars = is.scalars().into_iter().zip(one.scalars());
                    let mut scalars = scalars.zip(other.scalars());
                    scalars.all(|((is, one), other)| is == one || is == other)
                        && within(&was.terminals, &is.terminals, &wanted.terminals)
                        && within(&was.packages, &is.packages, &wanted.packages)
                }
            }
        };
        touched.iter().all(person) && within(&before.free, &free, &after.free)
    }

    /// No box restarts more often than the packages of its account change: one
    /// that was begun before gets what its subscriber has already.
    fn restarts(&self, was: &Accounts, what: &str) {
        let is = self.world.accounts();
        let none = (None, BTreeSet::new());
        for (mac, times) in self.world.restarts() {
            let logins: BTreeSet<_> = was.keys().chain(is.keys()).collect();
            let changed = logins.into_iter().map(|login| {
                let was = was.get(login).unwrap_or(&none);
                let is = is.get(login).unwrap_or(&none);
                match [was.0, is.0].contains(&Some(mac)) {
                    true => was.1.symmetric_difference(&is.1).count(),
                    false => 0,
                }
            });
            let changed: usize = changed.sum();
            assert!(
                times <= changed,
                "{mac}: {times} times for {changed}; {what}"
            );
        }
    }

    fn tell(&mut self, what: &'static str) {
        *self.told.entry(what).or_default() += 1;
    }

    /// Some operation; none if it needs an id that could not be read.
    async fn intend(&mut self) -> Option<Intent> {
        let login = login(self.luck.below(PEOPLE));
        let number = self.luck.below(10_000);
        let is = self.now.people.get(&login).cloned();
        let mut after = self.now.clone();
        let kind = self.luck.below(16);
        if kind < 3 || (is.is_none() && !self.ids.contains_key(&login)) {
            let new = NewSubscriber {
                name: Some(format!("N{number}")),
                ..kept(&self.world, &login)
            };
            let person = Person {
                terminals: is.iter().flat_map(|is| is.terminals.clone()).collect(),
                packages: is.iter().flat_map(|is| is.packages.clone()).collect(),
                ..person(&self.world, &new)
            };
            after.people.insert(login.clone(), person);
            let operation = Operation::CreateSubscriber(new);
            return Some(intent(operation, Some(after), [login]));
        }
        let id = self.id(&login, is.as_ref()).await?;
        // Of one that is gone, everything is missing.
        let there = is.is_some();
        let mut nobody = Person::default();
        let person = after.people.get_mut(&login).unwrap_or(&mut nobody);
        let operation = match kind {
            3 | 4 => {
                let patch = self.patch(number);
                patch_person(person, &patch);
                if patch.password.is_some() {
                    person.password = self.world.stored("pw-in-a-storm");
                }
                Operation::ChangeSubscriber(id, patch)
            }
            5 => {
                person.enabled = true;
                Operation::EnableSubscriber(id)
            }
            6 => {
                person.enabled = false;
                Operation::DisableSubscriber(id)
            }
            7 => {
                after.people.remove(&login);
                let operation = Operation::DeleteSubscriber(id);
                return Some(intent(operation, Some(after), [login]));
            }
            8..=10 => {
                let mac = mac(100 + self.luck.below(BOXES) as u8);
                if there && person.terminals.len() > 1 {
                    return None;
                }
                person.terminals.insert(mac);
                after.free.remove(&mac);
                let owner = self.owner(mac);
                let free = owner.is_none_or(|owner| owner == login);
                let after = (there && free).then_some(after);
                return Some(intent(
                    Operation::BindTerminal(id, mac.into()),
                    after,
                    [login],
                ));
            }
            11 => return self.unbind(&login, id).await,
            12 => return self.hand_over(&login, id).await,
            13 | 14 => {
                let package = self.package();
                person.packages.insert(package.clone());
                Operation::AddSubscription(NewSubscription::new(id, package))
            }
            _ => {
                let package = is?.packages.first()?.clone();
                let list = self.world.backend().subscriptions(&id);
                let list = list.collect().await.ok()?;
                let found = list.iter().find(|one| one.active && one.package == package);
                person.packages.remove(&package);
                let id = found.expect("it has the package").id.clone();
                Operation::EndSubscription(id, End::Now)
            }
        };
        Some(intent(operation, there.then_some(after), [login]))
    }

    async fn unbind(&mut self, login: &str, id: SubscriberId) -> Option<Intent> {
        let mac = *self.now.people.get(login)?.terminals.first()?;
        let list = self.world.backend().terminals(&id).collect().await.ok()?;
        let terminal = list.iter().find(|one| one.mac == Some(mac));
        let terminal = terminal.expect("it has the box").id.clone();
        let mut after = self.now.clone();
        after.people.get_mut(login)?.terminals.remove(&mac);
        let has = self.world.backend().capabilities();
        if has.has(Capability::FreeTerminals) {
            after.free.insert(mac);
        }
        let operation = Operation::UnbindTerminal(terminal);
        Some(intent(operation, Some(after), [login.to_owned()]))
    }

    async fn hand_over(&mut self, from: &str, id: SubscriberId) -> Option<Intent> {
        let has = self.world.backend().capabilities();
        let to = login(self.luck.below(PEOPLE));
        let mac = *self.now.people.get(from)?.terminals.first()?;
        let heir = self.now.people.get(&to);
        if !has.has(Capability::MoveTerminal) || heir?.terminals.len() > 1 || to == from {
            return None;
        }
        let heir = self
            .id(&to, self.now.people.get(&to).cloned().as_ref())
            .await?;
        let list = self.world.backend().terminals(&id).collect().await.ok()?;
        let terminal = list.iter().find(|one| one.mac == Some(mac));
        let terminal = terminal.expect("it has the box").id.clone();
        let mut after = self.now.clone();
        after.people.get_mut(from)?.terminals.remove(&mac);
        after.people.get_mut(&to)?.terminals.insert(mac);
        let operation = Operation::MoveTerminal(terminal, heir);
        Some(intent(operation, Some(after), [from.to_owned(), to]))
    }

    /// Read, and what is read must be what is there.
    async fn id(&mut self, login: &str, is: Option<&Person>) -> Option<SubscriberId> {
        if let Some(is) = is {
            let key = SubscriberKey::Login(login.to_owned());
            let found = self.world.backend().find_subscriber(&key).await.ok()?;
            let found = found.expect("it is there");
            assert_eq!(fields(&found), is.shown());
            self.ids.insert(login.to_owned(), found.id);
        }
        self.ids.get(login).cloned()
    }

    fn patch(&mut self, number: u64) -> SubscriberPatch {
        let has = self.world.backend().capabilities();
        let phone = match number % 3 {
            _ if !has.has(Capability::Phone) => Patch::Keep,
            0 => Patch::Clear,
            1 => Patch::Set(format!("+7 {number}")),
            _ => Patch::Keep,
        };
        SubscriberPatch {
            name: Patch::Set(format!("C{number}")),
            password: number.is_multiple_of(5).then(|| "pw-in-a-storm".into()),
            phone,
            ..SubscriberPatch::default()
        }
    }

    fn package(&mut self) -> PackageId {
        let [first, second, third] = self.world.packages();
        match self.luck.below(3) {
            0 => first,
            1 => second,
            _ => third,
        }
    }

    fn owner(&self, mac: MacAddr) -> Option<String> {
        let mut people = self.now.people.iter();
        let owner = people.find(|(_, person)| person.terminals.contains(&mac));
        owner.map(|(login, _)| login.clone())
    }
}

fn intent(
    operation: Operation,
    after: Option<Truth>,
    touched: impl IntoIterator<Item = String>,
) -> Intent {
    Intent {
        operation,
        after,
        touched: touched.into_iter().collect(),
    }
}

/// Whether what is in both is there, and nothing that is in neither.
fn within<T: Ord>(one: &BTreeSet<T>, is: &BTreeSet<T>, other: &BTreeSet<T>) -> bool {
    let mut both = one.intersection(other);
    both.all(|item| is.contains(item))
        && is
            .iter()
            .all(|item| one.contains(item) || other.contains(item))
}

/// An answer that cannot be read, of a call that changes nothing; a session
/// that ended twice in a row.
fn is_weather(error: &Error) -> bool {
    matches!(
        error,
        Error::Protocol(_) | Error::Decode(_) | Error::Denied { .. } | Error::Status { .. }
    )
}

/// Numbers that are the same in every run.
struct Luck(u64);

impl Luck {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = (self.0)
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}
