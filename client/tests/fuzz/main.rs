//! A server that answers with whatever bytes it likes, over sockets.
//!
//! `JSONSQL_FUZZ_SECONDS=600` is the full size; `JSONSQL_FUZZ_SEED` chooses other
//! bytes. Real answers with changed bytes, statuses, headers, lengths, chunks and
//! compression; bombs, trickles and silence. Whatever comes:
//!
//! - nothing panics, in no task and no thread;
//! - a call ends within its deadline, and [`MARGIN`] for a machine that is busy;
//! - memory grows by no more than [`LIMIT_KIB`], the server's own included;
//! - what is said of a write is right: done is done, not done is not, and nothing
//!   is done twice.

mod answers;
mod calls;
mod luck;
mod mutate;
mod records;
mod server;

use std::io::Write as _;
use std::panic;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use self::calls::{Caller, Shared};
use self::server::Server;

/// How long a call may take, by the client's settings.
pub(crate) const DEADLINE: Duration = Duration::from_millis(600);

/// How much later it may end: two threads have all of this to do. To that comes
/// what other programs take: see [`watch_machine`].
pub(crate) const MARGIN: Duration = Duration::from_secs(2);

/// The longest answer that the clients take.
pub(crate) const LONGEST_ANSWER: usize = 256 << 10;

/// Calls under way at any time.
const AT_ONCE: usize = 24;

/// All calls with the longest answer in their hands, eight times over: as bytes, and
/// as rows of which each takes more memory than bytes of the answer. A single bomb
/// that is unpacked is five times as much.
const LIMIT_KIB: u64 = (AT_ONCE * LONGEST_ANSWER * 8) as u64 >> 10;

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |text| text.parse().expect("a number"))
}

#[test]
fn whatever_is_answered_no_call_panics_hangs_or_lies() {
    let seconds = setting("JSONSQL_FUZZ_SECONDS", 3);
    let seed = setting("JSONSQL_FUZZ_SEED", 1);
    let panics = watch_panics();
    let busy = watch_machine();

    let servers = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let server = servers.block_on(Server::start(seed));
    let clients = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let shared = Arc::new(Shared::new(server.address, Arc::clone(&server.journal)));
    let idle = peak_kib();
    let until = Instant::now() + Duration::from_secs(seconds);
    clients.block_on(async {
        let callers = (0..AT_ONCE as u64).map(|number| {
            let caller = Caller::new(Arc::clone(&shared), seed, number);
            tokio::spawn(caller.run(until))
        });
        for caller in callers.collect::<Vec<_>>() {
            caller.await.expect("no caller panics");
        }
    });
    shared.check_the_rest();
    let grown = peak_kib().zip(idle).map(|(peak, idle)| peak - idle);

    let mut answers: Vec<_> = server.counts.lock().unwrap().clone().into_iter().collect();
    answers.sort_unstable();
    let total: u64 = answers.iter().map(|(_, count)| count).sum();
    // Past the capture of tests: the figures are the point.
    let mut stdout = std::io::stdout();
    writeln!(
        stdout,
        "fuzz: {} in {seconds} s; {total} answers: {answers:?}\n\
         fuzz: the longest call took {:.1?}, with {:.1?} taken by others; memory grew by \
         {grown:?} KiB",
        shared.figures(),
        shared.longest(),
        taken(&busy),
    )
    .unwrap();
    assert_eq!(*panics.lock().unwrap(), [""; 0]);
    assert_eq!(shared.lies(), [""; 0]);
    let (longest, kind) = shared.longest();
    assert!(
        longest < DEADLINE + MARGIN + taken(&busy),
        "{kind}: {longest:?}"
    );
    assert!(grown.is_none_or(|grown| grown < LIMIT_KIB), "{grown:?} KiB");
    shared.assert_that_all_was_seen();
}

/// Notes every panic of the process, also those that somebody catches.
fn watch_panics() -> Arc<Mutex<Vec<String>>> {
    let seen = Arc::<Mutex<Vec<String>>>::default();
    let noted = Arc::clone(&seen);
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        noted.lock().unwrap().push(info.to_string());
        usual(info);
    }));
    seen
}

/// The longest time that a piece of work of a millisecond has taken, in microseconds,
/// and so how much slower everything may have been.
fn watch_machine() -> Arc<AtomicU64> {
    let longest = Arc::<AtomicU64>::default();
    let noted = Arc::downgrade(&longest);
    std::thread::spawn(move || {
        while let Some(longest) = noted.upgrade() {
            let begun = Instant::now();
            // In a debug build this takes a millisecond or two.
            let mut luck = luck::Luck::new(1, 1);
            let sum = (0..50_000).fold(0, |sum: u64, _| sum.wrapping_add(luck.next()));
            std::hint::black_box(sum);
            let took = u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX);
            longest.fetch_max(took, Ordering::Relaxed);
            drop(longest);
            std::thread::sleep(Duration::from_millis(10));
        }
    });
    longest
}

/// A call is some hundred times that work, and shares the turns of its threads
/// with the other calls.
fn taken(busy: &AtomicU64) -> Duration {
    Duration::from_micros(busy.load(Ordering::Relaxed).saturating_mul(20))
}

/// The most memory this process has had.
fn peak_kib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}
