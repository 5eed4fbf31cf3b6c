//! What cannot be undone, by one rule on every platform: a record that is not there
//! afterwards is lost, with the dates that only it had.

use std::fmt::Write as _;

use jsonsql_client::model::{Capability, End, NewSubscription, Subscription};
use jsonsql_client::provisioning::{Effect, Operation};

use crate::conformance::subscriptions::add;
use crate::ministra::Stalker;
use crate::portal::Portal;
use crate::tvip::TvipWorld;
use crate::world::{World, create, mac};

/// Previews of all that takes something away from a subscriber with a terminal and two
/// packages, one of which has an end where the platform has ends.
async fn removals<W: World>() -> String {
    let world = W::start(1).await;
    let backend = world.backend();
    let anna = create(&world, "anna").await;
    let [first, second, _] = world.packages();
    let plain = add(&world, &anna, &first).await;
    let mut dated: Vec<Subscription> = Vec::new();
    if backend.capabilities().has(Capability::DatedSubscriptions) {
        let new = NewSubscription {
            until: Some("2036-01-01T00:00:00Z".parse().unwrap()),
            ..NewSubscription::new(anna.id.clone(), second)
        };
        dated.push(backend.add_subscription(&new).await.unwrap().value);
    }
    let terminal = backend.bind_terminal(&anna.id, mac(1)).await.unwrap().value;
    let mut operations = vec![
        ("disabled", Operation::DisableSubscriber(anna.id.clone())),
        (
            "package ended",
            Operation::EndSubscription(plain.id, End::Now),
        ),
    ];
    for one in dated {
        operations.push((
            "dated package ended",
            Operation::EndSubscription(one.id, End::Now),
        ));
    }
    operations.push(("terminal unbound", Operation::UnbindTerminal(terminal.id)));
    operations.push(("deleted", Operation::DeleteSubscriber(anna.id)));
    let mut text = format!("{}\n", backend.name());
    for (name, operation) in operations {
        let preview = backend.preview(&operation).await.unwrap();
        let is_removal = |effect: &&Effect| matches!(effect, Effect::Irreversible { .. });
        let lost: Vec<String> = (preview.effects.iter().filter(is_removal))
            .map(|effect| effect.to_string().replace("cannot be undone: ", ""))
            .collect();
        let lost = match lost.is_empty() {
            true => "nothing".to_owned(),
            false => lost.join(", "),
        };
        let _ = writeln!(text, "  {name}: {lost}");
    }
    text
}

#[tokio::test]
async fn a_record_that_is_gone_is_lost_on_every_platform() {
    let all = [
        removals::<Portal>().await,
        removals::<Stalker>().await,
        removals::<TvipWorld>().await,
    ];
    // Ministra and IPTVPORTAL delete the row of a package; TVIP's stays with its end, which
    // can be written again.
    insta::assert_snapshot!(all.concat(), @r"
    iptvportal
      disabled: nothing
      package ended: package 1
      terminal unbound: nothing
      deleted: package 1, terminal 00-1A-79-AA-00-01, subscriber anna
    ministra
      disabled: nothing
      package ended: package package:2
      terminal unbound: nothing
      deleted: subscriber anna, terminal 00-1A-79-AA-00-01, package plan:basic, package package:2
    tvip
      disabled: nothing
      package ended: nothing
      dated package ended: nothing
      terminal unbound: nothing
      deleted: package 2, package 3 until 2036-01-01T00:00:00Z, terminal 00-1A-79-AA-00-01, subscriber anna
    ");
}
