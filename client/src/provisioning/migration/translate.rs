//! The translation of one platform's data for another platform, with its losses.

#[cfg(test)]
mod tests;

use super::losses::Losses;
use super::mapping::Mapping;
use super::source::Source;
use crate::model::{Capabilities, Capability};
use crate::model::{Package, PackageKind, Patch, Subscriber, Terminal};
use crate::provisioning::desired::{Desired, Members, TerminalKey, WantedSubscription};
use crate::provisioning::sync::WantedRow;
use crate::provisioning::view::View;

/// Returns all subscribers of the source as they are to be on the target, and
/// what does not come along. Which fields the target has no place for is seen
/// later, by the forecast of the comparison.
///
/// Nothing is cleared and nothing taken away on the target.
pub fn translate(
    source: &Source,
    mapping: &Mapping,
    target: &Capabilities,
) -> (Vec<WantedRow>, Losses) {
    let mut losses = Losses::default();
    let mut wanted = Vec::new();
    for view in &source.subscribers {
        let Some(subscriber) = &view.subscriber else {
            continue;
        };
        let mut one = Translation {
            login: &subscriber.login,
            source,
            mapping,
            target,
            losses: &mut losses,
        };
        let desired = Desired {
            terminals: one.terminals(view),
            subscriptions: one.packages(view),
            ..fields(subscriber)
        };
        for field in &view.disagrees {
            let what = format!("its rows differ in {field}: that of the first one is taken");
            one.lose(what);
        }
        wanted.push(WantedRow::new(None, desired));
    }
    for terminal in &source.free_terminals {
        losses.add("terminals of nobody are not brought along", terminal);
    }
    for (id, reason) in &source.unreadable {
        losses.add(format!("rows cannot be read: {reason}"), id);
    }
    (wanted, losses)
}

fn fields(subscriber: &Subscriber) -> Desired {
    fn given<T: Clone>(value: &Option<T>) -> Patch<T> {
        value.clone().map_or(Patch::Keep, Patch::Set)
    }
    Desired {
        external_ref: given(&subscriber.external_ref),
        enabled: Some(subscriber.enabled),
        name: given(&subscriber.name),
        email: given(&subscriber.email),
        phone: given(&subscriber.phone),
        address: given(&subscriber.address),
        note: given(&subscriber.note),
        device_limit: given(&subscriber.device_limit),
        ..Desired::create(subscriber.login.clone())
    }
}

struct Translation<'a> {
    login: &'a str,
    source: &'a Source,
    mapping: &'a Mapping,
    target: &'a Capabilities,
    losses: &'a mut Losses,
}

impl Translation<'_> {
    fn lose(&mut self, what: impl Into<String>) {
        self.losses.add(what, self.login);
    }

    fn terminals(&mut self, view: &View) -> Members<TerminalKey, TerminalKey> {
        let mut add = Vec::new();
        for terminal in &view.terminals {
            match terminal.mac {
                Some(mac) => add.push(TerminalKey::Mac(mac)),
                None => {
                    let Terminal { id, .. } = terminal;
                    let what = format!("terminal {id} has no hardware address");
                    self.lose(what);
                }
            }
        }
        Members::Change {
            add,
            remove: Vec::new(),
        }
    }

    fn packages<R>(&mut self, view: &View) -> Members<WantedSubscription, R> {
        let source = self.source;
        let mut given: Vec<(&Package, WantedSubscription)> = Vec::new();
        for had in &view.subscriptions {
            let name = source.package_name(&had.package);
            if let Some(terminal) = &had.terminal {
                self.lose(format!("package {name:?} of terminal {terminal} alone"));
                continue;
            }
            if !had.active {
                self.lose(format!("package {name:?} is not in use"));
                continue;
            }
            let stand_for_it = self.mapping.of(&had.package);
            if stand_for_it.is_empty() {
                self.lose(format!("package {name:?} is not on the target"));
            }
            for package in stand_for_it {
                if given.iter().any(|(other, _)| other.id == package.id) {
                    continue;
                }
                let is_plan = |package: &Package| package.kind == PackageKind::Plan;
                if is_plan(package) && given.iter().any(|(other, _)| is_plan(other)) {
                    self.lose(format!("a second plan, {:?}, is not given", package.name));
                    continue;
                }
                let mut wanted = WantedSubscription {
                    until: Patch::Keep,
                    ..WantedSubscription::new(package.id.clone())
                };
                match had.until {
                    Some(until) if self.target.has(Capability::DatedSubscriptions) => {
                        wanted.until = Patch::Set(until);
                    }
                    Some(_) => self.lose(format!("package {name:?} does not end by itself")),
                    None => {}
                }
                given.push((package, wanted));
            }
        }
        let has_plan = given.iter().any(|(one, _)| one.kind == PackageKind::Plan);
        if self.target.has(Capability::Plans) && !has_plan {
            self.lose("the target's own plan, for none stands for theirs");
        }
        Members::Change {
            add: given.into_iter().map(|(_, wanted)| wanted).collect(),
            remove: Vec::new(),
        }
    }
}
