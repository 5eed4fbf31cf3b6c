//! Reading a table of any size takes the memory of two pages.
//!
//! A program of its own, for memory is counted by the process: it starts
//! itself once more as the server, reads the table, and looks at its own peak.
//! `JSONSQL_STREAM_ROWS=1000000` is the full size.

mod server;

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::time::Instant;

use jsonsql::Statement;
use jsonsql_client::Client;
use jsonsql_client::schema::Subscriber;

/// Set for the process that is the server: how many rows it has.
const SERVER: &str = "JSONSQL_STREAM_SERVER";

const LIMIT_KIB: u64 = 64 << 10;

fn main() {
    if let Ok(rows) = std::env::var(SERVER) {
        return server::run(rows.parse().unwrap());
    }
    // What test runners ask of any test program.
    if std::env::args().any(|argument| argument == "--list") {
        return;
    }
    let rows = std::env::var("JSONSQL_STREAM_ROWS");
    let rows: u64 = rows.map_or(300_000, |rows| rows.parse().unwrap());
    let mut server = Command::new(std::env::current_exe().unwrap())
        .env(SERVER, rows.to_string())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut url = String::new();
    BufReader::new(server.stdout.take().unwrap())
        .read_line(&mut url)
        .unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(read(url.trim(), rows));
    drop(server.stdin.take());
    server.wait().unwrap();
}

async fn read(url: &str, rows: u64) {
    let client = Client::builder().url(url).credentials("billing", "secret");
    let client = client.build().unwrap();
    // Idle: logged in, connected, with a row read.
    let one = Subscriber::all().limit(1);
    assert_eq!(client.raw(one.ast()).await.unwrap().len(), 1);
    let idle = peak_kib();

    let begun = Instant::now();
    let mut pages = client.stream(&Subscriber::all());
    let (mut read, mut content) = (0, 0);
    while let Some(row) = pages.next().await {
        let row = row.unwrap();
        read += 1;
        assert_eq!(row.id.0, read as i64, "each row once, in order");
        content += row.address.map_or(0, |text| text.len() as u64);
        content += row.username.len() as u64;
    }
    assert_eq!(read, rows);
    let took = begun.elapsed();
    let Some((idle, peak)) = idle.zip(peak_kib()) else {
        return say("memory: not measured, for there is no /proc here");
    };
    let grown = peak - idle;
    let held = read * size_of::<Subscriber>() as u64 / 1024 + content / 1024;
    let (ratio, mib) = (grown as f64 / held as f64, |kib: u64| kib as f64 / 1024.0);
    say(&format!(
        "| a stream / its rows held together | {ratio:.2} | × memory | {rows} rows in {took:.1?}: \
         {:.1} MiB above the idle client's {:.1} MiB; held together they would be {:.1} MiB at \
         the least |\n\
         | peak, a stream | {:.1} | MiB | {rows} rows |",
        mib(grown),
        mib(idle),
        mib(held),
        mib(peak),
    ));
    assert!(held > LIMIT_KIB, "too few rows to prove anything");
    assert!(grown < LIMIT_KIB, "{grown} KiB");
}

/// The most memory this process has had.
fn peak_kib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}

/// The figures are the point.
fn say(line: &str) {
    let mut stdout = std::io::stdout();
    writeln!(stdout, "{line}").unwrap();
}
