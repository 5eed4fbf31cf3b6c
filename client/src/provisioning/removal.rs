//! The records that a step removes for good, computed from what is there before and
//! after it.

use super::effect::{Effect, Views, on_screens};
use super::identity::Key;
use super::lost_record::LostRecord;
use super::plan::Step;
use super::view::{Screen, View};
use crate::model::{Capabilities, Capability, Subscriber, Subscription, Timestamp};

/// Returns `true` if the subscriber is there before and not after.
fn is_gone((before, after): Views<'_>) -> bool {
    let there = |view: Option<&View>| view.is_some_and(|view| view.subscriber.is_some());
    there(before) && !there(after)
}

/// Returns the terminals that are there before and not after: another subscriber may have
/// them, or nobody.
fn terminals_gone<'v>((before, after): Views<'v>) -> impl Iterator<Item = &'v Key> {
    let stays = move |screen: &&Screen| {
        let is_it = |one: &Screen| one.terminal == screen.terminal;
        after.is_some_and(|after| after.screens.iter().any(is_it))
    };
    let screens = before.into_iter().flat_map(|view| &view.screens);
    let gone = screens.filter(move |screen| !stays(screen));
    gone.map(|screen| &screen.terminal)
}

/// Returns the subscriptions that are there before and not after.
fn subscriptions_gone<'v>((before, after): Views<'v>) -> impl Iterator<Item = &'v Subscription> {
    let all = before.into_iter().flat_map(|view| &view.subscriptions);
    all.filter(move |one| same(after, one).is_none())
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
    views: Views<'_>,
    capabilities: &Capabilities,
) -> Option<Effect> {
    let (before, after) = views;
    let login = before.and_then(View::login).filter(|_| is_gone(views));
    let mut records: Vec<LostRecord> = Vec::new();
    records.extend(login.map(|login| LostRecord::Subscriber(login.to_owned())));
    if step.removes {
        records.extend(terminals_gone(views).cloned().map(LostRecord::Terminal));
    }
    let plan = before.and_then(|view| view.plan.as_ref());
    let has_another = after.is_some_and(|after| after.plan.is_some());
    let is_replaced =
        |one: &Subscription| has_another && plan == Some(&one.package) && due(one).is_none();
    let gone = subscriptions_gone(views).filter(|one| !is_replaced(one));
    records.extend(gone.map(subscription));
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
        || terminals_gone((before, after)).next().is_some()
        || subscriptions_gone((before, after)).next().is_some()
        || (on_screens(&[(before, after)]).iter()).any(|effect| match effect {
            Effect::SwitchedOff { .. } => true,
            Effect::Shows { lost, .. } => !lost.is_empty(),
            _ => false,
        })
}
