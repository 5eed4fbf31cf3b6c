//! Finding, creating and changing subscribers.

use jsonsql::prelude::*;

use super::insertion::Insertion;
use super::steps::{self, Outcome};
use super::wanted::{self, Wanted};
use super::{IptvPortal, ReferenceColumn, ids, rows};
use crate::backend::{Applied, Backend, Capability, Change, texts};
use crate::error::{Error, Place, Refusal, Result};
use crate::model::{
    Lossy, NewSubscriber, Subscriber, SubscriberId, SubscriberKey, SubscriberPatch,
};
use crate::schema;

const CREATE: &str = "create subscriber";
const CHANGE: &str = "change subscriber";

/// What a write of a subscriber comes to, found out by reading.
pub(super) struct Planned<'a> {
    wanted: Wanted<'a>,
    /// The row that is there.
    row: Option<rows::Subscriber>,
    pub(super) losses: Vec<Lossy>,
}

impl IptvPortal {
    pub(super) async fn find(&self, key: &SubscriberKey) -> Result<Option<Subscriber>> {
        const FIND: &str = "find subscriber";
        let query = match key {
            SubscriberKey::Id(id) => {
                let id = ids::subscriber(FIND, id)?;
                rows::Subscriber::filter(|s| s.id.eq(id))
            }
            SubscriberKey::Login(login) => {
                texts::findable(FIND, "login", login)?;
                rows::Subscriber::filter(|s| s.username.eq(login.as_str()))
            }
            SubscriberKey::ExternalRef(key) => {
                texts::findable(FIND, "external reference", key.as_str())?;
                self.referring(key.as_str())
                    .ok_or_else(|| Refusal::lacking(FIND, Capability::ExternalRef))?
            }
        };
        let row = self.client.fetch_optional(&query).await;
        let field = match key {
            SubscriberKey::Login(login) => ("the login", login.as_str()),
            SubscriberKey::ExternalRef(key) => ("the external reference", key.as_str()),
            SubscriberKey::Id(id) => ("the id", id.as_str()),
        };
        let row = row.map_err(steps::unsent(FIND, &[field]))?;
        Ok(row.map(|row| row.into_model(self.reference)))
    }

    pub(super) async fn create(&self, new: &NewSubscriber) -> Result<Applied<Subscriber>> {
        let planned = self.plan_creation(new).await?;
        match &planned.row {
            Some(_) => self.adopt(planned).await,
            None => self.insert(new, planned).await,
        }
    }

