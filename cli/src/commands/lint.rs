//! `jsonsql lint`: mistakes in requests, found without a server.

use std::ops::Range;
use std::path::PathBuf;

use clap::ValueEnum;
use jsonsql::resolve::{FindingKind, Schema};

use super::send::read;
use crate::exit::{Result, Status, ended};
use crate::knowledge;
use crate::output::print;
use crate::request::{self, Problem, Request};
use crate::source::{Rating, Source};

mod reports;

/// Finds mistakes in JSONSQL requests, without a server
///
/// Finds what is not in the grammar, unknown columns (a server reads them as texts,
/// silently), texts that are read as columns, values of two types in a comparison,
/// conditions that are always true, an update or delete without a condition. A file is one request, a batch, or JSON
/// lines, each with a request somewhere in it, as logs have them.
#[derive(clap::Args)]
#[command(verbatim_doc_comment, after_help = crate::exit::HELP)]
pub(crate) struct Args {
    /// The files; `-` is standard input
    #[arg(required = true)]
    files: Vec<PathBuf>,

    /// How findings are written
    #[arg(long, short, value_enum, default_value_t, conflicts_with = "json")]
    format: Format,

    /// The same as `--format json`
    #[arg(long)]
    json: bool,

    /// Rules that are not reported, by the name in brackets behind a finding; may be repeated
    #[arg(long, value_name = "RULE")]
    allow: Vec<String>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// With the line and a caret under the place
    #[default]
    Text,
    /// One JSON array of objects
    Json,
    /// Workflow commands of GitHub Actions
    Github,
    /// SARIF 2.1.0, for code scanning
    Sarif,
}

/// Something found in a file.
#[derive(Debug)]
struct Mistake {
    rating: Rating,
    rule: &'static str,
    message: String,
    place: Range<usize>,
    line: usize,
    column: usize,
}

/// A file and what was found in it.
struct Checked {
    name: String,
    text: String,
    mistakes: Vec<Mistake>,
}

/// Runs the command: done when nothing was found.
pub(crate) fn run(args: &Args) -> Result<Status> {
    let schema = knowledge::known();
    let mut checked = Vec::new();
    for path in &args.files {
        let (name, text) = read(path)?;
        let mut mistakes = check(&name, &text, &schema);
        mistakes.retain(|mistake| !args.allow.iter().any(|rule| rule == mistake.rule));
        checked.push(Checked {
            name,
            text,
            mistakes,
        });
    }
    let format = if args.json { Format::Json } else { args.format };
    let written = match format {
        Format::Text => reports::text(&checked),
        Format::Json => reports::json(&checked),
        Format::Github => reports::github(&checked),
        Format::Sarif => reports::sarif(&checked),
    };
    let is_clean = checked.iter().all(|one| one.mistakes.is_empty());
    let status = match is_clean {
        true => Status::Done,
        false => Status::Failed,
    };
    ended(status, print(&written))
}

fn check(name: &str, text: &str, schema: &Schema) -> Vec<Mistake> {
    let source = Source { name, text };
    let mut mistakes = Vec::new();
    let is_one_document =
        serde_json::from_str::<serde::de::IgnoredAny>(text.trim_start_matches('\u{feff}')).is_ok();
    let lines = text.split_inclusive('\n');
    let has_lines = lines.clone().filter(|line| !line.trim().is_empty()).count() > 1;
    // JSON lines begin with an object each; a document of several lines does not.
    let are_lines = !is_one_document
        && has_lines
        && text
            .lines()
            .next()
            .is_some_and(|line| line.trim_end().ends_with('}'));
    let documents: Vec<(usize, &str)> = match are_lines {
        true => {
            let mut start = 0;
            let mut documents = Vec::new();
            for line in lines {
                if !line.trim().is_empty() {
                    documents.push((start, line));
                }
                start += line.len();
            }
            documents
        }
        false => vec![(0, text)],
    };
    for (start, document) in documents {
        for read in request::all(document) {
            let found = match read {
                Ok(request) => findings(document, &request, schema),
                Err(Problem { message, place }) => vec![(Rating::Error, "request", message, place)],
            };
            for (rating, rule, message, place) in found {
                let place = start + place.start..start + place.end;
                let (line, column) = source.line_and_column(place.start);
                mistakes.push(Mistake {
                    rating,
                    rule,
                    message,
                    place,
                    line,
                    column,
                });
            }
        }
    }
    mistakes
}

type Found = (Rating, &'static str, String, Range<usize>);

fn findings(text: &str, request: &Request, schema: &Schema) -> Vec<Found> {
    let findings = knowledge::findings(&request.statement, schema);
    let findings = findings.into_iter().map(|finding| {
        let rating = match finding.kind {
            // A server has more tables than are publicly known.
            FindingKind::UnknownTable => Rating::Warning,
            // Generated conditions begin with `1 = 1`.
            FindingKind::AlwaysTrue => Rating::Warning,
            _ => Rating::Error,
        };
        let place = request.place_of(text, &finding.pointer);
        (rating, finding.kind.as_str(), finding.message, place)
    });
    findings.collect()
}
