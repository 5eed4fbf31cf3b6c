//! Commands, and whom they reached (seed 000, "Sending commands to devices").

use std::time::{Duration, SystemTime};

use jsonsql_sandbox::tvip::{Action, Command, Message, MessageKind, Recipients};
use serde_json::{Value, json};

use crate::demo;

/// A command without times.
fn plain(action: Action) -> Command {
    Command {
        action,
        post_time: None,
        ttl: None,
    }
}

#[tokio::test]
async fn every_command_arrives_as_it_was_meant() {
    let (sandbox, client) = demo().await;
    let commands = json!([
        {"command": "user_message", "type": "notify", "title": "ignored", "text": "Pay up",
         "delay": 15, "use_as_push": true},
        {"command": "user_message", "type": "confirm", "title": "Dear subscriber", "text": "Read this",
         "delay": 15},
        {"command": "user_message", "type": "ticker", "text": "Passing by"},
        {"command": "refresh_channel_list"},
        {"command": "reinit"},
        {"command": "restart"},
        {"command": "switch_to_channel", "channel": 3},
        {"command": "update"},
    ]);
    let body = json!({"ids": [1], "commands": commands});
    let answer = client
        .post("/commands/send/devices?broadcast=false", body)
        .await;
    assert_eq!(answer, json!({"response": true}));
    let message = |kind, text: &str| Message {
        kind,
        text: text.to_owned(),
        title: None,
        delay: None,
        use_as_push: false,
    };
    let expected = [
        Action::Message(Message {
            delay: Some(15),
            use_as_push: true,
            ..message(MessageKind::Notify, "Pay up")
        }),
        Action::Message(Message {
            title: Some("Dear subscriber".to_owned()),
            ..message(MessageKind::Confirm, "Read this")
        }),
        Action::Message(message(MessageKind::Ticker, "Passing by")),
        Action::RefreshChannelList,
        Action::Reinit,
        Action::Restart,
        Action::SwitchToChannel(3),
        Action::Update,
    ];
    assert_eq!(sandbox.tvip().inbox(1), expected.map(plain));
}

#[tokio::test]
async fn recipients_are_devices_accounts_or_providers() {
    let (sandbox, client) = demo().await;
    for class in ["devices", "accounts", "providers"] {
        let body = json!({"ids": [1, 2], "commands": [{"command": "reinit"}]});
        client.post(&format!("/commands/send/{class}/"), body).await;
    }
    let sent = sandbox.tvip().sent();
    let reached: Vec<_> = sent
        .iter()
        .map(|sent| {
            (
                sent.recipients,
                sent.reached.as_slice(),
                sent.missed.as_slice(),
            )
        })
        .collect();
    // Device 2 is not connected; 7 is nobody's.
    let expected: [(Recipients, &[i64], &[i64]); 3] = [
        (Recipients::Devices, &[1], &[2]),
        (Recipients::Accounts, &[1, 3], &[2]),
        (Recipients::Providers, &[1, 3, 4, 5, 6], &[2]),
    ];
    assert_eq!(reached, expected);
    let answer = client.send("POST", "/commands/send/regions", b"{}").await;
    assert_eq!(answer.status, 404);
}

#[tokio::test]
async fn only_connected_devices_are_reached() {
    let (sandbox, client) = demo().await;
    let body = || json!({"ids": [1], "commands": [{"command": "restart"}]});
    sandbox.tvip().disconnect(1).unwrap();
    client.post("/commands/send/accounts", body()).await;
    assert!(sandbox.tvip().inbox(1).is_empty());
    sandbox.tvip().connect(1).unwrap();
    sandbox.tvip().connect(2).unwrap();
    client.post("/commands/send/accounts", body()).await;
    // What was missed is not sent later.
    assert_eq!(sandbox.tvip().inbox(1), [plain(Action::Restart)]);
    assert_eq!(sandbox.tvip().inbox(2), [plain(Action::Restart)]);
    assert!(sandbox.tvip().connect(99).is_err());
}

