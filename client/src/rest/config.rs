//! A REST interface from its settings.

use super::Rest;
use crate::config::{Wire, checked};
use crate::error::{ConfigError, Result};

impl Rest {
    /// `url` is the address below which the resources are. Without
    /// credentials, none are sent.
    pub(crate) fn new(
        platform: &'static str,
        url: Option<&str>,
        mut wire: Wire,
    ) -> Result<Rest, ConfigError> {
        let url = url.ok_or(ConfigError::NoServer)?;
        let below = format!("{}/", url.trim_end_matches('/'));
        let base = checked(&("url", below), wire.plain_http)?;
        let credentials = wire.credentials.take();
        Ok(Rest {
            link: wire.link()?,
            base,
            credentials,
            platform,
        })
    }
}
