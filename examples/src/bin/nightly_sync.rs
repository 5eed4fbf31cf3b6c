//! The nightly comparison: the platform becomes what a billing's export says.
//!
//! For a real server: `jsonsql plan export.csv -o plan.jsonl`, and after a look at
//! the plan `jsonsql apply plan.jsonl`.
#![allow(clippy::print_stdout, reason = "it is short")]

use std::error::Error;

use jsonsql_client::Client;
use jsonsql_client::model::Subscriber;
use jsonsql_client::provisioning::sync::export::ExportReader;
use jsonsql_client::provisioning::sync::{Limit, Removal, Schedule, compare};
use jsonsql_client::provisioning::{IptvPortal, Platform};
use jsonsql_sandbox::Sandbox;

/// The billing's export. A column that is left out is not touched on the platform.
const EXPORT: &str = "\
external_ref,login,enabled,packages,macs
LB-1001,12345,1,basic;family,00:1a:79:10:00:01;00:1a:79:10:00:02
LB-1002,10002,1,basic;premium,00:1a:79:10:00:04
LB-1003,10003,1,basic,a8:5e:45:22:17:0d
LB-1004,10004,0,basic,a8:5e:45:22:17:0c
LB-1005,10005,1,basic,00:1a:79:10:00:05
LB-1007,10007,1,family,54:27:1e:90:ab:01
LB-1010,10010,1,basic;family,00:1a:79:10:00:0e
";

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let sandbox = Sandbox::builder().start().await?;
    let client = Client::builder()
        .url(sandbox.url())
        .credentials("admin", "adminpassword")
        .build()?;
    let platform = IptvPortal::new(client);

    let schedule = compared(&platform).await?;
    print!("{}", schedule.show(&platform));
    // Nothing is done if something would be taken away from more subscribers than this.
    schedule.guard(Limit::Number(6))?;
    let applied = schedule.apply(&platform).await;
    print!("\nApplied:\n{applied}");

    let second = compared(&platform).await?;
    println!("\nThe second night:\n{}", second.show(&platform));
    Ok(())
}

/// Reads the export and the platform's lists; nothing is written.
async fn compared(platform: &IptvPortal) -> Result<Schedule<IptvPortal>, Box<dyn Error>> {
    let export = ExportReader::new().read(EXPORT.as_bytes())?;
    // Packages of the export are names, those of the platform have keys.
    let packages = platform.packages(&platform.catalogue().await?);
    let export = export.with_packages(&packages);
    // Whoever is not in the export is deleted if the billing has created them.
    let is_owned = |one: &Subscriber| {
        let reference = one.external_ref.as_ref();
        reference.is_some_and(|text| text.as_str().starts_with("LB-1"))
    };
    let comparison = compare(platform, export, &Removal::Owned(&is_owned)).await?;
    // Asks the platform about those who differ: the steps, and what viewers notice.
    Ok(comparison.forecast(platform).await)
}
