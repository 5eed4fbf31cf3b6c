//! Commands and their fields.

use std::time::Duration;

use insta::assert_snapshot;
use jsonsql_client::tvip::{AccountId, ChannelId, Command, DeviceId, EpochUnit, ProviderId};
use jsonsql_client::{Error, Reply};

use crate::canned::Canned;

fn accepting() -> Canned {
    Canned::of(|_| Reply::ok(r#"{"response": true}"#))
}

#[tokio::test]
async fn every_command_in_one_request() {
    let server = accepting();
    let commands = [
        Command::notify("Hello", Some(Duration::from_millis(29_500))).use_as_push(true),
        Command::confirm(None, "Read this"),
        Command::ticker("Runs"),
        Command::refresh_channel_list(),
        Command::reinit(),
        Command::restart().not_after("2025-12-31T12:00:00Z".parse().unwrap()),
        Command::switch_to_channel(ChannelId(7)),
        Command::update_undocumented(),
    ];
    let client = server.client();
    client
        .commands()
        .to_devices(&[DeviceId(2)], &commands)
        .await
        .unwrap();
    let request = server.requests().replace("{\"command\"", "\n{\"command\"");
    assert_snapshot!(request, @r#"
    POST /commands/send/devices?broadcast=false {"ids":[2],"commands":[
    {"command":"user_message","type":"notify","text":"Hello","delay":30,"use_as_push":true},
    {"command":"user_message","type":"confirm","text":"Read this"},
    {"command":"user_message","type":"ticker","text":"Runs"},
    {"command":"refresh_channel_list"},
    {"command":"reinit"},
    {"command":"restart","ttl":1767182400},
    {"command":"switch_to_channel","channel":7},
    {"command":"update"}]}
    "#);
}

#[tokio::test]
async fn the_unit_of_ttl_is_a_setting() {
    let server = accepting();
    let client = server.builder().ttl_unit(EpochUnit::Milliseconds);
    let restart = Command::restart().not_after("2025-12-31T12:00:00Z".parse().unwrap());
    let client = client.build().unwrap();
    client
        .commands()
        .to_devices(&[DeviceId(2)], &[restart])
        .await
        .unwrap();
    assert_snapshot!(server.requests(), @r#"POST /commands/send/devices?broadcast=false {"ids":[2],"commands":[{"command":"restart","ttl":1767182400000}]}"#);
}

#[tokio::test]
async fn nobody_is_not_everybody_and_everybody_is_a_call_of_its_own() {
    let server = accepting();
    let client = server.client();
    let commands = client.commands();
    let restart = [Command::restart()];
    let time = "2025-12-31T12:00:00Z".parse().unwrap();
    let never = Command::restart()
        .not_before(time)
        .not_after(time - Duration::from_secs(1));
    let id = [AccountId(3)];
    for refused in [
        commands.to_providers(&[], &restart).await,
        commands.to_accounts(&[], &restart).await,
        commands.to_devices(&[], &restart).await,
        commands.to_accounts(&id, &[]).await,
        commands
            .to_accounts(&id, &[Command::notify(" ", None)])
            .await,
        commands.to_accounts(&id, &[never]).await,
        commands.broadcast_to_everybody(&[]).await,
    ] {
        assert!(matches!(refused, Err(Error::Refused(_))), "{refused:?}");
    }
    assert_snapshot!(server.requests(), @"");
    commands.broadcast_to_everybody(&restart).await.unwrap();
    assert_snapshot!(server.requests(), @r#"POST /commands/send/providers?broadcast=true {"ids":[],"commands":[{"command":"restart"}]}"#);
}

/// A box that restarts twice is worse than one that does not.
#[tokio::test]
async fn a_command_is_never_sent_twice() {
    let server = Canned::of(|_| crate::canned::status(502, "<html>"));
    let client = server.client();
    let commands = client.commands();
    let lost = commands
        .to_providers(&[ProviderId(1)], &[Command::restart()])
        .await
        .unwrap_err();
    assert!(lost.is_indeterminate(), "{lost}");
    assert_eq!(server.requests().lines().count(), 1);

    let server = Canned::list([r#"{"response": false}"#]);
    let refused = server.client();
    let refused = refused
        .commands()
        .to_devices(&[DeviceId(1)], &[Command::reinit()])
        .await;
    assert!(matches!(refused, Err(Error::NotApplied { .. })));
}
