//! `jsonsql`, the command: IPTVPORTAL, Ministra and TVIP TMS from a shell.

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
use exit::Status;

fn main() -> ExitCode {
    // Help and versions need no threads.
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
