//! The two documents of TVIP, whose requests are command lines.

use std::time::{Duration, SystemTime};

use jsonsql_sandbox::Sandbox;
use jsonsql_sandbox::tvip::{Action, Command, Message, MessageKind};
use serde_json::json;

use crate::agreement::{Extent, extent};
use crate::curl::{self, Request};
use crate::document::{Document, Example};
use crate::http::{self, Answer};
use crate::{fresh, say};

/// As both documents print it.
pub(crate) const HEADER: &str = "Basic bG9naW46cGFzc3dvcmQK";

/// A command line, a path alone, or a method with a URL and a body below it.
fn request(example: &Example) -> Request {
    let text = example.request();
    let mut request = if text.starts_with("curl") {
        curl::read(text)
    } else if text.starts_with('/') {
        Request {
            method: "GET".to_owned(),
            path: text.to_owned(),
            ..Request::default()
        }
    } else {
        let (line, body) = text.split_once('\n').unwrap();
        let (method, url) = line.split_once(' ').unwrap();
        Request {
            method: method.to_owned(),
            path: curl::path(url),
            body: body.to_owned(),
            ..Request::default()
        }
    };
    if example.authorize.is_some() || text.starts_with('/') {
        let is_authorization = |name: &str| name.eq_ignore_ascii_case("Authorization");
        request.headers.retain(|(name, _)| !is_authorization(name));
        let header = ("Authorization".to_owned(), HEADER.to_owned());
        request.headers.push(header);
    }
    request
}

async fn answered(sandbox: &Sandbox, document: &Document, example: &Example) -> Answer {
    let mut last = None;
    for step in document.chain(example) {
        last = Some(http::send(sandbox.address(), &request(step)).await);
    }
    last.unwrap()
}

/// JSON without the blanks between its values, its members in their order.
pub(crate) fn compact(json: &str) -> String {
    let mut is_in_text = false;
    let kept = json.chars().filter(|c| {
        is_in_text ^= *c == '"';
        is_in_text || !c.is_whitespace()
    });
    kept.collect()
}

async fn every_example(json: &str) -> Vec<Extent> {
    let document = Document::read(json);
    let mut extents = Vec::new();
    for example in &document.examples {
        let sandbox = fresh().await;
        let answer = answered(&sandbox, &document, example).await;
        assert_eq!(answer.status, 200, "{}: {}", example.id, answer.body);
        let Some(printed) = example.expected() else {
            // The documents say what it is and print none.
            let list: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
            assert!(list["total"].is_u64() || list["response"] == true);
            continue;
        };
        assert_eq!(answer.body, compact(printed), "{}", example.r#where);
        let extent = extent(example, printed, &answer.body);
        extents.push(extent.unwrap_or_else(|problem| panic!("{problem}")));
    }
    let (all, answers) = (document.examples.len(), extents.len());
    say(&format!(
        "{}: {all} examples, {answers} answers printed",
        document.document
    ));
    extents
}

/// To the byte, but for the blanks between values.
#[tokio::test]
async fn every_printed_answer_is_answered_member_by_member_in_order() {
    let english = every_example(include_str!("tvip-en.json")).await;
    assert_eq!(english, [Extent::Whole; 6]);
    let russian = every_example(include_str!("tvip-ru.json")).await;
    assert_eq!(russian, [Extent::Whole; 4]);
}

/// "All client subscriptions": the one that was added.
#[tokio::test]
async fn the_list_of_a_clients_subscriptions_has_the_printed_one() {
    let document = Document::read(include_str!("tvip-en.json"));
    let sandbox = fresh().await;
    let list = answered(&sandbox, &document, document.by_id("subscriptions-list")).await;
    let printed = compact(document.by_id("subscription-add").expected().unwrap());
    let page = format!(r#"{{"data":[{printed}],"total":1,"start":0,"limit":100}}"#);
    assert_eq!(list.body, page);
}

/// "check by calling account list receiving method", with the printed header, with
/// the credentials it was meant to be made of, and without.
#[tokio::test]
async fn the_list_of_accounts_checks_the_credentials() {
    let document = Document::read(include_str!("tvip-en.json"));
    let sandbox = fresh().await;
    let mut request = request(document.by_id("accounts-list"));
    // login:password
    let meant = "Basic bG9naW46cGFzc3dvcmQ=";
    for (authorization, status) in [(HEADER, 200), (meant, 200), ("Basic bG9naW46", 401)] {
        for (name, value) in &mut request.headers {
            if name == "Authorization" {
                authorization.clone_into(value);
            }
        }
        let answer = http::send(sandbox.address(), &request).await;
        assert_eq!(answer.status, status, "{authorization}: {}", answer.body);
    }
}

/// A subscription ended as the document ends it is over, and the hash of the
/// password is stored although it is not answered.
#[tokio::test]
async fn what_the_examples_change_is_stored() {
    let document = Document::read(include_str!("tvip-en.json"));
    let sandbox = fresh().await;
    answered(&sandbox, &document, document.by_id("account-disconnect")).await;
    let state = sandbox.tvip().state();
    let last = |table: &str| state[table].as_array().unwrap().last().unwrap().clone();
    let ended = last("account_subscriptions");
    assert_eq!(ended["stop"], json!("2020-05-20T00:00:00+0300"));
    let account = last("accounts");
    assert_eq!(account["pin_md5"], "25d55ad283aa400af464c76d713c07ad");
    assert_eq!(account["enabled"], false);
}

/// The connected devices of the accounts 3 and 11, which are of provider 1.
#[tokio::test]
async fn the_printed_commands_arrive() {
    let document = Document::read(include_str!("tvip-en.json"));
    let sandbox = fresh().await;
    for id in ["refresh", "message"] {
        answered(&sandbox, &document, document.by_id(id)).await;
    }
    // December 31, 2025 12:00 GMT
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
    assert_eq!(sandbox.tvip().inbox(2), commands);
    assert_eq!(sandbox.tvip().inbox(6), commands);
    assert!(sandbox.tvip().inbox(51).is_empty());
    assert!(!commands[1].is_due(noon - Duration::from_secs(1)));
    assert!(commands[1].is_due(noon));
}
