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
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use self::calls::{Caller, Shared};
use self::server::Server;

/// How long a call may take, by the client's settings.
pub(crate) const DEADLINE: Duration = Duration::from_millis(600);

/// How much later it may end: two threads have all of this to do, and other
/// programs run beside it.
pub(crate) const MARGIN: Duration = Duration::from_secs(3);

/// The longest answer that the clients take.
pub(crate) const LONGEST_ANSWER: usize = 256 << 10;

/// Calls under way at any time.
const AT_ONCE: usize = 24;

/// An answer of rows `[0],` takes two dozen bytes of memory for each of its own,
/// and twice that while a list grows: with all calls at the largest one at once,
/// that is twice as much as this. One answer more than the limits allow, kept, or
/// a bomb of 256 MiB unpacked, is more.
const LIMIT_KIB: u64 = 160 << 10;

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |text| text.parse().expect("a number"))
}

#[test]
fn whatever_is_answered_no_call_panics_hangs_or_lies() {
    let seconds = setting("JSONSQL_FUZZ_SECONDS", 3);
    let seed = setting("JSONSQL_FUZZ_SEED", 1);
    let panics = watch_panics();

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
         fuzz: the longest call took {:.1?}; memory grew by {grown:?} KiB",
        shared.figures(),
        shared.longest(),
    )
    .unwrap();
    assert_eq!(*panics.lock().unwrap(), [""; 0]);
    assert_eq!(shared.lies(), [""; 0]);
    assert!(
        shared.longest() < DEADLINE + MARGIN,
        "{:?}",
        shared.longest()
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

/// The most memory this process has had.
fn peak_kib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}
