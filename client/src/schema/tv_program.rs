//! `tv_program`.

use jsonsql::prelude::*;

use super::{ChannelId, ProgramId};

/// A programme of a channel.
///
/// A live table had 11 columns; the first five were a number, two times, a
/// number and a text.
#[derive(Debug, Clone, PartialEq, Eq, Table)]
#[table(
    name = "tv_program",
    reserved("domain_id", "description", "category", "genre")
)]
pub struct TvProgram {
    /// The key: `tv_program_category` refers to it (B). One reader of live rows
    /// took their first number for the channel's.
    #[column(key, generated)]
    pub id: ProgramId,
    /// The time when it begins, `YYYY-MM-DD HH:MM:SS` in an unknown time zone (B).
    pub start: String,
    /// The time when it ends (B).
    pub stop: String,
    /// The channel (B).
    pub channel_id: ChannelId,
    /// The title (B).
    pub title: Option<String>,
    /// The provider of the programme guide (B).
    pub epg_provider_id: Option<i32>,
}
