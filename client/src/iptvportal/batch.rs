//! Several statements in one request.

use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use tracing::Instrument;

use super::batch_item::{Answer, AnyBatchItem, Statements};
use super::brake;
use crate::Client;
use crate::error::ProtocolError;
use crate::http::transport::Body;
use crate::iptvportal::executor::Outgoing;
use crate::iptvportal::rpc::{self, ErrorMember, Failure, Proof, Verb};

/// Several statements to be sent in one request, or in as few as the limits
/// of the client allow, one after another.
#[must_use = "a batch is not sent until it is awaited"]
pub struct Batch<'a, S> {
    client: &'a Client,
    statements: S,
    timeout: Option<Duration>,
    idempotent: bool,
}

impl Client {
    /// Makes several calls in one request, and answers with a result for each.
    ///
    /// They may be of different kinds; each result has its statement's row
    /// type. Whether a server makes all of them or none is unknown, as is the
    /// order it makes them in: no statement should need another one's effect.
    /// One that fails does not fail the others. A batch whose answer is lost
    /// is sent again only if all its statements are selects; otherwise each
    /// write in it is [`Error::Indeterminate`](crate::Error::Indeterminate).
    ///
    /// The rows of writes with [`at_most`](jsonsql::Update::at_most) are counted
    /// first, in a batch of their own: before any statement of this one is sent.
    /// A write that would touch more fails with
    /// [`Error::TooManyRows`](crate::Error::TooManyRows), and the others are sent.
    ///
    /// ```no_run
    /// # async fn example(client: jsonsql_client::Client) -> jsonsql_client::Result<()> {
    /// # use jsonsql::prelude::*;
    /// # #[derive(Table)]
    /// # #[table(name = "package")]
    /// # struct Package { #[column(key, generated)] id: i64, name: String, paid: bool }
    /// let free = Package::filter(|p| p.paid.eq(false));
    /// let rename = Package::update(|p| p.id.eq(7)).set(|p| p.name.to("sports"));
    /// let (free, renamed) = client.batch((&free, &rename)).await;
    /// for package in free? {
    ///     assert!(!package.paid);
    /// }
    /// let ids: Vec<i64> = renamed?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn batch<'a, S: Statements<'a>>(&'a self, statements: S) -> Batch<'a, S> {
        Batch {
            client: self,
            statements,
            timeout: None,
            idempotent: false,
        }
    }
}

impl<'a, S: Statements<'a>> Batch<'a, S> {
    /// Limits the time of each of its requests, as for a [`Call`](crate::Call).
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.timeout = Some(limit);
        self
    }

    /// Says that all its writes are idempotent, as for a [`Call`](crate::Call).
    pub fn idempotent(mut self) -> Self {
        self.idempotent = true;
        self
    }

    async fn make(self) -> S::Results {
        let client = self.client;
        let mut items = self.statements.items();
        let free = held(client, S::each(&mut items), self.timeout).await;
        let mut chunk = Chunk::new(client, self.timeout, self.idempotent);
        for item in free {
            let id = client.next_id();
            if let Some(call) = item.encode(client, id) {
                if chunk.is_full_with(&call) {
                    chunk.send().await;
                }
                chunk.items.push(Item { item, id, call });
            }
        }
        chunk.send().await;
        drop(chunk);
        S::results(items)
    }
}

/// Counts the rows of the writes that have a limit, and keeps what may be sent.
async fn held<'s, 'a>(
    client: &Client,
    mut items: Vec<&'s mut dyn AnyBatchItem<'a>>,
    timeout: Option<Duration>,
) -> Vec<&'s mut dyn AnyBatchItem<'a>> {
    // What cannot be sent is not worth a count: it has failed by now.
    items.retain_mut(|item| item.brake().is_none() || item.encode(client, 0).is_some());
    let keys: Vec<_> = items
        .iter()
        .filter_map(|item| item.brake().map(brake::Keys::of))
        .collect();
    if keys.is_empty() {
        return items;
    }
    let mut batch = client.batch(&keys[..]);
    batch.timeout = timeout;
    let mut counted = batch.await.into_iter();
    items.retain_mut(|item| {
        let Some(brake) = item.brake() else {
            return true;
        };
        // Without a count it is not sent.
        let keys = counted.next();
        let keys = keys.unwrap_or_else(|| Err(ProtocolError::Unanswered.into()));
        let checked = keys.and_then(|keys| brake::check(item.ast(), brake, &keys));
        checked.map_err(|error| item.fail(client, error)).is_ok()
    });
    items
}

