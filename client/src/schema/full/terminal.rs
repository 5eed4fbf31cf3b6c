//! `terminal`, with its domain.

use jsonsql::prelude::*;

use crate::schema::{DomainId, SubscriberId, TerminalId};

/// A set-top box or another player.
#[derive(Debug, Clone, PartialEq, Eq, Table)]
#[table(name = "terminal", reserved("model", "active", "last_seen", "status"))]
pub struct Terminal {
    /// The key (A).
    #[column(key, generated)]
    pub id: TerminalId,
    /// The operator's domain, which the server fills in (C: as `subscriber` and
    /// `terminal_playlog` have it).
    #[column(generated)]
    pub domain_id: DomainId,
    /// The subscriber; NULL for a terminal that is not registered (A; the NULL, B).
    pub subscriber_id: Option<SubscriberId>,
    /// The hardware address. A text or a `macaddr`: unknown (A).
    pub mac_addr: Option<MacAddr>,
    /// The network address, as the server prints it (A).
    pub inet_addr: Option<String>,
    /// `true` if it may be used (A).
    #[column(default)]
    pub registered: bool,
}
