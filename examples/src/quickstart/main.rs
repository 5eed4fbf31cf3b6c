//! What the vendor's document and script do, typed, step by step.
//!
//! It starts a local sandbox and prints of every step the SQL, the JSONSQL that
//! is sent, and the rows that come back. With `--url` it runs against a real
//! server instead, and writes there only with `--write`.

#![allow(clippy::print_stdout, reason = "it prints what it does")]

mod step;

use std::error::Error;
use std::process::ExitCode;

use clap::Parser;
use jsonsql::MacAddr;
use jsonsql_client::Client;
use jsonsql_examples::statements;
use jsonsql_sandbox::Sandbox;

use step::step;

/// Lists channels and terminals, adds a subscriber with a terminal and two
/// packages, disables it, and takes terminal and packages away again.
///
/// Without options it does so in a local sandbox, which needs nothing.
#[derive(Parser)]
struct Options {
    /// A real server's address, such as <https://operator.admin.iptvportal.ru/api>;
    /// its password is taken from the variable `JSONSQL_PASSWORD`
    #[arg(long, requires = "username")]
    url: Option<String>,

    /// Who logs in there
    #[arg(long, requires = "url")]
    username: Option<String>,

    /// Also performs the steps that write, on the real server
    #[arg(long, requires = "url")]
    write: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Options::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("\nStopped: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(options: Options) -> Result<(), Box<dyn Error>> {
    let (Some(url), Some(username)) = (options.url, options.username) else {
        return in_a_sandbox().await;
    };
    let password = std::env::var("JSONSQL_PASSWORD")
        .map_err(|_| "the variable JSONSQL_PASSWORD has to hold the password")?;
    let client = Client::builder()
        .url(&url)
        .credentials(username, password)
        .build()?;
    read(&client).await?;
    if options.write {
        write(&client).await?;
    } else {
        println!("\nThe other steps write. With --write they are performed as well.");
    }
    Ok(())
}

async fn in_a_sandbox() -> Result<(), Box<dyn Error>> {
    let sandbox = Sandbox::builder().start().await?;
    println!("A sandbox answers at {}", sandbox.url());
    let client = Client::builder()
        .url(&sandbox.url())
        .credentials("admin", "adminpassword")
        .build()?;
    read(&client).await?;
    write(&client).await?;
    sandbox.stop().await;
    Ok(())
}

async fn read(client: &Client) -> Result<(), Box<dyn Error>> {
    step(
        client,
        "List the TV channels with their addresses",
        &statements::channels(),
        ["name", "mrl"],
        |(name, mrl)| [name, mrl],
    )
    .await?;
    step(
        client,
        "List the terminals with their owners' logins",
        &statements::terminals(),
        ["inet_addr", "mac_addr", "username"],
        |(inet_addr, mac_addr, username)| {
            let or_none = |text: Option<String>| text.unwrap_or_else(|| "none".to_owned());
            [or_none(inet_addr), mac_addr.to_string(), or_none(username)]
        },
    )
    .await
}

async fn write(client: &Client) -> Result<(), Box<dyn Error>> {
    let mac_addr: MacAddr = "11-22-33-44-55-77".parse()?;
    let subscriber = statements::add_subscriber();
    step(client, "Add a subscriber", &subscriber, ["id"], |id| [id.0]).await?;
    let terminal = statements::bind_terminal(mac_addr);
    step(client, "Bind a terminal to it", &terminal, ["id"], |id| {
        [id]
    })
    .await?;
    let packages = statements::add_packages();
    step(client, "Add two packages", &packages, ["id"], |id| [id.0]).await?;
    let subscribe = statements::subscribe();
    let title = "Give it both packages at once";
    step(client, title, &subscribe, ["package_id"], |id| [id.0]).await?;
    let disable = statements::disable();
    step(client, "Disable it", &disable, ["id"], |id| [id.0]).await?;
    let terminals = statements::delete_terminals();
    step(client, "Delete its terminals", &terminals, ["id"], |id| {
        [id]
    })
    .await?;
    let packages = statements::delete_packages();
    step(
        client,
        "Take its packages away",
        &packages,
        ["package_id"],
        |id| [id.0],
    )
    .await
}
