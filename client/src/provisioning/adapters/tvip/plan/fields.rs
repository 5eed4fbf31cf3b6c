//! The account's own fields.

use secrecy::{ExposeSecret as _, SecretString};

use super::{Planning, refused};
use crate::model::{ExternalRef, Extra, Patch};
use crate::provisioning::adapters::tvip::rows::AccountRow;
use crate::provisioning::adapters::tvip::write::Write;
use crate::provisioning::plan::{FieldDiff, Step, Unplanned};
use crate::tvip::AccountChange;

impl Planning<'_> {
    /// A login is unique within the provider (TVIP's "Creating an account"), so
    /// that a creation that is sent again makes no second account.
    pub(super) fn create_account(&mut self) -> Result<(), Unplanned> {
        let wanted = self.wanted;
        let Some(login) = &wanted.login else {
            return Err(refused("a new subscriber needs a login").into());
        };
        let row = AccountRow {
            id: None,
            login: login.clone(),
            reference: given(&reference(&wanted.external_ref)),
            name: given(&wanted.name),
            address: given(&wanted.address),
            note: given(&wanted.note),
            provider: self.tvip.raw.options().provider.map(|provider| provider.0),
            enabled: wanted.enabled.unwrap_or(true),
            limit: match wanted.device_limit {
                Patch::Set(limit) => Some(limit.into()),
                Patch::Keep | Patch::Clear => None,
            },
            pin: None,
            extra: Extra::default(),
        };
        let password = wanted.password.clone();
        let is_blind = password.is_some();
        let differs = FieldDiff::new("account", None::<String>, Some(login.clone()));
        let write = Write::CreateAccount(Box::new(row), password);
        self.push(
            "create the account",
            write,
            [differs],
            |step| match is_blind {
                // Nothing that is read back shows the password.
                true => step.blind(),
                false => step,
            },
        );
        Ok(())
    }

    pub(super) fn change_account(&mut self) {
        let Some(row) = self.rows.account.clone() else {
            return;
        };
        let wanted = self.wanted;
        let mut differs = Vec::new();
        let mut text = |field, wanted: &Patch<String>, found: &Option<String>| {
            let change = difference(wanted, found);
            if let Some(to) = change.as_change() {
                differs.push(FieldDiff::new(field, found.clone(), to.cloned()));
            }
            change
        };
        let mut change = AccountChange {
            remote_custom_field: text(
                "external_ref",
                &reference(&wanted.external_ref),
                &row.reference,
            ),
            fullname: text("name", &wanted.name, &row.name),
            main_address: text("address", &wanted.address, &row.address),
            account_desc: text("note", &wanted.note, &row.note),
            ..AccountChange::default()
        };
        let to = |limit: &u32| i64::from(*limit);
        if let Some(limit) = wanted.device_limit.as_change()
            && limit.map(to) != row.limit
        {
            let shown = |limit: Option<i64>| limit.map(|limit| limit.to_string());
            let limits = (shown(row.limit), shown(limit.map(to)));
            differs.push(FieldDiff::new("device_limit", limits.0, limits.1));
            change.devices_per_account_limit = wanted.device_limit;
        }
        if let Some(login) = &wanted.login
            && *login != row.login
        {
            differs.push(FieldDiff::new("login", Some(&*row.login), Some(&**login)));
            change.login = Some(login.clone());
        }
        if let Some(enabled) = wanted.enabled
            && enabled != row.enabled
        {
            let (found, to) = (row.enabled.to_string(), enabled.to_string());
            differs.push(FieldDiff::new("enabled", Some(found), Some(to)));
            change.enabled = Some(enabled);
        }
        if !differs.is_empty() {
            let write = Write::ChangeAccount(Box::new(change));
            self.push("change the account", write, differs, |step| step);
        }
        if let Some(password) = &wanted.password {
            self.change_password(&row, password);
        }
    }

    /// The password is not sent where the server shows that it has it.
    fn change_password(&mut self, row: &AccountRow, password: &SecretString) {
        let has = row.pin.as_ref().is_some_and(|pin| pin.is_of(password));
        if has || password.expose_secret().is_empty() {
            return;
        }
        let change = AccountChange {
            password: Some(password.clone()),
            ..AccountChange::default()
        };
        let write = Write::ChangeAccount(Box::new(change));
        let differs = [FieldDiff::secret("password")];
        self.push("write the password", write, differs, Step::blind);
    }
}

fn reference(wanted: &Patch<ExternalRef>) -> Patch<String> {
    match wanted {
        Patch::Keep => Patch::Keep,
        Patch::Clear => Patch::Clear,
        Patch::Set(reference) => Patch::Set(reference.as_str().to_owned()),
    }
}

/// The value of a new account; an empty text is none.
fn given(wanted: &Patch<String>) -> Option<String> {
    match wanted {
        Patch::Set(text) if !text.is_empty() => Some(text.clone()),
        _ => None,
    }
}

/// The change that is needed; an empty text is none.
fn difference(wanted: &Patch<String>, found: &Option<String>) -> Patch<String> {
    let wanted = match wanted {
        Patch::Keep => return Patch::Keep,
        wanted => given(wanted),
    };
    match wanted == *found {
        true => Patch::Keep,
        false => Patch::from(wanted),
    }
}
