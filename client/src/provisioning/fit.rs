//! The checks of a desired state: values that every platform would misread, and fields
//! that this platform has no place for.

use secrecy::ExposeSecret as _;

use super::desired::Desired;
use super::identity::Key;
use crate::error::Refusal;
use crate::model::{Capabilities, Capability};
use crate::model::{End, FieldLoss, Patch};

const PLAN: &str = "plan";

/// Refuses what every platform would misread.
pub(super) fn check(find: &[Key], wanted: &Desired) -> Result<(), Refusal> {
    if find.is_empty() {
        return Err(Refusal::new(PLAN, "there is no key to find it by"));
    }
    for key in find {
        // To some servers an empty key is everybody's.
        if key.text().trim().is_empty() {
            let reason = format!("the {} is empty", key.kind().as_str());
            return Err(Refusal::new(PLAN, reason));
        }
    }
    if let Some(login) = &wanted.login {
        text("login", login)?;
    }
    if let Patch::Set(reference) = &wanted.external_ref {
        text("external reference", reference.as_str())?;
    }
    let password = wanted.password.as_ref();
    if password.is_some_and(|password| password.expose_secret().is_empty()) {
        // It lets in whoever knows the login.
        return Err(Refusal::new(PLAN, "the password is empty"));
    }
    Ok(())
}

/// A server that takes blanks off the ends of a key would make a record that is
/// never found again.
fn text(field: &'static str, text: &str) -> Result<(), Refusal> {
    let problem = if text.trim().is_empty() {
        "is empty"
    } else if text.trim() != text {
        "begins or ends with a blank"
    } else if text.contains(char::is_control) {
        "has a control character in it"
    } else {
        return Ok(());
    };
    Err(Refusal::new(PLAN, format!("the {field} {problem}")))
}

/// Takes out the fields that the platform has no place for, which is a loss of
/// those that were to have a value; refuses what would be something else without
/// the part that it lacks.
pub(super) fn fit(
    wanted: &mut Desired,
    platform: &Capabilities,
) -> Result<Vec<FieldLoss>, Refusal> {
    let given = wanted.set_fields();
    let mut losses = Vec::new();
    let mut lacks = |field: &'static str, capability| {
        let lacks = !platform.has(capability);
        if lacks && given.contains(&field) {
            losses.push(FieldLoss::new(field, "this platform has no place for it"));
        }
        lacks
    };
    if lacks("external_ref", Capability::ExternalRef) {
        wanted.external_ref = Patch::Keep;
    }
    if lacks("email", Capability::Email) {
        wanted.email = Patch::Keep;
    }
    if lacks("phone", Capability::Phone) {
        wanted.phone = Patch::Keep;
    }
    if lacks("address", Capability::Address) {
        wanted.address = Patch::Keep;
    }
    if lacks("note", Capability::Note) {
        wanted.note = Patch::Keep;
    }
    if lacks("device_limit", Capability::DeviceLimit) {
        wanted.device_limit = Patch::Keep;
    }
    let added = || wanted.subscriptions.wanted().iter();
    let is_dated = added().any(|one| one.from.is_some() || matches!(one.until, Patch::Set(_)))
        || (wanted.subscriptions.unwanted().iter()).any(|one| matches!(one.end, End::At(_)));
    let of_terminals = added().any(|one| one.terminal.is_some());
    for (asked, capability) in [
        (is_dated, Capability::DatedSubscriptions),
        (of_terminals, Capability::TerminalSubscriptions),
    ] {
        if asked && !platform.has(capability) {
            return Err(Refusal::lacking(PLAN, capability));
        }
    }
    Ok(losses)
}
