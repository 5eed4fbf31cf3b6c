//! Reading, creating, changing and deleting records of one kind.

use std::fmt;
use std::marker::PhantomData;

use serde::Serialize;
use serde_json::Value;

use super::Tvip;
use super::answer::Asked;
use super::entity::{Entity, Writable};
use super::listed::Listed;
use super::pager::Pager;
use crate::error::{Error, Refusal, RejectionKind, Result};
use crate::http::rest::{Content, Outgoing};
use crate::http_method::HttpMethod;
use crate::records::Records;

/// The records of one kind.
pub struct Calls<'a, R> {
    tvip: &'a Tvip,
    kind: PhantomData<fn() -> R>,
}

impl<'a, R> Calls<'a, R> {
    pub(super) fn new(tvip: &'a Tvip) -> Self {
        Calls {
            tvip,
            kind: PhantomData,
        }
    }
}

impl<R: Entity> Calls<'_, R> {
    /// The record with this key, if there is one.
    ///
    /// ```no_run
    /// # async fn example(tvip: &jsonsql_client::tvip::Tvip) -> jsonsql_client::Result<()> {
    /// use jsonsql_client::tvip::AccountId;
    ///
    /// if let Some(account) = tvip.accounts().get(AccountId(77)).await? {
    ///     println!("{:?}", account.enabled);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of every call.
    pub async fn get(self, id: R::Id) -> Result<Option<R>> {
        let asked = self.tvip.asked(R::READ, Vec::new());
        let call = outgoing::<R>(HttpMethod::Get, Some(id), None);
        match self.tvip.rest().call(call, asked, Asked::record).await {
            Ok(record) => Ok(Some(record)),
            Err(Error::Rejected(rejection)) if rejection.kind() == RejectionKind::NotFound => {
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// The records that a filter admits, in the order of their keys, read by
    /// pages. What the server should have left out is left out here.
    ///
    /// If the number of records changes while they are read, all are read
    /// again at once; none comes twice.
    ///
    /// ```no_run
    /// # async fn example(tvip: &jsonsql_client::tvip::Tvip) -> jsonsql_client::Result<()> {
    /// use jsonsql_client::tvip::AccountFilter;
    ///
    /// let filter = AccountFilter { login: Some("ivanov".to_owned()), ..AccountFilter::default() };
    /// let found = tvip.accounts().list(filter).collect().await?;
    /// println!("{} accounts", found.len());
    /// # Ok(())
    /// # }
    /// ```
    pub fn list(self, filter: R::Filter) -> Records<'static, R> {
        Records::paged(Pager::new(self.tvip.clone(), filter), |mut pager| {
            Box::pin(async move { Ok(pager.next().await?.map(|records| (records, pager))) })
        })
    }

    /// The rows of a list, those that the filter does not admit among them, and
    /// those that cannot be read: for whoever compares in another way and must
    /// not stop at one row.
    pub(crate) async fn rows(self, filter: R::Filter) -> Result<Vec<Listed<R>>> {
        let mut pager = Pager::new(self.tvip.clone(), filter);
        let mut rows = Vec::new();
        while let Some(page) = pager.page(true).await? {
            rows.extend(page);
        }
        Ok(rows)
    }

    /// As [`rows`](Self::rows), page by page.
    pub(crate) fn pages(self, filter: R::Filter) -> Records<'static, Listed<R>> {
        Records::paged(Pager::new(self.tvip.clone(), filter), |mut pager| {
            Box::pin(async move { Ok(pager.page(true).await?.map(|rows| (rows, pager))) })
        })
    }

    /// All records there are.
    ///
    /// ```no_run
    /// # async fn example(tvip: &jsonsql_client::tvip::Tvip) -> jsonsql_client::Result<()> {
    /// let tarifs = tvip.tarifs().all().collect().await?;
    /// println!("{} tariffs", tarifs.len());
    /// # Ok(())
    /// # }
    /// ```
    pub fn all(self) -> Records<'static, R> {
        self.list(R::Filter::default())
    }
}

