//! The terminals on which subscribers watch.

use jsonsql::MacAddr;

use super::{Extra, SubscriberId, TerminalId};

/// A set-top box or another player.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Terminal {
    /// The platform's key.
    pub id: TerminalId,
    /// The subscriber who has it; none if no subscriber has it.
    pub subscriber: Option<SubscriberId>,
    /// The hardware address. An application on a telephone has none.
    pub mac: Option<MacAddr>,
    /// The identifier by which the platform knows a player without a hardware address.
    pub unique_id: Option<String>,
    /// The network address it was last seen at.
    pub ip: Option<String>,
    /// The model, as the platform names it.
    pub model: Option<String>,
    /// The serial number.
    pub serial: Option<String>,
    /// The version of its firmware.
    pub firmware: Option<String>,
    /// `true` if it is connected now; none if the platform does not know.
    pub online: Option<bool>,
    /// The fields that the platform has beyond these.
    pub extra: Extra,
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
            extra: Extra::default(),
        }
    }
}
