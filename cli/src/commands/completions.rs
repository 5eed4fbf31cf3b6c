//! `jsonsql completions` and `jsonsql man`.

use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;

use clap::CommandFactory;
use clap_complete::Shell;

use super::args::Cli;
use crate::exit::{Failure, Result, Status};

/// Prints the completions of a shell
#[derive(clap::Args)]
#[command(after_help = crate::exit::HELP)]
pub(crate) struct Args {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

/// Writes the manual pages, one for each command
#[derive(clap::Args)]
#[command(after_help = crate::exit::HELP)]
pub(crate) struct ManArgs {
    /// The directory; without it the page of `jsonsql` itself is printed
    directory: Option<PathBuf>,
}

/// Prints the completions.
pub(crate) fn run(args: &Args) -> Result<Status> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "jsonsql", &mut script);
    print(&script)
}

/// Writes the manual.
pub(crate) fn run_man(args: &ManArgs) -> Result<Status> {
    let Some(directory) = &args.directory else {
        let mut page = Vec::new();
        clap_mangen::Man::new(Cli::command()).render(&mut page)?;
        return print(&page);
    };
    let written = fs::create_dir_all(directory)
        .and_then(|()| clap_mangen::generate_to(Cli::command(), directory));
    written.map_err(|error| Failure::failed(format!("{}: {error}", directory.display())))?;
    Ok(Status::Done)
}

fn print(bytes: &[u8]) -> Result<Status> {
    let mut out = io::stdout().lock();
    out.write_all(bytes)?;
    out.flush()?;
    Ok(Status::Done)
}
