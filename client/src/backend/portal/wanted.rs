//! What a subscriber is to be, and what that changes.

use jsonsql::prelude::*;
use secrecy::{ExposeSecret, SecretString};

use super::ReferenceColumn;
use super::rows::{self, given};
use crate::backend::{Capabilities, Capability, texts};
use crate::error::{Refusal, Result};
use crate::model::{ExternalRef, Lossy, NewSubscriber, Patch, SubscriberPatch};
use crate::schema;

/// What is to be: `None` is not managed and stays, `Some(None)` is empty.
#[derive(Default)]
pub(super) struct Wanted<'a> {
    pub(super) login: Option<&'a str>,
    pub(super) enabled: Option<bool>,
    pub(super) password: Option<&'a SecretString>,
    pub(super) external_ref: Option<Option<&'a str>>,
    pub(super) name: Option<Option<&'a str>>,
    pub(super) email: Option<Option<&'a str>>,
    pub(super) phone: Option<Option<&'a str>>,
    pub(super) address: Option<Option<&'a str>>,
    pub(super) device_limit: Option<Option<i32>>,
}

/// The columns to be written.
#[derive(Default, Changeset)]
#[changeset(table = schema::Subscriber)]
pub(super) struct Changes {
    username: Option<String>,
    password: Change<schema::Password>,
    disabled: Option<bool>,
    email: Change<String>,
    phone: Change<String>,
    address: Change<String>,
    first_name: Change<String>,
    middle_name: Change<String>,
    surname: Change<String>,
    max_terminal: Change<i32>,
    billing: Change<String>,
    business: Change<String>,
}

impl<'a> Wanted<'a> {
    /// Fields that are not given are not managed: one that is adopted keeps them.
    pub(super) fn of_new(operation: &'static str, new: &'a NewSubscriber) -> Result<Wanted<'a>> {
        let text = |text: &'a Option<String>| given(text.as_deref()).map(Some);
        Ok(Wanted {
            login: Some(login(operation, &new.login)?),
            enabled: Some(new.enabled),
            password: password(operation, &new.password)?,
            external_ref: match &new.external_ref {
                Some(key) => Some(Some(reference(operation, key)?)),
                None => None,
            },
            name: text(&new.name),
            email: text(&new.email),
            phone: text(&new.phone),
            address: text(&new.address),
            device_limit: match new.device_limit {
                Some(limit) => Some(Some(number(operation, limit)?)),
                None => None,
            },
        })
    }

    pub(super) fn of_patch(
        operation: &'static str,
        patch: &'a SubscriberPatch,
    ) -> Result<Wanted<'a>> {
        let text = |patch: &'a Patch<String>| {
            let change = patch.as_change()?;
            Some(given(change.map(String::as_str)))
        };
        Ok(Wanted {
            login: match &patch.login {
                Some(text) => Some(login(operation, text)?),
                None => None,
            },
            enabled: None,
            password: password(operation, &patch.password)?,
            external_ref: match patch.external_ref.as_change() {
                Some(Some(key)) => Some(Some(reference(operation, key)?)),
                other => other.map(|_| None),
            },
            name: text(&patch.name),
            email: text(&patch.email),
            phone: text(&patch.phone),
            address: text(&patch.address),
            device_limit: match patch.device_limit.as_change() {
                Some(Some(limit)) => Some(Some(number(operation, *limit)?)),
                other => other.map(|_| None),
            },
        })
    }

    /// Its texts, with what an error calls them.
    pub(super) fn texts(&self) -> Vec<(&'static str, &str)> {
        [
            ("the login", self.login),
            (
                "the password",
                self.password.map(ExposeSecret::expose_secret),
            ),
            ("the external reference", self.external_ref.flatten()),
            ("the name", self.name.flatten()),
            ("the e-mail address", self.email.flatten()),
            ("the telephone number", self.phone.flatten()),
            ("the postal address", self.address.flatten()),
        ]
        .into_iter()
        .filter_map(|(field, text)| Some((field, text?)))
        .collect()
    }

    /// What of it the row is not, with the names of the fields. A password
    /// that is given always is: none is ever read.
    pub(super) fn changes(
        &self,
        row: &rows::Subscriber,
        column: ReferenceColumn,
    ) -> (Changes, Vec<&'static str>) {
        let mut changes = self.without_password(row, column);
        if let Some(password) = self.password {
            let password = password.expose_secret().to_owned();
            changes.0.password = Change::To(schema::Password(password));
            changes.1.push("password");
        }
        changes
    }

    fn without_password(
        &self,
        row: &rows::Subscriber,
        column: ReferenceColumn,
    ) -> (Changes, Vec<&'static str>) {
        let mut changes = Changes::default();
        let mut fields = Vec::new();
        if let Some(login) = self.login.filter(|login| *login != row.username) {
            changes.username = Some(login.to_owned());
            fields.push("login");
        }
        if let Some(enabled) = self.enabled.filter(|enabled| *enabled == row.disabled) {
            changes.disabled = Some(!enabled);
            fields.push("enabled");
        }
        let mut text = |field, wanted: Option<Option<&str>>, is: Option<&str>| match wanted {
            Some(wanted) if wanted != given(is) => {
                fields.push(field);
                wanted.map_or(Change::Null, |text| Change::To(text.to_owned()))
            }
            _ => Change::Keep,
        };
        changes.email = text("email", self.email, row.email.as_deref());
        changes.phone = text("phone", self.phone, row.phone.as_deref());
        changes.address = text("address", self.address, row.address.as_deref());
        let reference = row.reference(column);
        match column {
            ReferenceColumn::Billing => {
                changes.billing = text("external_ref", self.external_ref, reference);
            }
            ReferenceColumn::Business => {
                changes.business = text("external_ref", self.external_ref, reference);
            }
            ReferenceColumn::Nowhere => {}
        }
        changes.surname = text("name", self.name, row.name().as_deref());
        if !matches!(changes.surname, Change::Keep) {
            changes.first_name = Change::Null;
            changes.middle_name = Change::Null;
        }
        match self.device_limit {
            Some(limit) if limit != row.max_terminal => {
                changes.max_terminal = limit.map_or(Change::Null, Change::To);
                fields.push("device_limit");
            }
            _ => {}
        }
        (changes, fields)
    }

    /// The first field that the row does not have as asked for.
    pub(super) fn unlike(
        &self,
        row: &rows::Subscriber,
        column: ReferenceColumn,
    ) -> Option<&'static str> {
        self.without_password(row, column).1.first().copied()
    }
}

