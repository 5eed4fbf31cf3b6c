//! Reading a list to its end.

use std::collections::HashSet;

use super::Tvip;
use super::answer::Asked;
use super::entity::{Entity, Filter};
use super::listed::{Listed, Page};
use super::query::Query;
use crate::error::{ProtocolError, Result};
use crate::http::rest::{Content, Outgoing};
use crate::http::retry::Verdict;
use crate::http::transport::Reply;
use crate::http_method::HttpMethod;

/// Reads a list page by page, sorted by key.
///
/// A page begins with the last row of the one before: if that is another row,
/// or the `total` another number, rows have moved, and one of them may have
/// slipped between two pages. Then the whole list is asked for once.
pub(super) struct Pager<R: Entity> {
    tvip: Tvip,
    filter: R::Filter,
    /// The number of rows that the list had until here.
    got: u64,
    last: Option<i64>,
    total: Option<u64>,
    /// The keys given out.
    given: HashSet<i64>,
    done: bool,
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

    /// The next rows that the filter admits, or none at the end.
    pub(super) async fn next(&mut self) -> Result<Option<Vec<R>>> {
        let Some(page) = self.page(false).await? else {
            return Ok(None);
        };
        let rows = page.into_iter().filter_map(Listed::read);
        Ok(Some(rows.filter(|row| self.filter.admits(row)).collect()))
    }

    /// The next rows as the server lists them, or none at the end: those that
    /// the filter does not admit too, and with `keeps_odd` those that cannot be
    /// read.
    pub(super) async fn page(&mut self, keeps_odd: bool) -> Result<Option<Vec<Listed<R>>>> {
        if self.done {
            return Ok(None);
        }
        let rows = self.tvip.page_rows();
        let overlap = u64::from(self.last.is_some());
        let mut page = self.read(self.got - overlap, rows, keeps_odd).await?;
        if self.has_moved(&page) {
            return self.everything(keeps_odd).await.map(Some);
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
            return self.everything(keeps_odd).await.map(Some);
        }
        if let Some(row) = page.data.last() {
            self.last = row.id();
        }
        Ok(Some(self.give(page.data)))
    }

    fn has_moved(&self, page: &Page<R>) -> bool {
        let first = page.data.first().and_then(Listed::id);
        self.last.is_some() && (page.total != self.total || first != self.last)
    }

    /// The whole list: `limit=0` is no limit.
    async fn everything(&mut self, keeps_odd: bool) -> Result<Vec<Listed<R>>> {
        tracing::debug!(resource = R::PATH, "rows moved between pages; reading all");
        self.done = true;
        let list = self.read(0, 0, keeps_odd).await?;
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

    /// Those that have not been given out.
    fn give(&mut self, rows: Vec<Listed<R>>) -> Vec<Listed<R>> {
        rows.into_iter()
            .filter(|row| row.id().is_none_or(|id| self.given.insert(id)))
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

    async fn read(&self, start: u64, limit: u64, keeps_odd: bool) -> Result<Page<R>> {
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
        let read: fn(&Asked, &Reply) -> Verdict<Page<R>> = match keeps_odd {
            true => |asked, reply| asked.list(reply, true),
            false => |asked, reply| asked.list(reply, false),
        };
        self.tvip.rest().call(call, asked, read).await
    }
}
