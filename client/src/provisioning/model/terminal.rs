//! What is watched with.

use jsonsql::MacAddr;

use super::{SubscriberId, TerminalId};

/// A set-top box or another player.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Terminal {
    /// The platform's key.
    pub id: TerminalId,
    /// Whose it is; none if nobody's.
    pub subscriber: Option<SubscriberId>,
    /// The hardware address. An application on a telephone has none.
    pub mac: Option<MacAddr>,
    /// What the platform knows a player without a hardware address by.
    pub unique_id: Option<String>,
    /// The network address it was last seen at.
    pub ip: Option<String>,
    /// The model, as the platform names it.
    pub model: Option<String>,
    /// The serial number.
    pub serial: Option<String>,
    /// The version of its firmware.
    pub firmware: Option<String>,
    /// Whether it is connected now, where the platform knows.
    pub online: Option<bool>,
}

impl Terminal {
    /// A terminal with this key, and nothing else.
    pub fn new(id: TerminalId) -> Terminal {
        Terminal {
            id,
            subscriber: None,
            mac: None,
            unique_id: None,
            ip: None,
            model: None,
            serial: None,
            firmware: None,
            online: None,
        }
    }
}