    pub(super) async fn plan_creation<'a>(&self, new: &'a NewSubscriber) -> Result<Planned<'a>> {
        let wanted = Wanted::of_new(CREATE, new)?;
        let row = self.same(&new.login, &wanted).await?;
        Ok(self.planned(wanted, row, &new.login, new.note.is_some()))
    }

    pub(super) async fn change(
        &self,
        id: &SubscriberId,
        patch: &SubscriberPatch,
    ) -> Result<Applied<Subscriber>> {
        let planned = self.plan_change(id, patch).await?;
        self.bring(CHANGE, planned).await
    }

    pub(super) async fn plan_change<'a>(
        &self,
        id: &SubscriberId,
        patch: &'a SubscriberPatch,
    ) -> Result<Planned<'a>> {
        let wanted = Wanted::of_patch(CHANGE, patch)?;
        let row = self.by_id(CHANGE, id).await?;
        if let Some(Some(key)) = wanted.external_ref
            && let Some(others) = self.referring(key)
        {
            let others = self.client.fetch_all(&others).await;
            let others = others.map_err(steps::unsent(CHANGE, &wanted.texts()))?;
            if others.iter().any(|other| other.id != row.id) {
                return Err(taken("external reference"));
            }
        }
        let note = matches!(patch.note.as_change(), Some(Some(_)));
        Ok(self.planned(wanted, Some(row), "", note))
    }

    pub(super) async fn set_enabled(
        &self,
        operation: &'static str,
        id: &SubscriberId,
        enabled: bool,
    ) -> Result<Applied<Subscriber>> {
        let wanted = Wanted {
            enabled: Some(enabled),
            ..Wanted::default()
        };
        let row = self.by_id(operation, id).await?;
        let planned = self.planned(wanted, Some(row), "", false);
        self.bring(operation, planned).await
    }

    pub(super) async fn by_id(
        &self,
        operation: &'static str,
        id: &SubscriberId,
    ) -> Result<rows::Subscriber> {
        let id = ids::subscriber(operation, id)?;
        let query = rows::Subscriber::filter(|s| s.id.eq(id));
        let row = self.client.fetch_optional(&query).await?;
        row.ok_or(MISSING)
    }

    /// Those with this external reference, if there is a column for it.
    fn referring(&self, key: &str) -> Option<Select<rows::Subscriber>> {
        match self.reference {
            ReferenceColumn::Billing => Some(rows::Subscriber::filter(|s| s.billing.eq(key))),
            ReferenceColumn::Business => Some(rows::Subscriber::filter(|s| s.business.eq(key))),
            ReferenceColumn::Nowhere => None,
        }
    }

    /// The subscriber that is this one: the login is the same, and the
    /// external reference where both have one.
    async fn same(&self, login: &str, wanted: &Wanted<'_>) -> Result<Option<rows::Subscriber>> {
        let by_login = rows::Subscriber::filter(|s| s.username.eq(login));
        let key = wanted.external_ref.flatten();
        let mut found = match key.and_then(|key| self.referring(key)) {
            None => self.client.fetch_all(&by_login).await,
            Some(by_key) => {
                let (found, others) = self.client.batch((&by_login, &by_key)).await;
                let others = others.map_err(steps::unsent(CREATE, &wanted.texts()))?;
                if others.iter().any(|other| other.username != login) {
                    return Err(taken("external reference"));
                }
                found
            }
        }
        .map_err(steps::unsent(CREATE, &wanted.texts()))?;
        if found.len() > 1 {
            return Err(Error::ManyRows {
                found: found.len(),
                place: Some(Place::of_operation(
                    "subscribers with one login or reference",
                )),
            });
        }
        let row = found.pop();
        let theirs = row.as_ref().and_then(|row| row.reference(self.reference));
        match (theirs, key) {
            (Some(theirs), Some(key)) if theirs != key => Err(taken("login")),
            _ => Ok(row),
        }
    }

    fn planned<'a>(
        &self,
        wanted: Wanted<'a>,
        row: Option<rows::Subscriber>,
        login: &str,
        note: bool,
    ) -> Planned<'a> {
        let fields = match &row {
            Some(row) => wanted.changes(row, self.reference).1,
            None => wanted.changes(&wanted::blank(login), self.reference).1,
        };
        Planned {
            losses: wanted::losses(&self.capabilities(), &wanted, note, &fields),
            wanted,
            row,
        }
    }

    async fn insert(
        &self,
        new: &NewSubscriber,
        planned: Planned<'_>,
    ) -> Result<Applied<Subscriber>> {
        let Planned { wanted, losses, .. } = &planned;
        let blank = wanted::blank(&new.login);
        let (changes, _) = wanted.changes(&blank, self.reference);
        let insertion = Insertion::new(&new.login, &changes);
        let written = self.client.execute(&insertion).await;
        if written.as_ref().is_err_and(steps::login_is_taken) {
            // Somebody was faster.
            return match self.plan_creation(new).await? {
                planned @ Planned { row: Some(_), .. } => self.adopt(planned).await,
                _ => Err(taken("login")),
            };
        }
        let written = written.map_err(steps::unsent(CREATE, &wanted.texts()));
        let outcome = Outcome::of(written)?;
        let read = self.same(&new.login, wanted).await;
        let read = read.and_then(|row| row.ok_or_else(|| not_applied(CREATE, "it is not there")));
        let row = outcome.settle(CREATE, "the insert", read, |row| {
            self.as_wanted(CREATE, wanted, row)
        })?;
        let value = row.into_model(self.reference);
        Ok(Applied::new(value, Change::Made, losses.clone()))
    }

    async fn adopt(&self, planned: Planned<'_>) -> Result<Applied<Subscriber>> {
        let mut applied = self.bring(CREATE, planned).await?;
        applied.change = Change::Adopted;
        Ok(applied)
    }

    /// Writes what differs from the row that was read, and reads it back.
    async fn bring(
        &self,
        operation: &'static str,
        planned: Planned<'_>,
    ) -> Result<Applied<Subscriber>> {
        let Planned {
            wanted,
            row,
            losses,
        } = planned;
        let row = row.ok_or(MISSING)?;
        let (changes, fields) = wanted.changes(&row, self.reference);
        if fields.is_empty() {
            let value = row.into_model(self.reference);
            return Ok(Applied::new(value, Change::Nothing, losses));
        }
        let update = schema::Subscriber::update(|s| s.id.eq(row.id)).set_changes(&changes);
        let written = self.client.execute(&update).idempotent().await;
        if written.as_ref().is_err_and(steps::login_is_taken) {
            return Err(taken("login"));
        }
        if written.as_ref().is_ok_and(Vec::is_empty) {
            return Err(MISSING);
        }
        let written = written.map_err(steps::unsent(operation, &wanted.texts()));
        let outcome = match Outcome::of(written)? {
            // Reading does not tell what the password is.
            Outcome::Unknown(lost) if wanted.password.is_some() => return Err(lost),
            outcome => outcome,
        };
        let read = self.by_id(operation, &row.id.0.into()).await;
        let row = outcome.settle(operation, "the update", read, |row| {
            self.as_wanted(operation, &wanted, row)
        })?;
        let value = row.into_model(self.reference);
        Ok(Applied::new(value, Change::Made, losses))
    }

    fn as_wanted(
        &self,
        operation: &'static str,
        wanted: &Wanted<'_>,
        row: rows::Subscriber,
    ) -> Result<rows::Subscriber> {
        match wanted.unlike(&row, self.reference) {
            None => Ok(row),
            Some(field) => Err(not_applied(
                operation,
                format!("`{field}` is not as asked for"),
            )),
        }
    }
}

pub(super) const MISSING: Error = Error::Missing {
    record: "subscriber",
    place: None,
};

fn taken(key: &'static str) -> Error {
    Error::Taken {
        record: "subscriber",
        key,
        place: None,
    }
}

pub(super) fn not_applied(
    operation: &'static str,
    found: impl Into<std::borrow::Cow<'static, str>>,
) -> Error {
    Error::NotApplied {
        operation,
        found: found.into(),
        place: None,
    }
}
