//! A table of many rows that costs nothing: each page is made when it is asked
//! for.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};

use serde_json::Value;

/// Serves until its standard input ends, as it does with whoever started it.
pub(crate) fn run(rows: u64) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut stdout = std::io::stdout();
    writeln!(stdout, "http://{}/api", listener.local_addr().unwrap()).unwrap();
    stdout.flush().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let stream = stream.unwrap();
            std::thread::spawn(move || serve(stream, rows));
        }
    });
    let mut rest = Vec::new();
    std::io::stdin().read_to_end(&mut rest).unwrap();
}

fn serve(stream: TcpStream, rows: u64) -> Option<()> {
    stream.set_nodelay(true).ok()?;
    let mut answers = stream.try_clone().ok()?;
    let mut requests = BufReader::new(stream);
    loop {
        let mut length = 0;
        loop {
            let mut line = String::new();
            if requests.read_line(&mut line).ok()? == 0 {
                return None;
            }
            let header = line.trim_end().to_ascii_lowercase();
            if header.is_empty() {
                break;
            }
            if let Some(value) = header.strip_prefix("content-length:") {
                length = value.trim().parse().ok()?;
            }
        }
        let mut body = vec![0; length];
        requests.read_exact(&mut body).ok()?;
        let body = answer(&serde_json::from_slice(&body).ok()?, rows);
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len());
        answers.write_all(head.as_bytes()).ok()?;
        answers.write_all(body.as_bytes()).ok()?;
    }
}

fn answer(request: &Value, rows: u64) -> String {
    if request["method"] == "authorize_user" {
        return r#"{"result":{"session_id":"s"}}"#.to_owned();
    }
    let params = &request["params"];
    let last = params["where"]["gt"][1].as_u64().unwrap_or(0);
    let limit = params["limit"].as_u64().unwrap();
    let mut body = format!(r#"{{"id":{},"result":["#, request["id"]);
    for id in last + 1..=rows.min(last + limit) {
        if id > last + 1 {
            body.push(',');
        }
        write!(
            body,
            r#"[{id},1,"login{id}","password-of-{id}",false,"somebody.{id}@example.net","+7 912 {id}","a street of some length, house {id}, second entrance, flat {id}","First","Middle","Surname-{id}",3,"LB-{id}","BILL",null,{id}]"#
        )
        .unwrap();
    }
    body.push_str("]}");
    body
}
