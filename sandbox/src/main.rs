//! The sandbox as a program of its own: `jsonsql-sandbox --help`.

use std::process::ExitCode;

use clap::Parser;
use jsonsql_sandbox::command::{self, Options};

#[derive(Parser)]
#[command(name = "jsonsql-sandbox", version, verbatim_doc_comment)]
struct Program {
    #[command(flatten)]
    options: Options,
}

#[tokio::main]
async fn main() -> ExitCode {
    command::run(Program::parse().options).await
}
