//! The structs that are printed compile, read rows, and are those that are kept
//! here as they were printed.

use jsonsql_client::Client;
use jsonsql_sandbox::Sandbox;

use crate::run::printed;

/// What `discover` prints.
mod discovered {
    #![allow(dead_code, unreachable_pub, reason = "kept as it is printed")]
    include!("discovered.rs");
}

#[test]
fn what_is_kept_here_is_what_is_printed() {
    let printed = printed(env!("CARGO_BIN_EXE_discover"));
    assert_eq!(printed.trim_end(), include_str!("discovered.rs").trim_end());
}

#[tokio::test]
async fn what_is_printed_reads_rows() {
    let sandbox = Sandbox::builder().start().await.unwrap();
    let client = Client::builder()
        .url(sandbox.url())
        .credentials("admin", "adminpassword")
        .build()
        .unwrap();
    let played = discovered::TerminalPlaylog::all();
    assert_eq!(client.fetch_all(&played).await.unwrap().len(), 4);
    let subscribers = discovered::Subscriber::filter(|s| s.r#type.eq("INT"));
    let subscribers = client.fetch_all(&subscribers).await.unwrap();
    assert_eq!(subscribers[0].username, "test");
}
