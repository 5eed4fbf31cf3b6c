//! The code that the README shows: it is what follows the line below.
#![allow(missing_docs, dead_code, clippy::print_stdout, reason = "it is short")]
// README
use jsonsql::prelude::*;
use jsonsql_client::{Client, Printable, schema::SubscriberId};
use jsonsql_sandbox::Sandbox;

#[derive(Table)]
#[table(reserved("email", "phone"))] // columns this program does not use
struct Subscriber {
    #[column(key, generated)]
    id: SubscriberId,
    username: String,
    #[column(default)]
    disabled: bool,
}

#[derive(Table)]
struct Terminal {
    #[column(key, generated)]
    id: i64,
    subscriber_id: Option<SubscriberId>,
    mac_addr: MacAddr,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let sandbox = Sandbox::builder().start().await?;
    let client = Client::builder()
        .url(sandbox.url())
        .credentials("admin", "adminpassword")
        .build()?;

    // A left-joined column is an Option: a box may have no owner.
    let boxes: Select<(MacAddr, Option<String>)> = select(|mut q| {
        let t = q.from(Terminal);
        let s = q.left_join(Subscriber, |s| t.subscriber_id.eq(s.id));
        q.order_by(t.id.desc()).limit(3);
        q.select((t.mac_addr, s.username))
    });
    println!("{boxes}");
    for (mac, owner) in client.fetch_all(&boxes).await? {
        println!(
            "{mac} {}",
            Printable(owner.as_deref().unwrap_or("nobody's"))
        );
    }

    // An update without a predicate does not compile.
    let block = Subscriber::update(|s| s.username.eq("12345")).set(|s| s.disabled.to(true));
    let blocked: Vec<SubscriberId> = client.execute(&block).await?;
    println!("{} of {:#}", blocked.len(), block);

    // The server would read this text as the column `email`. It is not sent.
    let misread = Subscriber::filter(|s| s.username.eq("email"));
    println!("{}", client.fetch_all(&misread).await.err().ok_or("sent")?);
    Ok(())
}
