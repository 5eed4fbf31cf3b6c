//! Requests of each operation, and answers that are lost.

use std::fmt::Write as _;

use jsonsql_client::model::{
    Command, Message, NewSubscriber, NewSubscription, Recipients, SubscriberId, SubscriberPatch,
    TerminalId,
};
use jsonsql_client::provisioning::{Adapter, Backend, Change, Executor, Job, Operation, Platform};
use jsonsql_sandbox::faults::Fault;
use serde_json::json;

use super::sandbox::{Server, seed};
use super::stage::{macs, packages, wanted};
use crate::mac;
use crate::outcome::show;

fn written(number: usize) -> String {
    mac(number).to_string().replace('-', ":")
}

fn people() -> serde_json::Value {
    seed(json!([
        {"id": 1, "login": "ivanov", "ls": "1553", "mac": written(1)},
        {"id": 2, "login": "petrov", "ls": "1554"},
        {"id": 3, "login": "sidorov", "ls": "1555", "mac": written(3)},
        {"id": 4, "login": "sidorov-2", "ls": "1555", "mac": written(4)},
    ]))
}

/// Counts the requests of each operation on a server of its own.
struct Counted {
    lines: String,
    platform: Adapter<jsonsql_client::provisioning::Ministra>,
    server: Server,
}

impl Counted {
    #[track_caller]
    fn took(&mut self, name: &str, at_most: usize) {
        let sent = self.server.sent();
        let _ = writeln!(self.lines, "{name}: {} of {at_most}", sent.len());
        for request in &sent {
            let _ = writeln!(self.lines, "  {request}");
        }
        assert!(sent.len() <= at_most, "{name} takes more: {sent:#?}");
    }
}

#[tokio::test]
async fn nothing_is_asked_twice() {
    let server = Server::start(&people()).await;
    let platform = Adapter::new(server.ministra.clone());
    let mut counted = Counted {
        lines: String::new(),
        platform,
        server,
    };
    let id = |login: &str| SubscriberId::from(login);

    let new = NewSubscriber {
        external_ref: Some("1560".into()),
        ..NewSubscriber::new("new")
    };
    counted.platform.create_subscriber(&new).await.unwrap();
    counted.took("create", 4);
    counted.platform.create_subscriber(&new).await.unwrap();
    counted.took("create again", 2);
    counted
        .platform
        .create_subscriber(&NewSubscriber::new("alone"))
        .await
        .unwrap();
    counted.took("create with a login only", 3);
    counted
        .platform
        .disable_subscriber(&id("ivanov"))
        .await
        .unwrap();
    counted.took("disable", 3);
    counted
        .platform
        .disable_subscriber(&id("ivanov"))
        .await
        .unwrap();
    counted.took("disable again", 2);
    counted
        .platform
        .disable_subscriber(&id("sidorov"))
        .await
        .unwrap();
    counted.took("disable two accounts", 3);
    counted
        .platform
        .bind_terminal(&id("petrov"), mac(2))
        .await
        .unwrap();
    counted.took("bind the first box", 4);
    counted
        .platform
        .bind_terminal(&id("petrov"), mac(5))
        .await
        .unwrap();
    counted.took("bind a second box", 5);
    let package = NewSubscription::new(id("ivanov"), "package:2".into());
    counted.platform.add_subscription(&package).await.unwrap();
    counted.took("add a package", 6);
    let package = NewSubscription::new(id("petrov"), "package:2".into());
    counted.platform.add_subscription(&package).await.unwrap();
    counted.took("add a package to two accounts", 6);
    let renamed = SubscriberPatch {
        login: Some("petrova".into()),
        ..SubscriberPatch::default()
    };
    counted
        .platform
        .change_subscriber(
            &id("ivanov"),
            &SubscriberPatch {
                login: Some("ivanova".into()),
                ..SubscriberPatch::default()
            },
        )
        .await
        .unwrap();
    counted.took("rename", 4);
    counted
        .platform
        .change_subscriber(&id("petrov"), &renamed)
        .await
        .unwrap();
    counted.took("rename one with two boxes", 4);
    let moved = TerminalId::new(mac(5).to_string());
    counted
        .platform
        .move_terminal(&moved, &id("new"))
        .await
        .unwrap();
    counted.took("move", 7);
    let preview = Operation::DeleteSubscriber(id("sidorov"));
    counted.platform.preview(&preview).await.unwrap();
    counted.took("preview of a deletion", 2);
    counted
        .platform
        .delete_subscriber(&id("sidorov"))
        .await
        .unwrap();
    counted.took("delete", 3);

    let order = jsonsql_client::provisioning::Desired {
        subscriptions: packages(&["package:2", "package:3", "package:4"]),
        terminals: macs(&[8, 9]),
        ..wanted("order", "1570")
    };
    let identity = counted.server.ministra.identity();
    let find = [identity.reference(&"1570".into()), identity.login("order")];
    let job = Job::new(find, order);
    let reports = Executor::new(&counted.server.ministra)
        .run(vec![job.clone()])
        .await;
    assert_eq!(show(&reports[0].outcome), "Made");
    counted.took("a new one with 3 packages and 2 boxes", 14);
    let reports = Executor::new(&counted.server.ministra).run(vec![job]).await;
    assert_eq!(show(&reports[0].outcome), "Adopted");
    counted.took("the same again", 5);

    println!("{}", counted.lines);
    for login in ["order", "order-2"] {
        let account = counted.server.user(login);
        assert_eq!(account["optional_packages"], json!([2, 3, 4]));
    }
    assert_eq!(counted.server.user("new")["mac"], json!(written(5)));
}

