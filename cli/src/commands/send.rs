//! `jsonsql send`: a JSONSQL request as it is.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::exit::{Failure, Result, Status};
use crate::say;
use crate::source::{Rating, Source};
use crate::statement::{self, SendArgs};

/// Sends a JSONSQL request from a file and writes the rows
///
/// The file has one JSON-RPC request, `{"method": "select", "params": {…}}`. `id`
/// and `jsonrpc` may be there and are made anew. A write needs --write, says how
/// many rows match, and asks.
#[derive(clap::Args)]
#[command(verbatim_doc_comment, after_help = crate::exit::HELP)]
pub(crate) struct Args {
    /// The file; `-` reads standard input
    file: PathBuf,

    #[command(flatten)]
    send: SendArgs,
}

/// Runs the command.
pub(crate) async fn run(args: Args) -> Result<Status> {
    let (name, text) = read(&args.file)?;
    let source = Source {
        name: &name,
        text: &text,
    };
    let marked = |problem: crate::request::Problem| {
        Failure::rendered(
            Status::Failed,
            source.mark(Rating::Error, &problem.message, problem.place),
        )
    };
    let request = crate::request::one(&text).map_err(marked)?;
    statement::send(&request.statement, &args.send, |finding, is_grave| {
        let rating = if is_grave {
            Rating::Error
        } else {
            Rating::Warning
        };
        let place = request.place_of(&text, &finding.pointer);
        say::rendered(&source.mark(rating, &finding.message, place));
    })
    .await
}

/// Reads a file, or standard input, and gives its name for messages.
pub(super) fn read(path: &Path) -> Result<(String, String)> {
    if path == Path::new("-") {
        let mut text = String::new();
        let read = io::stdin().read_to_string(&mut text);
        read.map_err(|error| Failure::usage(format!("standard input: {error}")))?;
        return Ok(("standard input".to_owned(), text));
    }
    let name = path.display().to_string();
    let text = fs::read_to_string(path);
    let text = text.map_err(|error| Failure::usage(format!("{name}: {error}")))?;
    Ok((name, text))
}
