//! The settings all clients have.

mod address;
mod env;
mod iptvportal;
mod session_texts;

use std::time::Duration;

use secrecy::SecretString;
use url::Url;

pub use self::iptvportal::Iptvportal;
pub(crate) use self::iptvportal::RequestLimits;
pub(crate) use self::session_texts::{SessionTexts, normalized};
use crate::http::settings::Settings;
use crate::http::transport::Transport;

/// Builds a client: [`Client::builder`](crate::Client::builder) one of
/// IPTVPORTAL, `P` being the settings that only this platform has.
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
pub struct ClientBuilder<P = Iptvportal> {
    pub(crate) platform: P,
    pub(crate) settings: Settings,
}

impl<P: Default> Default for ClientBuilder<P> {
    fn default() -> Self {
        ClientBuilder {
            platform: P::default(),
            settings: Settings::default(),
        }
    }
}

/// The login.
impl<P> ClientBuilder<P> {
    /// Sets the login. Nothing is sent before the first call.
    pub fn credentials(
        mut self,
        username: impl Into<String>,
        password: impl Into<SecretString>,
    ) -> Self {
        self.settings.credentials = Some((username.into(), password.into()));
        self
    }

    /// Allows plain HTTP to other hosts: everybody on the way can read the
    /// password. To the own host it is always allowed.
    ///
    /// ```
    /// use jsonsql_client::Client;
    ///
    /// let client = Client::builder()
    ///     .url("http://10.0.0.5/api")
    ///     .credentials("billing", "a password from somewhere safe")
    ///     .allow_plain_http()
    ///     .build()?;
    /// # Ok::<(), jsonsql_client::Error>(())
    /// ```
    pub fn allow_plain_http(mut self) -> Self {
        self.settings.plain_http = true;
        self
    }
}

/// The way to the server.
impl<P> ClientBuilder<P> {
    /// Trusts these certificates (PEM, one or several) beside the system's:
    /// installations of one's own are often signed by themselves.
    ///
    /// ```no_run
    /// # fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// use jsonsql_client::Client;
    ///
    /// let client = Client::builder()
    ///     .url("https://10.0.0.5/api")
    ///     .credentials("billing", "a password from somewhere safe")
    ///     .root_certificate_pem(std::fs::read("/etc/billing/portal.pem")?)
    ///     .build()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn root_certificate_pem(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.settings.http.root_certificates.push(pem.into());
        self
    }

    /// Accepts any certificate, so that anybody on the way can pretend to be
    /// the server and take the password. Prefer
    /// [`root_certificate_pem`](Self::root_certificate_pem).
    pub fn danger_accept_any_certificate(mut self) -> Self {
        self.settings.http.accept_any_certificate = true;
        self
    }

    /// Goes through a proxy. Those of the environment are not used.
    ///
    /// ```
    /// use jsonsql_client::{Client, Url};
    ///
    /// # fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// let client = Client::builder()
    ///     .domain("operator")
    ///     .credentials("billing", "a password from somewhere safe")
    ///     .proxy(Url::parse("http://127.0.0.1:3128")?)
    ///     .build()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn proxy(mut self, proxy: Url) -> Self {
        self.settings.http.proxy = Some(proxy);
        self
    }

    /// Sets the `User-Agent`, instead of the client's name and version.
    ///
    /// ```
    /// use jsonsql_client::Client;
    ///
    /// let client = Client::builder()
    ///     .domain("operator")
    ///     .credentials("billing", "a password from somewhere safe")
    ///     .user_agent("billing/2.4")
    ///     .build()?;
    /// # Ok::<(), jsonsql_client::Error>(())
    /// ```
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.settings.http.user_agent = user_agent.into();
        self
    }

    /// Carries requests by other means than HTTPS; the settings of this
    /// section then have no effect.
    pub fn transport(mut self, transport: impl Transport) -> Self {
        self.settings.transport = Some(Box::new(transport));
        self
    }
}

/// Limits.
impl<P> ClientBuilder<P> {
    /// Limits the time of connecting; 10 s by default.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use jsonsql_client::Client;
    ///
    /// let client = Client::builder()
    ///     .domain("operator")
    ///     .credentials("billing", "a password from somewhere safe")
    ///     .connect_timeout(Duration::from_secs(5))
    ///     .build()?;
    /// # Ok::<(), jsonsql_client::Error>(())
    /// ```
    pub fn connect_timeout(mut self, limit: Duration) -> Self {
        self.settings.http.connect_timeout = limit;
        self
    }

