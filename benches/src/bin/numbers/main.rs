//! `cargo run -p jsonsql-benches --bin numbers` runs everything that measures
//! and prints one table: each figure as a ratio to its baseline, which ran in
//! the same run on the same machine, how time grows, and the memory of programs.
//!
//! `… --bin numbers -- --svg DIRECTORY` draws it too, and with `--table FILE` only draws
//! the table of an earlier run; `--subscribers 1000000` is the size at which the memory of
//! programs is measured.

#![allow(clippy::print_stdout, reason = "it prints what was measured")]

mod picture;
mod programs;

use std::path::PathBuf;
use std::process::{ExitCode, Stdio};
use std::{fs, io};

use jsonsql_benches::cargo::cargo;
use jsonsql_benches::figure::{Figure, HEAD};

/// A program that measures, and how many rows of the table are to come of it.
struct Program {
    arguments: &'static [&'static str],
    rows: usize,
}

const PROGRAMS: [Program; 6] = [
    Program {
        arguments: &["bench", "-p", "jsonsql-benches", "--bench", "gates"],
        rows: 9,
    },
    Program {
        arguments: &["bench", "-p", "jsonsql-benches", "--bench", "allocations"],
        rows: 2,
    },
    Program {
        arguments: &["bench", "-p", "jsonsql-client", "--bench", "client"],
        rows: 5,
    },
    Program {
        arguments: &["run", "-p", "jsonsql-benches", "--bin", "compile_time"],
        rows: 1,
    },
    Program {
        arguments: &["bench", "-p", "jsonsql-client", "--bench", "growth"],
        rows: 25,
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
        rows: 2,
    },
];

fn main() -> io::Result<ExitCode> {
    let options = Options::read(std::env::args().skip(1))?;
    if let (Some(directory), Some(table)) = (&options.svg, &options.table) {
        let table = fs::read_to_string(table)?;
        let figures: Vec<Figure> = table.lines().filter_map(Figure::read).collect();
        picture::draw(directory, &figures)?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut figures = Vec::new();
    let mut all_measured = true;
    println!("{HEAD}");
    for program in &PROGRAMS {
        let command = program.arguments.join(" ");
        tell(&format!("cargo {command} …"));
        let output = cargo()
            .args(program.arguments)
            .arg("--quiet")
            .env("JSONSQL_STREAM_ROWS", options.stream_rows().to_string())
            .stderr(Stdio::inherit())
            .output()?;
        let printed = String::from_utf8_lossy(&output.stdout);
        let rows: Vec<Figure> = printed.lines().filter_map(Figure::read).collect();
        if !output.status.success() || rows.len() < program.rows {
            println!("`cargo {command}` failed, or prints otherwise than it did:\n{printed}");
            all_measured = false;
        }
        print(&rows);
        figures.extend(rows);
    }
    tell(&format!("programs, {} subscribers …", options.subscribers));
    let rows = programs::measure(options.subscribers)?;
    print(&rows);
    figures.extend(rows);
    if let Some(directory) = options.svg {
        picture::draw(&directory, &figures)?;
    }
    Ok(if all_measured {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Prints rows as they are measured: a program that fails later takes none of them away.
fn print(rows: &[Figure]) {
    for row in rows {
        println!("{row}");
    }
}

struct Options {
    svg: Option<PathBuf>,
    table: Option<PathBuf>,
    subscribers: u32,
}

impl Options {
    fn read(mut arguments: impl Iterator<Item = String>) -> io::Result<Options> {
        let mut options = Options {
            svg: None,
            table: None,
            subscribers: 100_000,
        };
        let wrong = |what: &str| io::Error::new(io::ErrorKind::InvalidInput, what.to_owned());
        while let Some(argument) = arguments.next() {
            let value = arguments.next();
            match (&*argument, value) {
                ("--svg", Some(directory)) => options.svg = Some(directory.into()),
                ("--table", Some(file)) => options.table = Some(file.into()),
                ("--subscribers", Some(count)) => {
                    let count = count.parse();
                    options.subscribers = count.map_err(|_| wrong("--subscribers: a number"))?;
                }
                _ => {
                    return Err(wrong(
                        "numbers [--svg DIRECTORY [--table FILE]] [--subscribers NUMBER]",
                    ));
                }
            }
        }
        Ok(options)
    }
}

impl Options {
    /// Returns the number of rows of the stream: fewer would not show that it is bounded.
    fn stream_rows(&self) -> u32 {
        self.subscribers.max(300_000)
    }
}

/// Minutes pass: whoever watches is told what is running.
fn tell(text: &str) {
    use std::io::{IsTerminal, Write};
    let mut stderr = io::stderr();
    if stderr.is_terminal() {
        let _ = writeln!(stderr, "{text}");
    }
}
