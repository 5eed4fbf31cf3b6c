//! The document of IPTVPORTAL, which the web page prints with angle quotation
//! marks.

use jsonsql_sandbox::Sandbox;
use serde_json::Value;

use crate::agreement::{Extent, extent};
use crate::curl::Request;
use crate::document::{Document, Example};
use crate::{fresh, http, say};

/// The text with the characters of JSON in the place of the page's.
fn straight(text: &str) -> String {
    text.replace(['\u{ab}', '\u{bb}'], "\"")
        .replace('\u{a0}', " ")
}

async fn post(sandbox: &Sandbox, path: &str, session: Option<&str>, body: &str) -> String {
    let session = session.map(|id| {
        let name = "Iptvportal-Authorization".to_owned();
        (name, format!("sessionid={id}"))
    });
    let request = Request {
        method: "POST".to_owned(),
        path: path.to_owned(),
        headers: session.into_iter().collect(),
        body: body.to_owned(),
    };
    let answer = http::send(sandbox.address(), &request).await;
    assert_eq!(answer.status, 200);
    answer.body
}

/// The address that the document has for a request.
fn path(request: &str) -> &'static str {
    if request.contains("authorize_user") {
        "/api/jsonrpc/"
    } else {
        "/api/jsonsql/"
    }
}

async fn log_in(sandbox: &Sandbox, document: &Document) -> String {
    let login = document.by_id("authorize");
    let body = straight(login.request());
    let answer = post(sandbox, "/api/jsonrpc/", None, &body).await;
    let answer: Value = serde_json::from_str(&answer).unwrap();
    answer["result"]["session_id"].as_str().unwrap().to_owned()
}

fn document() -> Document {
    Document::read(include_str!("iptvportal.json"))
}

#[tokio::test]
async fn every_example_runs_once_its_quotation_marks_are_straight() {
    let document = document();
    let mut extents = Vec::new();
    for example in &document.examples {
        let sandbox = fresh().await;
        let session = log_in(&sandbox, &document).await;
        let mut last = String::new();
        for step in document.chain(example) {
            let body = straight(step.request());
            last = post(&sandbox, path(&body), Some(&session), &body).await;
        }
        let answer: Value = serde_json::from_str(&last).unwrap();
        if let Some(printed) = example.expected() {
            let extent = extent(example, &straight(printed), &last);
            extents.push(extent.unwrap_or_else(|problem| panic!("{problem}")));
            assert!(last.starts_with(r#"{"jsonrpc":"2.0","id":1,"#), "{last}");
        } else {
            let result = example.result.as_ref().unwrap();
            assert_eq!(answer["result"], *result, "{}: {last}", example.id);
        }
    }
    // A session and a message cannot be as printed: both are placeholders.
    assert_eq!(extents, [Extent::Partly; 2]);
    let (all, answers) = (document.examples.len(), extents.len());
    say(&format!(
        "{}: {all} examples, {answers} answers printed",
        document.document
    ));
}

/// The very text of the page is refused at its first quotation mark, which is on
/// the second line of each.
#[tokio::test]
async fn every_example_as_pasted_is_refused_with_the_character_and_its_place() {
    let document = document();
    let sandbox = fresh().await;
    let session = log_in(&sandbox, &document).await;
    for Example { id, request, .. } in &document.examples {
        let body = request.as_deref().unwrap();
        let answer = post(&sandbox, path(body), Some(&session), body).await;
        let answer: Value = serde_json::from_str(&answer).unwrap();
        assert_eq!(
            answer["error"]["message"],
            "not JSON: line 2, column 1: U+00AB is an angle quotation mark, which no JSON has \
             here: write \"",
            "{id}"
        );
    }
}

/// The one example that is malformed says so even with straight quotation marks.
#[tokio::test]
async fn the_malformed_insert_is_refused_as_it_is() {
    let document = document();
    let sandbox = fresh().await;
    let session = log_in(&sandbox, &document).await;
    let insert = document.by_id("subscriber-packages");
    let body = straight(insert.request.as_deref().unwrap());
    let answer = post(&sandbox, "/api/jsonsql/", Some(&session), &body).await;
    // The bracket behind the comma.
    assert!(answer.contains("line 22 column 10"), "{answer}");
}
