//! `cargo bench -p jsonsql-benches --bench encode`

use divan::{AllocProfiler, Bencher, black_box};
use jsonsql_benches::message::{self, Question};

#[global_allocator]
static ALLOCATIONS: AllocProfiler = AllocProfiler::system();

const QUESTION: Question<'_> = Question {
    prefix: "1234%",
    boxes: 2,
};

fn main() {
    divan::main();
}

#[divan::bench]
fn typed(bencher: Bencher<'_, '_>) {
    bencher.bench(|| message::typed(black_box(QUESTION)));
}

#[divan::bench]
fn by_hand(bencher: Bencher<'_, '_>) {
    bencher.bench(|| message::by_hand(black_box(QUESTION)));
}

#[divan::bench]
fn json_macro(bencher: Bencher<'_, '_>) {
    bencher.bench(|| message::json_macro(black_box(QUESTION)));
}

#[divan::bench]
fn sea_query(bencher: Bencher<'_, '_>) {
    bencher.bench(|| message::sea_query(black_box(QUESTION)));
}
