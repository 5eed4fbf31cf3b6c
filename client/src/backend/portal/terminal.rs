//! Giving boxes to subscribers and taking them away.

use jsonsql::prelude::*;

use super::steps::Outcome;
use super::subscriber::{self, not_applied};
use super::{IptvPortal, ids, rows};
use crate::backend::{Applied, Change};
use crate::error::{Error, Result};
use crate::model::{MacAddr, SubscriberId, Terminal, TerminalId};
use crate::schema;

const BIND: &str = "bind terminal";
const MOVE: &str = "move terminal";
const UNBIND: &str = "unbind terminal";

#[derive(Insertable)]
#[insertable(table = schema::Terminal)]
struct NewTerminal {
    subscriber_id: Option<schema::SubscriberId>,
    mac_addr: Option<MacAddr>,
    registered: bool,
}

/// What there is of the box that is to be bound.
pub(super) enum There {
    Nothing,
    /// Whosever it is; it may have to be registered.
    Row(rows::Terminal),
}

impl IptvPortal {
    pub(super) async fn bind(&self, id: &SubscriberId, mac: MacAddr) -> Result<Applied<Terminal>> {
        let subscriber = ids::subscriber(BIND, id)?;
        let (outcome, step) = match self.plan_binding(id, mac).await? {
            There::Row(row) if row.subscriber_id == Some(subscriber) && row.registered => {
                return Ok(Applied::new(row.into(), Change::Nothing, Vec::new()));
            }
            There::Row(row) => {
                // Unless somebody else takes it in between.
                let take = schema::Terminal::update(|t| {
                    let free = t.subscriber_id.is_null().or(t.subscriber_id.eq(subscriber));
                    t.id.eq(row.id).and(free)
                })
                .set(|t| (t.subscriber_id.to(subscriber), t.registered.to(true)));
                let written = self.client.execute(&take).idempotent().await;
                if written.as_ref().is_ok_and(Vec::is_empty) {
                    self.plan_binding(id, mac).await?;
                    return Err(not_applied(BIND, "the terminal has changed meanwhile"));
                }
                (Outcome::of(written)?, "the update")
            }
            There::Nothing => {
                let new = insert(&NewTerminal {
                    subscriber_id: Some(subscriber),
                    mac_addr: Some(mac),
                    registered: true,
                });
                // No constraint is known that would refuse a second row.
                let written = self.client.execute(&new).await;
                (Outcome::of(written)?, "the insert")
            }
        };
        let read = self.plan_binding(id, mac).await;
        let there = outcome.settle(BIND, step, read, |there| match &there {
            There::Row(row) if row.subscriber_id == Some(subscriber) && row.registered => Ok(there),
            _ => Err(not_applied(BIND, "the terminal is not the subscriber's")),
        })?;
        match there {
            There::Row(row) => Ok(Applied::new(row.into(), Change::Made, Vec::new())),
            There::Nothing => Err(not_applied(BIND, "the terminal is not there")),
        }
    }

    /// The box as it is, unless it is another subscriber's.
    pub(super) async fn plan_binding(&self, id: &SubscriberId, mac: MacAddr) -> Result<There> {
        let subscriber = ids::subscriber(BIND, id)?;
        let exists = rows::Subscriber::filter(|s| s.id.eq(subscriber)).column(|s| s.id);
        let boxes = rows::Terminal::filter(|t| t.mac_addr.is_in(spellings(mac)));
        let (exists, boxes) = self.client.batch((&exists, &boxes)).await;
        if exists?.is_empty() {
            return Err(subscriber::MISSING);
        }
        // There may be several: one that is another subscriber's decides, then
        // one that is this subscriber's.
        let mut there = There::Nothing;
        for row in boxes? {
            match (row.subscriber_id, &there) {
                (Some(owner), _) if owner != subscriber => {
                    return Err(Error::Taken {
                        record: "terminal",
                        key: "hardware address",
                        place: None,
                    });
                }
                (Some(_), _) | (None, There::Nothing) => there = There::Row(row),
                (None, There::Row(_)) => {}
            }
        }
        Ok(there)
    }

