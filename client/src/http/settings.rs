//! The settings of the way to a server, the same for all platforms.

use std::time::Duration;

use secrecy::SecretString;
use tokio::sync::Semaphore;

use super::dispatcher::{Dispatcher, Timeouts};
use super::rate_limit::RateLimit;
use super::retry::{Budget, Policy};
use super::transport::{Http, HttpOptions, Transport};
use crate::error::ConfigError;

/// The way to a server, and the login there.
pub(crate) struct Settings {
    pub(crate) plain_http: bool,
    pub(crate) credentials: Option<(String, SecretString)>,
    pub(crate) http: HttpOptions,
    pub(crate) transport: Option<Box<dyn Transport>>,
    pub(crate) timeouts: Timeouts,
    pub(crate) policy: Policy,
    pub(crate) retry_budget: u32,
    pub(crate) at_once: usize,
    pub(crate) per_second: Option<u32>,
    pub(crate) max_response_bytes: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            plain_http: false,
            credentials: None,
            http: HttpOptions {
                connect_timeout: Duration::from_secs(10),
                idle_timeout: Duration::from_secs(4),
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
            at_once: 32,
            per_second: None,
            max_response_bytes: 64 << 20,
        }
    }
}

impl Settings {
    /// The way to the server.
    pub(crate) fn dispatcher(self) -> Result<Dispatcher, ConfigError> {
        for (setting, value) in [
            ("max_concurrency", self.at_once),
            ("max_rate", self.per_second.unwrap_or(1) as usize),
            ("max_response_bytes", self.max_response_bytes),
            ("max_attempts", self.policy.attempts as usize),
        ] {
            if value == 0 {
                return Err(ConfigError::Zero { setting });
            }
        }
        for (setting, limit) in [
            ("connect_timeout", self.http.connect_timeout),
            ("attempt_timeout", self.timeouts.attempt),
            ("total_timeout", self.timeouts.total),
        ] {
            not_zero(setting, limit)?;
        }
        let transport = match self.transport {
            Some(transport) => transport,
            None => Box::new(Http::new(&self.http)?),
        };
        Ok(Dispatcher {
            transport,
            at_once: Semaphore::new(self.at_once.min(Semaphore::MAX_PERMITS)),
            rate_limit: self.per_second.map(RateLimit::new),
            timeouts: self.timeouts,
            max_response_bytes: self.max_response_bytes,
            policy: self.policy,
            budget: Budget::new(self.retry_budget),
            server_time: Default::default(),
        })
    }
}

/// Refuses a time in which nothing can be done.
pub(crate) fn not_zero(setting: &'static str, limit: Duration) -> Result<(), ConfigError> {
    match limit.is_zero() {
        true => Err(ConfigError::Zero { setting }),
        false => Ok(()),
    }
}
