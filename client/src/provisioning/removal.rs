//! The records that a step removes for good, computed from what is there before and
//! after it.

use super::effect::{Effect, Views, on_screens};
use super::identity::Key;
use super::lost_record::LostRecord;
use super::plan::Step;
use super::view::{Screen, View};
use crate::model::{Capabilities, Capability, Subscriber, Subscription, Timestamp};

/// Returns the records that are there before and not after.
fn lost<'v>(before: Option<&'v View>, after: Option<&View>) -> Vec<Lost<'v>> {
    let Some(before) = before else {
        return Vec::new();
    };
    let mut lost = Vec::new();
    if after.is_none_or(|after| after.subscriber.is_none())
        && let Some(login) = before.login()
    {
        lost.push(Lost::Subscriber(login));
    }
    for screen in &before.screens {
        let is_it = |one: &Screen| one.terminal == screen.terminal;
        if !after.is_some_and(|after| after.screens.iter().any(is_it)) {
            lost.push(Lost::Terminal(&screen.terminal));
        }
    }
    let gone = before.subscriptions.iter();
    let gone = gone.filter(|one| same(after, one).is_none());
    lost.extend(
        gone.map(|one| match before.plan.as_ref() == Some(&one.package) {
            true if due(one).is_none() => Lost::Plan(one),
            _ => Lost::Subscription(one),
        }),
    );
    lost
}

/// A record that is not there any more.
enum Lost<'v> {
    Subscriber(&'v str),
    /// A terminal, which may be another subscriber's or nobody's.
    Terminal(&'v Key),
    Subscription(&'v Subscription),
    /// The plan, without an end: another one may have replaced it.
    Plan(&'v Subscription),
}

/// Returns the subscription that this one has become.
fn same<'v>(view: Option<&'v View>, one: &Subscription) -> Option<&'v Subscription> {
    let is_it = |other: &&Subscription| {
        (&other.package, &other.terminal, other.from) == (&one.package, &one.terminal, one.from)
    };
    view?.subscriptions.iter().find(is_it)
}

/// Returns the end until which a subscription was bought.
fn due(one: &Subscription) -> Option<Timestamp> {
    one.until.filter(|_| one.active)
}

fn subscription(one: &Subscription) -> LostRecord {
    LostRecord::Subscription {
        package: one.package.clone(),
        until: due(one),
    }
}

/// Returns the removal that a step is, if it is one.
///
/// One rule holds for all platforms. A record that is not there after the step is lost: the
/// subscriber, a subscription with its end, and a terminal if its row is deleted; one that
/// is taken away can be bound again by its address. So is the end of a subscription that
/// goes on, where ends cannot be written. Rows that the model does not have are named by
/// the step that deletes them. A subscription that is ended and stays to be seen loses
/// nothing, nor does a field that another value replaces, a plan among them.
pub(super) fn irreversible<W>(
    step: &Step<W>,
    (before, after): Views<'_>,
    capabilities: &Capabilities,
) -> Option<Effect> {
    let is_replaced = after.is_some_and(|after| after.plan.is_some());
    let records = lost(before, after);
    let mut records: Vec<LostRecord> = (records.into_iter())
        .filter_map(|record| match record {
            Lost::Subscriber(login) => Some(LostRecord::Subscriber(login.to_owned())),
            Lost::Terminal(key) => step.removes.then(|| LostRecord::Terminal(key.clone())),
            Lost::Subscription(one) => Some(subscription(one)),
            Lost::Plan(one) => (!is_replaced).then(|| subscription(one)),
        })
        .collect();
    if !capabilities.has(Capability::DatedSubscriptions) {
        let there = before.into_iter().flat_map(|view| &view.subscriptions);
        records.extend(there.filter_map(|one| {
            let (until, now) = (due(one)?, same(after, one)?);
            (now.until != Some(until)).then(|| LostRecord::End {
                package: one.package.clone(),
                until,
            })
        }));
    }
    let is_removal = step.removes || !records.is_empty();
    is_removal.then_some(Effect::Irreversible {
        step: step.name,
        lost: records,
    })
}

/// Leaves out the records that a later step has put back: of two rows that say the same both are
/// removed, and one is made anew.
pub(super) fn without_restored(effects: Vec<Effect>, last: Option<&View>) -> Vec<Effect> {
    let there = last.into_iter().flat_map(|view| &view.subscriptions);
    let there: Vec<LostRecord> = there.map(subscription).collect();
    let settled = effects.into_iter().filter_map(|effect| match effect {
        Effect::Irreversible { step, mut lost } if !lost.is_empty() => {
            lost.retain(|one| !there.contains(one));
            (!lost.is_empty()).then_some(Effect::Irreversible { step, lost })
        }
        other => Some(other),
    });
    settled.collect()
}

/// Returns `true` if anything is taken away from the subscriber: it is deleted
/// or disabled, loses a terminal or a package, or a field of it is cleared.
pub(super) fn takes_away(before: Option<&View>, after: Option<&View>) -> bool {
    let Some(was) = before.and_then(|view| view.subscriber.as_ref()) else {
        return false;
    };
    let Some(is) = after.and_then(|view| view.subscriber.as_ref()) else {
        return true;
    };
    let cleared = |field: fn(&Subscriber) -> bool| field(was) && !field(is);
    cleared(|one| one.enabled)
        || cleared(|one| one.external_ref.is_some())
        || cleared(|one| one.name.is_some())
        || cleared(|one| one.email.is_some())
        || cleared(|one| one.phone.is_some())
        || cleared(|one| one.address.is_some())
        || cleared(|one| one.note.is_some())
        || !lost(before, after).is_empty()
        || (on_screens(&[(before, after)]).iter()).any(|effect| match effect {
            Effect::SwitchedOff { .. } => true,
            Effect::Shows { lost, .. } => !lost.is_empty(),
            _ => false,
        })
}