impl<R: Writable> Calls<'_, R> {
    /// Creates a record: a POST without `id`.
    ///
    /// ```no_run
    /// # async fn example(tvip: &jsonsql_client::tvip::Tvip) -> jsonsql_client::Result<()> {
    /// use jsonsql_client::tvip::{NewAccount, ProviderId};
    ///
    /// let new = NewAccount { provider: Some(ProviderId(1)), ..NewAccount::new("ivanov") };
    /// println!("account {}", tvip.accounts().create(&new).await?.id);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of every call; a key that is taken is HTTP 400, in words that
    /// nobody has written down.
    pub async fn create(self, new: &R::New) -> Result<R> {
        let content = Json::of(R::WRITE, new)?;
        let asked = self.tvip.asked(R::WRITE, content.texts());
        let call = outgoing::<R>(HttpMethod::Post, None, Some(content.bytes));
        self.tvip.rest().call(call, asked, Asked::record).await
    }

    /// Changes the fields that the change names: a POST with `id`.
    ///
    /// ```no_run
    /// # async fn example(tvip: &jsonsql_client::tvip::Tvip) -> jsonsql_client::Result<()> {
    /// use jsonsql_client::tvip::{AccountChange, AccountId};
    ///
    /// let off = AccountChange { enabled: Some(false), ..AccountChange::default() };
    /// tvip.accounts().update(AccountId(77), &off).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of every call; [`Error::Refused`] if the change is empty.
    pub async fn update(self, id: R::Id, change: &R::Change) -> Result<R> {
        #[derive(Serialize)]
        struct Changed<'a, C> {
            id: i64,
            #[serde(flatten)]
            change: &'a C,
        }
        let content = Json::of(
            R::WRITE,
            &Changed {
                id: id.into(),
                change,
            },
        )?;
        if content.fields() < 2 {
            return Err(Refusal::new(R::WRITE, "the change names no field").into());
        }
        let asked = self.tvip.asked(R::WRITE, content.texts());
        let mut call = outgoing::<R>(HttpMethod::Post, None, Some(content.bytes));
        // It gives fields their values, however often.
        call.repeatable = true;
        let record: R = self.tvip.rest().call(call, asked, Asked::record).await?;
        if record.id() != id {
            return Err(Error::NotApplied {
                operation: R::WRITE,
                found: "it answered with another record".into(),
                place: Some(self.tvip.rest().place(R::WRITE)),
            });
        }
        Ok(record)
    }

    /// Deletes the record. One that is not there is deleted already: servers
    /// say so with HTTP 404, 403 or 400, which reading confirms.
    ///
    /// ```no_run
    /// # async fn example(tvip: &jsonsql_client::tvip::Tvip) -> jsonsql_client::Result<()> {
    /// use jsonsql_client::tvip::DeviceId;
    ///
    /// tvip.devices().delete(DeviceId(5)).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of every call.
    pub async fn delete(self, id: R::Id) -> Result<()> {
        let asked = self.tvip.asked(R::DELETE, Vec::new());
        let mut call = outgoing::<R>(HttpMethod::Delete, Some(id), None);
        call.repeatable = true;
        let deleted = self.tvip.rest().call(call, asked, Asked::nothing).await;
        match deleted {
            Err(error) if may_be_gone(&error) => match self.get(id).await {
                Ok(None) => Ok(()),
                _ => Err(error),
            },
            deleted => deleted,
        }
    }
}

impl<R> Clone for Calls<'_, R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R> Copy for Calls<'_, R> {}

impl<R> fmt::Debug for Calls<'_, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Calls")
    }
}

fn may_be_gone(error: &Error) -> bool {
    match error {
        Error::Indeterminate(_) => true,
        Error::Denied { status, .. } => *status == Some(403),
        Error::Rejected(rejection) => matches!(rejection.status(), 400 | 404),
        Error::Status { status, .. } => matches!(status, 400 | 404),
        _ => false,
    }
}

fn outgoing<R: Entity>(
    method: HttpMethod,
    id: Option<R::Id>,
    content: Option<Vec<u8>>,
) -> Outgoing {
    Outgoing {
        method,
        resource: R::PATH,
        path: match id {
            Some(id) => format!("{}/{id}", R::PATH),
            None => R::PATH.to_owned(),
        },
        query: None,
        content: content.map_or(Content::None, Content::Json),
        repeatable: false,
    }
}

/// The content that a call sends.
pub(super) struct Json {
    pub(super) bytes: Vec<u8>,
}

impl Json {
    pub(super) fn of(operation: &'static str, content: &impl Serialize) -> Result<Json> {
        let written = serde_json::to_vec(content);
        // The types are ours and have a JSON form.
        let bytes = written.map_err(|_| Refusal::new(operation, "it cannot be written as JSON"))?;
        Ok(Json { bytes })
    }

    fn value(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_default()
    }

    fn fields(&self) -> usize {
        self.value().as_object().map_or(0, serde_json::Map::len)
    }

    pub(super) fn texts(&self) -> Vec<String> {
        let mut texts = Vec::new();
        collect(&self.value(), &mut texts);
        texts
    }
}

fn collect(value: &Value, texts: &mut Vec<String>) {
    match value {
        Value::String(text) => texts.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| collect(item, texts)),
        Value::Object(fields) => fields.values().for_each(|field| collect(field, texts)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
