//! What is wanted against what is there: the fewest steps between them.
//!
//! Nothing here talks to a platform.

mod matching;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};

use jsonsql_client::backend::{Capabilities, Capability};
use jsonsql_client::model::{
    MacAddr, NewSubscriber, PackageId, Patch, SubscriberPatch, TerminalId,
};

use matching::{Found, doomed, find};

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

/// Who has a box.
struct Holder<'a> {
    place: usize,
    present: &'a Present,
    terminal: TerminalId,
    /// Whether it may be taken away.
    free: bool,
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