    /// Sets the time that a connection is kept without use; 4 s by default, zero for
    /// a connection for each request.
    ///
    /// It has to be less than the server's own limit, which is 5 s in Apache's
    /// defaults (`KeepAliveTimeout`): on a connection that the server is closing,
    /// a write can get lost and nobody knows whether it was executed.
    pub fn idle_timeout(mut self, limit: Duration) -> Self {
        self.settings.http.idle_timeout = limit;
        self
    }

    /// Limits the time of one request and its answer; 60 s by default.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use jsonsql_client::Client;
    ///
    /// let client = Client::builder()
    ///     .domain("operator")
    ///     .credentials("billing", "a password from somewhere safe")
    ///     .attempt_timeout(Duration::from_secs(20)) // one request and its answer
    ///     .total_timeout(Duration::from_secs(60))   // with repetitions and pauses
    ///     .build()?;
    /// # Ok::<(), jsonsql_client::Error>(())
    /// ```
    pub fn attempt_timeout(mut self, limit: Duration) -> Self {
        self.settings.timeouts.attempt = limit;
        self
    }

    /// Limits the time of a call with its login, repetitions and pauses;
    /// 300 s by default, as in the vendor's script.
    pub fn total_timeout(mut self, limit: Duration) -> Self {
        self.settings.timeouts.total = limit;
        self
    }

    /// Limits the times that a request is sent; 4 by default, 1 for never again.
    ///
    /// ```
    /// use jsonsql_client::Client;
    ///
    /// let client = Client::builder()
    ///     .domain("operator")
    ///     .credentials("billing", "a password from somewhere safe")
    ///     .max_attempts(1) // nothing is sent again
    ///     .build()?;
    /// # Ok::<(), jsonsql_client::Error>(())
    /// ```
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.settings.policy.attempts = attempts;
        self
    }

    /// Sets the pause before the next attempt: anything from nothing to `first`,
    /// which doubles each time up to `longest`. 200 ms and 10 s by default.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use jsonsql_client::Client;
    ///
    /// let client = Client::builder()
    ///     .domain("operator")
    ///     .credentials("billing", "a password from somewhere safe")
    ///     .backoff(Duration::from_millis(200), Duration::from_secs(10))
    ///     .build()?;
    /// # Ok::<(), jsonsql_client::Error>(())
    /// ```
    pub fn backoff(mut self, first: Duration, longest: Duration) -> Self {
        self.settings.policy.base = first;
        self.settings.policy.cap = longest;
        self
    }

    /// Limits the repetitions that all calls together may have in stock; 100 by
    /// default. Ten calls that are answered earn another one.
    pub fn retry_budget(mut self, repetitions: u32) -> Self {
        self.settings.retry_budget = repetitions;
        self
    }

    /// Limits the requests that are under way at once; 32 by default. More wait.
    ///
    /// ```
    /// use jsonsql_client::Client;
    ///
    /// let client = Client::builder()
    ///     .domain("operator")
    ///     .credentials("billing", "a password from somewhere safe")
    ///     .max_concurrency(4) // further calls wait for their turn
    ///     .build()?;
    /// # Ok::<(), jsonsql_client::Error>(())
    /// ```
    pub fn max_concurrency(mut self, requests: usize) -> Self {
        self.settings.at_once = requests;
        self
    }

    /// Limits the requests that leave in a second, evenly apart; by
    /// default as many as there are. A batch is one request, a login another.
    ///
    /// ```
    /// use jsonsql_client::Client;
    ///
    /// let client = Client::builder()
    ///     .domain("operator")
    ///     .credentials("billing", "a password from somewhere safe")
    ///     .max_rate(20) // requests a second
    ///     .build()?;
    /// # Ok::<(), jsonsql_client::Error>(())
    /// ```
    pub fn max_rate(mut self, per_second: u32) -> Self {
        self.settings.per_second = Some(per_second);
        self
    }

    /// Limits the length of an answer; 64 MiB by default. The rest is not read.
    pub fn max_response_bytes(mut self, bytes: usize) -> Self {
        self.settings.max_response_bytes = bytes;
        self
    }
}

/// Shows none of the settings: a password is among them.
impl<P> std::fmt::Debug for ClientBuilder<P> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ClientBuilder").finish_non_exhaustive()
    }
}
