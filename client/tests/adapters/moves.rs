//! A terminal goes from one subscriber to another, on every platform.

use std::fmt::Write as _;
use std::mem::discriminant;

use jsonsql_client::Error;
use jsonsql_client::model::{Subscriber, TerminalId};
use jsonsql_client::provisioning::memory::{Layout, Memory, Row};
use jsonsql_client::provisioning::{Adapter, Backend, Change, Operation};
use jsonsql_sandbox::faults::{Fault, Faults, Rule};

use crate::conformance::subscriptions::add;
use crate::ministra::Stalker;
use crate::portal::Portal;
use crate::tvip::TvipWorld;
use crate::world::{World, create, mac, writes};

/// Moves a terminal that has no subscriber, and one that the platform does not know, both
/// in a preview and in earnest; then the first one is bound.
async fn refused(
    backend: &dyn Backend,
    nobodys: &TerminalId,
    to: &Subscriber,
    writes: impl Fn() -> usize,
) -> String {
    let mut said = Vec::new();
    for terminal in [nobodys.clone(), mac(0xfe).to_string().into()] {
        let operation = Operation::MoveTerminal(terminal.clone(), to.id.clone());
        let foreseen = backend.preview(&operation).await.unwrap_err();
        let moved = backend.move_terminal(&terminal, &to.id).await.unwrap_err();
        assert_eq!(discriminant(&foreseen), discriminant(&moved), "{foreseen}");
        said.push(moved);
    }
    assert_eq!(writes(), 0, "nothing was written");
    let [nobodys_is, unknown_is] = &said[..] else {
        unreachable!()
    };
    assert!(matches!(nobodys_is, Error::Refused(_)), "{nobodys_is}");
    let is_missing = matches!(
        unknown_is,
        Error::Missing {
            record: "terminal",
            ..
        }
    );
    let is_no_id = matches!(unknown_is, Error::Refused(_));
    assert!(is_missing || is_no_id, "{unknown_is}");
    assert!(nobodys_is.to_string().contains(nobodys.as_str()));
    let bound = backend.bind_terminal(&to.id, mac(0x77)).await.unwrap();
    assert_eq!(bound.change, Change::Made);
    assert_eq!(bound.value.subscriber.as_ref(), Some(&to.id));
    nobodys_is.to_string()
}

/// A terminal that its subscriber has given up, where the platform keeps it.
async fn given_up(world: &impl World) -> TerminalId {
    let anna = create(world, "anna").await;
    let backend = world.backend();
    let bound = backend.bind_terminal(&anna.id, mac(0x77)).await.unwrap();
    backend.unbind_terminal(&bound.value.id).await.unwrap();
    bound.value.id
}

