//! The settings of a client of Ministra.

use std::sync::Arc;
use std::time::Duration;

use super::{Inner, Ministra};
use crate::builder::ClientBuilder;
use crate::error::Result;
use crate::http::rest::Rest;
use crate::http::settings::not_zero;

/// The address in the vendor's documents.
const USUAL: &str = "http://host/stalker_portal/api/";

/// The settings that only Ministra has.
#[derive(Debug)]
pub struct Options {
    url: Option<String>,
    list_timeout: Duration,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            url: None,
            list_timeout: Duration::from_secs(600),
        }
    }
}

impl ClientBuilder<Options> {
    /// Sets the address of the API: `https://host/stalker_portal/api/` works with every
    /// version, `…/api/v1/` from 5.0.
    pub fn url(mut self, url: impl Into<String>) -> Self {
        self.platform.url = Some(url.into());
        self
    }

    /// Limits the time of a list of all accounts; 10 minutes by default. The
    /// server makes several queries for each of them.
    pub fn list_timeout(mut self, limit: Duration) -> Self {
        self.platform.list_timeout = limit;
        self
    }

    /// Builds the client. Without credentials none are sent, as a server
    /// without a login in its configuration expects.
    ///
    /// # Errors
    ///
    /// [`Error::Config`](crate::Error::Config) names the setting that is
    /// missing or unusable.
    pub fn build(self) -> Result<Ministra> {
        not_zero("list_timeout", self.platform.list_timeout)?;
        let rest = Rest::new(
            "ministra",
            USUAL,
            self.platform.url.as_deref(),
            self.settings,
        )?;
        Ok(Ministra(Arc::new(Inner {
            rest,
            list_timeout: self.platform.list_timeout,
        })))
    }
}
