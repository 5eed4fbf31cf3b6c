//! Whom the server takes for one, and who are two.

use jsonsql_client::Error;
use jsonsql_client::model::{NewSubscriber, Patch, SubscriberId, SubscriberPatch, TerminalId};
use jsonsql_client::provisioning::{Backend, Change};
use serde_json::json;

use crate::server::{mac, recorded, seeded};

fn anna() -> SubscriberId {
    SubscriberId::new("1553")
}

/// Blanks at the end and letter case do not count to MySQL.
#[tokio::test]
async fn numbers_that_the_server_compares_as_the_same_are_one_subscriber() {
    let server = seeded(|seed| {
        let further = json!({"id": 900, "login": "further", "ls": "1553 ",
            "mac": "00:1A:79:00:90:00", "optional_packages": []});
        seed["users"].as_array_mut().unwrap().push(further);
    })
    .await;
    let ministra = &server.backend;
    let boxes = ministra.terminals(&anna()).collect().await.unwrap();
    assert_eq!(boxes.len(), 3);
    ministra.disable_subscriber(&anna()).await.unwrap();
    for login in ["1553", "1553b", "further"] {
        assert_eq!(server.user(login)["status"], 0, "{login}");
    }
}

#[tokio::test]
async fn the_login_of_a_further_account_is_not_a_subscriber_that_is_gone() {
    let server = recorded().await;
    let ministra = &server.backend;
    let before = server.users();
    let further = SubscriberId::new("1553b");
    let left = ministra.delete_subscriber(&further).await.unwrap_err();
    assert!(matches!(left, Error::Taken { .. }), "{left}");
    assert_eq!(server.users(), before);
}

/// `MacAddr` shows with dashes, the server keeps colons.
#[tokio::test]
async fn a_box_is_found_by_its_address_in_another_spelling() {
    let server = recorded().await;
    let ministra = &server.backend;
    let dashes = TerminalId::new(mac("00:1A:79:00:39:5E").to_string());
    assert_eq!(dashes.as_str(), "00-1A-79-00-39-5E");
    let to = SubscriberId::new("longls");
    let moved = ministra.move_terminal(&dashes, &to).await.unwrap();
    assert_eq!(moved.change, Change::Made);
    assert_eq!(server.user("longls")["mac"], "00:1A:79:00:39:5E");
    let taken = ministra.unbind_terminal(&dashes).await.unwrap();
    assert_eq!(taken.change, Change::Made);
    assert_eq!(server.user("longls")["mac"], "");
}

/// Each has a box of the same subscriber's, for which there is no account yet.
#[tokio::test]
async fn of_two_who_bind_further_boxes_at_once_both_do() {
    let server = recorded().await;
    let ministra = &server.backend;
    let boxes = ["00:1A:79:AA:00:03", "00:1A:79:AA:00:04"].map(mac);
    let anna = anna();
    let (one, other) = tokio::join!(
        ministra.bind_terminal(&anna, boxes[0]),
        ministra.bind_terminal(&anna, boxes[1])
    );
    assert_eq!(one.unwrap().value.mac, Some(boxes[0]));
    assert_eq!(other.unwrap().value.mac, Some(boxes[1]));
    assert_eq!(ministra.terminals(&anna).collect().await.unwrap().len(), 4);
}

/// The password is the faster one's: nobody can read which it is.
#[tokio::test]
async fn who_adopts_what_somebody_was_faster_to_create_writes_the_password() {
    let server = recorded().await;
    let ministra = &server.backend;
    let of = |password: &str| NewSubscriber {
        password: Some(password.into()),
        ..NewSubscriber::new("twin")
    };
    let (first, second) = (of("first"), of("second"));
    server.sent();
    let (one, other) = tokio::join!(
        ministra.create_subscriber(&first),
        ministra.create_subscriber(&second)
    );
    let mut changes = [one.unwrap().change, other.unwrap().change];
    changes.sort_by_key(|change| *change != Change::Made);
    assert_eq!(changes, [Change::Made, Change::Adopted]);
    let sent = server.sent();
    assert!(sent.contains(&"PUT users/twin".to_owned()), "{sent:?}");
}

#[tokio::test]
async fn a_text_that_would_be_cut_is_refused_by_the_name_it_has_here() {
    let server = recorded().await;
    let ministra = &server.backend;
    for (field, patch) in [
        (
            "`name`",
            SubscriberPatch {
                name: Patch::Set("x".repeat(65)),
                ..SubscriberPatch::default()
            },
        ),
        (
            "`phone`",
            SubscriberPatch {
                phone: Patch::Set("0".repeat(65)),
                ..SubscriberPatch::default()
            },
        ),
    ] {
        let error = ministra
            .change_subscriber(&anna(), &patch)
            .await
            .unwrap_err();
        assert!(matches!(error, Error::Refused(_)), "{error}");
        assert!(error.to_string().contains(field), "{error}");
        assert!(
            error.to_string().starts_with("change subscriber"),
            "{error}"
        );
    }
}
