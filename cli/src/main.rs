//! `jsonsql`, the command: IPTVPORTAL, Ministra and TVIP TMS from a shell.

#[cfg(not(all(feature = "mysql", feature = "postgres")))]
mod absent;
mod commands;
mod database;
mod exit;
mod knowledge;
mod lock;
mod operation;
mod output;
mod platform;
mod progress;
mod records;
mod report;
mod request;
mod say;
mod schedule;
mod source;
mod statement;
mod stop;
mod subject;
mod target;

use std::process::ExitCode;

use clap::Parser;

use commands::args::Cli;
use exit::{Status, ended};

fn main() -> ExitCode {
    if is_version() {
        // All commands need not be built for it.
        let printed = output::print(concat!("jsonsql ", env!("CARGO_PKG_VERSION"), "\n"));
        return ended(Status::Done, printed)
            .unwrap_or(Status::Failed)
            .into();
    }
    // Help needs no threads.
    let cli = Cli::parse();
    let run = || tokio::runtime::Runtime::new()?.block_on(commands::run(cli.command));
    match run() {
        Ok(code) => code,
        Err(failure) => {
            if failure.status() != Status::Done {
                say::rendered(&failure.report());
            }
            failure.status().into()
        }
    }
}

/// Returns `true` if the version is all that is asked for.
fn is_version() -> bool {
    let mut arguments = std::env::args_os().skip(1);
    let first = arguments.next();
    arguments.next().is_none() && first.is_some_and(|one| one == "--version" || one == "-V")
}
