//! Servers that answer with a page, or with more than anybody reads.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use crate::world::{jsonsql, run};

/// A server of IPTVPORTAL whose answers to statements this function writes.
fn server(answer: fn(&str, &mut TcpStream) -> std::io::Result<()>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // A client that has enough goes away.
            thread::spawn(move || serve(stream, answer));
        }
    });
    format!("http://{address}/api")
}

fn serve(
    mut stream: TcpStream,
    answer: fn(&str, &mut TcpStream) -> std::io::Result<()>,
) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut first = String::new();
    reader.read_line(&mut first)?;
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 || line.trim().is_empty() {
            break;
        }
        if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or(0);
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let body = String::from_utf8_lossy(&body);
    let id = body.split("\"id\":").nth(1).unwrap_or_default();
    let id: String = id.chars().take_while(char::is_ascii_digit).collect();
    if body.contains("authorize_user") {
        let text =
            format!("{{\"jsonrpc\":\"2.0\",\"id\":{id},\"result\":{{\"session_id\":\"s\"}}}}");
        let head = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length:";
        return write!(stream, "{head} {}\r\n\r\n{text}", text.len());
    }
    answer(&id, &mut stream)
}

fn variables(url: &str) -> [(&str, &str); 3] {
    [
        ("JSONSQL_URL", url),
        ("JSONSQL_USERNAME", "admin"),
        ("JSONSQL_PASSWORD", "s3cret"),
    ]
}

#[test]
fn a_page_is_told_and_not_printed() {
    let url = server(|_, stream| {
        let page = "<!DOCTYPE html><html><head><title>Site is being serviced</title></head>\
                    <body>\u{1b}[2J<p>Come back later</p></body></html>";
        let head = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-type: text/html";
        write!(
            stream,
            "{head}\r\ncontent-length: {}\r\n\r\n{page}",
            page.len()
        )
    });
    for arguments in [
        &["sql", "select id from media"][..],
        &["export"],
        &["export", "--table", "media"],
        &["subscriber", "list"],
        &["schema", "discover", "media"],
        &["doctor"],
        &["package", "list"],
    ] {
        let (code, printed, said) = run(&mut jsonsql(arguments, &variables(&url)));
        assert_eq!(code, 1, "{arguments:?} {printed} {said}");
        let all = format!("{printed}{said}");
        assert!(!all.contains('\u{1b}'), "{arguments:?} {all}");
        assert!(!all.contains("s3cret"), "{all}");
        assert!(all.len() < 1_500, "{arguments:?} {all}");
        assert!(all.to_lowercase().contains("html"), "{arguments:?} {all}");
    }
}

/// Ten million rows, unless the reader goes away before.
fn endless(id: &str, stream: &mut TcpStream) -> std::io::Result<()> {
    write!(
        stream,
        "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-type: application/json\r\n\r\n\
         {{\"jsonrpc\":\"2.0\",\"id\":{id},\"result\":[[0,\"first\"]"
    )?;
    let rows = ",[1234567,\"a name of twenty\"]".repeat(1_000);
    for _ in 0..10_000 {
        stream.write_all(rows.as_bytes())?;
    }
    stream.write_all(b"]}")
}

#[test]
fn ten_million_rows_in_one_answer_take_bounded_memory_and_time() {
    let url = server(endless);
    let program = jsonsql(&["sql", "-f", "jsonl", "select id, name from media"], &[]);
    // The address space is limited: what is allocated beyond it fails.
    let mut command = jsonsql(&[], &variables(&url));
    let mut shell = std::process::Command::new("sh");
    shell
        .env_clear()
        .envs(
            command
                .get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        )
        .env("MALLOC_ARENA_MAX", "1")
        .args(["-c", "ulimit -v 800000; \"$0\" \"$@\" | head -1; exit 0"])
        .arg(program.get_program())
        .args(program.get_args());
    command = shell;
    let begun = Instant::now();
    let (_, printed, said) = run(&mut command);
    let taken = begun.elapsed();
    assert!(said.contains("the answer is larger"), "{printed} {said}");
    assert!(
        said.contains("`jsonsql export` reads page by page"),
        "{said}"
    );
    assert_eq!(printed, "");
    assert!(taken < Duration::from_secs(60), "{taken:?}");
}
