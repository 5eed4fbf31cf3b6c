//! `media`, with what the document says in passing.

use jsonsql::prelude::*;

use crate::schema::{DomainId, MediaId};

/// A stream: a channel, a radio station, a film.
#[derive(Debug, Clone, PartialEq, Eq, Table)]
#[table(name = "media", reserved("url", "description", "type"))]
pub struct Media {
    /// The key (A).
    #[column(key, generated)]
    pub id: MediaId,
    /// The operator's domain, which the server fills in (B: the table's second
    /// column was a number).
    #[column(generated)]
    pub domain_id: DomainId,
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
    /// `true` for a TV channel (A).
    #[column(default)]
    pub is_tv: bool,
    /// `true` for what only subscribers of a package may watch: the document
    /// calls media resources free by `paid <> true` (A for the name, B for the
    /// table, since packages have such a column too).
    #[column(default)]
    pub paid: bool,
}
