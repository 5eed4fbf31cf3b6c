//! Reading a list to its end.

use std::collections::HashSet;

use serde::Deserialize;

use super::Tvip;
use super::answer::Asked;
use super::entity::{Entity, Filter};
use super::query::Query;
use crate::error::{ProtocolError, Result};
use crate::rest::{Content, Outgoing};
use crate::transport::HttpMethod;

/// Reads a list page by page, sorted by key.
///
/// A page begins with the last row of the one before: if that is another row,
/// or the `total` another number, rows have moved, and one of them may have
/// slipped between two pages. Then the whole list is asked for once.
pub(super) struct Pager<R: Entity> {
    tvip: Tvip,
    filter: R::Filter,
    /// How many rows the list had until here.
    got: u64,
    last: Option<i64>,
    total: Option<u64>,
    /// The keys given out.
    given: HashSet<i64>,
    done: bool,
}

/// `{"data": [], "total": 0, "start": 0, "limit": 100}`
#[derive(Deserialize)]
struct Envelope<R> {
    data: Vec<R>,
    total: Option<u64>,
}

impl<R: Entity> Pager<R> {
    pub(super) fn new(tvip: Tvip, filter: R::Filter) -> Pager<R> {
        Pager {
            tvip,
            filter,
            got: 0,
            last: None,
            total: None,
            given: HashSet::new(),
            done: false,
        }
    }

    /// The next rows, or none at the end.
    pub(super) async fn next(&mut self) -> Result<Option<Vec<R>>> {
        if self.done {
            return Ok(None);
        }
        let rows = self.tvip.page_rows();
        let overlap = u64::from(self.last.is_some());
        let mut page = self.read(self.got - overlap, rows).await?;
        if self.has_moved(&page) {
            return self.everything().await.map(Some);
        }
        let asked_for_more = page.data.len() as u64 >= rows;
        page.data.drain(..overlap as usize);
        self.got += page.data.len() as u64;
        self.total = page.total;
        self.done = match page.total {
            Some(total) => self.got == total,
            None => !asked_for_more,
        };
        if !self.done && page.data.is_empty() || page.total.is_some_and(|total| self.got > total) {
            return self.everything().await.map(Some);
        }
        if let Some(row) = page.data.last() {
            self.last = Some(row.id().into());
        }
        Ok(Some(self.give(page.data)))
    }

    fn has_moved(&self, page: &Envelope<R>) -> bool {
        let first = page.data.first().map(|row| row.id().into());
        self.last.is_some() && (page.total != self.total || first != self.last)
    }

    /// The whole list: `limit=0` is no limit.
    async fn everything(&mut self) -> Result<Vec<R>> {
        tracing::debug!(resource = R::PATH, "rows moved between pages; reading all");
        self.done = true;
        let list = self.read(0, 0).await?;
        if list
            .total
            .is_some_and(|total| total != list.data.len() as u64)
        {
            return Err(ProtocolError::Shape {
                found: "a list of another length than its `total`",
                expected: "all rows",
            }
            .into());
        }
        Ok(self.give(list.data))
    }

    /// Those that are asked for and have not been given out.
    fn give(&mut self, rows: Vec<R>) -> Vec<R> {
        rows.into_iter()
            .filter(|row| self.given.insert(row.id().into()) && self.filter.admits(row))
            .collect()
    }

    fn query(&self, start: u64, limit: u64) -> (String, Vec<String>) {
        let mut query = Query::new();
        self.filter.ask(&mut query);
        query.number("start", start);
        query.number("limit", limit);
        query.number("sort", "id");
        query.finish()
    }

    async fn read(&self, start: u64, limit: u64) -> Result<Envelope<R>> {
        let (query, texts) = self.query(start, limit);
        let asked = self.tvip.asked(R::READ, texts);
        let call = Outgoing {
            method: HttpMethod::Get,
            resource: R::PATH,
            path: R::PATH.to_owned(),
            query: Some(query),
            content: Content::None,
            repeatable: true,
        };
        self.tvip.rest().call(call, asked, Asked::list).await
    }
}
