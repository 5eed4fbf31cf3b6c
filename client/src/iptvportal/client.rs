//! The client.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;
use jsonsql::Dialect;

use super::executor::Executor;
use super::session::{Login, Sessions};
use crate::builder::{ClientBuilder, RequestLimits};
use crate::error::{ConfigError, Error, Result};
use crate::http::credentials;

/// A client of one server, for one user.
///
/// It logs in when first used and again when its session ends. Clones share
/// the session, the connections and the limits; one client serves a whole
/// program.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

struct Inner {
    executor: Executor,
    dialect: Dialect,
    request_limits: RequestLimits,
    last_id: AtomicU64,
}

impl Client {
    /// Begins to build a client.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// A client from the environment: `JSONSQL_URL` or `JSONSQL_DOMAIN` for
    /// the server, `JSONSQL_USERNAME` and `JSONSQL_PASSWORD` for who asks.
    ///
    /// # Errors
    ///
    /// [`Error::Config`](crate::Error::Config) names the variable that is
    /// missing or unusable.
    pub fn from_env() -> Result<Client> {
        ClientBuilder::from_env()?.build()
    }

    /// Returns the server's time by the header `Date` of its last answer (RFC 9110,
    /// 6.6.1), in whole seconds; `None` before the first answer, and if it tells none.
    pub fn server_time(&self) -> Option<Timestamp> {
        self.inner.executor.dispatcher.server_time()
    }

    pub(crate) fn new(
        executor: Executor,
        dialect: Dialect,
        request_limits: RequestLimits,
    ) -> Client {
        Client {
            inner: Arc::new(Inner {
                executor,
                dialect,
                request_limits,
                last_id: AtomicU64::new(0),
            }),
        }
    }

    pub(crate) fn executor(&self) -> &Executor {
        &self.inner.executor
    }

    pub(crate) fn dialect(&self) -> &Dialect {
        &self.inner.dialect
    }

    pub(crate) fn request_limits(&self) -> RequestLimits {
        self.inner.request_limits
    }

    /// Ids count up from 1, as in the vendor's scripts.
    pub(crate) fn next_id(&self) -> u64 {
        self.inner.last_id.fetch_add(1, Ordering::Relaxed) + 1
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("url", &self.executor().url.as_str())
            .finish_non_exhaustive()
    }
}

impl ClientBuilder {
    /// Builds the client.
    ///
    /// # Errors
    ///
    /// [`Error::Config`] names the setting that is missing or unusable.
    pub fn build(self) -> Result<Client> {
        let ClientBuilder {
            platform,
            mut settings,
        } = self;
        let (authorization, data) = platform.addresses.resolve(settings.plain_http)?;
        let (username, password) = settings
            .credentials
            .take()
            .ok_or(ConfigError::NoCredentials)?;
        credentials::check(&username, &password)?;
        for (setting, value) in [
            ("max_batch_calls", platform.request_limits.calls),
            ("max_request_bytes", platform.request_limits.bytes),
            ("max_insert_values", platform.request_limits.values),
            ("page_rows", platform.request_limits.page as usize),
        ] {
            if value == 0 {
                return Err(Error::Config(ConfigError::Zero { setting }));
            }
        }
        let dispatcher = Arc::new(settings.dispatcher()?);
        let login = Login {
            dispatcher: Arc::clone(&dispatcher),
            url: authorization,
            username,
            password,
            ids: AtomicU64::new(0),
        };
        let executor = Executor {
            dispatcher,
            sessions: Arc::new(Sessions::new(login, platform.cool_down)),
            url: data,
            session_texts: Arc::new(platform.session_texts),
            statuses_are_the_servers: platform.trust_refusal_statuses,
        };
        Ok(Client::new(
            executor,
            platform.dialect,
            platform.request_limits,
        ))
    }
}
