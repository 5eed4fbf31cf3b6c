//! `cargo bench -p jsonsql-benches --bench allocations` counts what is promised
//! to be few. It is a program of its own, because an allocator that counts makes
//! each allocation dearer, and would be measured with the times.

use std::hint::black_box;
use std::process::ExitCode;

use jsonsql_benches::answer::{self, Borrowed};
use jsonsql_benches::message::{self, Question};
use jsonsql_benches::report::Report;

fn main() -> ExitCode {
    let mut report = Report::begin();
    let question = black_box(Question {
        prefix: "1234%",
        boxes: 2,
    });
    let typed = counted(|| drop(message::typed(question)));
    report.count("allocations, typed", typed, 9);
    let answer = answer::answer(10_000);
    let borrowed = counted(|| drop(answer::rows::<Borrowed<'_>>(&answer)));
    report.count("allocations, borrowed rows", borrowed, 2);
    report.verdict()
}

fn counted(run: impl FnOnce()) -> u32 {
    let count = allocation_counter::measure(run).count_total;
    u32::try_from(count).unwrap_or(u32::MAX)
}
