//! What is wanted against what is there: the fewest steps between them.
//!
//! Nothing here talks to a platform.

use std::collections::{HashMap, HashSet};

use jsonsql_client::backend::{Capabilities, Capability};
use jsonsql_client::model::{
    ExternalRef, MacAddr, NewSubscriber, PackageId, Patch, SubscriberPatch, TerminalId,
};

use super::plan::{Conflict, Ownership, Plan};
use super::state::{Present, State};
use super::step::{Action, Step};
use super::wanted::{Managed, Wanted};

/// How to compare.
#[derive(Debug)]
pub struct Rules {
    /// What is compared at all.
    pub managed: Managed,
    /// What becomes of what nobody wants.
    pub removal: Removal,
    /// Whether a login can be changed.
    pub change_login: bool,
    /// Whether a box can go from one subscriber to another in one step.
    pub move_terminal: bool,
    /// Whether the platform keeps the billing's key.
    pub external_ref: bool,
}

/// What becomes of what nobody wants.
#[derive(Debug)]
pub enum Removal {
    /// It stays: things are only added.
    Nothing,
    /// Fields are cleared, subscriptions end, boxes are taken away; subscribers
    /// are deleted if they are owned.
    Owned(Ownership),
}

impl Rules {
    /// The rules for a platform that can do this.
    pub fn of(managed: Managed, removal: Removal, platform: &Capabilities) -> Rules {
        Rules {
            managed,
            removal,
            change_login: platform.has(Capability::ChangeLogin),
            move_terminal: platform.has(Capability::MoveTerminal),
            external_ref: platform.has(Capability::ExternalRef),
        }
    }
}

/// The steps that make the platform what is wanted. With nothing left to do
/// there are none: so a run that was broken off is completed by another one.
pub fn compare(wanted: &[Wanted], state: &State, rules: &Rules) -> Plan {
    let mut plan = Plan::default();
    let (found, spoken_for) = find(wanted, state, rules, &mut plan);
    let doomed = doomed(state, &spoken_for, rules, &mut plan);
    let holders: HashMap<MacAddr, Holder<'_>> = (state.subscribers.iter().enumerate())
        .flat_map(|(place, present)| {
            let holder = move |(id, mac): &'_ (TerminalId, MacAddr)| (*mac, (place, id.clone()));
            present.terminals.iter().map(holder)
        })
        .map(|(mac, (place, terminal))| {
            let present = &state.subscribers[place];
            let free = spoken_for.contains(&place) || doomed.contains(&place);
            (
                mac,
                Holder {
                    place,
                    present,
                    terminal,
                    free,
                },
            )
        })
        .collect();
    let anywhere: HashSet<MacAddr> = wanted.iter().flat_map(|one| one.macs.clone()).collect();

    for (one, found) in wanted.iter().zip(found) {
        let before = plan.steps.len();
        let present = match found {
            Found::Conflict => continue,
            Found::Nobody => None,
            Found::At(place) => Some((place, &state.subscribers[place])),
        };
        let mut about = Subject {
            login: &one.record.login,
            present: present.map(|(_, present)| present),
            plan: &mut plan,
        };
        about.fields(&one.record, rules);
        if rules.managed.packages {
            about.packages(one, state, rules);
        }
        if rules.managed.terminals {
            about.terminals(
                one,
                present.map(|(place, _)| place),
                &holders,
                &anywhere,
                rules,
            );
        }
        plan.unchanged += usize::from(plan.steps.len() == before);
    }
    for place in doomed {
        let present = &state.subscribers[place];
        plan.steps.push(Step {
            login: present.record.login.clone(),
            subscriber: Some(present.id.clone()),
            action: Action::Delete,
        });
    }
    plan.steps.sort_by_key(|step| step.action.rank());
    plan
}

/// Whom of the platform a wanted subscriber is.
enum Found {
    At(usize),
    Nobody,
    Conflict,
}