#[tokio::test]
async fn one_that_nobody_has_is_refused_everywhere() {
    let mut text = String::new();
    let mut line = |name: &str, said: String| writeln!(text, "{name}: {said}").unwrap();

    let portal = Portal::start(1).await;
    let terminal = given_up(&portal).await;
    let to = create(&portal, "boris").await;
    writes(&portal);
    let count = || writes(&portal);
    line(
        "iptvportal",
        refused(portal.backend(), &terminal, &to, count).await,
    );

    let tvip = TvipWorld::start(1).await;
    let terminal = given_up(&tvip).await;
    let to = create(&tvip, "boris").await;
    writes(&tvip);
    let count = || writes(&tvip);
    line("tvip", refused(tvip.backend(), &terminal, &to, count).await);

    let ministra = Stalker::with_an_added_box(&mac(0x77).to_string().replace('-', ":")).await;
    let terminal = TerminalId::new(mac(0x77).to_string());
    let to = create(&ministra, "boris").await;
    writes(&ministra);
    let count = || writes(&ministra);
    line(
        "ministra",
        refused(ministra.backend(), &terminal, &to, count).await,
    );

    for layout in [Layout::RowPerSubscriber, Layout::RowPerTerminal] {
        let memory = Memory::new().layout(layout);
        let memory = memory.with(Row::new("boris")).with(Row::loose(mac(0x77)));
        let backend = Adapter::new(memory.clone());
        let to = backend.subscribers().next().await.unwrap().unwrap();
        let count = || memory.requests().writes;
        let said = refused(&backend, &terminal, &to, count).await;
        line(&format!("memory, {layout:?}"), said);
    }
    insta::assert_snapshot!(text, @r"
    iptvportal: move terminal: terminal `13` has no subscriber to be moved from: it can be bound; nothing was sent
    tvip: move terminal: terminal `8` has no subscriber to be moved from: it can be bound; nothing was sent
    ministra: move terminal: terminal `00-1A-79-AA-00-77` has no subscriber to be moved from: it can be bound; nothing was sent
    memory, RowPerSubscriber: move terminal: terminal `00-1A-79-AA-00-77` has no subscriber to be moved from: it can be bound; nothing was sent
    memory, RowPerTerminal: move terminal: terminal `00-1A-79-AA-00-77` has no subscriber to be moved from: it can be bound; nothing was sent
    ");
}

/// Moves a terminal between two subscribers with a package each.
async fn moved<W: World>() -> String {
    let world = W::start(1).await;
    let backend = world.backend();
    let (anna, boris) = (create(&world, "anna").await, create(&world, "boris").await);
    let [first, second, _] = world.packages();
    add(&world, &anna, &first).await;
    add(&world, &boris, &second).await;
    let terminal = backend.bind_terminal(&anna.id, mac(9)).await.unwrap().value;
    let operation = Operation::MoveTerminal(terminal.id, boris.id);
    let preview = backend.preview(&operation).await.unwrap();
    writes(&world);
    let applied = backend.apply(&operation).await.unwrap();
    let written = writes(&world);
    assert_eq!(applied.effects, preview.effects);
    assert_eq!(applied.losses, preview.losses);
    let truth = world.truth().await;
    assert!(truth.person("anna").terminals.is_empty());
    assert!(truth.person("boris").terminals.contains(&mac(9)));
    let effects: Vec<String> = preview.effects.iter().map(ToString::to_string).collect();
    format!(
        "{}: {} writes: {}; {}",
        backend.name(),
        written,
        preview.steps.join(", "),
        effects.join(", ")
    )
}

#[tokio::test]
async fn the_platform_that_can_moves_it_in_one_write() {
    let lines = [
        moved::<Portal>().await,
        moved::<TvipWorld>().await,
        moved::<Stalker>().await,
    ];
    insta::assert_snapshot!(lines.join("\n"), @r"
    iptvportal: 1 writes: move the terminal; 00-1A-79-AA-00-09 shows more: 2 less: 1
    tvip: 1 writes: move the terminal; 00-1A-79-AA-00-09 shows more: 3 less: 2
    ministra: 2 writes: take the box away, write the address; 00-1A-79-AA-00-09 shows more: package:3 less: package:2
    ");
}

/// Everything from one request on fails, before it is executed or after: then the terminal
/// is where it was or where it goes, or, where a move takes two writes, it has no subscriber
/// and is bound.
async fn stopped<W: World>() -> usize {
    let world = W::start(1).await;
    let backend = world.backend();
    let (anna, boris) = (create(&world, "anna").await, create(&world, "boris").await);
    let terminal = backend.bind_terminal(&anna.id, mac(9)).await.unwrap().value;
    let before = world.truth().await;
    let mut without = 0;
    for fault in [Fault::Refuse, Fault::Drop] {
        for nth in 1.. {
            let rule = Rule::new(world.route(), fault.clone());
            let rule = (nth..nth + 40).fold(rule, Rule::nth);
            world.sandbox().set_faults(Faults::seeded(1).rule(rule));
            let moved = backend.move_terminal(&terminal.id, &boris.id).await;
            world.sandbox().set_faults(Faults::seeded(1));
            let truth = world.truth().await;
            let has = |login: &str| truth.person(login).terminals.contains(&mac(9));
            let places = (has("anna"), has("boris"));
            assert!(moved.is_err() || places == (false, true), "{places:?}");
            let again = match places {
                (true, false) | (false, true) => {
                    backend.move_terminal(&terminal.id, &boris.id).await
                }
                (false, false) => {
                    without += 1;
                    let refused = backend.move_terminal(&terminal.id, &boris.id).await;
                    let error = refused.unwrap_err();
                    assert!(matches!(error, Error::Refused(_) | Error::Missing { .. }));
                    backend.bind_terminal(&boris.id, mac(9)).await
                }
                (true, true) => panic!("both have it"),
            };
            again.unwrap();
            let truth = world.truth().await;
            assert_eq!(truth.person("boris").terminals, [mac(9)].into());
            let both = ["anna", "boris"];
            assert_eq!(truth.without(&both), before.without(&both));
            if moved.is_ok() {
                break;
            }
            assert!(nth < 40, "it is never moved");
            backend.move_terminal(&terminal.id, &anna.id).await.unwrap();
            assert_eq!(world.truth().await, before);
        }
    }
    without
}

#[tokio::test]
async fn one_that_stops_anywhere_is_completed() {
    assert_eq!(stopped::<Portal>().await, 0);
    assert_eq!(stopped::<TvipWorld>().await, 0);
    assert!(stopped::<Stalker>().await > 0, "it takes two writes");
}