#[tokio::test]
async fn a_message_goes_in_chunks() {
    let users = (1..=120).map(|number| {
        json!({"id": number, "login": format!("s{number}"), "ls": format!("{number}"),
            "mac": written(number)})
    });
    let server = Server::start(&seed(users.collect())).await;
    let platform = Adapter::new(server.ministra.clone());
    let all = (1..=120).map(|number| SubscriberId::from(format!("s{number}")));
    let to = Recipients::Subscribers(all.collect());
    let message = Command::Message(Message::new("hello"));
    assert_eq!(
        platform.send(&to, &message).await.unwrap().change,
        Change::Made
    );
    let sent = server.sent();
    let of = |prefix: &str| {
        sent.iter()
            .filter(|request| request.starts_with(prefix))
            .count()
    };
    // Logins are asked for one by one: the server has no request for several.
    assert_eq!(
        (of("GET users/"), of("GET accounts/"), of("POST stb_msg/")),
        (120, 3, 2)
    );
    assert_eq!(sent.len(), 125);
    for text in ["NOW()", "hello 😀"] {
        let refused = platform
            .send(&to, &Command::Message(Message::new(text)))
            .await;
        assert!(
            matches!(refused, Err(jsonsql_client::Error::Refused(_))),
            "{refused:?}"
        );
    }
    assert!(
        !server
            .sent()
            .iter()
            .any(|request| request.starts_with("POST"))
    );
}

/// Case 14 of the table: a creation whose answer is lost.
#[tokio::test]
async fn a_creation_is_never_made_twice() {
    let server = Server::start(&people()).await;
    let platform = Adapter::new(server.ministra.clone());
    let new = |login: &str, reference: &str| NewSubscriber {
        external_ref: Some(reference.into()),
        password: Some("a secret".into()),
        ..NewSubscriber::new(login)
    };
    server.fail([3], Fault::Refuse);
    let lost = platform
        .create_subscriber(&new("one", "1"))
        .await
        .unwrap_err();
    assert!(lost.is_indeterminate(), "{lost}");
    assert_eq!(
        platform
            .create_subscriber(&new("one", "1"))
            .await
            .unwrap()
            .change,
        Change::Made
    );
    server.fail([3], Fault::Drop);
    let adopted = platform.create_subscriber(&new("two", "2")).await.unwrap();
    assert_eq!(adopted.change, Change::Adopted);
    let logins: Vec<_> = server
        .users()
        .iter()
        .map(|user| user["login"].clone())
        .collect();
    assert_eq!(logins.iter().filter(|login| *login == "one").count(), 1);
    assert_eq!(logins.iter().filter(|login| *login == "two").count(), 1);
}

