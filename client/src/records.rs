//! Records, read as they come.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::stream::{self, Stream, StreamExt, TryStreamExt};

use crate::error::Result;

/// Records of a platform, in the order they come. Pages that nobody asks for
/// are not read.
///
/// ```no_run
/// # async fn example(backend: &dyn jsonsql_client::provisioning::Backend) -> jsonsql_client::Result<()> {
/// let mut subscribers = backend.subscribers();
/// while let Some(subscriber) = subscribers.next().await {
///     println!("{}", jsonsql_client::Printable(subscriber?.login));
/// }
/// let packages = backend.packages().collect().await?;
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is read until `next` or `collect`"]
pub struct Records<'a, T>(Pin<Box<dyn Stream<Item = Result<T>> + Send + 'a>>);

/// A page of records and what is needed to read the next one.
pub(crate) type Page<'a, S, T> =
    Pin<Box<dyn Future<Output = Result<Option<(Vec<T>, S)>>> + Send + 'a>>;

impl<'a, T: Send + 'a> Records<'a, T> {
    /// The records of a stream.
    pub fn new(stream: impl Stream<Item = Result<T>> + Send + 'a) -> Self {
        Records(Box::pin(stream.fuse()))
    }

    /// Reads page after page: `read` gives a page and the state for the next
    /// one, or nothing at the end. After an error there is nothing more.
    pub(crate) fn paged<S: Send + 'a>(
        state: S,
        read: impl FnMut(S) -> Page<'a, S, T> + Send + 'a,
    ) -> Self {
        let pages = stream::try_unfold(state, read);
        Records::new(
            pages
                .map_ok(|page| stream::iter(page).map(Ok))
                .try_flatten(),
        )
    }

    /// All of what one call answers with.
    pub fn once(all: impl Future<Output = Result<Vec<T>>> + Send + 'a) -> Self {
        let all = stream::once(all);
        Records::new(all.map_ok(|all| stream::iter(all).map(Ok)).try_flatten())
    }

    /// Each record made into another one.
    pub(crate) fn map<U: Send + 'a>(
        self,
        mut into: impl FnMut(T) -> U + Send + 'a,
    ) -> Records<'a, U> {
        Records::new(self.0.map(move |record| record.map(&mut into)))
    }

    /// Those records of which something is made, and it may be an error: others
    /// follow it.
    pub(crate) fn keep<U: Send + 'a>(
        self,
        mut into: impl FnMut(T) -> Option<Result<U>> + Send + 'a,
    ) -> Records<'a, U> {
        Records::new(self.0.filter_map(move |record| {
            std::future::ready(match record {
                Ok(record) => into(record),
                Err(error) => Some(Err(error)),
            })
        }))
    }

    /// These records, and after them others, which are not read before. After
    /// an error there is nothing more.
    pub(crate) fn then(self, next: Records<'a, T>) -> Self {
        let state = (self, Some(next), false);
        Records::new(stream::unfold(
            state,
            |(mut now, mut next, failed)| async move {
                loop {
                    if let Some(record) = now.next().await {
                        let failed = failed || record.is_err();
                        return Some((record, (now, next, failed)));
                    }
                    now = next.take().filter(|_| !failed)?;
                }
            },
        ))
    }

    /// Returns the next record; none at the end, and after an error of reading.
    /// A row that cannot be read is an error that others follow
    /// ([`Error::Unreadable`](crate::Error::Unreadable)).
    pub async fn next(&mut self) -> Option<Result<T>> {
        self.0.next().await
    }

    /// All that are left, in memory together.
    ///
    /// # Errors
    ///
    /// The first error there is; the records before it are lost.
    pub async fn collect(self) -> Result<Vec<T>> {
        self.0.try_collect().await
    }
}

impl<T> Stream for Records<'_, T> {
    type Item = Result<T>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<T>>> {
        self.0.poll_next_unpin(context)
    }
}

impl<T> fmt::Debug for Records<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Records")
    }
}
