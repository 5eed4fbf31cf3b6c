//! The settings of a client.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use jsonsql::Dialect;
use secrecy::SecretString;
use tokio::sync::Semaphore;
use url::Url;

use super::SessionTexts;
use super::address::Addresses;
use crate::Client;
use crate::client::Chunks;
use crate::error::{ConfigError, Error, Result};
use crate::exchange::Exchange;
use crate::link::{Link, Timeouts};
use crate::pace::Pace;
use crate::retry::{Budget, Policy};
use crate::session::{Login, Sessions};
use crate::transport::{Http, HttpOptions, Transport};

/// Builds a [`Client`]; [`Client::builder`] begins one.
///
/// ```
/// use jsonsql_client::Client;
///
/// let client = Client::builder()
///     .domain("operator")
///     .credentials("billing", "a password from somewhere safe")
///     .build()?;
/// # Ok::<(), jsonsql_client::Error>(())
/// ```
#[must_use = "a builder does nothing until `build`"]
pub struct ClientBuilder {
    addresses: Result<Addresses, ConfigError>,
    plain_http: bool,
    credentials: Option<(String, SecretString)>,
    http: HttpOptions,
    transport: Option<Box<dyn Transport>>,
    timeouts: Timeouts,
    policy: Policy,
    retry_budget: u32,
    cool_down: Duration,
    session_texts: SessionTexts,
    at_once: usize,
    per_second: Option<u32>,
    max_response_bytes: usize,
    chunks: Chunks,
    dialect: Dialect,
}

impl Default for ClientBuilder {
    fn default() -> Self {
        ClientBuilder {
            addresses: Ok(Addresses::default()),
            plain_http: false,
            credentials: None,
            http: HttpOptions {
                connect_timeout: Duration::from_secs(10),
                user_agent: concat!("jsonsql-client/", env!("CARGO_PKG_VERSION")).to_owned(),
                root_certificates: Vec::new(),
                accept_any_certificate: false,
                proxy: None,
            },
            transport: None,
            timeouts: Timeouts {
                attempt: Duration::from_secs(60),
                total: Duration::from_secs(300),
            },
            policy: Policy {
                attempts: 4,
                base: Duration::from_millis(200),
                cap: Duration::from_secs(10),
            },
            retry_budget: 100,
            cool_down: Duration::from_secs(30),
            session_texts: SessionTexts::default(),
            at_once: 32,
            per_second: None,
            max_response_bytes: 64 << 20,
            chunks: Chunks {
                calls: 100,
                bytes: 1 << 20,
                page: 1000,
            },
            dialect: Dialect::BEST_GUESS,
        }
    }
}

/// Where the server is, and who asks.
impl ClientBuilder {
    /// The operator's domain at the vendor's: `operator` stands for
    /// `https://operator.admin.iptvportal.ru/api`.
    pub fn domain(mut self, domain: &str) -> Self {
        self.addresses = Addresses::of_domain(domain);
        self
    }

    /// The address below which `jsonrpc/` and `jsonsql/` are: with `/api` at
    /// the vendor's, without it in some installations of one's own.
    pub fn url(self, base: &str) -> Self {
        self.url_from("url", base)
    }

    pub(super) fn url_from(mut self, setting: &'static str, base: &str) -> Self {
        self.addresses = Ok(Addresses::below(setting, base));
        self
    }

    /// The whole address of logins, where it is not beside that of calls.
    pub fn authorization_url(mut self, url: &str) -> Self {
        if let Ok(addresses) = &mut self.addresses {
            addresses.authorization = Some(("authorization_url", url.to_owned()));
        }
        self
    }

    /// The whole address of calls, where it is not beside that of logins.
    pub fn data_url(mut self, url: &str) -> Self {
        if let Ok(addresses) = &mut self.addresses {
            addresses.data = Some(("data_url", url.to_owned()));
        }
        self
    }

    /// Who logs in. Nothing is sent before the first call.
    pub fn credentials(
        mut self,
        username: impl Into<String>,
        password: impl Into<SecretString>,
    ) -> Self {
        self.credentials = Some((username.into(), password.into()));
        self
    }

    /// Allows plain HTTP to other hosts: everybody on the way can read the
    /// password. To the own host it is always allowed.
    pub fn allow_plain_http(mut self) -> Self {
        self.plain_http = true;
        self
    }
}

/// How to reach the server.
impl ClientBuilder {
    /// Trusts these certificates (PEM, one or several) beside the system's:
    /// installations of one's own are often signed by themselves.
    pub fn root_certificate_pem(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.http.root_certificates.push(pem.into());
        self
    }

    /// Accepts any certificate, so that anybody on the way can pretend to be
    /// the server and take the password. Prefer
    /// [`root_certificate_pem`](Self::root_certificate_pem).
    pub fn danger_accept_any_certificate(mut self) -> Self {
        self.http.accept_any_certificate = true;
        self
    }

    /// Goes through a proxy. Those of the environment are not used.
    pub fn proxy(mut self, proxy: Url) -> Self {
        self.http.proxy = Some(proxy);
        self
    }

