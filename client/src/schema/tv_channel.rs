//! `tv_channel`.

use jsonsql::prelude::*;

use super::ChannelId;

/// A channel of the programme guide.
///
/// A live table had 13 columns; the third one is an address, perhaps the logo's.
#[derive(Debug, Clone, PartialEq, Eq, Table)]
#[table(
    name = "tv_channel",
    reserved(
        "domain_id",
        "logo",
        "logo_url",
        "country_code",
        "epg_id",
        "sort_order"
    )
)]
pub struct TvChannel {
    /// The key (B).
    #[column(key, generated)]
    pub id: ChannelId,
    /// The name (B).
    pub name: String,
}
