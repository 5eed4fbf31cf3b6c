//! Every example that the vendors' five documents print, as they print it, on a
//! sandbox that starts with the seed `documents`.
//!
//! The JSON files beside this one have the examples word for word: the request,
//! the answer, and in which section of the document they stand. Where the
//! sandbox's answer is another, the file says at which place, and why: the example
//! contradicts another one, is malformed, or its value cannot be known. A
//! difference that a file does not have fails the test, and so does one that it
//! has and that is not there.
//!
//! Not among the examples are the patterns of requests and answers with words in
//! place of values (`<recipients>`, `where_clause`), and the encoding of the
//! credentials, which no server is asked for.

mod agreement;
mod compare;
mod curl;
mod document;
mod http;
mod iptvportal;
mod ministra;
mod pasted;
mod program;
mod shell;
mod tvip;

use std::io::Write as _;

use jsonsql_sandbox::Sandbox;

/// Says something even of a test that passes, where `println!` is swallowed.
fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// A sandbox with the documents' data, on which nothing was asked yet.
async fn fresh() -> Sandbox {
    Sandbox::builder().documents().start().await.unwrap()
}
