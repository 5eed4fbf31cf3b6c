//! Every exchange recorded from a real 4.9.35 that a call can produce: the call
//! sends what was recorded, and takes the answer for what it is.

mod calls;
mod form;

use std::collections::BTreeMap;

use jsonsql_client::ministra::Outcome;
use jsonsql_client::{Error, RejectionKind};
use serde::Deserialize;
use serde_json::Value;

use self::calls::called;
use self::form::fields;
use crate::canned::Canned;

#[derive(Deserialize)]
struct Exchange {
    n: u32,
    request: Request,
    response: Response,
}

#[derive(Deserialize)]
struct Request {
    method: String,
    path: String,
    body: Option<String>,
}

#[derive(Deserialize)]
struct Response {
    status: u16,
    body: String,
}

/// What a call came to.
#[derive(Debug, PartialEq)]
enum Got {
    Done,
    NotDone,
    /// What tells the rows apart.
    Rows(Vec<String>),
    Denied,
    Status(u16),
    Rejected(RejectionKind),
}

/// Why there is no call for an exchange.
type No = String;

#[tokio::test]
async fn recorded_exchanges_are_sent_and_taken_as_they_are() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../tests/corpus/ministra-exchanges.jsonl"
    );
    let lines = std::fs::read_to_string(path).unwrap();
    let (mut covered, mut all) = (0, 0);
    let mut left = BTreeMap::<No, Vec<u32>>::new();
    for line in lines.lines() {
        let exchange: Exchange = serde_json::from_str(line).unwrap();
        all += 1;
        match replayed(&exchange).await {
            Ok(()) => covered += 1,
            Err(why) => left.entry(why).or_default().push(exchange.n),
        }
    }
    let left: String = left
        .iter()
        .map(|(why, n)| format!("{why}: {n:?}\n"))
        .collect();
    insta::assert_snapshot!(format!("{covered} of {all}\n{left}"), @r"
    127 of 266
    `end_date` that is none: [176]
    `mac` that is none: [96, 97]
    `stb_mac` that is none: [137, 172]
    a flag that is neither 0 nor 1: [72, 73, 74, 75]
    a query: [31, 32]
    a resource, or a method of it, that is not there: [13, 21, 22, 24, 25, 40, 41, 42, 43, 44, 45, 46, 47, 48, 105, 153, 242, 271, 272, 274]
    addresses are sent in capitals: [56]
    addresses are sent with colons, dates with the time of day: [95, 139, 155]
    addresses are sent with colons, identifiers once: [57, 58, 65, 122, 125]
    an identifier with a slash: [26, 29, 30, 363]
    another method: [12, 14, 15, 39]
    both account numbers and addresses: [60, 61, 128]
    everybody, where no call is: [84, 85, 88, 179, 184, 273]
    fields that have no place in the call: [78, 80, 83, 98, 99, 104, 107, 109, 177, 229, 230, 231, 232, 233, 234, 235, 325, 328, 335]
    no channel: [237]
    no event there is: [238, 239]
    no login: [132, 149, 151]
    no resource: [10, 11, 28]
    nothing to be written: [81, 82, 103, 150, 178, 218, 240, 334]
    percent signs: nothing in an identifier needs any: [33, 34, 35]
    refused: `account_balance` is longer than 16 characters, to which it is cut: [145]
    refused: `password` is empty, which the server leaves out: [166]
    refused: a MAC address, or a login and a password, are needed: [101]
    refused: a message that is empty or 0 is none: [216, 217, 219, 236]
    refused: a package is both added and removed: [324]
    refused: an account number of 12 or more characters is taken for a MAC address here; use the box's own: [66, 67, 317]
    refused: is 0, which the server takes for all there are: [301]
    refused: is 0, which the server takes for everybody: [38, 134, 355, 356, 357, 358, 359, 360, 362]
    refused: is blank, which the server takes for everybody: [36, 37, 133]
    refused: is empty: it stands for every package that has none: [336]
    refused: is empty: the server would answer with a fault of its database: [143, 160]
    refused: is longer than 64 characters, to which the server cuts it: [147]
    refused: is not a number: [270, 299, 302, 303, 310]
    seconds that are no number: [220]
    several identifiers, where the call takes one: [180, 185, 315, 316, 338]
    the slash at the end is where the documents have it: [27, 106, 136, 152]
    ");
}

