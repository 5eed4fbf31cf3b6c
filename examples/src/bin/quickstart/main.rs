//! What the vendor's document and script do, typed, step by step.
//!
//! It starts a local sandbox and prints of every step the SQL, the JSONSQL that
//! is sent, and the rows that come back. With `--url` it runs against a real
//! server instead, and writes there only with `--write`.

mod step;

use std::error::Error;
use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use jsonsql::MacAddr;
use jsonsql_client::Client;
use jsonsql_examples::out::{self, Out};
use jsonsql_examples::platform::{Address, Login, Name};
use jsonsql_examples::statements;
use jsonsql_sandbox::Sandbox;

use step::step;

/// Lists channels and terminals, adds a subscriber with a terminal and two
/// packages, disables it, and takes terminal and packages away again.
///
/// Without options it does so in a local sandbox, which needs nothing.
#[derive(Parser)]
struct Options {
    #[command(flatten)]
    address: Address,

    /// Also performs the steps that write, on the real server
    #[arg(long, requires = "url")]
    write: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    out::ended(run(Options::parse()).await.map(|()| true))
}

async fn run(options: Options) -> Result<(), Box<dyn Error>> {
    let mut out = Out::of_one_that(options.write);
    let Some(login) = options.address.login()? else {
        return in_a_sandbox(&mut out).await;
    };
    let client = login.client()?;
    read(&client, &mut out).await?;
    if options.write {
        write(&client, &mut out).await?;
    } else {
        let told = "The other steps write. With --write they are performed as well.";
        writeln!(out, "\n{told}")?;
    }
    Ok(())
}

async fn in_a_sandbox(out: &mut Out) -> Result<(), Box<dyn Error>> {
    let sandbox = Sandbox::builder().start().await?;
    writeln!(out, "A sandbox answers at {}", sandbox.url())?;
    let client = Login::of_sandbox(Name::Iptvportal, &sandbox).client()?;
    read(&client, out).await?;
    write(&client, out).await?;
    sandbox.stop().await;
    Ok(())
}

async fn read(client: &Client, out: &mut Out) -> Result<(), Box<dyn Error>> {
    step(
        client,
        out,
        "List the TV channels with their addresses",
        &statements::channels(),
        ["name", "mrl"],
        |(name, mrl)| [name, mrl],
    )
    .await?;
    step(
        client,
        out,
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

async fn write(client: &Client, out: &mut Out) -> Result<(), Box<dyn Error>> {
    let mac_addr: MacAddr = "11-22-33-44-55-77".parse()?;
    let subscriber = statements::add_subscriber();
    step(client, out, "Add a subscriber", &subscriber, ["id"], |id| {
        [id.0]
    })
    .await?;
    let terminal = statements::bind_terminal(mac_addr);
    step(
        client,
        out,
        "Bind a terminal to it",
        &terminal,
        ["id"],
        |id| [id],
    )
    .await?;
    let packages = statements::add_packages();
    step(client, out, "Add two packages", &packages, ["id"], |id| {
        [id.0]
    })
    .await?;
    let subscribe = statements::subscribe();
    let title = "Give it both packages at once";
    step(client, out, title, &subscribe, ["package_id"], |id| [id.0]).await?;
    let disable = statements::disable();
    step(client, out, "Disable it", &disable, ["id"], |id| [id.0]).await?;
    let terminals = statements::delete_terminals();
    step(
        client,
        out,
        "Delete its terminals",
        &terminals,
        ["id"],
        |id| [id],
    )
    .await?;
    let packages = statements::delete_packages();
    step(
        client,
        out,
        "Take its packages away",
        &packages,
        ["package_id"],
        |id| [id.0],
    )
    .await
}
