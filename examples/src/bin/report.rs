//! Reports: the server groups, counts and sorts, and its answers are typed rows.
//!
//! For a real server: `jsonsql sql "select …"`, which prints tables, CSV or JSON.
#![allow(clippy::print_stdout, reason = "it is short")]

use jsonsql::prelude::*;
use jsonsql_client::schema::{
    Package, Subscriber, SubscriberPackage, Terminal, TerminalPlaylog, TvChannel,
};
use jsonsql_client::{Client, Printable};
use jsonsql_sandbox::Sandbox;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let sandbox = Sandbox::builder().start().await?;
    let client = Client::builder()
        .url(sandbox.url())
        .credentials("admin", "adminpassword")
        .build()?;

    println!("Packages by the subscribers that have them");
    for (package, subscribers) in client.fetch_all(&packages(4)).await? {
        println!("{subscribers:>4}  {}", Printable(package));
    }
    println!("\nBoxes of a subscriber");
    for (boxes, subscribers) in client.fetch_all(&boxes()).await? {
        println!("{subscribers:>4}  subscribers with {boxes}");
    }
    println!("\nChannels by how often they were played");
    for (channel, plays) in client.fetch_all(&channels()).await? {
        println!("{plays:>4}  {}", Printable(channel));
    }
    Ok(())
}

/// Lists packages, also those that nobody has: a `Select` can be built by calls.
fn packages(top: u64) -> Select<(String, i64)> {
    select(|mut q| {
        let p = q.from(Package);
        let sp = q.left_join(SubscriberPackage, |sp| {
            all([sp.package_id.eq(p.id), sp.enabled.eq(true)])
        });
        let subscribers = count(sp.subscriber_id);
        q.group_by((p.id, p.name));
        q.order_by([subscribers.clone().desc(), p.name.asc()]);
        q.limit(top);
        q.select((p.name, subscribers))
    })
}

/// Counts the subscribers that have no box, one, two …: a query of a query.
fn boxes() -> Select<(i64, i64)> {
    select(|mut q| {
        let boxes = q.from_select(|mut q| {
            let s = q.from(Subscriber);
            let t = q.left_join(Terminal, |t| t.subscriber_id.eq(s.id));
            q.group_by(s.id);
            q.select(count(t.id))
        });
        q.group_by(boxes).order_by(boxes.asc());
        q.select((boxes, count_rows()))
    })
}

/// Counts by the boxes' own log: the same in SQL, which the compiler checks too.
fn channels() -> Select<(String, i64)> {
    sql! {
        select tc.name, count(*) as plays
        from TerminalPlaylog as tp join TvChannel as tc on tc.id = tp.channel_id
        group by tc.id, tc.name order by plays desc, tc.name
    }
}
