//! Reading: rows as the model sees them.

use std::sync::Arc;

use super::Adapter;
use crate::error::{Error, Refusal, Result};
use crate::model::Capability;
use crate::model::{Package, Subscriber, SubscriberId, SubscriberKey, Timestamp};
use crate::provisioning::Records;
use crate::provisioning::desired::Desired;
use crate::provisioning::identity::{Key, KeyKind};
use crate::provisioning::package_names::PackageNames;
use crate::provisioning::platform::{Found, Platform};
use crate::provisioning::view::{Unreadable, View};

fn unreadable(row: String, reason: String) -> Error {
    Error::Unreadable {
        row,
        reason,
        place: None,
    }
}

impl<P: Platform> Adapter<P> {
    /// Returns the lists, those that are kept if there are any.
    async fn lists(&self) -> Result<Arc<P::Catalogue>> {
        match self.kept_lists.recent() {
            Some(lists) => Ok(lists),
            None => self.read_lists().await,
        }
    }

    /// Reads the lists, and keeps them.
    pub(super) async fn read_lists(&self) -> Result<Arc<P::Catalogue>> {
        let lists = Arc::new(self.platform.catalogue().await?);
        self.kept_lists.keep(&lists);
        Ok(lists)
    }

    /// Finds a package by its key or name, in the lists that are kept first: a new one
    /// is not among them.
    pub(super) async fn package(&self, text: &str) -> Result<Package> {
        let find = |lists: &P::Catalogue| {
            let names = PackageNames::new(&self.platform.packages(lists));
            names.find(text).cloned()
        };
        if let Some(kept) = self.kept_lists.recent()
            && let Ok(package) = find(&kept)
        {
            return Ok(package);
        }
        let found = find(&*self.read_lists().await?);
        found.map_err(|error| Refusal::new("find package", error.to_string()).into())
    }

    /// Views rows, with the lists if there is more to say with them.
    pub(super) async fn whole_view(&self, present: &P::Observed, now: Timestamp) -> Result<View> {
        let mut view = self.platform.view(present, None, now);
        if view.needs_catalogue {
            let catalogue = self.lists().await?;
            view = self.platform.view(present, Some(&catalogue), now);
        }
        match view.is_made() {
            true => Ok(view),
            // The server has made it, and has not said what it is called.
            false => self.found_again(present).await,
        }
    }

    /// Loads rows again by what is known of them.
    async fn found_again(&self, present: &P::Observed) -> Result<View> {
        let keys = self.platform.keys(present);
        let key = keys.iter().min_by_key(|key| key.kind()).cloned();
        let found = self.load(key.into_iter().collect(), None).await?;
        found.into_iter().next().ok_or(Error::Missing {
            record: "subscriber",
            place: None,
        })
    }

    /// Loads the views of everybody who has one of these keys.
    pub(super) async fn load(&self, keys: Vec<Key>, about: Option<&Desired>) -> Result<Vec<View>> {
        let loaded = match about {
            Some(about) => self.platform.load_for(&keys, about).await?,
            None => self.platform.load(&keys).await?,
        };
        let now = loaded.now.unwrap_or_else(Timestamp::now);
        let mut views: Vec<View> = (loaded.found.iter())
            .map(|one| self.platform.view(one, None, now))
            .collect();
        if views.iter().any(|view| view.needs_catalogue) {
            let catalogue = self.lists().await?;
            let view = |one| self.platform.view(one, Some(&catalogue), now);
            views = loaded.found.iter().map(view).collect();
        }
        views.retain(|view| view.subscriber.is_some());
        Ok(views)
    }

    pub(super) async fn find(&self, key: &SubscriberKey, about: &Desired) -> Result<Option<View>> {
        const FIND: &str = "find subscriber";
        let identity = self.platform.identity();
        let key = identity.subscriber(key);
        let lacking = Capability::ExternalRef;
        if key.kind() == KeyKind::Reference && !self.platform.capabilities().has(lacking) {
            return Err(Refusal::lacking(FIND, lacking).into());
        }
        if key.text().trim().is_empty() {
            let reason = format!("the {} is empty", key.kind().as_str());
            return Err(Refusal::new(FIND, reason).into());
        }
        let mut found = self.load(vec![key.clone()], Some(about)).await?;
        if key.kind() == KeyKind::Login {
            // The login of a further row is not a subscriber's.
            found.retain(|view| {
                view.login()
                    .is_some_and(|login| identity.login(login) == key)
            });
        }
        match found.len() {
            0 | 1 => Ok(found.pop()),
            many => Err(Error::ManyRows {
                found: many,
                place: None,
            }),
        }
    }

    /// Streams subscribers, as the platform's pages come. A row that cannot be
    /// read is an error, and others follow.
    pub(super) fn everybody(&self) -> Records<'_, Subscriber> {
        let place = self.platform.place("list subscribers");
        let now = Timestamp::now();
        self.platform.load_all().keep(move |found| match found {
            Found::Rows(rows) => self.platform.view(&rows, None, now).subscriber.map(Ok),
            Found::Unreadable { id, reason } => Some(Err(unreadable(id, reason).at(&place))),
        })
    }

    /// Returns what one subscriber has, and an error for each row of it that
    /// cannot be read.
    pub(super) fn of_one<'a, T: Send + Unpin + 'a>(
        &'a self,
        operation: &'static str,
        of: &'a SubscriberId,
        about: Desired,
        pick: impl Fn(View) -> (Vec<T>, Vec<Unreadable>) + Send + Unpin + 'a,
    ) -> Records<'a, T> {
        let place = self.platform.place(operation);
        let read = async move {
            let found = self.find(&SubscriberKey::Id(of.clone()), &about).await?;
            let (records, unreadable) = found.map(pick).unwrap_or_default();
            let records = records.into_iter().map(Ok);
            Ok(records.chain(unreadable.into_iter().map(Err)).collect())
        };
        Records::once(read).keep(move |one| {
            Some(one.map_err(|row: Unreadable| unreadable(row.id, row.reason).at(&place)))
        })
    }
}
