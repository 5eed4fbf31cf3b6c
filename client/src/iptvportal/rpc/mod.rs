//! JSON-RPC 2.0: envelopes written and read.

mod answer;
mod batch;
mod blemish;
mod envelope;
mod member;
mod proof;
mod request;
mod single_pass;
mod verdict;

pub(crate) use answer::{read_rows, read_session, read_values};
pub(crate) use batch::{envelopes, read_batch};
pub(crate) use member::ErrorMember;
pub(crate) use proof::{Answer, Failure, Proof};
pub(crate) use request::{Request, authorize};
pub(crate) use verdict::{Asked, Cause, Effect, Next, Verb, Verdict, judge};
