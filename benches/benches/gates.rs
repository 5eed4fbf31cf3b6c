//! `cargo bench -p jsonsql-benches --bench gates` prints the ratios that are
//! promised, and fails when one is far off.
//!
//! Times are the best of many interleaved rounds in several processes: what else the
//! machine does falls on all sides alike, and where the system puts the stack and
//! the heap, which moves a third of a microsecond by a quarter, is drawn anew for each.
//! A gate has room for the noise that is left.

#![allow(clippy::print_stdout, reason = "a process prints its times")]

use std::hint::black_box;
use std::process::{Command, ExitCode};
use std::time::Instant;

use jsonsql_benches::answer::{self, Borrowed, Tuple};
use jsonsql_benches::message::{self, Question};
use jsonsql_benches::report::Report;
use jsonsql_benches::tables::Channel;

/// Set for a process that measures and prints nothing but times.
const MEASURES: &str = "JSONSQL_GATES_MEASURES";

const PROCESSES: usize = 9;

const ROWS: usize = 10_000;

fn main() -> ExitCode {
    if std::env::var_os(MEASURES).is_some() {
        let times = encode().into_iter().chain(decode());
        times.for_each(|time| println!("{time}"));
        return ExitCode::SUCCESS;
    }
    let mut best = [f64::INFINITY; 12];
    for _ in 0..PROCESSES {
        let Some(times) = measured() else {
            println!("a process that measures failed");
            return ExitCode::FAILURE;
        };
        for (best, time) in best.iter_mut().zip(times) {
            *best = best.min(time);
        }
    }
    let mut report = Report::begin();
    let [encoded @ .., _, _, _, _, _, _, _] = best;
    let [_, _, _, _, _, decoded @ ..] = best;
    report_encode(encoded, &mut report);
    report_decode(decoded, &mut report);
    report.verdict()
}

/// The times of one process.
fn measured() -> Option<[f64; 12]> {
    let program = std::env::current_exe().ok()?;
    let output = Command::new(program).env(MEASURES, "1").output().ok()?;
    let lines = String::from_utf8(output.stdout).ok()?;
    let times: Vec<f64> = lines.lines().filter_map(|line| line.parse().ok()).collect();
    times.try_into().ok()
}

fn encode() -> [f64; 5] {
    let question = || {
        black_box(Question {
            prefix: "1234%",
            boxes: 2,
        })
    };
    best_of(
        60,
        500,
        [
            &mut || drop(black_box(message::typed(question()))),
            &mut || drop(black_box(message::by_hand(question()))),
            &mut || drop(black_box(message::json_macro(question()))),
            &mut || drop(black_box(message::sea_query(question()))),
            &mut || drop(black_box(message::by_hand(question()))),
        ],
    )
}

fn report_encode([typed, by_hand, json, sea, again]: [f64; 5], report: &mut Report) {
    // The same source by hand takes 355 to 435 ns on one machine, by where the linker puts
    // it; the typed one, its gate is that of the next two, 740 to 775.
    report.ratio("typed / structs by hand", typed / by_hand, 1.5, 2.3);
    report.ratio("typed / json!", typed / json, 0.33, 0.42);
    report.ratio("typed / sea-query", typed / sea, 0.28, 0.35);
    report.noise("structs by hand", again / by_hand);
}

fn decode() -> [f64; 7] {
    let bytes = answer::answer(ROWS);
    let bytes = bytes.as_slice();
    best_of(
        10,
        1,
        [
            &mut || drop(black_box(answer::by_serde(bytes))),
            &mut || drop(black_box(answer::rows::<Tuple>(bytes))),
            &mut || drop(black_box(answer::rows::<Channel>(bytes))),
            &mut || drop(black_box(answer::rows::<Borrowed<'_>>(bytes))),
            &mut || drop(black_box(answer::by_sonic(bytes))),
            &mut || drop(black_box(answer::by_simd(&mut bytes.to_vec()))),
            &mut || drop(black_box(answer::by_serde(bytes))),
        ],
    )
}

fn report_decode(
    [serde, tuple, derived, borrowed, sonic, simd, again]: [f64; 7],
    report: &mut Report,
) {
    report.ratio(
        "derived structs / serde_json tuples",
        derived / serde,
        0.85,
        1.0,
    );
    report.ratio("tuples / serde_json tuples", tuple / serde, 1.0, 1.0);
    report.ratio("borrowed rows / sonic-rs", borrowed / sonic, 1.1, 1.1);
    report.ratio("borrowed rows / simd-json", borrowed / simd, 1.1, 1.1);
    report.noise("serde_json tuples", again / serde);
}

/// The best time of one call, in nanoseconds, over interleaved rounds.
fn best_of<const SIDES: usize>(
    rounds: usize,
    calls: u32,
    mut sides: [&mut dyn FnMut(); SIDES],
) -> [f64; SIDES] {
    let mut best = [f64::INFINITY; SIDES];
    for _ in 0..rounds {
        for (side, best) in sides.iter_mut().zip(&mut best) {
            let start = Instant::now();
            (0..calls).for_each(|_| side());
            *best = best.min(start.elapsed().as_secs_f64() * 1e9 / f64::from(calls));
        }
    }
    best
}
