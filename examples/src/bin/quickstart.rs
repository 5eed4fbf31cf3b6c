//! The vendor's document and script, typed, step by step: of every step the
//! SQL, the JSONSQL that is sent, and the rows that come back.
//!
//! For a real server: `jsonsql sql "select …"`.
#![allow(clippy::print_stdout, reason = "it is short")]

use std::error::Error;
use std::fmt::{Debug, Display};

use jsonsql::row::Row;
use jsonsql::{Dialect, Statement};
use jsonsql_client::{Client, Printable};
use jsonsql_examples::statements;
use jsonsql_sandbox::Sandbox;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let sandbox = Sandbox::builder().start().await?;
    let client = Client::builder()
        .url(sandbox.url())
        .credentials("admin", "adminpassword")
        .build()?;
    let client = &client;
    step(client, "List TV channels", &statements::channels()).await?;
    step(client, "List terminals", &statements::terminals()).await?;
    let terminal = statements::bind_terminal("11-22-33-44-55-77".parse()?);
    step(client, "Add a subscriber", &statements::add_subscriber()).await?;
    step(client, "Bind a terminal to it", &terminal).await?;
    step(client, "Add two packages", &statements::add_packages()).await?;
    step(client, "Give it both packages", &statements::subscribe()).await?;
    step(client, "Disable it", &statements::disable()).await?;
    let terminals = statements::delete_terminals();
    step(client, "Delete its terminals", &terminals).await?;
    step(client, "End its packages", &statements::delete_packages()).await
}

/// Performs a statement and prints its SQL, its JSONSQL and its rows.
async fn step<S>(client: &Client, title: &str, statement: &S) -> Result<(), Box<dyn Error>>
where
    S: Statement + Display + Sync,
    S::Row: for<'de> Row<'de> + Debug + Send + 'static,
{
    let params = serde_json::to_string(&statement.params(&Dialect::default())?)?;
    println!("{title}\n");
    println!("  SQL      {}", Printable(format!("{statement:#}")));
    println!("  JSONSQL  {} {}\n", statement.method(), Printable(params));
    let rows = client.fetch_all(statement).await?;
    for row in &rows {
        println!("  {row:?}");
    }
    println!("  rows: {}\n", rows.len());
    Ok(())
}
