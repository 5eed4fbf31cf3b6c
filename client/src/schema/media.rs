//! `media`.

use jsonsql::prelude::*;

use super::MediaId;

/// A stream: a channel, a radio station, a film.
///
/// A live table had 74 columns; the names of these alone are known, and `paid`,
/// which is in [`full::Media`](struct@super::full::Media).
#[derive(Debug, Clone, PartialEq, Eq, Table)]
#[table(
    name = "media",
    reserved("domain_id", "paid", "url", "description", "type")
)]
pub struct Media {
    /// The key (A).
    #[column(key, generated)]
    pub id: MediaId,
    /// The name (A).
    pub name: String,
    /// The first part of the address, such as `udp` (A).
    pub protocol: Option<String>,
    /// The host, a group's address for multicast (A; a text or an `inet`: unknown).
    pub inet_addr: Option<String>,
    /// The port (A).
    pub port: Option<i32>,
    /// The last part of the address (A).
    pub path: Option<String>,
    /// `true` if it is a TV channel (A).
    #[column(default)]
    pub is_tv: bool,
}
