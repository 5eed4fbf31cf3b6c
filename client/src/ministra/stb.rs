//! `stb`: boxes, the same rows as accounts. Of what is personal, `Debug` shows
//! only whether it is there.

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::account::written;
use super::call::Call;
use super::form::Form;
use super::identifier::{Guess, colons};
use super::outcome::{Outcome, rows};
use super::php_serde::{One, Rows, connected, date, filled, flag, number, text};
use super::{AccountKeys, AccountNumber, DateTime, Login, Ministra, ResellerId};
use crate::error::{ProtocolError, Refusal, Result};
use crate::model::MacAddr;

/// A box.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Stb {
    /// The MAC address as it was written.
    #[serde(default, deserialize_with = "filled")]
    pub mac: Option<String>,
    /// The network address.
    #[serde(default, deserialize_with = "filled")]
    pub ip: Option<String>,
    /// The account number.
    #[serde(default, deserialize_with = "filled")]
    pub ls: Option<String>,
    /// The versions of firmware and portal.
    #[serde(default, deserialize_with = "filled")]
    pub version: Option<String>,
    /// `true` if it is switched on by the operator.
    #[serde(deserialize_with = "flag")]
    pub status: bool,
    /// `true` if it has the video club, karaoke and the like.
    #[serde(default, deserialize_with = "flag")]
    pub additional_services_on: bool,
    /// The time when something was last watched, in the server's time.
    #[serde(default, deserialize_with = "date")]
    pub last_active: Option<DateTime>,
    /// The login; empty if it has none.
    #[serde(default, deserialize_with = "text")]
    pub login: String,
    /// The balance, as it is shown.
    #[serde(default, deserialize_with = "filled")]
    pub account_balance: Option<String>,
    /// `true` if it is connected; none if the server does not say.
    #[serde(default, deserialize_with = "connected")]
    pub online: Option<bool>,
    /// Until when it is paid, in the server's time; only with internal billing.
    #[serde(default, deserialize_with = "date")]
    pub end_date: Option<DateTime>,
    /// The reseller; only in 5.6 with resellers.
    #[serde(default, deserialize_with = "number")]
    pub reseller_id: Option<ResellerId>,
}

/// A box to be added.
///
/// It has no `status`: the server stores what is sent the wrong way round.
/// Switch it off with [`Stbs::update`] afterwards.
#[derive(Clone)]
pub struct NewStb {
    /// The MAC address; without one, login and password are needed.
    pub mac: Option<MacAddr>,
    /// The login. Whether another has it is not looked at.
    pub login: Option<Login>,
    /// The password.
    pub password: Option<SecretString>,
    /// `true` if it has the video club, karaoke and the like.
    pub additional_services_on: Option<bool>,
    /// The account number.
    pub ls: Option<AccountNumber>,
    /// Until when it is paid, in the server's time; not documented.
    pub end_date: Option<DateTime>,
    /// The balance, as it is to be shown: 16 characters; not documented.
    pub account_balance: Option<String>,
}

impl NewStb {
    /// A box that is known by its MAC address.
    pub fn of_mac(mac: MacAddr) -> NewStb {
        NewStb {
            mac: Some(mac),
            login: None,
            password: None,
            additional_services_on: None,
            ls: None,
            end_date: None,
            account_balance: None,
        }
    }

    /// A box on which somebody logs in.
    pub fn of_login(login: Login, password: impl Into<SecretString>) -> NewStb {
        NewStb {
            mac: None,
            login: Some(login),
            password: Some(password.into()),
            additional_services_on: None,
            ls: None,
            end_date: None,
            account_balance: None,
        }
    }

    fn form(&self, operation: &'static str) -> Result<Form, Refusal> {
        let mut form = Form::default();
        if let Some(mac) = self.mac {
            form.add("mac", colons(mac));
        }
        if let Some(login) = &self.login {
            form.add("login", login.as_str());
        }
        if let Some(password) = &self.password {
            form.add("password", password.expose_secret());
        }
        if self.mac.is_none() && (self.login.is_none() || self.password.is_none()) {
            let reason = "a MAC address, or a login and a password, are needed";
            return Err(Refusal::new(operation, reason));
        }
        form.flag("additional_services_on", self.additional_services_on);
        if let Some(ls) = &self.ls {
            form.add("ls", ls.as_str());
        }
        if let Some(date) = self.end_date {
            form.add("end_date", written(date));
        }
        if let Some(balance) = &self.account_balance {
            if balance.chars().count() > 16 {
                let reason = "`account_balance` is longer than 16 characters, to which it is cut";
                return Err(Refusal::new(operation, reason));
            }
            form.add("account_balance", balance);
        }
        Ok(form)
    }
}

