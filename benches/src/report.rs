//! The report of the gates, and their verdict.

#![allow(clippy::print_stdout, reason = "it prints what was measured")]
use std::process::ExitCode;

/// Figures beside their limits, printed as they come.
#[derive(Debug, Default)]
pub struct Report {
    broken: u32,
}

impl Report {
    /// The target is what is wanted, the gate what was reached and may not be
    /// lost again, with room for noise.
    pub fn ratio(&mut self, what: &str, measured: f64, target: f64, gate: f64) {
        let verdict = if measured <= target {
            "met"
        } else if measured <= gate {
            "missed, within the gate"
        } else {
            self.broken += 1;
            "BROKEN"
        };
        println!("  {what}: {measured:.2} (target {target}, gate {gate}): {verdict}");
    }

    /// A count that is the same in every run.
    pub fn count(&mut self, what: &str, measured: u64, most: u64) {
        let verdict = if measured <= most {
            "met"
        } else {
            self.broken += 1;
            "BROKEN"
        };
        println!("  {what}: {measured} (at most {most}): {verdict}");
    }

    /// Fails if a gate is broken.
    pub fn verdict(&self) -> ExitCode {
        if self.broken == 0 {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        }
    }
}