async fn replayed(exchange: &Exchange) -> Result<(), No> {
    let request = &exchange.request;
    let (base, path) = split(&request.path)?;
    let answer = (exchange.response.status, exchange.response.body.as_str());
    let (ministra, canned) = Canned::ministra(base, &[answer]);
    let got = called(&ministra, request, path).await?;
    let sent = canned.sent();
    let [sent] = sent.as_slice() else {
        panic!("{}: sent {} times", exchange.n, sent.len());
    };
    if sent.path != request.path {
        let other = sent.path.to_lowercase() == request.path.to_lowercase();
        let slash = sent.path.trim_end_matches('/') == request.path.trim_end_matches('/');
        return Err(match (other, slash) {
            (_, true) => "the slash at the end is where the documents have it".to_owned(),
            (true, _) => "addresses are sent in capitals".to_owned(),
            _ => "addresses are sent with colons, identifiers once".to_owned(),
        });
    }
    assert_eq!(sent.method.as_str(), request.method, "{}", exchange.n);
    assert!(sent.is_basic);
    assert_eq!(
        sent.is_form,
        request.method == "POST" || request.method == "PUT"
    );
    let recorded = request.body.as_deref().unwrap_or_default();
    if fields(&sent.body) != fields(recorded) {
        return Err("addresses are sent with colons, dates with the time of day".to_owned());
    }
    assert_eq!(got, expected(exchange), "{}", exchange.n);
    Ok(())
}

/// The base and what is below it.
fn split(path: &str) -> Result<(&str, &str), No> {
    for base in [
        "/stalker_portal/api/v1_unmodified/",
        "/stalker_portal/api/v1/",
        "/stalker_portal/api/",
    ] {
        if let Some(below) = path.strip_prefix(base) {
            return Ok((base, below));
        }
    }
    Err("no resource".to_owned())
}

/// What an answer is, by the rules of the facts and not by the adapter's code.
fn expected(exchange: &Exchange) -> Got {
    let Response { status, body } = &exchange.response;
    match status {
        401 => return Got::Denied,
        200 if body == "Unauthorized request." => return Got::Denied,
        200 => {}
        other => return Got::Status(*other),
    }
    let answer: Value = serde_json::from_str(body).unwrap();
    if answer["status"] == "ERROR" {
        let text = answer["error"].as_str().unwrap();
        return Got::Rejected(match text {
            "Account not found" | "STB not found" | "Empty stb list" => RejectionKind::NotFound,
            "One or more identifiers are incorrect" => RejectionKind::NotFound,
            "Login already in use" | "MAC address already in use" | "Stb already exists" => {
                RejectionKind::Conflict
            }
            text if text.starts_with("Query failed") => RejectionKind::ServerFault,
            text if ["empty", "required", "Not valid", "Only one"]
                .iter()
                .any(|part| text.contains(part)) =>
            {
                RejectionKind::Invalid
            }
            _ => RejectionKind::Other,
        });
    }
    match &answer["results"] {
        Value::Bool(true) => Got::Done,
        Value::Bool(false) => Got::NotDone,
        Value::Null => Got::Rows(Vec::new()),
        Value::Array(rows) => Got::Rows(rows.iter().map(told_apart).collect()),
        one => Got::Rows(vec![told_apart(one)]),
    }
}

fn told_apart(row: &Value) -> String {
    // The first of these that a row has; modules by what is locked.
    for key in ["login", "id", "mac"] {
        if let Some(text) = row[key].as_str() {
            return text.to_owned();
        }
    }
    format!("{}", row["restricted"])
}

fn got<T>(answer: Result<T, Error>, rows: impl FnOnce(T) -> Got) -> Got {
    match answer {
        Ok(answer) => rows(answer),
        Err(Error::Denied { .. }) => Got::Denied,
        Err(Error::Status { status, .. }) => Got::Status(status),
        Err(Error::Rejected(rejection)) => Got::Rejected(rejection.kind()),
        Err(Error::NotApplied { .. }) => Got::NotDone,
        Err(error) => panic!("{error}"),
    }
}

fn done<T>(answer: Result<T, Error>) -> Got {
    got(answer, |_| Got::Done)
}

fn outcome(answer: Result<Outcome, Error>) -> Got {
    got(answer, |outcome| match outcome {
        Outcome::Done => Got::Done,
        Outcome::NotDone => Got::NotDone,
    })
}

fn list<T>(answer: Result<Vec<T>, Error>, name: impl Fn(&T) -> String) -> Got {
    got(answer, |rows| Got::Rows(rows.iter().map(name).collect()))
}
