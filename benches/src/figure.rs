//! A figure, as every program that measures prints it: a row of one table.

use std::fmt;

/// The beginning of that table.
pub const HEAD: &str = "| what | measured | unit | figures |\n| --- | --- | --- | --- |";

/// What was measured, and how it came about.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// The work, and after a slash its baseline.
    pub what: String,
    /// The number.
    pub measured: f64,
    /// The unit of the number.
    pub unit: Unit,
    /// Limits, times, sizes.
    pub details: String,
}

/// The unit of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// The time, where the baseline's is 1.
    Time,
    /// The speed, where the baseline's is 1.
    Speed,
    /// The memory, where the baseline's is 1.
    Memory,
    /// The exponent by which a time grows with the size: 1 is linear.
    Exponent,
    /// Allocations of one call.
    Allocations,
    /// Megabytes, the larger ones.
    Mebibytes,
    /// Seconds of processors.
    Seconds,
}

impl Unit {
    const ALL: [Unit; 7] = [
        Unit::Time,
        Unit::Speed,
        Unit::Memory,
        Unit::Exponent,
        Unit::Allocations,
        Unit::Mebibytes,
        Unit::Seconds,
    ];

    /// Returns the unit as it is printed.
    pub fn as_str(self) -> &'static str {
        match self {
            Unit::Time => "× time",
            Unit::Speed => "× speed",
            Unit::Memory => "× memory",
            Unit::Exponent => "exponent",
            Unit::Allocations => "allocations",
            Unit::Mebibytes => "MiB",
            Unit::Seconds => "CPU s",
        }
    }

    fn decimals(self) -> usize {
        match self {
            Unit::Allocations => 0,
            Unit::Mebibytes | Unit::Seconds => 1,
            Unit::Time | Unit::Speed | Unit::Memory | Unit::Exponent => 2,
        }
    }
}

impl Figure {
    /// A figure.
    pub fn new(
        what: impl Into<String>,
        measured: f64,
        unit: Unit,
        details: impl Into<String>,
    ) -> Figure {
        Figure {
            what: what.into(),
            measured,
            unit,
            details: details.into(),
        }
    }

    /// Reads a row of the table; none from its head, and from any other line.
    pub fn read(line: &str) -> Option<Figure> {
        let cells = line.trim().strip_prefix("| ")?.strip_suffix(" |")?;
        let cells: Vec<&str> = cells.split(" | ").collect();
        let [what, measured, unit, details] = cells[..] else {
            return None;
        };
        let unit = Unit::ALL.into_iter().find(|one| one.as_str() == unit)?;
        Some(Figure::new(what, measured.parse().ok()?, unit, details))
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Figure {
            what,
            measured,
            unit,
            details,
        } = self;
        let decimals = unit.decimals();
        let unit = unit.as_str();
        write!(f, "| {what} | {measured:.decimals$} | {unit} | {details} |")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_read_as_it_was_printed() {
        for unit in Unit::ALL {
            let figure = Figure::new("typed / json!", 3.0, unit, "target 0.37, gate 0.5: met");
            assert_eq!(Figure::read(&figure.to_string()), Some(figure));
        }
    }

    #[test]
    fn other_lines_are_no_figures() {
        for line in HEAD.lines().chain(["running 1 test", "| a | b |", ""]) {
            assert_eq!(Figure::read(line), None, "{line}");
        }
    }
}