    /// How the client presents itself, instead of its name and version.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.http.user_agent = user_agent.into();
        self
    }

    /// Carries requests by other means than HTTPS; the settings of this
    /// section then have no effect.
    pub fn transport(mut self, transport: impl Transport) -> Self {
        self.transport = Some(Box::new(transport));
        self
    }

    /// How the server wants written what the documents leave open.
    pub fn dialect(mut self, dialect: Dialect) -> Self {
        self.dialect = dialect;
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
        self.session_texts = SessionTexts::new(texts);
        self
    }
}

/// Limits.
impl ClientBuilder {
    /// How long connecting may take; 10 s by default.
    pub fn connect_timeout(mut self, limit: Duration) -> Self {
        self.http.connect_timeout = limit;
        self
    }

    /// How long one request and its answer may take; 60 s by default.
    pub fn attempt_timeout(mut self, limit: Duration) -> Self {
        self.timeouts.attempt = limit;
        self
    }

    /// How long a call may take with its login, repetitions and pauses;
    /// 300 s by default, as in the vendor's script.
    pub fn total_timeout(mut self, limit: Duration) -> Self {
        self.timeouts.total = limit;
        self
    }

    /// How many times a request is sent at the most; 4 by default, 1 for never again.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.policy.attempts = attempts;
        self
    }

    /// How long to wait before trying again: anything from nothing to `first`,
    /// which doubles each time up to `longest`. 200 ms and 10 s by default.
    pub fn backoff(mut self, first: Duration, longest: Duration) -> Self {
        self.policy.base = first;
        self.policy.cap = longest;
        self
    }

    /// How many repetitions all calls together may have in stock; 100 by
    /// default. Ten calls that are answered earn another one.
    pub fn retry_budget(mut self, repetitions: u32) -> Self {
        self.retry_budget = repetitions;
        self
    }

    /// How long a refused login is remembered instead of repeated; 30 s by default.
    pub fn login_cool_down(mut self, pause: Duration) -> Self {
        self.cool_down = pause;
        self
    }

    /// How many requests are under way at once; 32 by default. More wait.
    pub fn max_concurrency(mut self, requests: usize) -> Self {
        self.at_once = requests;
        self
    }

    /// How many requests leave in a second at the most, evenly apart; by
    /// default as many as there are. A batch is one request, a login another.
    pub fn max_rate(mut self, per_second: u32) -> Self {
        self.per_second = Some(per_second);
        self
    }

    /// How long an answer may be; 64 MiB by default. The rest is not read.
    pub fn max_response_bytes(mut self, bytes: usize) -> Self {
        self.max_response_bytes = bytes;
        self
    }

    /// How many rows a page of a [stream](Client::stream) has; 1,000 by default.
    pub fn page_rows(mut self, rows: u32) -> Self {
        self.chunks.page = rows.into();
        self
    }

    /// How many calls go into one request of a batch; 100 by default.
    pub fn max_batch_calls(mut self, calls: usize) -> Self {
        self.chunks.calls = calls;
        self
    }

    /// How long a request of a batch or a bulk insert may be; 1 MiB by
    /// default, what many servers take. A single call or row that is longer
    /// goes alone.
    pub fn max_request_bytes(mut self, bytes: usize) -> Self {
        self.chunks.bytes = bytes;
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
        let (authorization, data) = self.addresses?.resolve(self.plain_http)?;
        let (username, password) = self.credentials.ok_or(ConfigError::NoCredentials)?;
        for (setting, value) in [
            ("max_concurrency", self.at_once),
            ("max_rate", self.per_second.unwrap_or(1) as usize),
            ("max_response_bytes", self.max_response_bytes),
            ("max_batch_calls", self.chunks.calls),
            ("max_request_bytes", self.chunks.bytes),
            ("page_rows", self.chunks.page as usize),
            ("max_attempts", self.policy.attempts as usize),
        ] {
            if value == 0 {
                return Err(Error::Config(ConfigError::Zero { setting }));
            }
        }
        let transport = match self.transport {
            Some(transport) => transport,
            None => Box::new(Http::new(&self.http)?),
        };
        let link = Arc::new(Link {
            transport,
            at_once: Semaphore::new(self.at_once.min(Semaphore::MAX_PERMITS)),
            pace: self.per_second.map(Pace::new),
            timeouts: self.timeouts,
            max_response_bytes: self.max_response_bytes,
            policy: self.policy,
            budget: Budget::new(self.retry_budget),
        });
        let login = Login {
            link: Arc::clone(&link),
            url: authorization,
            username,
            password,
            ids: AtomicU64::new(0),
        };
        let exchange = Exchange {
            link,
            sessions: Arc::new(Sessions::new(login, self.cool_down)),
            url: data,
            session_texts: self.session_texts,
        };
        Ok(Client::new(exchange, self.dialect, self.chunks))
    }
}

/// Says where to, and not who or how.
impl std::fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ClientBuilder").finish_non_exhaustive()
    }
}
