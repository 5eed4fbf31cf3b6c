//! What the server says to a request, and whether it does what it was asked.
//!
//! The server decides what it has executed by what it is about to say, so that the
//! client can be held to it: it executes a write unless the answer proves that it
//! has not. An answer proves that in three forms only: an error of this very call,
//! of JSON-RPC's two codes for what could not be read, and HTTP 429 that says when
//! to come back. Bytes are changed as long as they do not turn one form into another.

use serde_json::{Value, json};

use crate::luck::Luck;
use crate::mutate::mutate;

/// What is said, before HTTP has its turn.
pub(crate) struct Said {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
    /// Whether the server does what it was asked, and of a batch each of the calls.
    pub(crate) executed: Executed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Executed {
    All,
    None,
    /// Of a batch, the calls at even places.
    Even,
}

/// Statuses of servers, proxies, balancers, filters and portals, and others.
const STATUSES: &[u16] = &[
    200, 200, 200, 201, 202, 204, 205, 206, 300, 301, 302, 303, 304, 307, 308, 400, 401, 402, 403,
    404, 405, 406, 407, 408, 409, 410, 411, 412, 413, 415, 417, 418, 421, 422, 425, 426, 428, 429,
    431, 451, 499, 500, 501, 502, 503, 504, 505, 507, 511, 520, 599, 600, 999,
];

/// Bodies of those who answer in the server's place. None has an id of a call in it.
const PAGES: &[&str] = &[
    "",
    "\n",
    "null",
    "[]",
    "{}",
    "0",
    "\"ok\"",
    "<html><h1>Bad Gateway</h1></html>",
    "<form action=\"http://portal/login\">Log in to the network</form>",
    "Unauthorized",
    "session expired",
    r#"{"message":"session expired","error":null}"#,
    r#"{"error":"upstream session aborted"}"#,
    r#"{"error":"session expired"}"#,
    r#"{"error":{"message":"authentication required"}}"#,
    r#"{"error":{"code":-32600,"message":"not logged in"}}"#,
    r#"{"jsonrpc":"2.0","id":null,"error":{"code":-32603,"message":"timeout"}}"#,
    r#"{"jsonrpc":"2.0","id":null,"error":"no such session"}"#,
    r#"{"id":"x","error":"unauthorized"}"#,
    r#"{"id":[],"error":"unauthorized"}"#,
    r#"{"result":"ok"}"#,
    r#"{"result":null,"status":"ok"}"#,
    r#"{"result":[]}"#,
    r#"[{"error":"session expired"}]"#,
    r#"[[],{},null]"#,
    r#"{"status":"ERROR","error":"blocked"}"#,
    r#"{"statusCode":"x","cause":{}}"#,
    "PHP Fatal error: Allowed memory size exhausted in a.php on line 7",
];

/// What the server itself says of a call that it has not executed.
const ERRORS: &[&str] = &[
    "session expired",
    "no such session",
    "Not logged in",
    "ERROR: duplicate key value violates unique constraint \"user_session_key\"",
    "column \"authorized_count\" does not exist",
    "",
    "\u{1b}[2J\nforged line \u{202e}",
];

/// What is said to a request of JSON-RPC.
pub(crate) fn to_calls(request: &Value, luck: &mut Luck) -> Said {
    match request {
        Value::Array(calls) => to_batch(calls, luck),
        call => to_call(call, luck),
    }
}

fn to_call(call: &Value, luck: &mut Luck) -> Said {
    let said = |status, body: String, executed| Said {
        status,
        body: body.into_bytes(),
        executed,
    };
    let rows = || answer(call, &result_of(call)).to_string();
    match luck.below(20) {
        // As it should be.
        0..=6 => said(200, rows(), Executed::All),
        7 => said(luck.pick(STATUSES), rows(), Executed::All),
        // The rows, changed; never into an error.
        8..=11 => {
            let mut said = said(200, rows(), Executed::All);
            change(&mut said.body, |body| !has(body, b"error"), luck);
            said
        }
        12 | 13 => {
            let status = luck.pick(&[200, 200, 200, 401, 403]);
            let mut said = said(status, error(call, luck).to_string(), Executed::None);
            if luck.percent(30) {
                change(&mut said.body, |body| !has(body, b"result"), luck);
            }
            said
        }
        14 => said(200, format!("{}{}", noise(luck), rows()), Executed::All),
        15 => said(
            200,
            rows().replace(
                r#""id":"#,
                r#""error":{"message":"no such session"},"error":null,"id":"#,
            ),
            Executed::All,
        ),
        16 => {
            let mut answer = if luck.percent(50) {
                answer(call, &result_of(call))
            } else {
                error(call, luck)
            };
            answer["id"] = json!(call["id"].as_u64().unwrap_or(0) + 1_000_000);
            said(200, answer.to_string(), Executed::All)
        }
        _ => {
            let mut said = said(
                luck.pick(STATUSES),
                luck.pick(PAGES).to_owned(),
                Executed::All,
            );
            if luck.percent(30) {
                let id = call["id"].to_string();
                let proves = |body: &[u8]| {
                    [id.as_bytes(), b"-32700", b"-32600", b"\"id\""]
                        .iter()
                        .any(|part| has(body, part))
                };
                change(&mut said.body, |body| !proves(body), luck);
            }
            said
        }
    }
}

fn to_batch(calls: &[Value], luck: &mut Luck) -> Said {
    let rows: Vec<Value> = calls
        .iter()
        .map(|call| answer(call, &result_of(call)))
        .collect();
    let text = |answers: &[Value]| json!(answers).to_string().into_bytes();
    let mut said = Said {
        status: 200,
        body: text(&rows),
        executed: Executed::All,
    };
    match luck.below(12) {
        0..=2 => {}
        3 => said.status = luck.pick(STATUSES),
        4 | 5 => change(&mut said.body, |body| !has(body, b"error"), luck),
        6 => {
            let answers = calls.iter().zip(&rows).enumerate();
            let answers: Vec<Value> = answers
                .map(|(at, (call, rows))| {
                    if at % 2 == 0 {
                        rows.clone()
                    } else {
                        error(call, luck)
                    }
                })
                .collect();
            said.executed = Executed::Even;
            said.body = text(&answers);
        }
        7 => {
            let errors: Vec<Value> = calls.iter().map(|call| error(call, luck)).collect();
            said.executed = Executed::None;
            said.body = text(&errors);
        }
        8 => {
            // Left out, answered twice, shuffled.
            let mut answers = rows.clone();
            answers.remove(luck.below(rows.len()));
            answers.extend(rows.iter().filter(|_| luck.percent(40)).cloned());
            answers.reverse();
            said.body = text(&answers);
        }
        9 => {
            // Some of them to calls of others.
            let foreign = |call: &Value| json!({"jsonrpc": "2.0", "id": call["id"].as_u64().unwrap_or(0) + 1_000_000, "error": "session expired"});
            said.body = text(&calls.iter().map(foreign).collect::<Vec<_>>());
        }
        10 => said.body = [noise(luck).as_bytes(), &said.body].concat(),
        _ => {
            said.status = luck.pick(STATUSES);
            said.body = luck.pick(PAGES).as_bytes().to_vec();
        }
    }
    said
}

/// What is said to a login. Most are let in, or there would be nothing to see.
pub(crate) fn to_login(call: &Value, luck: &mut Luck) -> Said {
    let session = format!("{:016x}{:016x}", luck.next(), luck.next());
    let mut said = Said {
        status: 200,
        body: answer(call, &json!({ "session_id": session }))
            .to_string()
            .into_bytes(),
        executed: Executed::None,
    };
    match luck.below(20) {
        0 => change(&mut said.body, |_| true, luck),
        1 => said.status = luck.pick(STATUSES),
        2 => said.body = luck.pick(PAGES).as_bytes().to_vec(),
        3 => {
            said.status = luck.pick(STATUSES);
            said.body = luck.pick(PAGES).as_bytes().to_vec();
        }
        4 => said.body = error(call, luck).to_string().into_bytes(),
        _ => {}
    }
    said
}

/// What is said to a GET of a REST interface, of which this is the real answer.
pub(crate) fn to_get(real: &str, luck: &mut Luck) -> Said {
    let mut said = Said {
        status: 200,
        body: real.as_bytes().to_vec(),
        executed: Executed::None,
    };
    match luck.below(8) {
        0 => {}
        1 => said.status = luck.pick(STATUSES),
        2 => {
            said.status = luck.pick(STATUSES);
            said.body = luck.pick(PAGES).as_bytes().to_vec();
        }
        _ => change(&mut said.body, |_| true, luck),
    }
    said
}

/// Changes the bytes, unless they would say something else then.
fn change(body: &mut Vec<u8>, still: impl Fn(&[u8]) -> bool, luck: &mut Luck) {
    let before = body.clone();
    mutate(body, luck);
    if !still(body) {
        *body = before;
    }
}

pub(crate) fn has(body: &[u8], part: &[u8]) -> bool {
    body.windows(part.len()).any(|window| window == part)
}

fn answer(call: &Value, result: &Value) -> Value {
    json!({"jsonrpc": "2.0", "id": call["id"], "result": result})
}

fn error(call: &Value, luck: &mut Luck) -> Value {
    json!({"jsonrpc": "2.0", "id": call["id"], "error": {"message": luck.pick(ERRORS)}})
}

fn noise(luck: &mut Luck) -> String {
    let noise: &[&str] = &[
        "\u{feff}",
        "\0 \r\n",
        "<br />\n<b>Notice</b>:  Undefined index: x in <b>a.php</b> on line <b>5</b><br />\n",
        "PHP Warning: {\"log\"} is not writable in a.php on line 7\n",
        "<!-- [cache] -->",
    ];
    luck.pick(noise).to_owned()
}

/// Rows as the server of this statement has them: keys that go on from where a
/// page ended.
fn result_of(call: &Value) -> Value {
    let params = &call["params"];
    let columns = match call["method"].as_str() {
        Some("select") => params["data"].as_array(),
        _ => None,
    };
    let Some(columns) = columns else {
        return json!([[1]]);
    };
    let after = numbers(&params["where"].to_string()).max().unwrap_or(0);
    let limit = params["limit"].as_u64().unwrap_or(3).min(3);
    let value = |column: &Value, id: u64| match column.to_string() {
        name if name.contains("id") => json!(id),
        name if name.contains("disabled") => json!(id.is_multiple_of(2)),
        name if name.contains("password") => json!(null),
        _ => json!(format!("row {id}")),
    };
    (after + 1..=after + limit)
        .map(|id| {
            columns
                .iter()
                .map(|column| value(column, id))
                .collect::<Vec<_>>()
        })
        .collect()
}

/// The whole numbers in a text.
pub(crate) fn numbers(text: &str) -> impl Iterator<Item = u64> {
    let digits = text.split(|character: char| !character.is_ascii_digit());
    digits
        .filter_map(|digits| digits.parse().ok())
        .filter(|number| *number < 1 << 40)
}
