//! The two documents of Ministra, whose examples are lines of a conversation:
//! `> PUT [API_URL]/stb/1553 > status=1 < {"status":"OK",…}`.

use jsonsql_sandbox::Sandbox;

use crate::agreement::{Extent, extent};
use crate::curl::Request;
use crate::document::{Document, Example};
use crate::http::{self, Answer};
use crate::{fresh, say};

/// `login:password`, which the documents have in place of credentials.
const HEADER: &str = "Basic bG9naW46cGFzc3dvcmQ=";

/// The lines that a client sends: a method and an address, then a body.
fn request(example: &Example) -> Request {
    let text = example.request();
    let sent = text.split("< ").next().unwrap();
    let mut parts = sent.split("> ").map(str::trim).filter(|p| !p.is_empty());
    let (method, path) = parts.next().unwrap().split_once("[API_URL]").unwrap();
    let header = ("Authorization".to_owned(), HEADER.to_owned());
    Request {
        method: method.trim().to_owned(),
        path: format!("/stalker_portal/api/v1{path}"),
        headers: match example.authorize {
            None => vec![header],
            Some(_) => Vec::new(),
        },
        body: parts.next().unwrap_or_default().to_owned(),
    }
}

async fn answered(sandbox: &Sandbox, document: &Document, example: &Example) -> Answer {
    let mut last = None;
    for step in document.chain(example) {
        last = Some(http::send(sandbox.address(), &request(step)).await);
    }
    last.unwrap()
}

/// Asks for each example; the numbers of those of each extent, and the ids of
/// those that are not answered as printed.
async fn every_example(json: &str) -> ([usize; 4], Vec<String>) {
    let document = Document::read(json);
    let mut counts = [0; 4];
    let mut otherwise = Vec::new();
    let mut problems = Vec::new();
    for example in &document.examples {
        let sandbox = fresh().await;
        let answer = answered(&sandbox, &document, example).await;
        let status = if example.authorize.is_some() {
            401
        } else {
            200
        };
        assert_eq!(answer.status, status, "{}: {}", example.id, answer.body);
        let printed = example.expected().unwrap();
        match extent(example, printed, &answer.body) {
            Ok(Extent::Whole) => counts[0] += 1,
            Ok(Extent::Printed) => counts[1] += 1,
            Ok(Extent::AsText) => counts[2] += 1,
            Ok(Extent::Partly) => {
                counts[3] += 1;
                otherwise.push(example.id.clone());
            }
            Err(problem) => problems.push(problem),
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n\n"));
    let all = document.examples.len();
    let [whole, printed, as_text, partly] = counts;
    say(&format!(
        "{}: {all} examples, {whole} as printed, {printed} with more members, {as_text} with \
         account numbers as texts too, {partly} otherwise",
        document.document
    ));
    (counts, otherwise)
}

#[tokio::test]
async fn the_newer_document() {
    let (counts, otherwise) = every_example(include_str!("ministra-en.json")).await;
    assert_eq!(counts, [19, 3, 4, 9]);
    let expected = [
        "stb-1",
        "stb-3",
        "stb-6",
        "stb-7",
        "accounts-1",
        "users-1",
        "itv_subscription-2",
        "itv_subscription-4",
        "account_subscription-1",
    ];
    assert_eq!(otherwise, expected);
}

#[tokio::test]
async fn the_document_of_2012() {
    let (counts, otherwise) = every_example(include_str!("ministra-2012.json")).await;
    assert_eq!(counts, [6, 1, 4, 9]);
    let expected = [
        "stb-1",
        "stb-3",
        "stb-6",
        "stb-7",
        "accounts-1",
        "stb_modules-1",
        "stb_modules-2",
        "itv_subscription-2",
        "itv_subscription-4",
    ];
    assert_eq!(otherwise, expected);
}
