//! Client of IPTVPORTAL's JSONSQL.
//!
//! It logs in by itself, keeps the session, sends typed statements and answers
//! with typed rows. It never sends a write twice, and says so when it does not
//! know whether one was executed.
//!
//! ```no_run
//! use jsonsql::prelude::*;
//! use jsonsql_client::{Client, Error, Printable};
//!
//! #[derive(Table)]
//! #[table(name = "subscriber")]
//! struct Subscriber {
//!     #[column(key, generated)]
//!     id: i64,
//!     username: String,
//!     #[column(default)]
//!     disabled: bool,
//! }
//!
//! # async fn example() -> jsonsql_client::Result<()> {
//! // JSONSQL_DOMAIN or JSONSQL_URL, JSONSQL_USERNAME, JSONSQL_PASSWORD.
//! let client = Client::from_env()?;
//!
//! for debtor in client.fetch_all(&Subscriber::filter(|s| s.disabled.eq(true))).await? {
//!     println!("{} {}", debtor.id, Printable(debtor.username));
//! }
//!
//! let enable = Subscriber::update(|s| s.id.eq(7)).set(|s| s.disabled.to(false));
//! match client.execute(&enable).await {
//!     Ok(ids) if ids.is_empty() => println!("no such subscriber"),
//!     Ok(_) => println!("enabled"),
//!     Err(Error::Indeterminate(lost)) => println!("look whether it happened: {lost}"),
//!     Err(error) => return Err(error),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # What is sent again
//!
//! | what happened | a select | a write |
//! | --- | --- | --- |
//! | no connection, or one that was closed before anything was written into it; HTTP 429 with `Retry-After` | again | again |
//! | the server ends the session, naming the call | again after one login | again after one login |
//! | HTTP 401 or 403 that anybody may have sent | again after one login | [`Error::Indeterminate`]; if [marked](Call::idempotent), again after one login |
//! | the answer is lost or late; HTTP 408, 425, 429, 5xx | again | [`Error::Indeterminate`]; if [marked](Call::idempotent), again |
//! | an `error` that names the call | the error | the error: not executed |
//! | anything else: another status, another content | the error | [`Error::Indeterminate`] |
//!
//! What counts as the server's own answer, and why, is a page of the guide,
//! `verdicts`.
//! Between attempts it waits a random while that doubles, or longer if the
//! server says so, within the call's [deadline](ClientBuilder::total_timeout)
//! and the client's [budget](ClientBuilder::retry_budget).
//!
//! # What an error says
//!
//! The text of an [`Error`] says what happened, to which operation, at which
//! address, in one line that is [fit for a terminal](Printable); its `source` is
//! empty. What was sent is taken out of a server's words: a text of eight
//! characters or more appears as `?`, in whatever letter case, escaped for JSON,
//! addresses, forms or HTML, in base64 or in hexadecimal digits. A shorter
//! credential is not searched for by itself, and neither is what is encoded twice;
//! a message that quotes the request is withheld as a whole.
//!
//! A failed call is an event of `tracing` with the fields `operation`, `method`,
//! `table`, `outcome`, `url.full` and `error`: at the level ERROR if nobody knows
//! what became of a write, at DEBUG if there was nothing to find, at WARN
//! otherwise.
//!
//! # What the server has
//!
//! [`schema`] maps the vendor's tables as far as they are known.
//! [`check`](Client::check) compares a mapping with a server's table, and
//! [`discover`](Client::discover) writes the mapping of a table nobody has
//! described. What the typed language does not say goes through
//! [`raw`](Client::raw).
//!
//! # Features
//!
//! | feature | |
//! | --- | --- |
//! | `ministra` | the REST API of Ministra, and its adapter; on by default |
//! | `tvip` | the provider API of TVIP TMS, and its adapter; on by default |
//! | `blocking` | [`blocking`](https://docs.rs/jsonsql-client/latest/jsonsql_client/blocking/): clients of all platforms for programs that do not await |
//! | `export` | [exports of a billing](provisioning::sync) as CSV, and the files of a [migration](provisioning::migration) |
//! | `metrics` | counters `jsonsql_client_…_total` for the recorder of the crate `metrics`: `attempts`, `retries`, `logins`, `indeterminate`, `sent_bytes`, `received_bytes`, `rows` |

#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "blocking")]
pub mod blocking;
mod builder;
mod error;
#[cfg(all(doc, not(doctest), feature = "ministra", feature = "tvip"))]
pub mod guide;
mod http;
mod http_method;
mod http_status;
mod iptvportal;
#[cfg(feature = "ministra")]
pub mod ministra;
pub mod model;
pub mod provisioning;
mod records;
mod redacted;
mod sanitize;
pub mod schema;
#[cfg(feature = "tvip")]
pub mod tvip;

pub use builder::{ClientBuilder, Iptvportal};
pub use error::{
    At, ConfigError, Error, Indeterminate, LoginError, Partial, Place, ProtocolError, Refusal,
    Rejection, RejectionKind, Result, ServerError, TransportError, TransportErrorKind, Write,
};
pub use http::transport::{Authorization, Body, Reply, Request, Transport};
pub use http_method::HttpMethod;
pub use iptvportal::{
    All, Batch, Call, Cardinality, Client, Discovered, DiscoveredColumn, Inserted, JsonKind, One,
    Optional, Pages, Raw, SchemaMismatch, Statements,
};
pub use sanitize::Printable;

// What the interface takes and gives, so that a program need not name these
// crates' versions itself.
pub use jsonsql::Dialect;
pub use secrecy::SecretString;
pub use url::Url;

/// The README's code, compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
