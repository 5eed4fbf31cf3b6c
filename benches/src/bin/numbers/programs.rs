//! The memory of the command's programs, with many subscribers.

use std::fmt::Write as _;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{fs, thread};

use jsonsql_benches::cargo::cargo;
use jsonsql_benches::figure::{Figure, Unit};
use serde_json::Value;

/// Measures `plan` and `export` on a sandbox of their own, and the sandbox.
///
/// # Errors
///
/// When a program cannot be built, or does not do what it is to do.
pub(crate) fn measure(subscribers: u32) -> io::Result<Vec<Figure>> {
    let command = build()?;
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/numbers");
    fs::create_dir_all(&directory)?;
    let export = directory.join("export.csv");
    fs::write(&export, billing(subscribers))?;
    let sandbox = Server::start(&command, subscribers)?;
    let run = |arguments: &[&str]| {
        let mut program = Command::new(&command);
        program.args(arguments).args(["--url", &sandbox.url]);
        program.args(["--username", "admin"]);
        program.env("JSONSQL_PASSWORD", "adminpassword");
        peak(program)
    };
    let path = |name: &str| directory.join(name).display().to_string();
    let plan = run(&["plan", &path("export.csv"), "--output", &path("plan.jsonl")])?;
    let all = run(&[
        "export",
        "--what",
        "subscribers",
        "--output",
        &path("subscribers.csv"),
    ])?;
    let rows = fs::read_to_string(directory.join("subscribers.csv"))?
        .lines()
        .count();
    if rows != subscribers as usize + 1 {
        return Err(io::Error::other(format!("{rows} lines were exported")));
    }
    let served = sandbox.peak();
    fs::remove_dir_all(&directory)?;
    Ok(vec![
        row("plan, everybody differs", subscribers, plan),
        row("export of subscribers", subscribers, all),
        row("the sandbox that serves them", subscribers, served),
    ])
}

fn row(program: &str, subscribers: u32, (kib, time): (u64, Duration)) -> Figure {
    let details = format!("{subscribers} subscribers in {:.1} s", time.as_secs_f64());
    let mib = kib as f64 / 1024.0;
    Figure::new(format!("peak, {program}"), mib, Unit::Mebibytes, details)
}

/// Builds the command, and returns where it is.
fn build() -> io::Result<PathBuf> {
    let mut cargo = cargo();
    cargo.args(["build", "--release", "--quiet", "-p", "jsonsql-cli"]);
    cargo.args(["--bin", "jsonsql", "--message-format", "json"]);
    let output = cargo.stderr(Stdio::inherit()).output()?;
    let messages = String::from_utf8_lossy(&output.stdout);
    let executable = messages.lines().find_map(|line| {
        let message: Value = serde_json::from_str(line).ok()?;
        Some(PathBuf::from(message["executable"].as_str()?))
    });
    executable.ok_or_else(|| io::Error::other("the command is not built"))
}

/// An export of the sandbox's generated subscribers, who all get a reference, as in the
/// first night of a billing.
fn billing(subscribers: u32) -> String {
    let mut csv = "external_ref,login,enabled,email\n".to_owned();
    for id in 1..=subscribers {
        let login = 100_000 + id;
        let _ = writeln!(csv, "LB-{id},{login},1,u{id}@example.net");
    }
    csv
}

/// A sandbox in a process of its own, ended with its owner.
struct Server {
    process: Child,
    url: String,
    begun: Instant,
}

impl Server {
    fn start(command: &Path, subscribers: u32) -> io::Result<Server> {
        let begun = Instant::now();
        let mut process = Command::new(command)
            .args(["sandbox", "--listen", "127.0.0.1:0", "--seed"])
            .arg(format!("generate:{subscribers}"))
            .stdout(Stdio::piped())
            .spawn()?;
        let mut line = String::new();
        if let Some(output) = process.stdout.take() {
            BufReader::new(output).read_line(&mut line)?;
        }
        let addresses: Value = serde_json::from_str(&line)?;
        let url = addresses["jsonsql"].as_str().unwrap_or_default();
        let url = url.split_inclusive("/api").next().unwrap_or_default();
        Ok(Server {
            process,
            url: url.to_owned(),
            begun,
        })
    }

    fn peak(&self) -> (u64, Duration) {
        let kib = resident(&self.process).unwrap_or_default();
        (kib, self.begun.elapsed())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Runs a program to its end, and returns its largest resident memory, in KiB.
fn peak(mut program: Command) -> io::Result<(u64, Duration)> {
    let begun = Instant::now();
    let mut process = program.stdout(Stdio::null()).spawn()?;
    let mut most = 0;
    loop {
        most = resident(&process).unwrap_or(0).max(most);
        if let Some(ended) = process.try_wait()? {
            return match ended.success() && most > 0 {
                true => Ok((most, begun.elapsed())),
                false => Err(io::Error::other(format!("{program:?}: {ended}"))),
            };
        }
        thread::sleep(Duration::from_millis(5));
    }
}

/// Returns the largest resident memory of a process so far, in KiB, as Linux tells it;
/// none of one that has ended.
fn resident(process: &Child) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{}/status", process.id())).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}
