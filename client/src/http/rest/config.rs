//! A REST interface from its settings.

use super::Rest;
use crate::error::{ConfigError, Result};
use crate::http::address::checked;
use crate::http::credentials;
use crate::http::settings::Settings;

impl Rest {
    /// `url` is the address below which the resources are. Without
    /// credentials, none are sent.
    pub(crate) fn new(
        platform: &'static str,
        usual: &'static str,
        url: Option<&str>,
        mut settings: Settings,
    ) -> Result<Rest, ConfigError> {
        let url = url.ok_or(ConfigError::NoServer)?;
        let below = format!("{}/", url.trim().trim_end_matches('/'));
        let base = checked(&("url", below), settings.plain_http)?;
        let credentials = settings.credentials.take();
        if let Some((username, password)) = &credentials {
            credentials::check_basic(username, password)?;
        }
        Ok(Rest {
            dispatcher: settings.dispatcher()?,
            base,
            credentials,
            platform,
            usual,
        })
    }
}
