//! The growth of the time of each part with the size of its input.
//!
//! `cargo bench -p jsonsql-client --bench growth` prints the time at three sizes, each
//! ten times the one before, and the exponent between the last two: 1 is linear, 0 does
//! not depend on the size. An exponent above the part's bound fails the program.
//!
//! `… --bench growth -- PART SIZE ROUNDS` runs one part, to be counted by a profiler:
//! everything that is measured is called from `timed`.

#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

mod calls;
mod language;
mod part;
mod platforms;
mod provisioning;
mod sandbox;

use part::{Part, Run};
use std::process::{Command, ExitStatus};
use std::time::{Duration, Instant};

const STEP: usize = 10;

/// A part is measured for this long, in this many rounds at the least and at the most.
const ENOUGH: Duration = Duration::from_millis(1_500);
const ROUNDS: std::ops::RangeInclusive<usize> = 3..=40;

fn main() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let sandboxes = sandbox::Sandboxes::new(&runtime);
    let mut parts = language::parts();
    parts.extend(calls::parts(&runtime));
    parts.extend(provisioning::parts(&runtime, &sandboxes));
    parts.extend(platforms::parts(&runtime));
    parts.extend(sandbox::parts(&runtime, &sandboxes));
    // `cargo test --benches` asks for a run that proves it works, no more.
    let is_measured = std::env::args().any(|argument| argument == "--bench");
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let named: Vec<&String> = (arguments.iter())
        .filter(|argument| !argument.starts_with("--"))
        .collect();
    match (named[..].as_ref(), is_measured) {
        ([name, size, rounds], _) => repeat(&parts, name, size, rounds),
        (_, false) => parts.iter().for_each(prove),
        (_, true) => match keep_memory() {
            Some(ended) => assert!(ended.success(), "a part grows too fast"),
            None => measure(&parts),
        },
    }
}

/// Runs this program again, with an allocator that keeps what it has got: what the
/// kernel takes to hand out pages, which glibc gives back after each round at the larger
/// sizes alone, is no property of a part. Returns the end of that run; none in it.
fn keep_memory() -> Option<ExitStatus> {
    const SETTINGS: [&str; 2] = ["MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_"];
    if SETTINGS
        .iter()
        .all(|setting| std::env::var_os(setting).is_some())
    {
        return None;
    }
    let mut again = Command::new(std::env::current_exe().expect("this program"));
    again.args(std::env::args_os().skip(1));
    again.envs(SETTINGS.map(|setting| (setting, (4_u64 << 30).to_string())));
    Some(again.status().expect("this program"))
}

/// Runs one part as often.
fn repeat(parts: &[Part<'_>], name: &str, size: &str, rounds: &str) {
    let part = parts.iter().find(|part| part.name == name);
    let mut run = (part.expect("a part").prepare)(size.parse().expect("a size"));
    for _ in 0..rounds.parse().expect("a number") {
        println!("{name}, {size}: {:?}", run());
    }
}

/// Runs a part once at its smallest size.
fn prove(part: &Part<'_>) {
    (part.prepare)(part.smallest)();
}

fn measure(parts: &[Part<'_>]) {
    println!("| what | measured | unit | figures |\n| --- | --- | --- | --- |");
    let mut too_steep = Vec::new();
    for part in parts {
        let sizes = [0, 1, 2].map(|step| part.smallest * STEP.pow(step));
        let times = least(sizes.map(|size| (part.prepare)(size)));
        let [_, before, last] = times.map(|time| time.as_secs_f64());
        // Never -0.00.
        let exponent = ((last / before).log10() * 100.0).round() / 100.0 + 0.0;
        let shown: Vec<String> = (sizes.iter().zip(times))
            .map(|(size, time)| format!("{size}: {:.4} ms", time.as_secs_f64() * 1e3))
            .collect();
        let shown = shown.join(", ");
        let bound = &part.bound;
        println!(
            "| {} | {exponent:.2} | exponent | {shown}{bound} |",
            part.name
        );
        if exponent > bound.most {
            too_steep.push(part.name);
        }
    }
    assert!(too_steep.is_empty(), "grows too fast: {too_steep:?}");
}

/// Returns the least time of each size. Rounds of all sizes alternate, so that whatever
/// else the machine does is no property of one size.
fn least<const SIZES: usize>(mut runs: [Run<'_>; SIZES]) -> [Duration; SIZES] {
    let mut times = [Duration::MAX; SIZES];
    let begun = Instant::now();
    for round in 0..*ROUNDS.end() {
        if round >= *ROUNDS.start() && begun.elapsed() > ENOUGH {
            break;
        }
        for (run, time) in runs.iter_mut().zip(&mut times) {
            *time = run().min(*time);
        }
    }
    times
}
