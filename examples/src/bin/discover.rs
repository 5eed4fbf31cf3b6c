//! A server's tables as Rust structs: nobody outside can ask its schema, so common
//! names are tried in selects of few rows. No value of a row is printed.
//!
//! For a real server: `jsonsql schema rust > src/tables.rs`.
#![allow(clippy::print_stdout, reason = "it is short")]

use jsonsql_client::Client;
use jsonsql_sandbox::Sandbox;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let sandbox = Sandbox::builder().start().await?;
    let client = Client::builder()
        .url(sandbox.url())
        .credentials("admin", "adminpassword")
        .build()?;
    // Names that the library does not know can be given: here one of them.
    let candidates = ["contract_number"];
    for table in ["subscriber", "terminal", "terminal_playlog"] {
        let discovered = client.discover(table, &candidates).await?;
        println!("{discovered}");
    }
    Ok(())
}
