//! A migration: the subscribers of IPTVPORTAL with their boxes and packages, on TVIP.
//!
//! For real servers: `jsonsql migrate --profile portal --to-profile tms --passwords
//! passwords.csv`, which also makes new passwords, for no platform gives the old ones
//! away.
#![allow(clippy::print_stdout, reason = "it is short")]

use std::error::Error;

use jsonsql_client::provisioning::migration::{Mapping, Source, translate};
use jsonsql_client::provisioning::sync::{Removal, compare};
use jsonsql_client::provisioning::{IptvPortal, Platform, Tvip};
use jsonsql_client::tvip::ProviderId;
use jsonsql_client::{Client, tvip};
use jsonsql_sandbox::Sandbox;

/// The mapping of packages. What is not in it goes by equal names.
const PACKAGES: &str = "\
from,to
basic,Basic
family,Family
family,Cinema
";

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let sandbox = Sandbox::builder().start().await?;
    let client = Client::builder()
        .url(sandbox.url())
        .credentials("admin", "adminpassword")
        .build()?;
    let from = IptvPortal::new(client);
    let client = tvip::Tvip::builder()
        .url(sandbox.tvip_url())
        .credentials("admin", "adminpassword")
        .provider(ProviderId(1))
        .build()?;
    let to = Tvip::new(client);

    // The source is only read.
    let source = Source::read(&from).await?;
    let packages = to.packages(&to.catalogue().await?);
    let mapping = Mapping::read(PACKAGES.as_bytes(), &source.packages, &packages)
        .map_err(|problems| problems.join("\n"))?;
    let (wanted, losses) = translate(&source, &mapping, &to.capabilities());
    println!("{} subscribers.", source.subscribers.len());
    println!("What gets lost besides their passwords:\n{losses}");

    // Nobody who is on the target already loses anything.
    let comparison = compare(&to, wanted.clone(), &Removal::Nothing).await?;
    let schedule = comparison.forecast(&to).await;
    print!("{}", schedule.show(&to));
    let applied = schedule.apply(&to).await;
    print!("\nApplied:\n{applied}");

    // Run again after any end, it does what is left: here nothing.
    let again = compare(&to, wanted, &Removal::Nothing).await?;
    println!("\nOnce more:\n{}", again.forecast(&to).await.show(&to));
    Ok(())
}
