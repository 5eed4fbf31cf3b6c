//! JSON-RPC 2.0: envelopes written and read.

mod answer;
mod batch;
mod member;
mod request;

pub(crate) use answer::{Failure, read_rows, read_session, read_values};
pub(crate) use batch::{envelopes, read_batch};
pub(crate) use member::ErrorMember;
pub(crate) use request::{Request, authorize};
