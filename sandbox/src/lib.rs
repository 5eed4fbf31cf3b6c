//! A local IPTVPORTAL server for development and tests.
//!
//! It speaks the vendor's protocol (JSONSQL over JSON-RPC) on a free loopback
//! port, executes every statement on a real SQL engine, and answers as
//! PostgreSQL would, or says that it cannot. Nobody needs a contract to run it.
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
//! Beside it, on the same port, is the Provider API of [TVIP TMS](tvip).
//!
//! # What it is not
//!
//! The embedded engine is SQLite behind a layer that gives every expression
//! PostgreSQL's type and meaning. Where that cannot be done the answer is an
//! error that begins with "needs PostgreSQL", never different rows. Texts sort
//! by their bytes, as in PostgreSQL with the collation "C". What no public
//! source says about the vendor's server is a setting of [`Unknowns`].

mod builder;
mod engine;
mod error;
mod http;
mod journal;
mod jsonsql;
mod sandbox;
mod schema;
mod seed;
pub mod tvip;
mod unknowns;

pub use builder::Builder;
pub use error::Error;
pub use journal::{Answered, Entry};
pub use sandbox::Sandbox;
pub use seed::Seed;
pub use tvip::TvipOptions;
pub use unknowns::{ChangeWithoutReturning, MacForm, Refusal, Unknowns};