/// Who has a box.
struct Holder<'a> {
    place: usize,
    present: &'a Present,
    terminal: TerminalId,
    /// Whether it may be taken away.
    free: bool,
}

/// Finds everybody by the billing's key, or else by the login. Who is spoken
/// for is not deleted, in doubt neither.
fn find(
    wanted: &[Wanted],
    state: &State,
    rules: &Rules,
    plan: &mut Plan,
) -> (Vec<Found>, HashSet<usize>) {
    let mut by_reference: HashMap<&ExternalRef, Vec<usize>> = HashMap::new();
    let mut by_login = HashMap::new();
    for (place, present) in state.subscribers.iter().enumerate() {
        if let Some(reference) = &present.record.external_ref {
            by_reference.entry(reference).or_default().push(place);
        }
        by_login.insert(present.record.login.as_str(), place);
    }
    let mut spoken_for = HashSet::new();
    let mut find = |record: &NewSubscriber| {
        let reference = record.external_ref.as_ref();
        let places = reference.and_then(|reference| by_reference.get(reference));
        if let Some(places) = places {
            spoken_for.extend(places);
            return match places.as_slice() {
                [place] => Ok(Found::At(*place)),
                _ => Err("several subscribers have its external reference"),
            };
        }
        let Some(&place) = by_login.get(record.login.as_str()) else {
            return Ok(Found::Nobody);
        };
        let first = spoken_for.insert(place);
        let other = &state.subscribers[place].record.external_ref;
        let another = rules.external_ref && reference.is_some() && other.is_some();
        if another || !first {
            return Err("a subscriber with another external reference has its login");
        }
        Ok(Found::At(place))
    };
    let mut all: Vec<Found> = wanted.iter().map(|_| Found::Nobody).collect();
    // Those with the billing's key come first: a login can be somebody else's now.
    let (keyed, others): (Vec<_>, Vec<_>) =
        (0..wanted.len()).partition(|place| wanted[*place].record.external_ref.is_some());
    for place in keyed.into_iter().chain(others) {
        let record = &wanted[place].record;
        all[place] = find(record).unwrap_or_else(|reason| {
            let login = record.login.clone();
            plan.conflicts.push(Conflict { login, reason });
            Found::Conflict
        });
    }
    (all, spoken_for)
}

/// Whom nobody wants and the billing may delete.
fn doomed(
    state: &State,
    spoken_for: &HashSet<usize>,
    rules: &Rules,
    plan: &mut Plan,
) -> Vec<usize> {
    let mut doomed = Vec::new();
    for (place, present) in state.subscribers.iter().enumerate() {
        let owned = match &rules.removal {
            Removal::Nothing => false,
            Removal::Owned(ownership) => ownership.owns(&present.record),
        };
        plan.owned += usize::from(owned);
        if spoken_for.contains(&place) {
            continue;
        }
        if owned {
            doomed.push(place);
        } else if matches!(rules.removal, Removal::Owned(_)) {
            plan.left_alone += 1;
        }
    }
    doomed
}

/// The subscriber that steps are added about.
struct Subject<'a> {
    login: &'a str,
    present: Option<&'a Present>,
    plan: &'a mut Plan,
}

