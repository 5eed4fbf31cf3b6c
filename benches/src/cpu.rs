//! The processor time of programs that were started.
//!
//! Processor time and not time: what else the machine does counts less. It is read from
//! `/proc`, so that this works on Linux only.

use std::{fs, io};

/// The kernel's unit: a hundredth of a second.
const TICKS: f64 = 100.0;

/// Returns the processor time, in seconds, of all programs that this one has started and
/// that have ended, and of theirs.
///
/// # Errors
///
/// When there is no `/proc`, or it is not as Linux has it.
pub fn children() -> io::Result<f64> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    // The name of the program is in parentheses and may have blanks.
    let (_, fields) = stat.rsplit_once(')').unwrap_or(("", &stat));
    let fields: Vec<&str> = fields.split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).and_then(|field| field.parse::<u32>().ok());
    let times = ticks(13).zip(ticks(14));
    let (user, system) = times.ok_or_else(|| io::Error::other("/proc/self/stat is not read"))?;
    Ok((f64::from(user) + f64::from(system)) / TICKS)
}
