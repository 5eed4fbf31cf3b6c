//! IPTVPORTAL's tables, as far as they are publicly known.
//!
//! The vendor publishes its schema as a picture. These tables and columns were
//! seen in the vendor's document and scripts or in billings in production
//! (evidence grade A), or follow from what was seen on live servers (B). Names
//! from unverified texts (C) are reserved, so that no text is read as one of
//! them, and not mapped: whoever selects a whole row asks for all its columns,
//! and one that the server does not have fails the read.
//!
//! Two exceptions make everything reachable that the document prints. [`full`]
//! has tables once more, with the columns that the document mentions without
//! an example: `media.paid`, `subscriber_package.id` and `expired_on`, the
//! settings of `domain`. And of the tables that it only names
//! ([`Service`](struct@Service), [`Playlist`](struct@Playlist),
//! [`Profile`](struct@Profile), [`PlayerProfile`](struct@PlayerProfile),
//! [`SystemProfile`](struct@SystemProfile), [`User`](struct@User), and
//! [`Key`](struct@Key) with one column) the key and the name are guesses, since
//! without them there would be no table.
//!
//! No source says which columns take NULL. Keys, names and booleans are
//! taken not to: an answer that has NULL there is an error that says so. Before
//! relying on a table, ask the server:
//!
//! ```no_run
//! # async fn example(client: jsonsql_client::Client) -> jsonsql_client::Result<()> {
//! use jsonsql_client::schema::Terminal;
//!
//! let mismatches = client.check::<Terminal>().await?;
//! assert!(mismatches.is_empty(), "this server differs: {mismatches:?}");
//! # Ok(())
//! # }
//! ```
//!
//! A table of one's own, with more columns or fewer, is a struct with
//! `#[derive(Table)]`; [`discover`](crate::Client::discover) writes one.

mod domain;
pub mod full;
mod ids;
mod key;
mod media;
mod package;
mod password;
mod playlist;
mod pprofile;
mod profile;
mod service;
mod sprofile;
mod subscriber;
mod subscriber_inetaddr;
mod subscriber_package;
mod terminal;
mod terminal_playlog;
mod tv_category;
mod tv_channel;
mod tv_program;
mod tv_program_category;
mod user;

pub use domain::Domain;
pub use ids::{
    CategoryId, ChannelId, DomainId, InetAddrId, KeyId, MediaId, PackageId, PlayerProfileId,
    PlaylistId, ProfileId, ProgramId, ServiceId, SubscriberId, SubscriberPackageId,
    SystemProfileId, TerminalId, UserId,
};
pub use key::Key;
pub use media::Media;
pub use package::Package;
pub use password::Password;
pub use playlist::Playlist;
pub use pprofile::PlayerProfile;
pub use profile::Profile;
pub use service::Service;
pub use sprofile::SystemProfile;
pub use subscriber::Subscriber;
pub use subscriber_inetaddr::SubscriberInetaddr;
pub use subscriber_package::SubscriberPackage;
pub use terminal::Terminal;
pub use terminal_playlog::TerminalPlaylog;
pub use tv_category::TvCategory;
pub use tv_channel::TvChannel;
pub use tv_program::TvProgram;
pub use tv_program_category::TvProgramCategory;
pub use user::User;