impl Subject<'_> {
    fn step(&mut self, action: Action) {
        self.plan.steps.push(Step {
            login: self.login.to_owned(),
            subscriber: self.present.map(|present| present.id.clone()),
            action,
        });
    }

    fn conflict(&mut self, reason: &'static str) {
        let login = self.login.to_owned();
        self.plan.conflicts.push(Conflict { login, reason });
    }

    fn fields(&mut self, record: &NewSubscriber, rules: &Rules) {
        let Some(present) = self.present else {
            return self.step(Action::Create(Box::new(record.clone())));
        };
        let is = &present.record;
        let managed = &rules.managed;
        let mut patch = SubscriberPatch {
            name: change(managed.name, &record.name, &is.name, rules),
            email: change(managed.email, &record.email, &is.email, rules),
            phone: change(managed.phone, &record.phone, &is.phone, rules),
            address: change(managed.address, &record.address, &is.address, rules),
            note: change(managed.note, &record.note, &is.note, rules),
            device_limit: change(
                managed.device_limit,
                &record.device_limit,
                &is.device_limit,
                rules,
            ),
            ..SubscriberPatch::default()
        };
        if rules.external_ref && is.external_ref.is_none() {
            patch.external_ref = change(
                record.external_ref.is_some(),
                &record.external_ref,
                &None,
                rules,
            );
        }
        if record.login != is.login {
            if rules.change_login {
                patch.login = Some(record.login.clone());
            } else {
                self.conflict("it has another login, and the platform cannot change one");
            }
        }
        if !patch.is_empty() {
            self.step(Action::Change(Box::new(patch)));
        }
        match (is.enabled, record.enabled) {
            (false, true) => self.step(Action::Enable),
            (true, false) => self.step(Action::Disable),
            _ => {}
        }
    }

    fn packages(&mut self, one: &Wanted, state: &State, rules: &Rules) {
        let had = self
            .present
            .map_or([].as_slice(), |present| &present.subscriptions);
        for package in &one.packages {
            if !had.iter().any(|had| had.package == package.offer.id) {
                self.step(Action::Add(package.clone()));
            }
        }
        if matches!(rules.removal, Removal::Nothing) {
            return;
        }
        // A plan is only ever replaced: without one there is nothing to watch.
        let is_plan = |id: &PackageId| {
            let package = state.packages.iter().find(|package| package.id == *id);
            package.is_some_and(|package| package.plan)
        };
        for had in had {
            let wanted = one
                .packages
                .iter()
                .any(|package| package.offer.id == had.package);
            if !wanted && !is_plan(&had.package) {
                let name = state.package_name(&had.package).to_owned();
                self.step(Action::End(had.id.clone(), name));
            }
        }
    }

    fn terminals(
        &mut self,
        one: &Wanted,
        place: Option<usize>,
        holders: &HashMap<MacAddr, Holder<'_>>,
        anywhere: &HashSet<MacAddr>,
        rules: &Rules,
    ) {
        let additive = matches!(rules.removal, Removal::Nothing);
        for mac in &one.macs {
            match holders.get(mac) {
                None => self.step(Action::Bind(*mac)),
                Some(holder) if Some(holder.place) == place => {}
                Some(holder) if additive || !holder.free => {
                    self.conflict("another subscriber, who is to stay as it is, has its box");
                }
                Some(holder) if rules.move_terminal => {
                    self.step(Action::Move(holder.terminal.clone(), *mac));
                }
                Some(holder) => {
                    // All that are taken away are before all that are given.
                    self.plan.steps.push(Step {
                        login: holder.present.record.login.clone(),
                        subscriber: Some(holder.present.id.clone()),
                        action: Action::Unbind(holder.terminal.clone(), *mac),
                    });
                    self.step(Action::Bind(*mac));
                }
            }
        }
        let had = self
            .present
            .map_or([].as_slice(), |present| &present.terminals);
        for (terminal, mac) in had {
            // One that another subscriber gets is taken away there.
            if !additive && !anywhere.contains(mac) {
                self.step(Action::Unbind(terminal.clone(), *mac));
            }
        }
    }
}

/// What to do with a field that is `is` and is wanted to be `wanted`.
fn change<T: Clone + PartialEq>(
    managed: bool,
    wanted: &Option<T>,
    is: &Option<T>,
    rules: &Rules,
) -> Patch<T> {
    let additive = matches!(rules.removal, Removal::Nothing);
    if !managed || wanted == is || (additive && wanted.is_none()) {
        return Patch::Keep;
    }
    wanted.clone().into()
}

#[cfg(test)]
mod tests;
