//! Reading: rows as the model sees them.

use super::Adapter;
use crate::error::{Error, Refusal, Result};
use crate::model::{Subscriber, SubscriberId, SubscriberKey, Timestamp};
use crate::provisioning::desired::Desired;
use crate::provisioning::identity::{Key, KeyKind};
use crate::provisioning::platform::{Found, Platform};
use crate::provisioning::view::View;

impl<P: Platform> Adapter<P> {
    /// Views rows, with the lists if there is more to say with them.
    pub(super) async fn whole_view(&self, present: &P::Observed, now: Timestamp) -> Result<View> {
        let mut view = self.platform.view(present, None, now);
        if view.needs_catalogue {
            let catalogue = self.platform.catalogue().await?;
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
            let catalogue = self.platform.catalogue().await?;
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
        if key.text().trim().is_empty() {
            let reason = format!("the {} is empty", key.kind().name());
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

    pub(super) async fn view_of(&self, of: &SubscriberId, about: &Desired) -> Result<Option<View>> {
        self.find(&SubscriberKey::Id(of.clone()), about).await
    }

    pub(super) async fn everybody(&self) -> Result<Vec<Subscriber>> {
        let mut all = self.platform.load_all();
        let mut subscribers = Vec::new();
        let now = Timestamp::now();
        while let Some(found) = all.next().await {
            if let Found::Rows(rows) = found? {
                subscribers.extend(self.platform.view(&rows, None, now).subscriber);
            }
        }
        Ok(subscribers)
    }
}
