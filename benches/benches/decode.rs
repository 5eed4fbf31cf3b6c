//! `cargo bench -p jsonsql-benches --bench decode`

use divan::counter::BytesCount;
use divan::{AllocProfiler, Bencher};
use jsonsql_benches::answer::{self, Borrowed, Tuple};
use jsonsql_benches::tables::Channel;

#[global_allocator]
static ALLOCATIONS: AllocProfiler = AllocProfiler::system();

fn main() {
    divan::main();
}

fn read<T>(bencher: Bencher<'_, '_>, read: impl Fn(&[u8]) -> T + Sync) {
    let bytes = answer::answer(10_000);
    bencher
        .counter(BytesCount::of_slice(&bytes))
        .bench(|| read(&bytes));
}

#[divan::bench]
fn serde_json_tuple(bencher: Bencher<'_, '_>) {
    read(bencher, answer::by_serde);
}

#[divan::bench]
fn tuple(bencher: Bencher<'_, '_>) {
    read(bencher, |bytes| answer::rows::<Tuple>(bytes));
}

#[divan::bench]
fn derived_struct(bencher: Bencher<'_, '_>) {
    read(bencher, |bytes| answer::rows::<Channel>(bytes));
}

#[divan::bench]
fn borrowed(bencher: Bencher<'_, '_>) {
    read(bencher, |bytes| answer::rows::<Borrowed<'_>>(bytes).len());
}
