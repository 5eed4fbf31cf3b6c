//! Several statements in one request.

use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::time::Duration;

use jsonsql::ast::Method;
use tracing::Instrument;

use super::slot::{AnySlot, Statements};
use crate::Client;
use crate::exchange::Outgoing;
use crate::rpc::{self, ErrorMember, Failure, Proof};
use crate::transport::Body;

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
    /// How long each of its requests may take, as for a [`Call`](crate::Call).
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
        let mut slots = self.statements.slots();
        let mut chunk = Chunk::new(client, self.timeout, self.idempotent);
        for slot in S::each(&mut slots) {
            let id = client.next_id();
            if let Some(call) = slot.encode(client, id) {
                if chunk.is_full_with(&call) {
                    chunk.send().await;
                }
                chunk.items.push(Item { slot, id, call });
            }
        }
        chunk.send().await;
        drop(chunk);
        S::results(slots)
    }
}

struct Chunk<'s, 'a> {
    client: &'a Client,
    timeout: Option<Duration>,
    idempotent: bool,
    items: Vec<Item<'s, 'a>>,
}

struct Item<'s, 'a> {
    slot: &'s mut dyn AnySlot<'a>,
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
        let limits = self.client.chunks();
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
        let exchange = self.client.exchange();
        let statements: Vec<_> = items.iter().map(|item| item.slot.ast()).collect();
        let reads = |item: &Item<'_, '_>| item.slot.ast().method() == Method::Select;
        let call = Outgoing {
            body: Body(rpc::envelopes(items.iter().map(|item| &*item.call)).into()),
            statements: &statements,
            repeatable: self.idempotent || items.iter().all(reads),
            timeout: self.timeout,
        };
        let mut read = |body: &[u8]| {
            let answers = rpc::read_batch(body)?;
            items.iter_mut().for_each(|item| item.slot.clear());
            for (id, answer) in answers {
                // Ids were given out in this order. An answer with another id
                // is nobody's: whose it was meant to be stays unanswered.
                if let Ok(at) = items.binary_search_by_key(&id, |item| item.id) {
                    items[at].slot.read(answer, id);
                }
            }
            about_session(&items, |message| exchange.session_texts.is(message))
        };
        let span = tracing::info_span!(
            "jsonsql",
            otel.kind = "client",
            db.system.name = "iptvportal",
            db.operation.batch.size = statements.len(),
            rpc.system.name = "jsonrpc",
        );
        let made = exchange.run(&call, &mut read).instrument(span).await;
        for item in &mut items {
            match &made {
                Ok(session) => item.slot.settle(self.client, session),
                Err(lost) => {
                    let error = lost.of(item.slot.ast());
                    item.slot.fail(error);
                }
            }
        }
    }
}

/// A batch whose every statement is refused for its session is refused as a
/// whole: a new session may help. Each of the answers names its call.
fn about_session(items: &[Item<'_, '_>], is: impl Fn(&str) -> bool) -> Result<Proof, Failure> {
    let mut refusal = None;
    for item in items {
        match item.slot.error() {
            Some(message) if is(message) => refusal = Some(message),
            _ => return Ok(Proof::Id),
        }
    }
    refusal.map_or(Ok(Proof::Id), |message| {
        let error = ErrorMember {
            code: None,
            message: message.to_owned(),
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
