//! The bodies of the latest requests and answers, for the console.
//!
//! The journal has none of them: passwords and texts are in bodies. They are kept
//! in memory only, as they came, and the console removes the secrets before it
//! shows them.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes, HttpBody, to_bytes};
use axum::extract::Request;
use axum::response::Response;
use hyper::body::{Frame, SizeHint};
use jiff::Timestamp;

use super::{Journal, lock};

/// The number of requests of which the bodies are kept.
const MOST: usize = 500;

/// The number of bytes of a body that is kept whole; of a larger one, none.
const MOST_OF_BODY: usize = 64 << 10;

/// The number of bytes of all bodies together.
const MOST_BYTES: usize = 16 << 20;

/// A request and its answer, beyond what the journal has.
#[derive(Debug)]
pub(crate) struct Exchange {
    pub(crate) number: u64,
    /// The time of arrival, by the machine's clock.
    pub(crate) arrived: Timestamp,
    pub(crate) duration: Duration,
    pub(crate) query: Option<String>,
    pub(crate) sent: Kept,
    pub(crate) answer: Kept,
}

/// A body, as much of it as is kept.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    /// Its bytes; none if it was too large.
    pub(crate) bytes: Option<Vec<u8>>,
    /// The number of bytes that were read.
    pub(crate) length: u64,
}

impl Kept {
    fn add(&mut self, bytes: &[u8]) {
        self.length += bytes.len() as u64;
        let kept = self.bytes.get_or_insert_default();
        match usize::try_from(self.length) {
            Ok(length) if length <= MOST_OF_BODY => kept.extend_from_slice(bytes),
            _ => *kept = Vec::new(),
        }
    }

    /// The body once no more of it comes.
    fn whole(mut self) -> Kept {
        if self.length > MOST_OF_BODY as u64 {
            self.bytes = None;
        } else {
            self.bytes.get_or_insert_default();
        }
        self
    }

    fn size(&self) -> usize {
        self.bytes.as_ref().map_or(0, Vec::len)
    }
}

/// Marks a request that the console sends, and gets its number.
#[derive(Debug, Clone, Default)]
pub(crate) struct FromConsole(Arc<AtomicU64>);

impl FromConsole {
    /// The number that the request has in the journal; 0 if it did not get that
    /// far.
    pub(crate) fn number(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// The observation of a request under way.
pub(crate) struct Observed {
    number: u64,
    arrived: Timestamp,
    begun: Instant,
    query: Option<String>,
    is_from_console: bool,
    sent: Arc<Mutex<Kept>>,
}

impl Observed {
    /// Begins to observe a request: the returned one is to be answered.
    pub(crate) fn begin(request: Request, number: u64) -> (Request, Observed) {
        let mark = request.extensions().get::<FromConsole>();
        if let Some(FromConsole(found)) = mark {
            found.store(number, Ordering::Relaxed);
        }
        let sent = Arc::<Mutex<Kept>>::default();
        let observed = Observed {
            number,
            arrived: Timestamp::now(),
            begun: Instant::now(),
            query: request.uri().query().map(str::to_owned),
            is_from_console: mark.is_some(),
            sent: Arc::clone(&sent),
        };
        let copied = |body| Body::new(Copied { body, kept: sent });
        (request.map(copied), observed)
    }

    pub(crate) fn is_from_console(&self) -> bool {
        self.is_from_console
    }

    /// Keeps what was observed, and returns the answer as it was.
    pub(crate) async fn end(self, journal: &Journal, response: Response) -> Response {
        let duration = self.begun.elapsed();
        let (response, answer) = kept(response).await;
        let sent = std::mem::take(&mut *lock(&self.sent)).whole();
        journal.keep(Exchange {
            number: self.number,
            arrived: self.arrived,
            duration,
            query: self.query,
            sent,
            answer,
        });
        response
    }
}

/// A copy of the body of an answer that is in memory as a whole.
async fn kept(response: Response) -> (Response, Kept) {
    let mut kept = Kept::default();
    let length = response.body().size_hint().exact();
    if length.is_none_or(|length| length > MOST_OF_BODY as u64) {
        kept.length = length.unwrap_or_default();
        return (response, kept);
    }
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, MOST_OF_BODY).await.unwrap_or_default();
    kept.add(&bytes);
    (Response::from_parts(parts, Body::from(bytes)), kept.whole())
}

/// A body of which a copy is made while it is read.
struct Copied {
    body: Body,
    kept: Arc<Mutex<Kept>>,
}

impl HttpBody for Copied {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = Pin::new(&mut self.body).poll_frame(cx);
        if let Poll::Ready(Some(Ok(frame))) = &frame
            && let Some(data) = frame.data_ref()
        {
            lock(&self.kept).add(data);
        }
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// The latest exchanges.
#[derive(Default)]
pub(super) struct Exchanges {
    latest: VecDeque<Arc<Exchange>>,
    bytes: usize,
}

impl Exchanges {
    pub(super) fn push(&mut self, exchange: Exchange) {
        self.bytes += size(&exchange);
        self.latest.push_back(Arc::new(exchange));
        while self.latest.len() > MOST || self.bytes > MOST_BYTES {
            match self.latest.pop_front() {
                Some(first) => self.bytes -= size(&first),
                None => break,
            }
        }
    }

    pub(super) fn get(&self, number: u64) -> Option<Arc<Exchange>> {
        let mut latest_first = self.latest.iter().rev();
        latest_first
            .find(|exchange| exchange.number == number)
            .cloned()
    }

    pub(super) fn clear(&mut self) {
        *self = Exchanges::default();
    }
}

fn size(exchange: &Exchange) -> usize {
    let query = exchange.query.as_ref().map_or(0, String::len);
    query + exchange.sent.size() + exchange.answer.size()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exchange(number: u64, length: usize) -> Exchange {
        let mut sent = Kept::default();
        sent.add(&vec![b'x'; length]);
        Exchange {
            number,
            arrived: Timestamp::now(),
            duration: Duration::ZERO,
            query: None,
            sent: sent.whole(),
            answer: Kept::default(),
        }
    }

    #[test]
    fn memory_is_bounded_by_count_by_body_and_in_all() {
        let mut exchanges = Exchanges::default();
        for number in 0..600 {
            exchanges.push(exchange(number, 10));
        }
        assert!(exchanges.get(99).is_none() && exchanges.get(100).is_some());
        let large = exchange(1, MOST_OF_BODY + 1);
        assert!(large.sent.bytes.is_none() && large.sent.length > MOST_OF_BODY as u64);
        for number in 1000..1400 {
            exchanges.push(exchange(number, MOST_OF_BODY));
        }
        assert!(exchanges.bytes <= MOST_BYTES);
        assert!(exchanges.get(1399).is_some() && exchanges.get(1000).is_none());
    }
}
