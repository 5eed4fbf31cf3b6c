//! The clients of Ministra and TVIP.

use std::future::IntoFuture;
use std::sync::Arc;

use super::{Iter, Thread};
use crate::error::Result;
use crate::records::Records;

/// A client of Ministra that waits.
///
/// ```no_run
/// use jsonsql_client::blocking;
/// use jsonsql_client::ministra::{AccountNumber, Ministra};
///
/// let ministra = Ministra::builder().url("https://tv.example.net/stalker_portal/api/");
/// let ministra = blocking::Ministra::new(ministra.build()?)?;
/// let number = AccountNumber::new("1553")?;
/// let accounts = ministra.wait(ministra.calls().accounts().get(&number))?;
/// # Ok::<(), jsonsql_client::Error>(())
/// ```
#[cfg(feature = "ministra")]
pub type Ministra = Rest<crate::ministra::Ministra>;

/// A client of TVIP that waits.
///
/// ```no_run
/// use jsonsql_client::blocking;
/// use jsonsql_client::tvip::Tvip;
///
/// let tvip = Tvip::builder().url("https://tms.example.com/api/provider");
/// let tvip = tvip.credentials("billing", "a password from somewhere safe").build()?;
/// let tvip = blocking::Tvip::new(tvip)?;
/// for account in tvip.iter(tvip.calls().accounts().all()) {
///     println!("{:?}", account?.id);
/// }
/// # Ok::<(), jsonsql_client::Error>(())
/// ```
#[cfg(feature = "tvip")]
pub type Tvip = Rest<crate::tvip::Tvip>;

/// A client of a REST interface with a thread of its own to wait on: see
/// [`Ministra`] and [`Tvip`].
#[derive(Debug, Clone)]
pub struct Rest<C> {
    client: C,
    thread: Arc<Thread>,
}

impl<C> Rest<C> {
    /// A client that waits for what this one does.
    ///
    /// # Errors
    ///
    /// [`Error::Config`](crate::Error::Config) when there can be no thread.
    pub fn new(client: C) -> Result<Rest<C>> {
        Ok(Rest {
            client,
            thread: Thread::start()?,
        })
    }

    /// The client whose calls [`wait`](Self::wait) waits for.
    pub fn calls(&self) -> &C {
        &self.client
    }

    /// Waits for a call.
    pub fn wait<W: IntoFuture>(&self, call: W) -> W::Output {
        self.thread.wait(call.into_future())
    }

    /// Records as an iterator, which reads a page when it comes to one.
    pub fn iter<'a, T>(&self, records: Records<'a, T>) -> Iter<'a, T> {
        Iter::new(records, &self.thread)
    }
}
