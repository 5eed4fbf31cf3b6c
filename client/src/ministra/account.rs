//! An account: what `accounts` and `users` read and write. Of what is personal,
//! `Debug` shows only whether it is there.

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::form::Form;
use super::identifier::colons;
use super::php_serde::{connected, date, filled, flag, ids, nullable, number, text, texts};
use super::{AccountNumber, DateTime, Login, PackageId, PlanExternalId, ResellerId};
use crate::error::Refusal;
use crate::model::{MacAddr, Patch};

/// An account: one login, one box. A subscriber with several boxes is several
/// accounts with one account number.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Account {
    /// The name to log in with.
    #[serde(default, deserialize_with = "text")]
    pub login: String,
    /// The person's name.
    #[serde(default, deserialize_with = "filled")]
    pub full_name: Option<String>,
    /// The telephone number.
    #[serde(default, deserialize_with = "filled")]
    pub phone: Option<String>,
    /// The account number. Not unique.
    #[serde(default, deserialize_with = "filled")]
    pub account_number: Option<String>,
    /// The plan's external id: of the default plan, if the account has none or
    /// one that is not known. Empty if the plan has no external id, none if
    /// there is no plan at all.
    #[serde(default, deserialize_with = "nullable")]
    pub tariff_plan: Option<String>,
    /// The time when the plan ends; from 5.2.
    #[serde(default, deserialize_with = "date")]
    pub tariff_expired_date: Option<DateTime>,
    /// The external id of the plan that follows; from 5.2.
    #[serde(default, deserialize_with = "filled")]
    pub tariff_instead_expired: Option<String>,
    /// The box's serial number.
    #[serde(default, deserialize_with = "filled")]
    pub stb_sn: Option<String>,
    /// The box's MAC address as it was written: by a PUT, anything can be.
    #[serde(default, deserialize_with = "filled")]
    pub stb_mac: Option<String>,
    /// The box's model.
    #[serde(default, deserialize_with = "filled")]
    pub stb_type: Option<String>,
    /// `true` if it is switched on by the operator.
    #[serde(deserialize_with = "flag")]
    pub status: bool,
    /// `true` if the box is connected; none if the server does not say.
    #[serde(default, deserialize_with = "connected")]
    pub online: Option<bool>,
    /// The box's network address.
    #[serde(default, deserialize_with = "filled")]
    pub ip: Option<String>,
    /// The versions of the box's firmware and portal.
    #[serde(default, deserialize_with = "filled")]
    pub version: Option<String>,
    /// The operator's note.
    #[serde(default, deserialize_with = "filled")]
    pub comment: Option<String>,
    /// Until when it is paid, in the server's time; only with internal billing.
    #[serde(default, deserialize_with = "date")]
    pub end_date: Option<DateTime>,
    /// The balance, as it is shown: `100 UAH`.
    #[serde(default, deserialize_with = "filled")]
    pub account_balance: Option<String>,
    /// The time when something was last watched, in the server's time.
    #[serde(default, deserialize_with = "date")]
    pub last_active: Option<DateTime>,
    /// The reseller; only in 5.6 with resellers.
    #[serde(default, deserialize_with = "number")]
    pub reseller_id: Option<ResellerId>,
    /// The reseller's name; only in 5.6 with resellers.
    #[serde(default, deserialize_with = "filled")]
    pub reseller_name: Option<String>,
    /// The external ids of the plan's optional packages it has. Those without
    /// one are only in [`subscribed_id`](Self::subscribed_id).
    #[serde(default, deserialize_with = "texts")]
    pub subscribed: Vec<String>,
    /// The plan's optional packages it has.
    #[serde(default, deserialize_with = "ids")]
    pub subscribed_id: Vec<PackageId>,
}

impl Account {
    /// The box's MAC address, if it is one.
    pub fn mac(&self) -> Option<MacAddr> {
        self.stb_mac.as_deref()?.parse().ok()
    }
}