struct Chunk<'s, 'a> {
    client: &'a Client,
    timeout: Option<Duration>,
    idempotent: bool,
    items: Vec<Item<'s, 'a>>,
}

struct Item<'s, 'a> {
    item: &'s mut dyn AnyBatchItem<'a>,
    id: u64,
    call: Vec<u8>,
}

impl<'a> Chunk<'_, 'a> {
    fn new(client: &'a Client, timeout: Option<Duration>, idempotent: bool) -> Self {
        Chunk {
            client,
            timeout,
            idempotent,
            items: Vec::new(),
        }
    }

    fn is_full_with(&self, call: &[u8]) -> bool {
        let limits = self.client.request_limits();
        // A comma after each call, and the brackets.
        let bytes: usize = self.items.iter().map(|item| item.call.len() + 1).sum();
        self.items.len() >= limits.calls || bytes + call.len() + 2 > limits.bytes
    }

    /// Sends what is in it, and leaves it empty.
    async fn send(&mut self) {
        let mut items = std::mem::take(&mut self.items);
        if items.is_empty() {
            return;
        }
        let exchange = self.client.executor();
        let statements: Vec<_> = items.iter().map(|item| item.item.ast()).collect();
        let methods = statements.iter().map(|statement| statement.method());
        let call = Outgoing {
            body: Body(rpc::envelopes(items.iter().map(|item| &*item.call)).into()),
            statements: &statements,
            verb: Verb::of(methods, self.idempotent),
            timeout: self.timeout,
        };
        let readers: Vec<_> = items
            .iter()
            .map(|item| (item.id, item.item.reader()))
            .collect();
        let session_texts = Arc::clone(&exchange.session_texts);
        let read = move |body: &[u8]| {
            let mut answers: Vec<_> = readers.iter().map(|_| Answer::None).collect();
            for (id, answer) in rpc::read_batch(body)? {
                // Ids were given out in this order. An answer with another id
                // is nobody's: whose it was meant to be stays unanswered.
                if let Ok(at) = readers.binary_search_by_key(&id, |(id, _)| *id) {
                    answers[at] = match answers[at] {
                        Answer::None => readers[at].1(answer, id),
                        _ => Answer::Several,
                    };
                }
            }
            about_session(&answers, |message| session_texts.is(message))?;
            // Each of the answers names its call.
            Ok(rpc::Answer {
                rows: answers,
                proof: Proof::Id,
            })
        };
        let span = tracing::info_span!(
            "jsonsql",
            otel.kind = "client",
            db.system.name = "iptvportal",
            db.operation.batch.size = statements.len(),
            rpc.system.name = "jsonrpc",
        );
        match exchange.run(&call, read).instrument(span).await {
            Ok((session, answers)) => {
                for (item, answer) in items.iter_mut().zip(answers) {
                    item.item.settle(self.client, &session, answer);
                }
            }
            Err(failed) => {
                for item in &mut items {
                    let error = failed.of(item.item.ast());
                    item.item.fail(self.client, error);
                }
            }
        }
    }
}

/// A batch whose every statement is refused for its session is refused as a
/// whole: a new session may help.
fn about_session(answers: &[Answer], is: impl Fn(&str) -> bool) -> Result<(), Failure> {
    let mut refusal = None;
    for answer in answers {
        match answer {
            Answer::Failure(Failure::Error(ErrorMember { message, .. }, _)) if is(message) => {
                refusal = Some(message);
            }
            _ => return Ok(()),
        }
    }
    refusal.map_or(Ok(()), |message| {
        let error = ErrorMember {
            code: None,
            message: message.clone(),
        };
        Err(Failure::Error(error, Proof::Id))
    })
}

impl<'a, S> IntoFuture for Batch<'a, S>
where
    S: Statements<'a> + Send + 'a,
{
    type Output = S::Results;
    type IntoFuture = Pin<Box<dyn Future<Output = S::Results> + Send + 'a>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.make())
    }
}

impl<S> fmt::Debug for Batch<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Batch").finish_non_exhaustive()
    }
}