#[tokio::test]
async fn a_box_that_the_server_added_is_bound() {
    let server = Server::start(&seed(json!([
        {"id": 1, "login": "ivanov", "ls": "1553", "mac": written(1), "optional_packages": [2]},
        {"id": 2, "mac": written(2), "serial_number": "S2", "stb_type": "MAG250"},
        {"id": 3, "mac": written(3)},
        {"id": 4, "login": "petrov"},
    ])))
    .await;
    let platform = Adapter::new(server.ministra.clone());
    let bound = platform
        .bind_terminal(&"ivanov".into(), mac(2))
        .await
        .unwrap();
    assert_eq!(bound.value.model.as_deref(), Some("MAG250"));
    let account = server.user("ivanov-2");
    // It is the same account, with its serial number.
    assert_eq!(
        (&account["id"], &account["serial_number"]),
        (&json!(2), &json!("S2"))
    );
    assert_eq!(
        (&account["ls"], &account["optional_packages"]),
        (&json!("1553"), &json!([2]))
    );
    platform
        .bind_terminal(&"petrov".into(), mac(3))
        .await
        .unwrap();
    assert_eq!(server.user("petrov")["mac"], json!(written(3)));
    assert_eq!(server.users().len(), 3, "the box would be there twice");
    // Unbound, the account that was made by the binding goes; the other stays.
    platform
        .unbind_terminal(&TerminalId::new(written(2)))
        .await
        .unwrap();
    platform
        .unbind_terminal(&TerminalId::new(written(3)))
        .await
        .unwrap();
    let logins: Vec<_> = server
        .users()
        .iter()
        .map(|user| user["login"].clone())
        .collect();
    assert_eq!(logins, ["ivanov", "petrov"]);
}

#[tokio::test]
async fn what_cannot_be_asked_for_is_reached_by_a_number_or_a_box() {
    let server = Server::start(&seed(json!([
        {"id": 1, "login": "anna petrova", "ls": "1553"},
        {"id": 2, "login": "boris+1", "mac": written(2)},
        {"id": 3, "login": "vera", "ls": "12 b", "mac": written(3)},
        {"id": 4, "login": "vera-2", "ls": "12 b", "mac": written(4)},
        {"id": 5, "login": "gleb, jr"},
    ])))
    .await;
    let platform = Adapter::new(server.ministra.clone());
    for login in ["anna petrova", "boris+1", "vera"] {
        let off = platform.disable_subscriber(&login.into()).await.unwrap();
        assert_eq!(off.value.login, login);
    }
    let on: Vec<_> = server
        .users()
        .iter()
        .map(|user| user["status"].clone())
        .collect();
    assert_eq!(on, [json!(0), json!(0), json!(0), json!(0), json!(1)]);
    let error = platform
        .disable_subscriber(&"gleb, jr".into())
        .await
        .unwrap_err();
    let text = error.to_string();
    assert!(
        text.contains("has no box, and its login has a comma"),
        "{text}"
    );
    // Nobody says that it is gone.
    let error = platform
        .delete_subscriber(&"gleb, jr".into())
        .await
        .unwrap_err();
    assert!(
        matches!(error, jsonsql_client::Error::Refused(_)),
        "{error}"
    );
    let created = platform.create_subscriber(&NewSubscriber::new("a,b")).await;
    assert!(
        matches!(created, Err(jsonsql_client::Error::Refused(_))),
        "{created:?}"
    );
}