    pub(super) async fn give(
        &self,
        terminal: &TerminalId,
        to: &SubscriberId,
    ) -> Result<Applied<Terminal>> {
        let subscriber = ids::subscriber(MOVE, to)?;
        let row = self.plan_move(terminal, to).await?;
        if row.subscriber_id == Some(subscriber) {
            return Ok(Applied::new(row.into(), Change::Nothing, Vec::new()));
        }
        // A box that is kept from watching by hand stays so with another
        // subscriber; one that is nobody's is registered by being given.
        let registered = row.registered || row.subscriber_id.is_none();
        let update = schema::Terminal::update(|t| t.id.eq(row.id))
            .set(|t| (t.subscriber_id.to(subscriber), t.registered.to(registered)));
        let written = self.client.execute(&update).idempotent().await;
        if written.as_ref().is_ok_and(Vec::is_empty) {
            return Err(MISSING_TERMINAL);
        }
        let outcome = Outcome::of(written)?;
        let read = self.terminal(MOVE, terminal).await;
        let row = outcome.settle(MOVE, "the update", read, |row| match &row {
            Some(found) if found.subscriber_id == Some(subscriber) => Ok(row),
            _ => Err(not_applied(MOVE, "the terminal is not the subscriber's")),
        })?;
        let row = row.ok_or(MISSING_TERMINAL)?;
        Ok(Applied::new(row.into(), Change::Made, Vec::new()))
    }

    /// The terminal as it is, if there is a subscriber to give it to.
    pub(super) async fn plan_move(
        &self,
        terminal: &TerminalId,
        to: &SubscriberId,
    ) -> Result<rows::Terminal> {
        let terminal = ids::terminal(MOVE, terminal)?;
        let subscriber = ids::subscriber(MOVE, to)?;
        let row = rows::Terminal::filter(|t| t.id.eq(terminal));
        let exists = rows::Subscriber::filter(|s| s.id.eq(subscriber)).column(|s| s.id);
        let (row, exists) = self.client.batch((&row, &exists)).await;
        let row = row?.pop().ok_or(MISSING_TERMINAL)?;
        if exists?.is_empty() {
            return Err(subscriber::MISSING);
        }
        Ok(row)
    }

    /// It stays as a box that is nobody's and not registered.
    pub(super) async fn unbind(&self, terminal: &TerminalId) -> Result<Applied<()>> {
        let id = ids::terminal(UNBIND, terminal)?;
        let row = self.terminal(UNBIND, terminal).await?;
        if row.is_none_or(|row| row.subscriber_id.is_none()) {
            return Ok(Applied::new((), Change::Nothing, Vec::new()));
        }
        let update = schema::Terminal::update(|t| t.id.eq(id)).set(|t| {
            (
                t.subscriber_id.to(None::<schema::SubscriberId>),
                t.registered.to(false),
            )
        });
        let written = self.client.execute(&update).idempotent().await;
        if written.as_ref().is_ok_and(Vec::is_empty) {
            return Ok(Applied::new((), Change::Nothing, Vec::new()));
        }
        let outcome = Outcome::of(written)?;
        let read = self.terminal(UNBIND, terminal).await;
        outcome.settle(UNBIND, "the update", read, |row| match &row {
            Some(found) if found.subscriber_id.is_some() => {
                Err(not_applied(UNBIND, "the terminal is still somebody's"))
            }
            _ => Ok(row),
        })?;
        Ok(Applied::new((), Change::Made, Vec::new()))
    }

    pub(super) async fn terminal(
        &self,
        operation: &'static str,
        id: &TerminalId,
    ) -> Result<Option<rows::Terminal>> {
        let id = ids::terminal(operation, id)?;
        let query = rows::Terminal::filter(|t| t.id.eq(id));
        self.client.fetch_optional(&query).await
    }
}

const MISSING_TERMINAL: Error = Error::Missing {
    record: "terminal",
    place: None,
};

/// The same address as a text column may have it. Whether the column is a text
/// is unknown; a `macaddr` is equal to each of them.
fn spellings(mac: MacAddr) -> Vec<String> {
    let dashes = mac.to_string();
    let colons = dashes.replace('-', ":");
    let bare = dashes.replace('-', "");
    let lower = [&dashes, &colons, &bare].map(|text| text.to_lowercase());
    [dashes, colons, bare].into_iter().chain(lower).collect()
}
