//! The settings of a client of IPTVPORTAL.

use std::time::Duration;

use jsonsql::Dialect;

use super::ClientBuilder;
use super::address::Addresses;
use super::session_texts::SessionTexts;

/// The settings that only IPTVPORTAL has.
pub struct Iptvportal {
    pub(crate) addresses: Addresses,
    pub(crate) cool_down: Duration,
    pub(crate) session_texts: SessionTexts,
    pub(crate) trust_refusal_statuses: bool,
    pub(crate) request_limits: RequestLimits,
    pub(crate) dialect: Dialect,
}

/// The limits of one request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RequestLimits {
    pub(crate) calls: usize,
    pub(crate) bytes: usize,
    pub(crate) values: usize,
    pub(crate) page: u64,
}

impl Default for Iptvportal {
    fn default() -> Self {
        Iptvportal {
            addresses: Addresses::default(),
            cool_down: Duration::from_secs(30),
            session_texts: SessionTexts::default(),
            trust_refusal_statuses: false,
            request_limits: RequestLimits {
                calls: 100,
                bytes: 1 << 20,
                values: 32_766,
                page: 1000,
            },
            dialect: Dialect::BEST_GUESS,
        }
    }
}

/// The address of IPTVPORTAL.
impl ClientBuilder {
    /// The operator's domain at the vendor's: `operator` stands for
    /// `https://operator.admin.iptvportal.ru/api`.
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
    pub fn domain(mut self, domain: impl Into<String>) -> Self {
        self.platform.addresses.domain = Some(domain.into());
        self
    }

    /// The address below which `jsonrpc/` and `jsonsql/` are: with `/api` at
    /// the vendor's, without it in some installations of one's own. One of the
    /// two addresses, as the vendor's documents print them, does as well. There
    /// is either a `url` or a [`domain`](Self::domain).
    ///
    /// ```
    /// use jsonsql_client::Client;
    ///
    /// let client = Client::builder()
    ///     .url("https://10.0.0.5")
    ///     .credentials("billing", "a password from somewhere safe")
    ///     .build()?;
    /// # Ok::<(), jsonsql_client::Error>(())
    /// ```
    pub fn url(self, base: impl Into<String>) -> Self {
        self.url_from("url", base.into())
    }

    pub(super) fn url_from(mut self, setting: &'static str, base: String) -> Self {
        self.platform.addresses.base = Some((setting, base));
        self
    }

    /// The whole address of logins, where it is not beside that of calls.
    ///
    /// ```
    /// use jsonsql_client::Client;
    ///
    /// let client = Client::builder()
    ///     .authorization_url("https://go.iptvportal.ru/api/jsonrpc/")
    ///     .credentials("billing", "a password from somewhere safe")
    ///     .data_url("https://10.0.0.5/api/jsonsql/")
    ///     .build()?;
    /// # Ok::<(), jsonsql_client::Error>(())
    /// ```
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

/// The spelling of statements.
impl ClientBuilder {
    /// Sets the spelling that the server wants where the documents leave it open.
    ///
    /// ```
    /// use jsonsql::{Dialect, NotIn};
    /// use jsonsql_client::Client;
    ///
    /// let client = Client::builder()
    ///     .domain("operator")
    ///     .credentials("billing", "a password from somewhere safe")
    ///     .dialect(Dialect { not_in: NotIn::Negated, ..Dialect::BEST_GUESS })
    ///     .build()?;
    /// # Ok::<(), jsonsql_client::Error>(())
    /// ```
    pub fn dialect(mut self, dialect: Dialect) -> Self {
        self.platform.dialect = dialect;
        self
    }

    /// The texts that the server answers to an ended session, instead of the
    /// defaults: the client then logs in again and repeats the call.
    ///
    /// A text is compared as a whole, without regard to letter case, the number
    /// of blanks and a final dot. No source says what the vendor's server
    /// answers; by default these are about forty texts that can mean nothing
    /// else, such as "session expired" and "not logged in". A text given here
    /// also counts where it is the whole content of HTTP 401 or 403: it shows
    /// that the server has refused the call, and nobody before or behind it.
    ///
    /// A text that a login does not help against is not about the session: its
    /// error is returned, and for a while the text causes no more logins.
    ///
    /// ```
    /// use jsonsql_client::Client;
    ///
    /// let client = Client::builder()
    ///     .domain("operator")
    ///     .credentials("billing", "a password from somewhere safe")
    ///     .session_error_texts(["session expired"]) // seen on this server
    ///     .build()?;
    /// # Ok::<(), jsonsql_client::Error>(())
    /// ```
    pub fn session_error_texts<T: AsRef<str>>(
        mut self,
        texts: impl IntoIterator<Item = T>,
    ) -> Self {
        self.platform.session_texts = SessionTexts::new(texts);
        self
    }

    /// Takes HTTP 401, 403 and 429 for the server's own, whatever their
    /// content: a write that is answered with one counts as not executed and
    /// is sent again, after a login or a pause.
    ///
    /// Only for a server without a filter or proxy before it. Some look at
    /// answers too and refuse what the server has executed: sending it again
    /// would do it twice. By default such a write is
    /// [`Error::Indeterminate`](crate::Error::Indeterminate), unless the content shows that the server has
    /// refused it: an `error` with the call's `id`, or one of the
    /// [`session_error_texts`](Self::session_error_texts) given.
    pub fn trust_refusal_statuses(mut self) -> Self {
        self.platform.trust_refusal_statuses = true;
        self
    }
}

/// The limits of requests, and their pauses.
impl ClientBuilder {
    /// Sets the time that a refused login is remembered, not repeated; 30 s by default.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use jsonsql_client::Client;
    ///
    /// let client = Client::builder()
    ///     .domain("operator")
    ///     .credentials("billing", "a password from somewhere safe")
    ///     .login_cool_down(Duration::from_secs(300))
    ///     .build()?;
    /// # Ok::<(), jsonsql_client::Error>(())
    /// ```
    pub fn login_cool_down(mut self, pause: Duration) -> Self {
        self.platform.cool_down = pause;
        self
    }

    /// Sets the number of rows of a page of a [stream](crate::Client::stream); 1,000 by default.
    pub fn page_rows(mut self, rows: u32) -> Self {
        self.platform.request_limits.page = rows.into();
        self
    }

    /// Limits the calls in one request of a batch; 100 by default.
    pub fn max_batch_calls(mut self, calls: usize) -> Self {
        self.platform.request_limits.calls = calls;
        self
    }

    /// Limits the length of a request of a batch or a bulk insert; 1 MiB by
    /// default, what many servers take. A single call or row that is longer
    /// goes alone.
    pub fn max_request_bytes(mut self, bytes: usize) -> Self {
        self.platform.request_limits.bytes = bytes;
        self
    }

    /// Limits the number of values that the rows of one request of a bulk insert have
    /// together; 32,766 by default. A row of more goes alone.
    ///
    /// Servers that bind values have limits of their own: SQLite binds 32,766
    /// (`SQLITE_MAX_VARIABLE_NUMBER`), PostgreSQL's protocol 65,535. Whether the
    /// vendor's server binds them is unknown.
    pub fn max_insert_values(mut self, values: usize) -> Self {
        self.platform.request_limits.values = values;
        self
    }
}