/// An account to be created.
#[derive(Clone)]
pub struct NewAccount {
    /// The name to log in with.
    pub login: Login,
    /// The password.
    pub password: Option<SecretString>,
    /// The person's name.
    pub full_name: Option<String>,
    /// The telephone number; not documented, but written.
    pub phone: Option<String>,
    /// The account number. Whether another account has it is not looked at.
    pub account_number: Option<AccountNumber>,
    /// The plan; without one it is the default plan.
    pub tariff_plan: Option<PlanExternalId>,
    /// Until when the plan holds; from 5.2.
    pub tariff_expired_date: Option<DateTime>,
    /// The plan that follows; from 5.2.
    pub tariff_instead_expired: Option<PlanExternalId>,
    /// `true` if it is switched on; the server's default if not given.
    pub status: Option<bool>,
    /// The box.
    pub stb_mac: Option<MacAddr>,
    /// The operator's note.
    pub comment: Option<String>,
    /// Until when it is paid, in the server's time.
    pub end_date: Option<DateTime>,
    /// The balance, as it is to be shown: 16 characters.
    pub account_balance: Option<String>,
    /// The reseller; only in 5.6 with resellers.
    pub reseller_id: Option<ResellerId>,
}

impl NewAccount {
    /// An account with this login and nothing else.
    pub fn new(login: Login) -> NewAccount {
        NewAccount {
            login,
            password: None,
            full_name: None,
            phone: None,
            account_number: None,
            tariff_plan: None,
            tariff_expired_date: None,
            tariff_instead_expired: None,
            status: None,
            stb_mac: None,
            comment: None,
            end_date: None,
            account_balance: None,
            reseller_id: None,
        }
    }

    pub(super) fn form(&self, operation: &'static str) -> Result<Form, Refusal> {
        let mut form = Form::default();
        form.add("login", self.login.as_str());
        if let Some(password) = &self.password {
            form.add("password", password.expose_secret());
        }
        let text = |value: &Option<String>| value.clone().map_or(Patch::Keep, Patch::Set);
        let full_name = text(&self.full_name);
        limited(&mut form, operation, "full_name", &full_name, 64)?;
        limited(&mut form, operation, "phone", &text(&self.phone), 64)?;
        if let Some(number) = &self.account_number {
            form.add("account_number", number.as_str());
        }
        if let Some(plan) = &self.tariff_plan {
            form.add("tariff_plan", plan.as_str());
        }
        if let Some(date) = self.tariff_expired_date {
            form.add("tariff_expired_date", written(date));
        }
        if let Some(plan) = &self.tariff_instead_expired {
            form.add("tariff_instead_expired", plan.as_str());
        }
        form.flag("status", self.status);
        if let Some(mac) = self.stb_mac {
            form.add("stb_mac", colons(mac));
        }
        if let Some(comment) = &self.comment {
            form.add("comment", comment);
        }
        if let Some(date) = self.end_date {
            form.add("end_date", written(date));
        }
        let balance = text(&self.account_balance);
        limited(&mut form, operation, "account_balance", &balance, 16)?;
        if let Some(reseller) = self.reseller_id {
            form.add("reseller_id", reseller.to_string());
        }
        Ok(form)
    }
}

/// A change of an account; what it does not name stays as it is.
#[derive(Clone, Default)]
pub struct AccountPatch {
    /// Another login.
    pub login: Option<Login>,
    /// Another password.
    pub password: Option<SecretString>,
    /// The person's name.
    pub full_name: Patch<String>,
    /// The telephone number; not documented, but written.
    pub phone: Patch<String>,
    /// The account number. Whether another account has it is not looked at.
    pub account_number: Patch<AccountNumber>,
    /// The plan. One the server does not know it takes for the default plan,
    /// and says nothing.
    pub tariff_plan: Option<PlanExternalId>,
    /// Until when the plan holds; from 5.2.
    pub tariff_expired_date: Patch<DateTime>,
    /// The plan that follows; from 5.2.
    pub tariff_instead_expired: Patch<PlanExternalId>,
    /// `true` if it is switched on. The box is told if that changes.
    pub status: Option<bool>,
    /// The box. Whether another account has it is not looked at.
    pub stb_mac: Patch<MacAddr>,
    /// The operator's note.
    pub comment: Patch<String>,
    /// Until when it is paid, in the server's time.
    pub end_date: Patch<DateTime>,
    /// The balance, as it is to be shown: 16 characters.
    pub account_balance: Patch<String>,
    /// The reseller; only in 5.6 with resellers.
    pub reseller_id: Option<ResellerId>,
}

