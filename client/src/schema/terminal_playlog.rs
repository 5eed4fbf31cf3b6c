//! `terminal_playlog`.

use jsonsql::prelude::*;

use super::{ChannelId, DomainId};

/// What a terminal has played.
///
/// No key is known. Box and time are taken for one, so that it can be
/// [streamed](crate::Client::stream); two plays of a box within a second are then one.
#[derive(Debug, Clone, PartialEq, Eq, Table)]
#[table(name = "terminal_playlog", reserved("id", "stop"))]
pub struct TerminalPlaylog {
    /// When it began, `YYYY-MM-DD HH:MM:SS` in an unknown time zone (B).
    #[column(key)]
    pub start: String,
    /// The operator's domain, which the server fills in (B).
    #[column(generated)]
    pub domain_id: DomainId,
    /// The box (B).
    #[column(key)]
    pub mac_addr: MacAddr,
    /// The channel (B).
    pub channel_id: Option<ChannelId>,
}
