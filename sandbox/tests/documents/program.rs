//! `jsonsql-sandbox --seed documents`.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::curl::{self, Request};
use crate::document::Document;
use crate::http;

/// Ends with the test, however that ends.
struct Program(Child);

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts it with the seed and these options; the answer to the request.
async fn answer(options: &[&str], request: &Request) -> (u16, String) {
    let mut program = Command::new(env!("CARGO_BIN_EXE_jsonsql-sandbox"))
        .args(["--seed", "documents"])
        .args(options)
        .stdout(Stdio::piped())
        .spawn()
        .map(Program)
        .unwrap();
    let mut line = String::new();
    let mut stdout = BufReader::new(program.0.stdout.take().unwrap());
    stdout.read_line(&mut line).unwrap();
    let urls: Value = serde_json::from_str(&line).unwrap();
    let url = urls["jsonrpc"].as_str().unwrap();
    let address = url.split('/').nth(2).unwrap().parse().unwrap();
    let answer = http::send(address, request).await;
    (answer.status, answer.body)
}

/// The account that TVIP's document creates.
fn create() -> Request {
    let document = Document::read(include_str!("tvip-en.json"));
    curl::read(document.by_id("account-create").request())
}

fn of_ministra(credentials: &str, path: &str) -> Request {
    Request {
        method: "GET".to_owned(),
        path: format!("/stalker_portal/api/v1/{path}"),
        headers: vec![("Authorization".to_owned(), credentials.to_owned())],
        body: String::new(),
    }
}

#[tokio::test]
async fn the_seed_is_that_of_all_surfaces_and_its_credentials_are_the_documents() {
    let (status, body) = answer(&[], &create()).await;
    assert_eq!(status, 200, "{body}");
    assert!(body.starts_with(r#"{"id":4333,"login":"user","#), "{body}");
    assert!(body.contains(r#""pin_md5":null"#), "{body}");
    // login:password
    let request = of_ministra("Basic bG9naW46cGFzc3dvcmQ=", "reseller");
    let (_, body) = answer(&[], &request).await;
    assert!(body.contains("2018-10-10 16:25:22"), "{body}");
}

#[tokio::test]
async fn options_of_ones_own_come_before_the_seeds() {
    let (_, body) = answer(&["--tvip-unknown", "pin_md5=echoed"], &create()).await;
    assert!(body.contains(r#""pin_md5":"25d55ad2"#), "{body}");
    assert!(!body.contains("last_online"), "{body}");
    let (status, _) = answer(&["--tvip-password", "mine"], &create()).await;
    assert_eq!(status, 401);
    // login:mine
    let request = of_ministra("Basic bG9naW46bWluZQ==", "reseller");
    let options = [
        "--ministra-password",
        "mine",
        "--ministra-option",
        "allow_resellers_info_for_api=false",
    ];
    let (_, body) = answer(&options, &request).await;
    assert!(body.contains("Resource denied by admin"), "{body}");
}
