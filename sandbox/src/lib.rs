//! A local IPTVPORTAL server for development and tests.
//!
//! It speaks the vendor's protocol (JSONSQL over JSON-RPC) on a free loopback
//! port, executes every statement on a real SQL engine, and answers as
//! PostgreSQL would, or says that it cannot. Nobody needs a contract to run it.
//!
//! Beside it, on the same port, is the REST API of a [Ministra](ministra).
//!
//! ```
//! use jsonsql_sandbox::{Sandbox, Seed};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), jsonsql_sandbox::Error> {
//! let sandbox = Sandbox::builder()
//!     .username("admin")
//!     .password("adminpassword")
//!     .seed(Seed::Demo)
//!     .start()
//!     .await?;
//! // Point a client at `sandbox.url()`, then look at what it did.
//! assert!(sandbox.jsonsql_url().ends_with("/api/jsonsql/"));
//! let logins = sandbox.query("SELECT username FROM subscriber WHERE id = 1").await?;
//! assert_eq!(logins[0][0], "12345");
//! sandbox.stop().await;
//! # Ok(())
//! # }
//! ```
//!
//! Beside it, on the same port, are the REST API of a [Ministra](ministra) and
//! the Provider API of [TVIP TMS](tvip).
//!
//! # Two engines
//!
//! By default the storage is SQLite, in memory or in a file, behind a layer that
//! gives every expression PostgreSQL's type and meaning: a sandbox starts in
//! milliseconds, one for every test. Given a `postgres://` URL the statements
//! run on PostgreSQL as they were sent. Thousands of random statements give the
//! same rows on both, and when the SQL that `Display` shows is run by hand.
//!
//! Where the embedded engine cannot do the same, the answer is an error that
//! begins with "needs PostgreSQL", never different rows: [`refused_statements`]
//! lists the kinds.
//!
//! On PostgreSQL, functions that do something rather than calculate (`pg_sleep`,
//! `set_config`) are refused to clients, and so are those that read its
//! catalogue or belong to the sandbox.
//!
//! # What is bounded
//!
//! [`Limits`] bound what callers send, hold and get; each has a default, an
//! option of the program, and an error that names the option. Requests whose
//! `Host` is not this machine's (or a name given with [`Builder::allow_host`])
//! are refused on every surface, and so are those that a browser sends for a
//! page of another origin.
//!
//! # Features
//!
//! - `cli`: the program `jsonsql-sandbox`.
//! - `console`: the console, pages for a browser at `/`.
//! - `postgres`: the engine PostgreSQL.
//! - `tls`: HTTPS.
//!
//! All are on by default. Without them the library is what a test in Rust needs:
//! no parser of command lines, no pages, no client of PostgreSQL.
//!
//! # What lasts
//!
//! With a database ([`Builder::database`]) all surfaces find after a restart what
//! was acknowledged before, after a kill too; seeds are for a database that has
//! none. On PostgreSQL and in a file the REST surfaces store each record they
//! touch, as JSON in the table `sandbox_record`, before they answer. Without a
//! database everything is gone with the sandbox.
//!
//! # Domains
//!
//! Operators share one database. An account is of a domain
//! ([`Builder::account`]); it sees and changes the rows of that domain only, and
//! its inserts get that domain. Whose a row is, its `domain_id` says, or the row
//! it refers to.
//!
//! The programme guide (`tv_channel`, `tv_program`, `tv_category`,
//! `tv_program_category`) is everybody's: one installation was seen to have one
//! guide of some 7,300 channels from 36 providers, and the source that counts
//! them filters `terminal_playlog` by `domain_id` and these by nothing. Of `key`,
//! `service`, `playlist`, `profile`, `pprofile`, `sprofile` and `user` no source
//! shows a `domain_id` or says that there is none; they are everybody's too,
//! since a column that nobody has seen would make statements work that may not.
//! A seed makes one of them the operators' by declaring the column:
//!
//! ```
//! # use jsonsql_sandbox::Seed;
//! let seed = Seed::from_json(
//!     r#"{"tables": [{"name": "user", "columns": [{"name": "domain_id", "type": "domain"}]}]}"#,
//! )?;
//! # let _ = seed;
//! # Ok::<(), jsonsql_sandbox::Error>(())
//! ```
//!
//! # What it is not
//!
//! What no public source says about the vendor's server is a setting of
//! [`ServerBehavior`]. Texts sort by their bytes on the embedded engine, as in
//! PostgreSQL with the collation "C"; on PostgreSQL the database's collation holds.

#![cfg_attr(docsrs, feature(doc_cfg))]

mod account;
mod body;
mod caller;
#[cfg(any(feature = "cli", feature = "console"))]
mod choices;
mod clock;
#[cfg(feature = "cli")]
pub mod command;
#[cfg(feature = "console")]
mod console;
mod control;
mod engine;
mod error;
pub mod faults;
mod guard;
mod health;
mod http;
mod journal;
mod jsonsql;
mod limits;
pub mod ministra;
mod pasted;
mod records;
mod sandbox;
mod schema;
mod seed;
mod serve;
mod server_behavior;
mod surfaces;
pub mod tvip;
mod vendor;

pub use engine::refused_statements;
pub use error::Error;
pub use journal::{Answered, Change, Done, Entry, Request};
pub use limits::Limits;
pub use ministra::MinistraOptions;
pub use sandbox::{Builder, Sandbox};
pub use seed::{Custom, Seed};
#[cfg(feature = "tls")]
pub use serve::Tls;
pub use server_behavior::{
    ChangeWithoutReturning, DottedText, MacForm, Refusal, ServerBehavior, SessionsPerUser,
    SubscriberDelete, TerminalOverLimit, UnknownOrderBy,
};
pub use tvip::TvipOptions;
pub use vendor::Vendor;

/// The README's code, compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
