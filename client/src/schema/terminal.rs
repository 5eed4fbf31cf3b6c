//! `terminal`.

use jsonsql::prelude::*;

use super::{SubscriberId, TerminalId};

/// A set-top box or another player.
#[derive(Debug, Clone, PartialEq, Eq, Table)]
#[table(
    name = "terminal",
    reserved("domain_id", "model", "active", "last_seen", "status")
)]
pub struct Terminal {
    /// The key (A).
    #[column(key, generated)]
    pub id: TerminalId,
    /// The subscriber; none of a box that nobody has registered (A; that it is NULL then,
    /// B).
    pub subscriber_id: Option<SubscriberId>,
    /// The hardware address. Whether the column is a text or a `macaddr` is unknown (A).
    pub mac_addr: Option<MacAddr>,
    /// The network address, as the server prints it (A).
    pub inet_addr: Option<String>,
    /// `true` if it may be used (A).
    #[column(default)]
    pub registered: bool,
}
