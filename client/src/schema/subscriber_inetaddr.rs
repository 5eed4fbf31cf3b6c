//! `subscriber_inetaddr`.

use jsonsql::prelude::*;

use super::{InetAddrId, SubscriberId};

/// A network from which a subscriber watches.
#[derive(Debug, Clone, PartialEq, Eq, Table)]
#[table(name = "subscriber_inetaddr", reserved("domain_id"))]
pub struct SubscriberInetaddr {
    /// The key (A).
    #[column(key, generated)]
    pub id: InetAddrId,
    /// The subscriber whose it is (A).
    pub subscriber_id: SubscriberId,
    /// The address or network, as the server prints it (A).
    pub inet_addr: String,
}
