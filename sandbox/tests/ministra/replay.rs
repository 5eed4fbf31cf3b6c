//! Every exchange recorded from a real 4.9.35, in order, against the sandbox.

use std::collections::BTreeMap;

use jsonsql_sandbox::Sandbox;
use jsonsql_sandbox::ministra::{MinistraOptions, MinistraVersion, V1Folder};
use serde::Deserialize;

use crate::configured;
use crate::http::{Answer, send};

#[derive(Deserialize)]
pub(crate) struct Exchange {
    pub(crate) n: u32,
    pub(crate) group: String,
    /// Options of the server that differ from the seed's; no line has any.
    config: Option<serde_json::Value>,
    pub(crate) request: Request,
    response: Response,
}

#[derive(Deserialize)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) path: String,
    headers: BTreeMap<String, String>,
    body: Option<String>,
}

#[derive(Deserialize)]
struct Response {
    status: u16,
    headers: BTreeMap<String, String>,
    body: String,
}

/// Where the recorded server listened.
const RECORDED_HOST: &str = "127.0.0.1:18088";

/// A copy of the folder `v1` that the recorder had left as shipped, beside the
/// one it had mended.
const AS_SHIPPED: &str = "/api/v1_unmodified/";

pub(crate) fn exchanges() -> Vec<Exchange> {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../tests/corpus/ministra-exchanges.jsonl"
    );
    let lines = std::fs::read_to_string(path).unwrap();
    lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// The server the recordings were made on.
pub(crate) fn options() -> MinistraOptions {
    let mut options = MinistraOptions::new(MinistraVersion::V4_9);
    options.v1_folder = V1Folder::Works;
    options
}

pub(crate) async fn replay(sandbox: &Sandbox, request: &Request) -> Answer {
    let shipped = request.path.contains(AS_SHIPPED);
    sandbox.ministra().configure(|options| {
        options.v1_folder = if shipped {
            V1Folder::RefusesStb
        } else {
            V1Folder::Works
        };
    });
    let path = request.path.replace(AS_SHIPPED, "/api/v1/");
    let headers = request.headers.iter();
    let headers: String = headers.map(|(k, v)| format!("{k}: {v}\r\n")).collect();
    let body = request.body.as_deref().unwrap_or_default();
    send(sandbox, &request.method, &path, &headers, body.as_bytes()).await
}

/// Status, body to the byte, and the headers that say something. There are no
/// exceptions; what is not taken literally is the port the recorded server had,
/// and the path of the folder that was left as shipped.
#[tokio::test]
async fn every_recorded_exchange_is_answered_to_the_byte() {
    let exchanges = exchanges();
    assert_eq!(exchanges.len(), 266);
    let mut different = Vec::new();
    for group in exchanges.chunk_by(|a, b| a.group == b.group) {
        let sandbox = configured(options()).await;
        for Exchange {
            n,
            config,
            request,
            response,
            ..
        } in group
        {
            assert!(config.is_none(), "{n}: {config:?} is not followed");
            let answer = replay(&sandbox, request).await;
            let expected = response
                .body
                .replace(RECORDED_HOST, &sandbox.address().to_string());
            let mut same = answer.status == response.status && answer.body == expected;
            for header in ["content-type", "www-authenticate", "location"] {
                let recorded = response.headers.get(header).map(String::as_str);
                let recorded =
                    recorded.map(|v| v.replace(RECORDED_HOST, &sandbox.address().to_string()));
                let here = answer.header(header).map(str::to_owned);
                same &= here.as_deref().map(str::to_ascii_lowercase)
                    == recorded.as_deref().map(str::to_ascii_lowercase);
            }
            if !same {
                different.push(format!(
                    "{n} {} {}: {} {}\n  recorded {} {expected}",
                    request.method, request.path, answer.status, answer.body, response.status
                ));
            }
        }
    }
    assert!(
        different.is_empty(),
        "{} differ:\n{}",
        different.len(),
        different.join("\n")
    );
}
