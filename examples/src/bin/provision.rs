//! Single operations: a subscriber with a terminal and a package is created, and
//! deleted again. Each operation first says what viewers will notice of it.
//!
//! The code is the same on every platform; here it is Ministra. For a real server:
//! `jsonsql subscriber create`, `terminal bind`, `subscription add`; `jsonsql trial`
//! does all of them.
#![allow(clippy::print_stdout, reason = "it is short")]

use jsonsql_client::model::{
    ExternalRef, MacAddr, NewSubscriber, NewSubscription, Package, SubscriberKey,
};
use jsonsql_client::provisioning::{Adapter, Backend, Ministra, Operation};
use jsonsql_client::{Printable, ministra};
use jsonsql_sandbox::Sandbox;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let sandbox = Sandbox::builder().start().await?;
    let client = ministra::Ministra::builder()
        .url(sandbox.ministra_url())
        .credentials("stalker", "secret_pass")
        .build()?;
    let platform = Adapter::new(Ministra::new(client));
    let packages = platform.packages().collect().await?;
    let named = |name: &str| packages.iter().find(|package| package.name == name);
    let plan: &Package = named("Family").ok_or("the demo has it")?;

    let new = NewSubscriber {
        external_ref: Some(ExternalRef::new("C-1553")),
        password: Some("a password from somewhere safe".into()),
        name: Some("Иванова Мария".to_owned()),
        email: Some("ivanova@example.net".to_owned()),
        ..NewSubscriber::new("ivanova")
    };
    step(&platform, Operation::CreateSubscriber(new)).await?;
    let key = SubscriberKey::Login("ivanova".to_owned());
    let created = platform.find_subscriber(&key).await?;
    let id = created.ok_or("it was created")?.id;

    let mac = MacAddr([0x02, 0, 0, 0, 0x15, 0x53]);
    step(&platform, Operation::BindTerminal(id.clone(), mac.into())).await?;
    let subscription = NewSubscription::new(id.clone(), plan.id.clone());
    step(&platform, Operation::AddSubscription(subscription.clone())).await?;
    // A billing may ask twice.
    step(&platform, Operation::AddSubscription(subscription)).await?;
    step(&platform, Operation::DisableSubscriber(id.clone())).await?;
    step(&platform, Operation::DeleteSubscriber(id)).await?;
    Ok(())
}

/// Says what the operation would do beside what it is asked for, and does it.
async fn step(platform: &dyn Backend, operation: Operation) -> jsonsql_client::Result<()> {
    println!("{}", operation.name());
    for effect in platform.preview(&operation).await?.effects {
        println!("  will also: {}", Printable(effect));
    }
    let applied = platform.apply(&operation).await?;
    println!("  {:?}", applied.change);
    for loss in applied.losses {
        println!("  not kept as it is: {}", Printable(loss));
    }
    Ok(())
}
