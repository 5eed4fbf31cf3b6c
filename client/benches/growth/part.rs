//! A part of the work.

use std::hint::black_box;
use std::time::{Duration, Instant};
use std::{fmt, fs, thread};

/// A part: its name, its smallest size, and how it is made ready at a size.
pub(crate) struct Part<'a> {
    pub(crate) name: &'static str,
    pub(crate) smallest: usize,
    pub(crate) prepare: Box<dyn Fn(usize) -> Run<'a> + 'a>,
    pub(crate) bound: Bound,
}

/// One round at a size; returns the time of what is measured in it.
pub(crate) type Run<'a> = Box<dyn FnMut() -> Duration + 'a>;

/// The largest exponent that a part may have.
pub(crate) struct Bound {
    pub(crate) most: f64,
    reason: Option<&'static str>,
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.reason {
            Some(reason) => write!(f, "; at most {}: {reason}", self.most),
            None => Ok(()),
        }
    }
}

/// A part that is linear, or grows less.
pub(crate) fn part<'a, R: FnMut() -> Duration + 'a>(
    name: &'static str,
    smallest: usize,
    prepare: impl Fn(usize) -> R + 'a,
) -> Part<'a> {
    Part {
        name,
        smallest,
        prepare: Box::new(move |size| Box::new(prepare(size))),
        bound: Bound {
            most: 1.15,
            reason: None,
        },
    }
}

impl Part<'_> {
    /// Allows another exponent, for this reason.
    pub(crate) fn at_most(mut self, most: f64, reason: &'static str) -> Self {
        let reason = Some(reason);
        self.bound = Bound { most, reason };
        self
    }
}

/// Returns the time of this work, with what it made put away: that of the processors,
/// which other programs do not add to. Where it is less than [`SHORT`], reading that
/// costs too much beside it, and nobody interrupts; then it is the time of the clock.
///
/// Never inlined, so that a profiler can begin and end with it.
#[inline(never)]
pub(crate) fn timed<T>(work: impl FnOnce() -> T) -> Duration {
    let used = used();
    let begun = Instant::now();
    black_box(work());
    let elapsed = begun.elapsed();
    let spent = used.zip(self::used());
    match spent.and_then(|(before, after)| after.checked_sub(before)) {
        // Of a thread that has not stopped since, some kernels tell nothing yet.
        Some(spent) if elapsed > SHORT && !spent.is_zero() => spent,
        _ => elapsed,
    }
}

const SHORT: Duration = Duration::from_millis(1);

/// Returns the processor time of all threads so far; none where there is no Linux.
fn used() -> Option<Duration> {
    // The kernel adds the time up when a thread stops running.
    thread::sleep(Duration::from_nanos(1));
    let threads = fs::read_dir("/proc/self/task").ok()?.flatten();
    let nanoseconds = threads.map(|thread| {
        let times = fs::read_to_string(thread.path().join("schedstat")).ok()?;
        times.split_whitespace().next()?.parse::<u64>().ok()
    });
    Some(Duration::from_nanos(nanoseconds.sum::<Option<u64>>()?))
}
