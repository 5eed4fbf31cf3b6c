//! What has to be sent to make an account as wanted, and nothing else.

use super::super::{Account, AccountChange};
use super::convert::text;
use crate::error::{Error, Result};
use crate::model::{NewSubscriber, Patch, SubscriberPatch};

/// What an account adopted is to be: what the new one does not name stays.
pub(super) fn wish(new: &NewSubscriber) -> SubscriberPatch {
    fn set<T: Clone>(field: &Option<T>) -> Patch<T> {
        field.clone().map_or(Patch::Keep, Patch::Set)
    }
    SubscriberPatch {
        login: Some(new.login.clone()),
        password: new.password.clone(),
        external_ref: set(&new.external_ref),
        name: set(&new.name),
        address: set(&new.address),
        note: set(&new.note),
        device_limit: set(&new.device_limit),
        ..SubscriberPatch::default()
    }
}

/// What has to be sent to make the account as wanted.
pub(super) fn difference(
    found: &Account,
    wanted: &SubscriberPatch,
    enabled: Option<bool>,
) -> AccountChange {
    let external = match &wanted.external_ref {
        Patch::Keep => Patch::Keep,
        Patch::Clear => Patch::Clear,
        Patch::Set(key) => Patch::Set(key.as_str().to_owned()),
    };
    AccountChange {
        enabled: enabled.filter(|enabled| *enabled != found.enabled),
        login: wanted.login.clone().filter(|login| *login != found.login),
        password: wanted
            .password
            .clone()
            // What the server shows it has need not be sent again.
            .filter(|password| {
                !found
                    .pin_md5
                    .as_ref()
                    .is_some_and(|pin| pin.is_of(password))
            }),
        remote_custom_field: differs(&external, &found.remote_custom_field),
        fullname: differs(&wanted.name, &found.fullname),
        main_address: differs(&wanted.address, &found.main_address),
        account_desc: differs(&wanted.note, &found.account_desc),
        devices_per_account_limit: match &wanted.device_limit {
            Patch::Set(limit) if found.devices_per_account_limit != Some((*limit).into()) => {
                Patch::Set(*limit)
            }
            Patch::Clear if found.devices_per_account_limit.is_some() => Patch::Clear,
            _ => Patch::Keep,
        },
        ..AccountChange::default()
    }
}

fn differs(wanted: &Patch<String>, found: &Option<String>) -> Patch<String> {
    let found = text(found.clone());
    let wanted = match wanted {
        Patch::Keep => return Patch::Keep,
        Patch::Clear => None,
        Patch::Set(text) => Some(text.clone()).filter(|text| !text.is_empty()),
    };
    if wanted == found {
        return Patch::Keep;
    }
    wanted.into()
}

/// The first field that a change names.
pub(super) fn differing(change: &AccountChange) -> Option<&'static str> {
    [
        ("enabled", change.enabled.is_some()),
        ("login", change.login.is_some()),
        ("password", change.password.is_some()),
        ("external_ref", !change.remote_custom_field.is_keep()),
        ("name", !change.fullname.is_keep()),
        ("address", !change.main_address.is_keep()),
        ("note", !change.account_desc.is_keep()),
        ("device_limit", !change.devices_per_account_limit.is_keep()),
    ]
    .into_iter()
    .find_map(|(field, differs)| differs.then_some(field))
}

/// The server answers with what it has stored; a password only if it likes.
pub(super) fn confirm(
    operation: &'static str,
    account: &Account,
    wanted: &SubscriberPatch,
    enabled: Option<bool>,
) -> Result<()> {
    match left(account, wanted, enabled) {
        None => Ok(()),
        Some(field) => Err(Error::NotApplied {
            operation,
            found: format!("`{field}` is not as asked for").into(),
            place: None,
        }),
    }
}

pub(super) fn is_as(account: &Account, wanted: &SubscriberPatch, enabled: Option<bool>) -> bool {
    left(account, wanted, enabled).is_none()
}

/// The first field that is not as wanted, as far as can be seen.
fn left(
    account: &Account,
    wanted: &SubscriberPatch,
    enabled: Option<bool>,
) -> Option<&'static str> {
    let mut left = difference(account, wanted, enabled);
    if account.pin_md5.is_none() {
        left.password = None;
    }
    differing(&left)
}