/// A change of boxes; what it does not name stays as it is.
#[derive(Clone, Default)]
pub struct StbPatch {
    /// `true` if it is switched on. The box is told, even if that is as before.
    pub status: Option<bool>,
    /// `true` if it has the video club, karaoke and the like.
    pub additional_services_on: Option<bool>,
    /// The account number.
    pub ls: Option<AccountNumber>,
    /// Until when it is paid, in the server's time; not documented.
    pub end_date: Option<DateTime>,
}

/// Boxes.
#[derive(Debug, Clone, Copy)]
pub struct Stbs<'a>(pub(super) &'a Ministra);

const LIST: &str = "a list of boxes";

impl Stbs<'_> {
    /// All there are.
    ///
    /// # Errors
    ///
    /// As of every call: see the [module](super).
    pub async fn list(&self) -> Result<Vec<Stb>> {
        let Rows(boxes) = self.0.call(Call::new("GET stb").patient(), LIST).await?;
        rows(self.0, "GET stb", boxes)
    }

    /// Those of these account numbers or addresses; those that are not there
    /// are left out.
    ///
    /// # Errors
    ///
    /// As of every call: see the [module](super).
    pub async fn get(&self, of: impl Into<AccountKeys>) -> Result<Vec<Stb>> {
        const GET: &str = "GET stb";
        let identifiers = of.into().identifiers(GET, Guess::ByLength)?;
        let Rows(boxes) = self.0.call(Call::new(GET).of(identifiers), LIST).await?;
        rows(self.0, GET, boxes)
    }

    /// Adds a box.
    ///
    /// # Errors
    ///
    /// A [conflict](crate::Error::is_conflict) if the box is there already.
    pub async fn create(&self, new: &NewStb) -> Result<Stb> {
        const POST: &str = "POST stb";
        let call = Call::new(POST).form(new.form(POST)?);
        let One(added) = self.0.call(call, "a box").await?;
        Ok(added.ok_or(ProtocolError::Result {
            found: "nothing",
            expected: "a box",
        })?)
    }

    /// Changes boxes and answers with them.
    ///
    /// # Errors
    ///
    /// [`NotApplied`](crate::Error::NotApplied) if there is none of them; if
    /// there are some, the others are left out.
    pub async fn update(&self, of: impl Into<AccountKeys>, patch: &StbPatch) -> Result<Vec<Stb>> {
        const PUT: &str = "PUT stb";
        let identifiers = of.into().identifiers(PUT, Guess::ByLength)?;
        let mut form = Form::default();
        form.flag("status", patch.status);
        form.flag("additional_services_on", patch.additional_services_on);
        if let Some(ls) = &patch.ls {
            form.add("ls", ls.as_str());
        }
        if let Some(date) = patch.end_date {
            form.add("end_date", written(date));
        }
        if form.is_empty() {
            return Err(Refusal::new(PUT, "there is nothing to change").into());
        }
        let Rows(boxes) = self
            .0
            .call(Call::new(PUT).of(identifiers).form(form), LIST)
            .await?;
        rows(self.0, PUT, boxes)
    }

    /// Deletes boxes with their accounts.
    ///
    /// # Errors
    ///
    /// [Not found](crate::Error::is_not_found) if there is none of them.
    pub async fn delete(&self, of: impl Into<AccountKeys>) -> Result<()> {
        const DELETE: &str = "DELETE stb";
        let identifiers = of.into().identifiers(DELETE, Guess::ByLength)?;
        let outcome: Outcome = self
            .0
            .call(Call::new(DELETE).of(identifiers), "true")
            .await?;
        outcome.or_not_applied(self.0, DELETE)
    }
}
