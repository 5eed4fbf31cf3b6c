//! The report of the gates, and their verdict.

#![allow(clippy::print_stdout, reason = "it prints what was measured")]

use std::process::ExitCode;

use crate::figure::{Figure, HEAD, Unit};

/// Figures beside their limits, printed as they come.
#[derive(Debug)]
pub struct Report {
    broken: u32,
}

impl Report {
    /// Prints the beginning of the table.
    pub fn begin() -> Report {
        println!("{HEAD}");
        Report { broken: 0 }
    }

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
        let details = format!("target {target}, gate {gate}: {verdict}");
        println!("{}", Figure::new(what, measured, Unit::Time, details));
    }

    /// The same baseline measured as two: what a ratio says of nothing.
    pub fn noise(&mut self, what: &str, measured: f64) {
        let what = format!("{TWICE}{what}");
        println!("{}", Figure::new(what, measured, Unit::Time, "the noise"));
    }

    /// A count that is the same in every run.
    pub fn count(&mut self, what: &str, measured: u32, most: u32) {
        let verdict = if measured <= most {
            "met"
        } else {
            self.broken += 1;
            "BROKEN"
        };
        let details = format!("at most {most}: {verdict}");
        let figure = Figure::new(what, measured.into(), Unit::Allocations, details);
        println!("{figure}");
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

/// The beginning of the name of a baseline that was measured twice.
pub const TWICE: &str = "twice: ";
