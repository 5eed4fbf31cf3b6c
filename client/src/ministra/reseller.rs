//! `reseller`: who sells for the operator. Only in 5.6, where it is switched on.

use serde::Deserialize;

use super::call::Call;
use super::form::Form;
use super::outcome::{Outcome, rows};
use super::php_serde::{Rows, date, flag, number, text};
use super::{DateTime, Ministra, ResellerId};
use crate::error::{Refusal, Result};

/// A reseller.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Reseller {
    /// The number.
    pub id: ResellerId,
    /// The name, unique.
    #[serde(default, deserialize_with = "text")]
    pub name: String,
    /// The time when it was created, in the server's time.
    #[serde(default, deserialize_with = "date")]
    pub created: Option<DateTime>,
    /// The time when it was last changed, in the server's time.
    #[serde(default, deserialize_with = "date")]
    pub modified: Option<DateTime>,
    /// The greatest number of users.
    #[serde(default, deserialize_with = "number")]
    pub max_users: Option<u64>,
    /// `true` if its users are known by their network addresses.
    #[serde(default, deserialize_with = "flag")]
    pub use_ip_ranges: bool,
}

/// A reseller to be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewReseller {
    /// The name.
    pub name: String,
    /// The greatest number of users.
    pub max_users: Option<u64>,
    /// `true` if its users are known by their network addresses.
    pub use_ip_ranges: Option<bool>,
}

/// A change of a reseller; what it does not name stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ResellerPatch {
    /// Another name.
    pub name: Option<String>,
    /// The greatest number of users.
    pub max_users: Option<u64>,
    /// `true` if its users are known by their network addresses.
    pub use_ip_ranges: Option<bool>,
}

impl ResellerPatch {
    fn form(&self, operation: &'static str) -> Result<Form, Refusal> {
        let mut form = Form::default();
        if let Some(name) = &self.name {
            if name.trim().is_empty() {
                return Err(Refusal::new(operation, "`name` is blank"));
            }
            form.add("name", name);
        }
        if let Some(users) = self.max_users {
            form.add("max_users", users.to_string());
        }
        form.flag("use_ip_ranges", self.use_ip_ranges);
        if form.is_empty() {
            return Err(Refusal::new(operation, "there is nothing to change"));
        }
        Ok(form)
    }
}

/// Resellers. None of this has been seen on a real server.
#[derive(Debug, Clone, Copy)]
pub struct Resellers<'a>(pub(super) &'a Ministra);

const GET: &str = "GET reseller";
const POST: &str = "POST reseller";
const PUT: &str = "PUT reseller";
const DELETE: &str = "DELETE reseller";

impl Resellers<'_> {
    /// All there are.
    ///
    /// # Errors
    ///
    /// [Rejected](crate::Error::Rejected) where there are no resellers.
    pub async fn list(&self) -> Result<Vec<Reseller>> {
        self.rows(Call::new(GET)).await
    }

    /// These resellers.
    ///
    /// # Errors
    ///
    /// [Not found](crate::Error::is_not_found) if one of them is missing.
    pub async fn get(&self, ids: &[ResellerId]) -> Result<Vec<Reseller>> {
        if ids.is_empty() {
            let reason = "no identifier, which the server takes for all there are";
            return Err(Refusal::new(GET, reason).into());
        }
        let ids = ids.iter().map(ToString::to_string).collect();
        self.rows(Call::new(GET).of(ids)).await
    }

    /// Adds a reseller. The document says that the answer is `true`, the
    /// server's code reads as if it were `false` after success: read afterwards.
    ///
    /// # Errors
    ///
    /// A [conflict](crate::Error::is_conflict) if the name is another's.
    pub async fn create(&self, new: &NewReseller) -> Result<Outcome> {
        let patch = ResellerPatch {
            name: Some(new.name.clone()),
            max_users: new.max_users,
            use_ip_ranges: new.use_ip_ranges,
        };
        let call = Call::new(POST).form(patch.form(POST)?);
        self.0.call(call, "true or false").await
    }

    /// Changes a reseller. What the answer proves is not known: read afterwards.
    ///
    /// # Errors
    ///
    /// [Not found](crate::Error::is_not_found).
    pub async fn update(&self, id: ResellerId, patch: &ResellerPatch) -> Result<Outcome> {
        let call = Call::new(PUT).of(vec![id.to_string()]);
        self.0
            .call(call.form(patch.form(PUT)?), "true or false")
            .await
    }

    /// Deletes a reseller who has no users.
    ///
    /// # Errors
    ///
    /// [Not found](crate::Error::is_not_found), or
    /// [rejected](crate::Error::Rejected) while there are users.
    pub async fn delete(&self, id: ResellerId) -> Result<()> {
        let call = Call::new(DELETE).of(vec![id.to_string()]);
        let outcome: Outcome = self.0.call(call, "true").await?;
        outcome.or_not_applied(self.0, DELETE)
    }

    async fn rows(&self, call: Call) -> Result<Vec<Reseller>> {
        let Rows(resellers) = self.0.call(call, "a list of resellers").await?;
        rows(self.0, GET, resellers)
    }
}
