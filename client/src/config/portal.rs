//! The settings of a client of IPTVPORTAL.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use jsonsql::Dialect;

use super::address::Addresses;
use super::{ClientBuilder, SessionTexts, credentials};
use crate::Client;
use crate::client::Chunks;
use crate::error::{ConfigError, Error, Result};
use crate::exchange::Exchange;
use crate::session::{Login, Sessions};

/// The settings that only IPTVPORTAL has.
pub struct Portal {
    addresses: Addresses,
    cool_down: Duration,
    session_texts: SessionTexts,
    chunks: Chunks,
    dialect: Dialect,
}

impl Default for Portal {
    fn default() -> Self {
        Portal {
            addresses: Addresses::default(),
            cool_down: Duration::from_secs(30),
            session_texts: SessionTexts::default(),
            chunks: Chunks {
                calls: 100,
                bytes: 1 << 20,
                values: 32_766,
                page: 1000,
            },
            dialect: Dialect::BEST_GUESS,
        }
    }
}

/// Where IPTVPORTAL is.
impl ClientBuilder {
    /// The operator's domain at the vendor's: `operator` stands for
    /// `https://operator.admin.iptvportal.ru/api`.
    pub fn domain(mut self, domain: impl Into<String>) -> Self {
        self.platform.addresses.domain = Some(domain.into());
        self
    }

    /// The address below which `jsonrpc/` and `jsonsql/` are: with `/api` at
    /// the vendor's, without it in some installations of one's own. One of the
    /// two addresses, as the vendor's documents print them, does as well. There
    /// is either a `url` or a [`domain`](Self::domain).
    pub fn url(self, base: impl Into<String>) -> Self {
        self.url_from("url", base.into())
    }

    pub(super) fn url_from(mut self, setting: &'static str, base: String) -> Self {
        self.platform.addresses.base = Some((setting, base));
        self
    }

    /// The whole address of logins, where it is not beside that of calls.
    pub fn authorization_url(mut self, url: impl Into<String>) -> Self {
        self.platform.addresses.authorization = Some(url.into());
        self
    }

    /// The whole address of calls, where it is not beside that of logins.
    pub fn data_url(mut self, url: impl Into<String>) -> Self {
        self.platform.addresses.data = Some(url.into());
        self
    }
}

/// How it speaks.
impl ClientBuilder {
    /// How the server wants written what the documents leave open.
    pub fn dialect(mut self, dialect: Dialect) -> Self {
        self.platform.dialect = dialect;
        self
    }

    /// Texts by which an `error` is known to be about the session, so that the
    /// client logs in again; letter case does not matter. What servers say is
    /// not documented: by default "session", "authoriz", "authentic" and "not
    /// logged in".
    pub fn session_error_texts<T: AsRef<str>>(
        mut self,
        texts: impl IntoIterator<Item = T>,
    ) -> Self {
        self.platform.session_texts = SessionTexts::new(texts);
        self
    }
}

/// How much goes into one request, and how soon.
impl ClientBuilder {
    /// How long a refused login is remembered instead of repeated; 30 s by default.
    pub fn login_cool_down(mut self, pause: Duration) -> Self {
        self.platform.cool_down = pause;
        self
    }

    /// How many rows a page of a [stream](Client::stream) has; 1,000 by default.
    pub fn page_rows(mut self, rows: u32) -> Self {
        self.platform.chunks.page = rows.into();
        self
    }

    /// How many calls go into one request of a batch; 100 by default.
    pub fn max_batch_calls(mut self, calls: usize) -> Self {
        self.platform.chunks.calls = calls;
        self
    }

    /// How long a request of a batch or a bulk insert may be; 1 MiB by
    /// default, what many servers take. A single call or row that is longer
    /// goes alone.
    pub fn max_request_bytes(mut self, bytes: usize) -> Self {
        self.platform.chunks.bytes = bytes;
        self
    }

    /// How many values the rows of one request of a bulk insert may have
    /// together; 32,766 by default. A row of more goes alone.
    ///
    /// Servers that bind values have limits of their own: SQLite binds 32,766
    /// (`SQLITE_MAX_VARIABLE_NUMBER`), PostgreSQL's protocol 65,535. Whether the
    /// vendor's server binds them is unknown.
    pub fn max_insert_values(mut self, values: usize) -> Self {
        self.platform.chunks.values = values;
        self
    }
}

impl ClientBuilder {
    /// Builds the client.
    ///
    /// # Errors
    ///
    /// [`Error::Config`] names the setting that is missing or unusable.
    pub fn build(self) -> Result<Client> {
        let ClientBuilder { platform, mut wire } = self;
        let (authorization, data) = platform.addresses.resolve(wire.plain_http)?;
        let (username, password) = wire.credentials.take().ok_or(ConfigError::NoCredentials)?;
        credentials::check(&username, &password)?;
        for (setting, value) in [
            ("max_batch_calls", platform.chunks.calls),
            ("max_request_bytes", platform.chunks.bytes),
            ("max_insert_values", platform.chunks.values),
            ("page_rows", platform.chunks.page as usize),
        ] {
            if value == 0 {
                return Err(Error::Config(ConfigError::Zero { setting }));
            }
        }
        let link = Arc::new(wire.link()?);
        let login = Login {
            link: Arc::clone(&link),
            url: authorization,
            username,
            password,
            ids: AtomicU64::new(0),
        };
        let exchange = Exchange {
            link,
            sessions: Arc::new(Sessions::new(login, platform.cool_down)),
            url: data,
            session_texts: platform.session_texts,
        };
        Ok(Client::new(exchange, platform.dialect, platform.chunks))
    }
}
