//! The channels that a device shows.

use jiff::Timestamp;

use super::behavior::{DisabledTarif, TvipBehavior};
use super::channel::Channel;
use super::date::OffsetDateTime;
use super::device::Device;
use super::resource::{Resource, Term};
use super::state::State;

/// The ids of the channels a device shows at a time; none if there is no such
/// device.
///
/// A device's own subscriptions, even ended ones, stand in place of its
/// account's; a disabled account has its provider's free tariff; nothing works
/// with a disabled provider; a disabled tariff is an unknown.
pub(super) fn channels(
    state: &State,
    device: i64,
    at: Timestamp,
    behavior: &TvipBehavior,
) -> Option<Vec<i64>> {
    let device = state.devices.get(device)?;
    // Nobody's device signs in to nothing.
    let Some(account) = device.account.and_then(|id| state.accounts.get(id)) else {
        return Some(Vec::new());
    };
    let provider = state.providers.get(account.provider);
    let Some(provider) = provider.filter(|provider| provider.enabled) else {
        return Some(Vec::new());
    };
    let tarifs = if account.enabled {
        subscribed(state, device, account.id, at)
    } else {
        provider.free_tarif.into_iter().collect()
    };
    let region = account.region_tag.or(provider.region_tag);
    let shown = state.channels.iter().filter(|channel| {
        let tarifs = tarifs.iter().filter_map(|tarif| state.tarifs.get(*tarif));
        let tarifs = tarifs.filter(|tarif| {
            tarif.enabled || behavior.disabled_tarif == DisabledTarif::GivesChannels
        });
        let mut having = tarifs.filter(|tarif| tarif.has(channel));
        channel.enabled && seen_in(channel, region) && having.next().is_some()
    });
    Some(shown.map(Resource::id).collect())
}

fn subscribed(state: &State, device: &Device, account: i64, at: Timestamp) -> Vec<i64> {
    let own: Vec<_> = state
        .device_subscriptions
        .by(&Term::id("device", device.id))
        .collect();
    if !own.is_empty() {
        let active = own.iter().filter(|s| is_active(s.start, s.stop, at));
        return active.map(|s| s.tarif).collect();
    }
    let of_account = Term::id("account", account);
    let accounts = state.account_subscriptions.by(&of_account);
    let active = accounts.filter(|s| is_active(s.start, s.stop, at));
    active.map(|s| s.tarif).collect()
}

fn is_active(start: OffsetDateTime, stop: Option<OffsetDateTime>, at: Timestamp) -> bool {
    start.at <= at && stop.is_none_or(|stop| stop.at > at)
}

fn seen_in(channel: &Channel, region: Option<i64>) -> bool {
    channel.regions.is_empty() || region.is_some_and(|region| channel.regions.contains(&region))
}