impl AccountPatch {
    /// Returns `true` if it changes nothing.
    pub fn is_empty(&self) -> bool {
        self.password.is_none() && self.is_password_only()
    }

    /// Returns `true` if it changes nothing that can be read.
    pub(super) fn is_password_only(&self) -> bool {
        self.login.is_none()
            && self.full_name.is_keep()
            && self.phone.is_keep()
            && self.account_number.is_keep()
            && self.tariff_plan.is_none()
            && self.tariff_expired_date.is_keep()
            && self.tariff_instead_expired.is_keep()
            && self.status.is_none()
            && self.stb_mac.is_keep()
            && self.comment.is_keep()
            && self.end_date.is_keep()
            && self.account_balance.is_keep()
            && self.reseller_id.is_none()
    }

    pub(super) fn form(&self, operation: &'static str) -> Result<Form, Refusal> {
        let mut form = Form::default();
        if let Some(login) = &self.login {
            form.add("login", login.as_str());
        }
        if let Some(password) = &self.password {
            if password.expose_secret().is_empty() {
                let reason = "`password` is empty, which the server leaves out";
                return Err(Refusal::new(operation, reason));
            }
            form.add("password", password.expose_secret());
        }
        limited(&mut form, operation, "full_name", &self.full_name, 64)?;
        limited(&mut form, operation, "phone", &self.phone, 64)?;
        if let Some(number) = self.account_number.as_change() {
            form.add("account_number", number.map_or("", AccountNumber::as_str));
        }
        if let Some(plan) = &self.tariff_plan {
            form.add("tariff_plan", plan.as_str());
        }
        if let Some(date) = self.tariff_expired_date.as_change() {
            form.add(
                "tariff_expired_date",
                date.copied().map(written).unwrap_or_default(),
            );
        }
        if let Some(plan) = self.tariff_instead_expired.as_change() {
            form.add(
                "tariff_instead_expired",
                plan.map_or("", PlanExternalId::as_str),
            );
        }
        form.flag("status", self.status);
        if let Some(mac) = self.stb_mac.as_change() {
            form.add("stb_mac", mac.copied().map(colons).unwrap_or_default());
        }
        if let Some(comment) = self.comment.as_change() {
            form.add("comment", comment.map_or("", String::as_str));
        }
        if let Some(date) = self.end_date.as_change() {
            form.add("end_date", date.copied().map_or(NEVER.into(), written));
        }
        limited(
            &mut form,
            operation,
            "account_balance",
            &self.account_balance,
            16,
        )?;
        if let Some(reseller) = self.reseller_id {
            form.add("reseller_id", reseller.to_string());
        }
        if form.is_empty() {
            return Err(Refusal::new(operation, "there is nothing to change"));
        }
        Ok(form)
    }
}

/// As the server shows a date that was never set.
const NEVER: &str = "0000-00-00 00:00:00";

pub(super) fn written(date: DateTime) -> String {
    format!(
        "{} {}",
        date.date(),
        date.time().round(jiff::Unit::Second).unwrap_or(date.time())
    )
}

/// A text no longer than its column, to which the server would cut it without
/// a word.
fn limited(
    form: &mut Form,
    operation: &'static str,
    name: &'static str,
    value: &Patch<String>,
    longest: usize,
) -> Result<(), Refusal> {
    let Some(value) = value.as_change() else {
        return Ok(());
    };
    let value = value.map_or("", String::as_str);
    if value.chars().count() > longest {
        let reason = format!("`{name}` is longer than {longest} characters, to which it is cut");
        return Err(Refusal::new(operation, reason));
    }
    form.add(name, value);
    Ok(())
}
