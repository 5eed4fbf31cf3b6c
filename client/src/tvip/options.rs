//! The settings of a client of TVIP.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::Offset;

use super::{EpochUnit, Inner, ProviderId, Tvip};
use crate::builder::ClientBuilder;
use crate::error::{ConfigError, Result};
use crate::http::rest::Rest;

/// An example of a server's address.
const USUAL: &str = "https://tms.example.com/api/provider";

/// The settings that only TVIP has.
pub struct Options {
    url: Option<String>,
    pub(crate) provider: Option<ProviderId>,
    pub(super) clock: Option<Arc<dyn Fn() -> Timestamp + Send + Sync>>,
    pub(crate) offset: Offset,
    pub(super) ttl_unit: EpochUnit,
    pub(crate) unbind: Unbind,
    pub(crate) ending: Ending,
    pub(crate) says_unconnected: bool,
    pub(crate) page_rows: u32,
}

/// The fate of a device that is taken from its account. When an account is
/// deleted, so are its devices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Unbind {
    /// It stays, as nobody's: its `account` is made null. That this works is
    /// inferred from devices that have none.
    #[default]
    Free,
    /// It is deleted, as the clients in production do.
    Delete,
}

/// The way to end a subscription.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Ending {
    /// It gets a `stop` and stays to be seen, as the documents say.
    #[default]
    Stop,
    /// It is deleted if it is to end at once, as the clients in production do.
    Delete,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            url: None,
            provider: None,
            clock: None,
            offset: Offset::UTC,
            ttl_unit: EpochUnit::default(),
            unbind: Unbind::default(),
            ending: Ending::default(),
            says_unconnected: false,
            page_rows: 500,
        }
    }
}

/// The address of TVIP, and the provider of the records.
impl ClientBuilder<Options> {
    /// The address below which the resources are:
    /// `https://tms.example.com/api/provider`.
    pub fn url(mut self, url: impl Into<String>) -> Self {
        self.platform.url = Some(url.into());
        self
    }

    /// The only provider whose records the [`Backend`](crate::provisioning::Backend)
    /// sees and writes. Without it, it sees all that the administrator does,
    /// and a login may be there twice.
    pub fn provider(mut self, provider: ProviderId) -> Self {
        self.platform.provider = Some(provider);
        self
    }
}

/// The requests where the documents leave them open.
impl ClientBuilder<Options> {
    /// The time at the server. By default it is what the server says in the
    /// header `Date` of its answers, or this machine's if it says nothing.
    /// Subscriptions begin and end by it.
    pub fn clock(mut self, clock: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        self.platform.clock = Some(Arc::new(clock));
        self
    }

    /// The offset in which times are written; `+0000` by default. It only
    /// changes how they look in the administrator's panel.
    pub fn offset(mut self, offset: Offset) -> Self {
        self.platform.offset = offset;
        self
    }

    /// In what a command's `ttl` counts; seconds by default, which is assumed.
    pub fn ttl_unit(mut self, unit: EpochUnit) -> Self {
        self.platform.ttl_unit = unit;
        self
    }

    /// Sets the fate of a device that is taken from its account.
    pub fn unbind(mut self, unbind: Unbind) -> Self {
        self.platform.unbind = unbind;
        self
    }

    /// The way to end a subscription.
    pub fn ending(mut self, ending: Ending) -> Self {
        self.platform.ending = ending;
        self
    }

    /// Creates devices with `"ws_connected": false`, as one client in production
    /// has since 2025: new servers may require it, old ones do not know it.
    pub fn create_with_ws_connected(mut self) -> Self {
        self.platform.says_unconnected = true;
        self
    }

    /// Sets the rows of a list that are read at once; 500 by default, 2 at the least.
    pub fn page_rows(mut self, rows: u32) -> Self {
        self.platform.page_rows = rows;
        self
    }
}

impl ClientBuilder<Options> {
    /// Builds the client.
    ///
    /// # Errors
    ///
    /// [`Error::Config`](crate::Error::Config) names the setting that is
    /// missing or unusable.
    pub fn build(self) -> Result<Tvip> {
        let ClientBuilder { platform, settings } = self;
        if settings.credentials.is_none() {
            return Err(ConfigError::NoCredentials.into());
        }
        if platform.page_rows == 0 {
            return Err(ConfigError::Zero {
                setting: "page_rows",
            }
            .into());
        }
        let rest = Rest::new("tvip", USUAL, platform.url.as_deref(), settings)?;
        Ok(Tvip(Arc::new(Inner {
            rest,
            options: platform,
        })))
    }
}
