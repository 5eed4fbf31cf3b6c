//! Tables with every column that a source names for them.
//!
//! A select of whole rows names each mapped column, and a server refuses a
//! name that it does not have. So the structs of [`schema`](super) have the
//! columns that readers of live servers depend on, and those of the same names
//! here have in addition what the vendor's document mentions without an
//! example, or what follows from another table. They are tables like all
//! others: `full::Media::filter(|m| m.paid.eq(true))`. A query of single
//! columns depends on these alone, whatever else the struct maps:
//!
//! ```
//! use jsonsql_client::schema::{full, SubscriberId};
//!
//! // As the vendor's document has it: a delete that returns `id`.
//! let delete = full::SubscriberPackage::delete(|sp| sp.subscriber_id.eq(SubscriberId(7)));
//! assert_eq!(
//!     delete.to_json()?,
//!     r#"{"from":"subscriber_package","where":{"eq":["subscriber_id",7]},"returning":"id"}"#
//! );
//! # Ok::<(), jsonsql::Error>(())
//! ```
//!
//! Ask the server once before relying on one:
//!
//! ```no_run
//! # async fn example(client: jsonsql_client::Client) -> jsonsql_client::Result<()> {
//! use jsonsql_client::schema::full;
//!
//! let unknown = client.check::<full::Media>().await?;
//! assert!(unknown.is_empty(), "this server has no {unknown:?}");
//! # Ok(())
//! # }
//! ```

mod domain;
mod media;
mod package;
mod subscriber_package;
mod terminal;

pub use domain::Domain;
pub use media::Media;
pub use package::Package;
pub use subscriber_package::SubscriberPackage;
pub use terminal::Terminal;
