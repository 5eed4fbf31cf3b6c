//! Records, read as they come.

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;

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

impl<'a, T: Send + Unpin + 'a> Records<'a, T> {
    /// The records of a stream.
    pub fn new(stream: impl Stream<Item = Result<T>> + Send + 'a) -> Self {
        Records(Box::pin(stream))
    }

    /// Reads page after page: `read` gives a page and the state for the next
    /// one, or nothing at the end. After an error there is nothing more.
    pub(crate) fn paged<S: Send + Unpin + 'a>(
        state: S,
        read: impl FnMut(S) -> Page<'a, S, T> + Send + Unpin + 'a,
    ) -> Self {
        Records::new(Paged {
            read,
            state: Some(state),
            page: Vec::new().into_iter(),
            under_way: None,
        })
    }

    /// All of what one call answers with.
    pub fn once(all: impl Future<Output = Result<Vec<T>>> + Send + 'a) -> Self {
        let mut all = Some(Box::pin(all));
        Records::paged((), move |()| {
            let all = all.take();
            Box::pin(async move {
                match all {
                    Some(all) => Ok(Some((all.await?, ()))),
                    None => Ok(None),
                }
            })
        })
    }

    /// Each record made into another one.
    pub(crate) fn map<U: Send + Unpin + 'a>(
        mut self,
        mut into: impl FnMut(T) -> U + Send + Unpin + 'a,
    ) -> Records<'a, U> {
        Records::new(Polled(move |context: &mut Context<'_>| {
            let next = self.0.as_mut().poll_next(context);
            next.map(|record| record.map(|record| record.map(&mut into)))
        }))
    }

    /// Those records of which something is made, and it may be an error: others
    /// follow it.
    pub(crate) fn keep<U: Send + Unpin + 'a>(
        mut self,
        mut into: impl FnMut(T) -> Option<Result<U>> + Send + Unpin + 'a,
    ) -> Records<'a, U> {
        Records::new(Polled(move |context: &mut Context<'_>| {
            loop {
                match self.0.as_mut().poll_next(context) {
                    Poll::Ready(Some(Ok(record))) => match into(record) {
                        Some(made) => return Poll::Ready(Some(made)),
                        None => continue,
                    },
                    Poll::Ready(Some(Err(error))) => return Poll::Ready(Some(Err(error))),
                    Poll::Ready(None) => return Poll::Ready(None),
                    Poll::Pending => return Poll::Pending,
                }
            }
        }))
    }

    /// These records, and after them others, which are not read before. After
    /// an error there is nothing more.
    pub(crate) fn then(mut self, mut next: Records<'a, T>) -> Self {
        let (mut first, mut failed) = (true, false);
        Records::new(Polled(move |context: &mut Context<'_>| {
            if first {
                match self.0.as_mut().poll_next(context) {
                    Poll::Ready(None) if !failed => first = false,
                    other => {
                        failed |= matches!(other, Poll::Ready(Some(Err(_))));
                        return other;
                    }
                }
            }
            next.0.as_mut().poll_next(context)
        }))
    }

    /// Returns the next record; none at the end, and after an error of reading.
    /// A row that cannot be read is an error that others follow
    /// ([`Error::Unreadable`](crate::Error::Unreadable)).
    pub async fn next(&mut self) -> Option<Result<T>> {
        poll_fn(|context| self.0.as_mut().poll_next(context)).await
    }

    /// All that are left, in memory together.
    ///
    /// # Errors
    ///
    /// The first error there is; the records before it are lost.
    pub async fn collect(mut self) -> Result<Vec<T>> {
        let mut all = Vec::new();
        while let Some(record) = self.next().await {
            all.push(record?);
        }
        Ok(all)
    }
}

impl<T> Stream for Records<'_, T> {
    type Item = Result<T>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<T>>> {
        self.0.as_mut().poll_next(context)
    }
}

impl<T> fmt::Debug for Records<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Records")
    }
}

/// A stream that is a function.
struct Polled<F>(F);

impl<T, F> Stream for Polled<F>
where
    F: FnMut(&mut Context<'_>) -> Poll<Option<Result<T>>> + Unpin,
{
    type Item = Result<T>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<T>>> {
        (self.0)(context)
    }
}

struct Paged<'a, S, T, F> {
    read: F,
    state: Option<S>,
    page: std::vec::IntoIter<T>,
    under_way: Option<Page<'a, S, T>>,
}

impl<'a, S, T, F> Stream for Paged<'a, S, T, F>
where
    S: Unpin,
    T: Unpin,
    F: FnMut(S) -> Page<'a, S, T> + Unpin,
{
    type Item = Result<T>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<T>>> {
        let this = self.get_mut();
        loop {
            if let Some(record) = this.page.next() {
                return Poll::Ready(Some(Ok(record)));
            }
            if this.under_way.is_none() {
                let Some(state) = this.state.take() else {
                    return Poll::Ready(None);
                };
                this.under_way = Some((this.read)(state));
            }
            let Some(under_way) = &mut this.under_way else {
                return Poll::Ready(None);
            };
            let read = match under_way.as_mut().poll(context) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(read) => read,
            };
            this.under_way = None;
            match read {
                Ok(Some((page, state))) => {
                    this.page = page.into_iter();
                    this.state = Some(state);
                }
                Ok(None) => return Poll::Ready(None),
                Err(error) => return Poll::Ready(Some(Err(error))),
            }
        }
    }
}
