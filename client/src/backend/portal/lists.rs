//! Lists, a page at a time in the order of the keys.

use jsonsql::prelude::*;

use super::{IptvPortal, ids, rows};
use crate::backend::{Record, Records};
use crate::error::Result;
use crate::model;
use crate::schema;

impl IptvPortal {
    fn pages<T, M>(&self, query: &Select<T>) -> Records<'_, M>
    where
        T: Table + Send + Unpin + 'static,
        M: From<T> + Send + Unpin + 'static,
    {
        Records::of(self.client.stream(query)).map(M::from)
    }

    pub(super) fn all_subscribers(&self) -> Records<'_, model::Subscriber> {
        let column = self.reference;
        Records::of(self.client.stream(&rows::Subscriber::all()))
            .map(move |row: rows::Subscriber| row.into_model(column))
    }

    pub(super) fn all_packages(&self) -> Records<'_, model::Package> {
        self.pages(&schema::Package::all())
    }

    pub(super) fn all_channels(&self) -> Records<'_, model::Channel> {
        self.pages(&rows::Channel::filter(|m| m.is_tv.eq(true)))
    }

    pub(super) fn terminals_of(&self, id: &model::SubscriberId) -> Records<'_, model::Terminal> {
        match ids::subscriber("list terminals", id) {
            Ok(id) => self.pages(&rows::Terminal::filter(|t| t.subscriber_id.eq(id))),
            Err(error) => failed(error),
        }
    }

    pub(super) fn subscriptions_of(
        &self,
        id: &model::SubscriberId,
    ) -> Records<'_, model::Subscription> {
        match ids::subscriber("list subscriptions", id) {
            Ok(id) => self.pages(&schema::SubscriberPackage::filter(|p| {
                p.subscriber_id.eq(id)
            })),
            Err(error) => failed(error),
        }
    }

    /// Each table once. Who is referred to comes before who refers.
    pub(super) fn everything(&self) -> Records<'_, Record> {
        let packages = self.all_packages().map(Record::Package);
        packages
            .then(self.all_channels().map(Record::Channel))
            .then(self.all_subscribers().map(Record::Subscriber))
            .then(self.pages(&rows::Terminal::all()).map(Record::Terminal))
            .then(
                self.pages(&schema::SubscriberPackage::all())
                    .map(Record::Subscription),
            )
    }
}

fn failed<'a, T: Send + Unpin + 'a>(error: crate::Error) -> Records<'a, T> {
    Records::once(async move { Result::<Vec<T>>::Err(error) })
}