/// What is written of a row that was read as not there.
pub(super) fn blank(login: &str) -> rows::Subscriber {
    rows::Subscriber {
        id: schema::SubscriberId(0),
        username: login.to_owned(),
        disabled: false,
        email: None,
        phone: None,
        address: None,
        first_name: None,
        middle_name: None,
        surname: None,
        max_terminal: None,
        billing: None,
        business: None,
    }
}

/// What of it there is no place for; `changed` are the fields to be written.
pub(super) fn losses(
    has: &Capabilities,
    wanted: &Wanted<'_>,
    note: bool,
    changed: &[&'static str],
) -> Vec<Lossy> {
    let mut losses = Vec::new();
    if matches!(wanted.external_ref, Some(Some(_))) && !has.has(Capability::ExternalRef) {
        losses.push(Lossy::new("external_ref", "no column is set for it"));
    }
    let name = wanted.name.flatten().unwrap_or_default();
    if changed.contains(&"name") && name.split_whitespace().nth(1).is_some() {
        let whole = "kept whole as the surname: where to part it is a guess";
        losses.push(Lossy::new("name", whole));
    }
    if note {
        losses.push(Lossy::new("note", "no column is known for it"));
    }
    losses
}

fn login<'a>(operation: &'static str, login: &'a str) -> Result<&'a str> {
    texts::key(operation, "login", login)?;
    Ok(login)
}

fn reference<'a>(operation: &'static str, key: &'a ExternalRef) -> Result<&'a str> {
    texts::key(operation, "external reference", key.as_str())?;
    Ok(key.as_str())
}

fn password<'a>(
    operation: &'static str,
    password: &'a Option<SecretString>,
) -> Result<Option<&'a SecretString>> {
    texts::password(operation, password.as_ref())?;
    Ok(password.as_ref())
}

fn number(operation: &'static str, limit: u32) -> Result<i32> {
    let refused = |_| Refusal::new(operation, "the limit of terminals is at most 2147483647");
    Ok(limit.try_into().map_err(refused)?)
}
