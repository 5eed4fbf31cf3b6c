//! The two documents of TVIP, whose requests are command lines.

use jsonsql_sandbox::Sandbox;

use crate::agreement::{Extent, extent};
use crate::curl::{self, Request};
use crate::document::{Document, Example};
use crate::http::{self, Answer};
use crate::{fresh, say};

/// As both documents print it.
const HEADER: &str = "Basic bG9naW46cGFzc3dvcmQK";

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
fn compact(json: &str) -> String {
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
    let by_id = |id: &str| document.examples.iter().find(|e| e.id == id).unwrap();
    let sandbox = fresh().await;
    let list = answered(&sandbox, &document, by_id("subscriptions-list")).await;
    let printed = compact(by_id("subscription-add").expected().unwrap());
    let page = format!(r#"{{"data":[{printed}],"total":1,"start":0,"limit":100}}"#);
    assert_eq!(list.body, page);
}
