//! Deleting subscribers with what belongs to them.

use jsonsql::prelude::*;

use super::{IptvPortal, ids, steps};
use crate::backend::{Applied, Change};
use crate::error::{Partial, Result};
use crate::model::SubscriberId;
use crate::schema;

const DELETE: &str = "delete subscriber";

impl IptvPortal {
    /// First what refers to the subscriber, and of that first what lets one
    /// watch: wherever it stops, nothing refers to a row that is not there.
    pub(super) async fn delete(&self, id: &SubscriberId) -> Result<Applied<()>> {
        let id = ids::subscriber(DELETE, id)?;
        let mut done = Vec::new();
        let left =
            schema::SubscriberPackage::filter(|p| p.subscriber_id.eq(id)).column(|_| count_rows());
        let delete = schema::SubscriberPackage::delete(|p| p.subscriber_id.eq(id))
            .returning(|p| p.package_id);
        self.step(&mut done, "its subscriptions", &delete, &left)
            .await?;
        if self.addresses {
            let left = schema::SubscriberInetaddr::filter(|a| a.subscriber_id.eq(id))
                .column(|_| count_rows());
            let delete = schema::SubscriberInetaddr::delete(|a| a.subscriber_id.eq(id));
            self.step(&mut done, "its addresses", &delete, &left)
                .await?;
        }
        let left = schema::Terminal::filter(|t| t.subscriber_id.eq(id)).column(|_| count_rows());
        let delete = schema::Terminal::delete(|t| t.subscriber_id.eq(id));
        self.step(&mut done, "its terminals", &delete, &left)
            .await?;
        let left = schema::Subscriber::filter(|s| s.id.eq(id)).column(|_| count_rows());
        let delete = schema::Subscriber::delete(|s| s.id.eq(id));
        self.step(&mut done, "the subscriber", &delete, &left)
            .await?;
        let change = match done.is_empty() {
            true => Change::Nothing,
            false => Change::Made,
        };
        Ok(Applied::new((), change, Vec::new()))
    }

    /// Deletes these rows. If no answer came, `left` counts what is left of them.
    async fn step<S>(
        &self,
        done: &mut Vec<&'static str>,
        step: &'static str,
        delete: &S,
        left: &Select<i64>,
    ) -> Result<()>
    where
        S: Statement + Sync,
        S::Row: for<'de> jsonsql::row::Row<'de> + Send + 'static,
    {
        let error = match self.client.execute(delete).idempotent().await {
            Ok(rows) if rows.is_empty() => return Ok(()),
            Ok(_) => None,
            Err(error) if steps::was_executed(&error) => None,
            Err(error) if error.is_indeterminate() => match self.client.fetch_scalar(left).await {
                Ok(0) => None,
                _ => Some(error),
            },
            Err(error) => Some(error),
        };
        match error {
            None => done.push(step),
            Some(error) => return Err(Partial::of(DELETE, std::mem::take(done), step, error)),
        }
        Ok(())
    }
}
