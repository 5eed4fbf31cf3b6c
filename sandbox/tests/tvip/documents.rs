//! Every request of the vendor's two documents, in their order, each answered
//! with the documented object: `documents.json` transcribes them. Seed 000 is
//! the English one, seed 001 the older Russian one, whose examples are the same
//! but for the commands, which it does not have.

use std::time::{Duration, SystemTime};

use jsonsql_sandbox::tvip::{
    Action, Command, FieldSet, Message, MessageKind, PinMd5, TvipSeed, TvipUnknowns,
};
use jsonsql_sandbox::{Sandbox, TvipOptions};
use serde_json::{Value, json};

use crate::http::request;

/// As both documents print it. It was made with a newline after the password,
/// which `echo -ne` would not do.
const HEADER: &str = "Authorization: Basic bG9naW46cGFzc3dvcmQK\r\n";

async fn documents() -> (Sandbox, Value) {
    let documents: Value = serde_json::from_str(include_str!("documents.json")).unwrap();
    // A server of the documents' time.
    let mut unknowns = TvipUnknowns::default();
    unknowns.field_set = FieldSet::Documented;
    unknowns.pin_md5 = PinMd5::Null;
    let options = TvipOptions::default()
        .unknowns(unknowns)
        .username("login")
        .password("password\n")
        .seed(TvipSeed::State(documents["state"].clone()));
    let sandbox = Sandbox::builder().tvip(options).start().await.unwrap();
    (sandbox, documents)
}

#[tokio::test]
async fn every_request_has_the_documented_answer() {
    let (sandbox, documents) = documents().await;
    let exchanges = documents["exchanges"].as_array().unwrap();
    assert_eq!(exchanges.len(), 7);
    for exchange in exchanges {
        let text = |name: &str| exchange[name].as_str().unwrap();
        let body = match &exchange["body"] {
            Value::Null => String::new(),
            body => body.to_string(),
        };
        let (method, path) = (text("method"), text("path"));
        let answer = request(sandbox.address(), method, path, HEADER, body.as_bytes()).await;
        assert_eq!(answer.status, 200, "{}: {}", text("source"), answer.body);
        assert_eq!(answer.json(), exchange["answer"], "{}", text("source"));
    }

    // Of the accounts 3 and 11 the connected devices are 1 and 2; both are of
    // provider 1.
    let noon = SystemTime::UNIX_EPOCH + Duration::from_secs(1_767_182_400);
    let commands = [
        Command {
            action: Action::RefreshChannelList,
            post_time: None,
            ttl: None,
        },
        Command {
            action: Action::Message(Message {
                kind: MessageKind::Confirm,
                text: "Happy Holidays!".to_owned(),
                title: Some("Dear subscribers!".to_owned()),
                delay: None,
                use_as_push: false,
            }),
            post_time: Some(noon),
            ttl: None,
        },
    ];
    assert_eq!(sandbox.tvip().inbox(1), commands);
    assert_eq!(sandbox.tvip().inbox(2), commands);
    assert!(sandbox.tvip().inbox(3).is_empty());
    assert!(sandbox.tvip().inbox(4).is_empty());
    assert!(!commands[1].is_due(noon - Duration::from_secs(1)));
    assert!(commands[1].is_due(noon));
}

/// "check by calling account list receiving method", in both documents.
#[tokio::test]
async fn the_list_of_accounts_checks_the_credentials() {
    let (sandbox, _) = documents().await;
    let path = "/api/provider/accounts";
    let answer = request(sandbox.address(), "GET", path, HEADER, b"").await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.json()["total"], 3);
    let refused = request(sandbox.address(), "GET", path, "", b"").await;
    assert_eq!(refused.status, 401);
}

/// A subscription ended as the documents end it shows nothing any more.
#[tokio::test]
async fn a_cancelled_subscription_is_over() {
    let (sandbox, documents) = documents().await;
    for exchange in &documents["exchanges"].as_array().unwrap()[..4] {
        let path = exchange["path"].as_str().unwrap();
        let method = exchange["method"].as_str().unwrap();
        let body = exchange["body"].to_string();
        request(sandbox.address(), method, path, HEADER, body.as_bytes()).await;
    }
    let state = sandbox.tvip().state();
    let ended = state["account_subscriptions"]
        .as_array()
        .unwrap()
        .last()
        .unwrap();
    assert_eq!(ended["stop"], json!("2020-05-20T00:00:00+0300"));
    // The hash is stored although it is not answered.
    let account = state["accounts"].as_array().unwrap().last().unwrap();
    assert_eq!(account["pin_md5"], "25d55ad283aa400af464c76d713c07ad");
}
