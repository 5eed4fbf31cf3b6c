//! The television channels of a platform.

use super::ChannelId;

/// A television channel.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Channel {
    /// The platform's key.
    pub id: ChannelId,
    /// The name.
    pub name: String,
    /// The number on the remote control, as the platform writes it.
    pub number: Option<String>,
    /// `true` if it can be watched; none if the platform does not say.
    pub enabled: Option<bool>,
}

impl Channel {
    /// A channel with this key and name.
    pub fn new(id: ChannelId, name: impl Into<String>) -> Channel {
        Channel {
            id,
            name: name.into(),
            number: None,
            enabled: None,
        }
    }
}
