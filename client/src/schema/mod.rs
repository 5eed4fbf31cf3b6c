//! IPTVPORTAL's tables, as far as anybody outside knows them.
//!
//! The vendor publishes its schema as a picture. What is here was seen in the
//! vendor's documents and scripts or in billings in production (evidence grade
//! A), or follows from what was seen on live servers (B). Names that are mere
//! guesses are reserved instead of mapped: no text may read as one of them.
//! Of `key`, `service`, `playlist`, `profile`, `pprofile`, `sprofile` and
//! `user` no key is known, so they are not here.
//!
//! Whether a column takes NULL is nowhere said. Keys, names and booleans are
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
mod ids;
mod media;
mod package;
mod password;
mod subscriber;
mod subscriber_inetaddr;
mod subscriber_package;
mod terminal;
mod terminal_playlog;
mod tv_category;
mod tv_channel;
mod tv_program;
mod tv_program_category;

pub use domain::Domain;
pub use ids::{
    CategoryId, ChannelId, DomainId, InetAddrId, MediaId, PackageId, ProgramId, SubscriberId,
    TerminalId,
};
pub use media::Media;
pub use package::Package;
pub use password::Password;
pub use subscriber::Subscriber;
pub use subscriber_inetaddr::SubscriberInetaddr;
pub use subscriber_package::SubscriberPackage;
pub use terminal::Terminal;
pub use terminal_playlog::TerminalPlaylog;
pub use tv_category::TvCategory;
pub use tv_channel::TvChannel;
pub use tv_program::TvProgram;
pub use tv_program_category::TvProgramCategory;
