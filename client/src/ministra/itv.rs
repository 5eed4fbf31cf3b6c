//! `itv`: channels.

use serde::Deserialize;

use super::call::Call;
use super::outcome::rows;
use super::php_serde::{Rows, filled, flag, text};
use super::{ChannelId, Ministra};
use crate::error::{Refusal, Result};

/// A channel, switched on or off: the server does not say which.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Channel {
    /// Its number in the database.
    pub id: ChannelId,
    /// The name.
    #[serde(default, deserialize_with = "text")]
    pub name: String,
    /// The number on the remote control.
    #[serde(default, deserialize_with = "filled")]
    pub number: Option<String>,
    /// `true` if everybody has it.
    #[serde(default, deserialize_with = "flag")]
    pub base_ch: bool,
    /// `true` if it is in high definition.
    #[serde(default, deserialize_with = "flag")]
    pub hd: bool,
    /// The address it is watched at by the server.
    #[serde(default, deserialize_with = "filled")]
    pub url: Option<String>,
    /// `true` if the server watches it.
    #[serde(default, deserialize_with = "flag")]
    pub enable_monitoring: bool,
    /// A description; from 5.0.1.
    #[serde(default, deserialize_with = "filled")]
    pub descr: Option<String>,
}

/// Channels.
#[derive(Debug, Clone, Copy)]
pub struct Itv<'a>(pub(super) &'a Ministra);

const GET: &str = "GET itv";
const LIST: &str = "a list of channels";

impl Itv<'_> {
    /// All there are.
    ///
    /// ```no_run
    /// # async fn example(ministra: &jsonsql_client::ministra::Ministra) -> jsonsql_client::Result<()> {
    /// for channel in ministra.itv().list().await? {
    ///     println!("{channel:?}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As of every call: see the [module](super).
    pub async fn list(&self) -> Result<Vec<Channel>> {
        let Rows(channels) = self.0.call(Call::new(GET), LIST).await?;
        rows(self.0, GET, channels)
    }

    /// These channels; those that are not there are left out.
    ///
    /// # Errors
    ///
    /// As of every call: see the [module](super).
    pub async fn get(&self, ids: &[ChannelId]) -> Result<Vec<Channel>> {
        if ids.is_empty() {
            let reason = "no identifier, which the server takes for all there are";
            return Err(Refusal::new(GET, reason).into());
        }
        let ids = ids.iter().map(ToString::to_string).collect();
        let Rows(channels) = self.0.call(Call::new(GET).of(ids), LIST).await?;
        rows(self.0, GET, channels)
    }
}
