//! `terminal_playlog`.

use jsonsql::prelude::*;

use super::{ChannelId, DomainId};

/// An entry of a terminal's play log.
///
/// No key is known. Terminal and time are taken for one, so that it can be
/// [streamed](crate::Client::stream). Two plays of a terminal at the same time
/// then have one key, at which a stream ends in an error.
#[derive(Debug, Clone, PartialEq, Eq, Table)]
#[table(name = "terminal_playlog", reserved("id", "stop"))]
pub struct TerminalPlaylog {
    /// The time when it began, `YYYY-MM-DD HH:MM:SS` in an unknown time zone (B).
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