#[tokio::test]
async fn what_is_no_command_is_refused_and_nothing_is_sent() {
    let (sandbox, client) = demo().await;
    let cases = [
        (json!({"command": "user_message", "text": "x"}), "type: "),
        (
            json!({"command": "user_message", "type": "notfy", "text": "x"}),
            "type: ",
        ),
        (
            json!({"command": "user_message", "type": "notify"}),
            "text: ",
        ),
        (json!({"command": "switch_to_channel"}), "channel: "),
        (json!({"command": "reinit", "delay": "soon"}), "delay: "),
        (json!({"type": "notify"}), "missing field `command`"),
        (json!("restart"), ""),
    ];
    for (command, cause) in cases {
        let body = json!({"ids": [1], "commands": [{"command": "restart"}, command]});
        let (status, found) = client.refused("POST", "/commands/send/devices", body).await;
        assert_eq!(status, 400);
        assert!(found.contains(cause), "{found}");
    }
    for body in [
        json!({"ids": [1]}),
        json!({"commands": []}),
        json!({"ids": 1, "commands": []}),
    ] {
        let (status, _) = client.refused("POST", "/commands/send/devices", body).await;
        assert_eq!(status, 400);
    }
    assert!(sandbox.tvip().sent().is_empty());
}

#[tokio::test]
async fn ttl_is_a_time_and_not_a_duration() {
    let (sandbox, client) = demo().await;
    let now = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap()
        .as_secs();
    let send = |ttl: Value| json!({"ids": [1], "commands": [{"command": "reinit", "ttl": ttl}]});
    client
        .post("/commands/send/devices", send(json!(now + 600)))
        .await;
    let inbox = sandbox.tvip().inbox(1);
    let last = SystemTime::UNIX_EPOCH + Duration::from_secs(now + 600);
    assert_eq!(inbox[0].ttl, Some(last));
    assert!(inbox[0].is_due(last) && !inbox[0].is_due(last + Duration::from_secs(1)));
    // Taken for ten minutes it is in 1970: accepted, and nobody gets it.
    client
        .post("/commands/send/devices", send(json!(600)))
        .await;
    assert_eq!(sandbox.tvip().inbox(1).len(), 1);
    assert_eq!(sandbox.tvip().sent()[1].missed, [1]);
}

/// `post_time` is "not before" (seed 000): until then no device has it.
#[tokio::test]
async fn what_has_a_post_time_waits_for_it() {
    let (sandbox, client) = demo().await;
    let send = |fields: Value| {
        let mut command = json!({"command": "restart"});
        command
            .as_object_mut()
            .unwrap()
            .extend(fields.as_object().unwrap().clone());
        json!({"ids": [1], "commands": [command]})
    };
    let path = "/commands/send/devices";
    client
        .post(path, send(json!({"post_time": "2099-01-01T00:00:00"})))
        .await;
    // Over before it is due: nobody gets it.
    let never = json!({"post_time": "2099-01-01T00:00:00", "ttl": 4_000_000_000_i64});
    client.post(path, send(never)).await;
    client
        .post(path, send(json!({"post_time": "2020-01-01T00:00:00"})))
        .await;

    // 2099-01-01T00:00:00Z, by another clock.
    let due = SystemTime::UNIX_EPOCH + Duration::from_secs(4_070_908_800);
    let sent = sandbox.tvip().sent();
    assert_eq!(sent[0].due(), due);
    assert_eq!(
        (sent[0].reached.as_slice(), sent[1].missed.as_slice()),
        (&[1][..], &[1][..])
    );
    assert_eq!(sent[2].due(), sent[2].accepted);
    let had = |at: SystemTime| sandbox.tvip().inbox_at(1, at).len();
    assert_eq!(had(sent[0].accepted - Duration::from_secs(1)), 0);
    assert_eq!(sandbox.tvip().inbox(1).len(), 1);
    assert_eq!((had(due - Duration::from_secs(1)), had(due)), (1, 2));
}
