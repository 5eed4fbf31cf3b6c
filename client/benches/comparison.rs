//! The nightly comparison of an export with a platform, without writing.
//!
//! `cargo bench -p jsonsql-client --bench comparison` prints time, requests and
//! peak resident memory for 10,000, 100,000 and 1,000,000 subscribers with a
//! package and at least one box each; other sizes are arguments:
//! `… --bench comparison -- 10000`. One row of a hundred differs; with the argument
//! `all` each of them does, and with `new` the platform has nobody, so that all of them are
//! to be created. The sandbox and each comparison are processes of their own, so that the
//! memory is that of a program that compares, and of nothing else; so is the processor
//! time, which leaves out what the sandbox's database needs. Linux alone tells them.

#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

use std::borrow::Cow;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use jsonsql_client::Client;
use jsonsql_client::model::PackageId;
use jsonsql_client::provisioning::sync::{Removal, WantedRow, WantedRows, compare};
use jsonsql_client::provisioning::{Desired, IptvPortal, Members, TerminalKey, WantedSubscription};
use jsonsql_sandbox::{Sandbox, Seed};

const ROLE: &str = "COMPARISON_ROLE";

#[tokio::main]
async fn main() {
    let role = std::env::var(ROLE).unwrap_or_default();
    match role.split(' ').collect::<Vec<_>>()[..] {
        ["sandbox", count] => serve(count.parse().unwrap()).await,
        ["compare", count, every, url] => {
            let export = Export::new(count.parse().unwrap(), every.parse().unwrap());
            dry_run(export, url).await;
        }
        _ => measure(),
    }
}

/// Starts both processes for each size.
fn measure() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let has = |word: &str| arguments.iter().any(|one| one == word);
    let mut counts: Vec<u32> = arguments
        .iter()
        .filter_map(|one| one.parse().ok())
        .collect();
    if counts.is_empty() {
        // `cargo test --benches` asks for a run that proves it works, no more.
        counts = match has("--bench") {
            true => vec![10_000, 100_000, 1_000_000],
            false => vec![1_000],
        };
    }
    let is_new = has("new");
    let every = if has("all") { 1 } else { 100 };
    println!("subscribers      time  us each   its CPU   us each  requests      peak   differ");
    for count in counts {
        let there = if is_new { 0 } else { count };
        let (mut sandbox, mut lines) = start(&format!("sandbox {there}"));
        let url = line(&mut lines);
        let (mut compared, mut result) = start(&format!("compare {count} {every} {url}"));
        let result = line(&mut result);
        assert!(compared.wait().unwrap().success());
        drop(sandbox.stdin.take());
        let requests = line(&mut lines);
        assert!(sandbox.wait().unwrap().success());
        let [micros, cpu, peak, differ] = result.split(' ').collect::<Vec<_>>()[..] else {
            panic!("{result}");
        };
        let time = Duration::from_micros(micros.parse().unwrap());
        let cpu = f64::from(cpu.parse::<u32>().unwrap()) / 100.0;
        let each = |seconds: f64| seconds * 1e6 / f64::from(count);
        let time = time.as_secs_f64();
        let (time_each, cpu_each) = (each(time), each(cpu));
        println!(
            "{count:>11} {time:>7.1} s {time_each:>8.1} {cpu:>7.2} s {cpu_each:>9.1} \
             {requests:>9} {peak:>9} {differ:>8}"
        );
    }
}

fn start(role: &str) -> (Child, BufReader<std::process::ChildStdout>) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .env(ROLE, role)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let output = BufReader::new(child.stdout.take().unwrap());
    (child, output)
}

fn line(output: &mut BufReader<std::process::ChildStdout>) -> String {
    let mut line = String::new();
    output.read_line(&mut line).unwrap();
    line.trim().to_owned()
}

/// Serves until its input ends, and then prints the number of requests.
async fn serve(count: u32) {
    let seed = Seed::Generated(count);
    let sandbox = Sandbox::builder().seed(seed).start().await.unwrap();
    println!("{}", sandbox.url());
    std::io::stdout().flush().unwrap();
    std::io::stdin().read_line(&mut String::new()).unwrap();
    println!("{}", sandbox.take_requests().len());
}

async fn dry_run(export: Export, url: &str) {
    let client = Client::builder()
        .url(format!("{url}/api"))
        .credentials("admin", "adminpassword")
        .build()
        .unwrap();
    let platform = IptvPortal::new(client);
    let begin = Instant::now();
    let comparison = compare(&platform, export, &Removal::Nothing).await.unwrap();
    let schedule = comparison.forecast(&platform).await;
    let time = begin.elapsed().as_micros();
    assert!(schedule.left().is_empty(), "{:?}", schedule.left().first());
    println!("{time} {} {} {}", cpu(), peak(), schedule.items().len());
}

/// Returns the processor time of this process so far, in hundredths of a second,
/// which is the kernel's unit.
fn cpu() -> u64 {
    let status = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = status.rsplit(')').next().unwrap_or_default();
    let times = fields.split_whitespace().skip(11).take(2);
    times.filter_map(|one| one.parse::<u64>().ok()).sum()
}

/// Returns the largest resident memory of this process so far, in MiB.
fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kib.map_or("unknown".to_owned(), |kib| format!("{}MiB", kib / 1024))
}

/// An export as it is read from a file: one text, and where its lines end.
struct Export {
    text: String,
    ends: Vec<usize>,
    /// One row of so many has a name that the platform has not.
    every: usize,
}

impl Export {
    /// The subscribers of [`Seed::Generated`].
    fn new(count: u32, every: usize) -> Export {
        let mut export = Export {
            text: String::new(),
            ends: Vec::new(),
            every,
        };
        for id in 1..=count {
            let (a, b, c) = (id >> 16 & 0xff, id >> 8 & 0xff, id & 0xff);
            let login = 100_000 + id;
            export
                .text
                .push_str(&format!("{login},1,00:1a:{a:02x}:{b:02x}:{c:02x}:00"));
            export.ends.push(export.text.len());
        }
        export
    }
}

impl WantedRows for Export {
    fn len(&self) -> usize {
        self.ends.len()
    }

    fn row(&self, number: usize) -> Cow<'_, WantedRow> {
        let begin = number.checked_sub(1).map_or(0, |before| self.ends[before]);
        let mut cells = self.text[begin..self.ends[number]].split(',');
        let mut cell = || cells.next().unwrap();
        let desired = Desired::create(cell());
        let package = PackageId::from(cell());
        let mac = cell().parse().unwrap();
        let desired = Desired {
            subscriptions: Members::adding(WantedSubscription::new(package)),
            terminals: Members::adding(TerminalKey::Mac(mac)),
            name: match number % self.every {
                0 => jsonsql_client::model::Patch::Set("Анна".into()),
                _ => jsonsql_client::model::Patch::Keep,
            },
            ..desired
        };
        Cow::Owned(WantedRow::new(number as u64 + 1, desired))
    }
}
