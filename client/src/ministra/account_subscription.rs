//! `account_subscription`: optional packages.

use std::collections::HashSet;
use std::hash::Hash;

use serde::Deserialize;

use super::call::Call;
use super::form::Form;
use super::identifier::Guess;
use super::outcome::{Outcome, rows};
use super::php_serde::{Rows, filled, ids, texts};
use super::{AccountKey, Ministra, PackageExternalId, PackageId};
use crate::error::{Refusal, Result};

/// The optional packages an account has.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct AccountSubscription {
    /// The MAC address.
    #[serde(default, deserialize_with = "filled")]
    pub mac: Option<String>,
    /// The external ids of its packages. Those without one are only in
    /// [`subscribed_id`](Self::subscribed_id).
    #[serde(default, deserialize_with = "texts")]
    pub subscribed: Vec<String>,
    /// The packages.
    #[serde(default, deserialize_with = "ids")]
    pub subscribed_id: Vec<PackageId>,
}

/// Packages to be added and removed. What an account has or has not already is
/// left so; every package that does change restarts the box.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PackageChange {
    /// To be added.
    pub subscribed: Vec<PackageExternalId>,
    /// To be added.
    pub subscribed_id: Vec<PackageId>,
    /// To be removed.
    pub unsubscribed: Vec<PackageExternalId>,
    /// To be removed.
    pub unsubscribed_id: Vec<PackageId>,
}

impl PackageChange {
    fn form(&self) -> Result<Form, Refusal> {
        // What is in both is turned into what it was not.
        if common(&self.subscribed, &self.unsubscribed)
            || common(&self.subscribed_id, &self.unsubscribed_id)
        {
            return Err(Refusal::new(PUT, "a package is both added and removed"));
        }
        let mut form = Form::default();
        add(&mut form, "subscribed[]", &self.subscribed);
        add(&mut form, "subscribed_id[]", &self.subscribed_id);
        add(&mut form, "unsubscribed[]", &self.unsubscribed);
        add(&mut form, "unsubscribed_id[]", &self.unsubscribed_id);
        if form.is_empty() {
            return Err(Refusal::new(PUT, "there is nothing to change"));
        }
        Ok(form)
    }
}

/// All optional packages an account is to have, by one kind of id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PackageSet {
    /// By external ids.
    External(Vec<PackageExternalId>),
    /// By numbers.
    Internal(Vec<PackageId>),
}

impl PackageSet {
    fn form(&self) -> Result<Form, Refusal> {
        let mut form = Form::default();
        match self {
            PackageSet::External(ids) => add(&mut form, "subscribed[]", ids),
            PackageSet::Internal(ids) => add(&mut form, "subscribed_id[]", ids),
        }
        if form.is_empty() {
            let reason = "an empty set cannot be sent; use `clear`";
            return Err(Refusal::new(POST, reason));
        }
        Ok(form)
    }
}

fn add<T: ToString>(form: &mut Form, name: &'static str, ids: &[T]) {
    for id in ids {
        form.add(name, id.to_string());
    }
}

fn common<T: Eq + Hash>(one: &[T], other: &[T]) -> bool {
    let one: HashSet<&T> = one.iter().collect();
    other.iter().any(|id| one.contains(id))
}

/// The optional packages of accounts. The server leaves out what is not
/// optional in an account's plan, and answers
/// [`NotDone`](Outcome::NotDone) when an account had nothing to change: neither
/// answer proves anything, so read afterwards.
#[derive(Debug, Clone, Copy)]
pub struct AccountSubscriptions<'a>(pub(super) &'a Ministra);

const GET: &str = "GET account_subscription";
const POST: &str = "POST account_subscription";
const PUT: &str = "PUT account_subscription";
const DELETE: &str = "DELETE account_subscription";
const LIST: &str = "a list of subscriptions";

impl AccountSubscriptions<'_> {
    /// Lists the subscriptions of all accounts.
    ///
    /// # Errors
    ///
    /// As of every call: see the [module](super).
    pub async fn list(&self) -> Result<Vec<AccountSubscription>> {
        let Rows(subscriptions) = self.0.call(Call::new(GET).patient(), LIST).await?;
        rows(self.0, GET, subscriptions)
    }

    /// Lists the subscriptions of the accounts of the number, or of the one with the box.
    ///
    /// # Errors
    ///
    /// [Not found](crate::Error::is_not_found).
    pub async fn get(&self, of: impl Into<AccountKey>) -> Result<Vec<AccountSubscription>> {
        let identifiers = of.into().identifiers(GET, Guess::ByLength)?;
        let Rows(subscriptions) = self.0.call(Call::new(GET).of(identifiers), LIST).await?;
        rows(self.0, GET, subscriptions)
    }

    /// Adds and removes packages.
    ///
    /// # Errors
    ///
    /// [Not found](crate::Error::is_not_found).
    pub async fn change(
        &self,
        of: impl Into<AccountKey>,
        change: &PackageChange,
    ) -> Result<Outcome> {
        let identifiers = of.into().identifiers(PUT, Guess::ByLength)?;
        let call = Call::new(PUT).of(identifiers).form(change.form()?);
        self.0.call(call, "true or false").await
    }

    /// Sets which packages there are. With only ids that the server does not
    /// know it removes all, and says that it is done.
    ///
    /// # Errors
    ///
    /// [Not found](crate::Error::is_not_found).
    pub async fn replace(&self, of: impl Into<AccountKey>, set: &PackageSet) -> Result<Outcome> {
        let identifiers = of.into().identifiers(POST, Guess::ByLength)?;
        let call = Call::new(POST).of(identifiers).form(set.form()?);
        self.0.call(call, "true or false").await
    }

    /// Removes all packages. Those without an external id may stay.
    ///
    /// # Errors
    ///
    /// [Not found](crate::Error::is_not_found).
    pub async fn clear(&self, of: impl Into<AccountKey>) -> Result<Outcome> {
        let identifiers = of.into().identifiers(DELETE, Guess::ByLength)?;
        let call = Call::new(DELETE).of(identifiers);
        self.0.call(call, "true or false").await
    }

    /// Adds and removes packages of everybody, restarting every box for each.
    ///
    /// # Errors
    ///
    /// As of every call: see the [module](super).
    pub async fn broadcast_change(&self, change: &PackageChange) -> Result<Outcome> {
        let call = Call::new(PUT).form(change.form()?);
        self.0.call(call, "true or false").await
    }

    /// Sets which packages everybody has, restarting every box for each.
    ///
    /// # Errors
    ///
    /// As of every call: see the [module](super).
    pub async fn broadcast_replace(&self, set: &PackageSet) -> Result<Outcome> {
        let call = Call::new(POST).form(set.form()?);
        self.0.call(call, "true or false").await
    }

    /// Removes all packages of everybody, restarting every box for each.
    ///
    /// # Errors
    ///
    /// As of every call: see the [module](super).
    pub async fn broadcast_clear(&self) -> Result<Outcome> {
        self.0.call(Call::new(DELETE), "true or false").await
    }
}
