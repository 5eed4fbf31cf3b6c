//! `cargo run -p jsonsql-benches --bin numbers` runs everything that measures
//! and prints one table: each figure as a ratio to its baseline, which ran in
//! the same run on the same machine.

#![allow(clippy::print_stdout, reason = "it prints what was measured")]

use std::io;
use std::process::{Command, ExitCode, Stdio};

/// A program that measures, and how many rows of the table are to come of it.
struct Program {
    arguments: &'static [&'static str],
    rows: usize,
}

const PROGRAMS: [Program; 5] = [
    Program {
        arguments: &["bench", "-p", "jsonsql-benches", "--bench", "gates"],
        rows: 7,
    },
    Program {
        arguments: &["bench", "-p", "jsonsql-benches", "--bench", "allocations"],
        rows: 2,
    },
    Program {
        arguments: &["bench", "-p", "jsonsql-client", "--bench", "client"],
        rows: 4,
    },
    Program {
        arguments: &[
            "test",
            "--release",
            "-p",
            "jsonsql-client",
            "--test",
            "memory",
        ],
        rows: 1,
    },
    Program {
        arguments: &["run", "-p", "jsonsql-benches", "--bin", "compile_time"],
        rows: 1,
    },
];

fn main() -> io::Result<ExitCode> {
    let mut all_measured = true;
    let mut table = String::from("| what | measured | figures |\n| --- | --- | --- |\n");
    for program in &PROGRAMS {
        let command = program.arguments.join(" ");
        tell(&format!("cargo {command} …"));
        let output = Command::new(env!("CARGO"))
            .args(program.arguments)
            .arg("--quiet")
            .stderr(Stdio::inherit())
            .output()?;
        let printed = String::from_utf8_lossy(&output.stdout);
        let rows: Vec<_> = printed.lines().filter_map(row).collect();
        if !output.status.success() || rows.len() < program.rows {
            println!("`cargo {command}` failed, or prints otherwise than it did:\n{printed}");
            all_measured = false;
        }
        for [what, ratio, figures] in rows {
            table.push_str(&format!("| {what} | {ratio} | {figures} |\n"));
        }
    }
    println!("{table}");
    Ok(if all_measured {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Minutes pass: whoever watches is told what is running.
fn tell(text: &str) {
    use std::io::{IsTerminal, Write};
    let mut stderr = io::stderr();
    if stderr.is_terminal() {
        let _ = writeln!(stderr, "{text}");
    }
}

/// A row of the table from a line that a program prints, if it has a figure.
fn row(line: &str) -> Option<[String; 3]> {
    gate(line)
        .or_else(|| throughput(line))
        .or_else(|| compile_time(line))
        .map(|cells| cells.map(|cell| cell.trim().to_owned()))
        .or_else(|| memory(line))
}

/// `  typed / json!: 0.45 (target 0.4, gate 0.65): missed, within the gate`
fn gate(line: &str) -> Option<[&str; 3]> {
    let (line, _verdict) = line.strip_prefix("  ")?.rsplit_once(": ")?;
    let (what, rest) = line.split_once(": ")?;
    let (measured, limits) = rest.split_once(" (")?;
    Some([what, measured, limits.strip_suffix(')')?])
}

/// `single calls      1234 calls/s   bare     1200  ratio 1.03`
fn throughput(line: &str) -> Option<[&str; 3]> {
    let (line, ratio) = line.split_once("  ratio ")?;
    let (what, figures) = line.split_at_checked(40)?;
    figures.contains(" bare ").then_some([what, ratio, figures])
}

/// `memory: 300000 rows in 1.0s: 900 KiB above the idle client's 9000 KiB; held
/// together they would be 90000 KiB at the least`
fn memory(line: &str) -> Option<[String; 3]> {
    let figures = line.strip_prefix("memory: ")?;
    let (_, rest) = figures.split_once(": ")?;
    let (grown, rest) = rest.split_once(" KiB above ")?;
    let (held, _) = rest.rsplit_once(" KiB at the least")?;
    let (_, held) = held.rsplit_once(' ')?;
    let ratio = grown.parse::<f64>().ok()? / held.parse::<f64>().ok()?;
    let what = "memory of a stream / its rows held together";
    Some([what.to_owned(), format!("{ratio:.2}"), figures.to_owned()])
}

/// `typed 0.50 s, json! 0.52 s, ratio 0.96 (target 1, gate 1.3)`
fn compile_time(line: &str) -> Option<[&str; 3]> {
    let (figures, ratio) = line.split_once(", ratio ")?;
    let (ratio, _) = ratio.split_once(' ')?;
    Some(["compile time / json!", ratio, figures])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_line_is_understood() {
        let lines = [
            "  typed / json!: 0.45 (target 0.4, gate 0.65): missed, within the gate",
            "  allocations, typed: 9 (at most 9): met",
            "single calls                                 1234 calls/s   bare     1200  ratio 1.03",
            "memory: 300000 rows in 1.0s: 900 KiB above the idle client's 9000 KiB; held together they would be 90000 KiB at the least",
            "typed 0.50 s, json! 0.52 s, ratio 0.96 (target 1, gate 1.3)",
        ];
        let rows: Vec<_> = lines.iter().filter_map(|line| row(line)).collect();
        let cells: Vec<_> = rows
            .iter()
            .map(|[what, ratio, _]| (&**what, &**ratio))
            .collect();
        assert_eq!(
            cells,
            [
                ("typed / json!", "0.45"),
                ("allocations, typed", "9"),
                ("single calls", "1.03"),
                ("memory of a stream / its rows held together", "0.01"),
                ("compile time / json!", "0.96"),
            ]
        );
        assert_eq!(row("running 1 test"), None);
        assert_eq!(
            row("encode: a select with one join and three predicates, built and written"),
            None
        );
    }
}
