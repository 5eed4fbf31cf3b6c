//! What is watched.

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
    /// Whether it can be watched, where the platform says.
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
