//! `jsonsql apply`: a plan, done.

use std::fs::File;
use std::io::{self, BufReader, Write};
use std::path::PathBuf;

use jsonsql_client::provisioning::Platform;
use jsonsql_client::provisioning::sync::{Applied, Limit, Schedule, read_plan};
use serde_json::json;

use super::plan::is_there;
use crate::exit::{Failure, Result, Status};
use crate::lock::LockArgs;
use crate::progress::Progress;
use crate::report::{Report, Watcher};
use crate::say;
use crate::schedule;
use crate::stop::Stop;
use crate::target::{TargetArgs, on_platform, open};

/// Does what a plan file says
///
/// A subscriber that has changed since the plan was made is left as it is, and named.
/// Every step is a line of the report file when it was answered, whatever becomes of
/// the terminal. A signal finishes the request in flight and ends the run; a plan that
/// is made then has what is left.
///
///   jsonsql apply plan.jsonl
#[derive(clap::Args)]
#[command(verbatim_doc_comment, after_help = crate::exit::HELP)]
pub(crate) struct Args {
    /// The plan file, made by `jsonsql plan`
    plan: PathBuf,

    /// The report file; by default the plan's name with `.report.jsonl`
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,

    /// From how many subscribers something may be taken away, as for `jsonsql plan`
    #[arg(long, value_name = "N|N%", default_value_t)]
    limit: Limit,

    /// Answers the question beforehand with yes
    #[arg(long, short)]
    yes: bool,

    #[command(flatten)]
    lock: LockArgs,

    #[command(flatten)]
    target: TargetArgs,
}

/// Runs the command.
pub(crate) async fn run(args: Args) -> Result<Status> {
    if !is_there(&args.plan) {
        return Err(Failure::usage(format!(
            "{}: no such file",
            args.plan.display()
        )));
    }
    let connection = open(&args.target).await?;
    let _lock = args.lock.take(&connection)?;
    let report = args
        .report
        .clone()
        .unwrap_or_else(|| args.plan.with_extension("report.jsonl"));
    let stop = Stop::listen()?;
    on_platform!(connection, platform => {
        let name = args.plan.display();
        let file = File::open(&args.plan).map_err(|error| Failure::usage(format!("{name}: {error}")))?;
        let schedule = read_plan(&platform, BufReader::new(file))
            .map_err(|error| Failure::failed(format!("{name}: {error}")))?;
        schedule
            .guard(args.limit)
            .map_err(|exceeded| Failure::guarded(format!("{exceeded}; nothing was done")))?;
        carry_out(&platform, schedule, &report, args.yes, stop).await
    })
}

/// Shows a schedule, asks, and applies it with a report.
pub(super) async fn carry_out<P: Platform>(
    platform: &P,
    schedule: Schedule<P>,
    report: &std::path::Path,
    is_agreed: bool,
    mut stop: Stop,
) -> Result<Status> {
    let mut out = io::stdout();
    let show = schedule.show(platform).to_string();
    let shown = out.write_all(show.as_bytes()).and_then(|()| out.flush());
    if let (Err(error), false) = (&shown, is_agreed) {
        let problem = format!("the plan cannot be shown: {error}; nothing was done");
        return Err(Failure::failed(problem));
    }
    if schedule.items().is_empty() {
        say::note("there is nothing to do");
        return Ok(Status::Done);
    }
    let count = schedule.items().len();
    let whom = if count == 1 {
        "1 subscriber".to_owned()
    } else {
        format!("{count} subscribers")
    };
    say::confirm(&format!("Apply it to {whom}?"), is_agreed, &mut stop).await?;
    let report = Report::open(report)?;
    let logins = schedule
        .items()
        .iter()
        .map(|item| item.login.clone())
        .collect();
    let watcher = Watcher {
        report: &report,
        progress: Progress::new("applying"),
        stop,
        logins,
    };
    let applied = schedule.apply_supervised(platform, &watcher).await;
    let is_stopped = watcher.stop.is_asked();
    drop(watcher);
    let status = account(&applied, &report);
    // From here on everything is done: what cannot be printed is in the report.
    let printed = write!(out, "\nApplied:\n{applied}").and_then(|()| out.flush());
    if is_stopped {
        say::note("the run was stopped: what is left stands under `Left as it is`");
    }
    if report.is_whole() {
        say::note(&format!("the report is in {}", report.path().display()));
    }
    if status != Status::Done {
        say::note("make a new plan: it has what is left");
    }
    Ok(
        match shown.is_ok() && printed.is_ok() && report.is_whole() {
            true => status,
            false => status.and(Status::Failed),
        },
    )
}

/// Writes what became of each subscriber, and tells the worst of it.
fn account<O>(applied: &Applied<O>, report: &Report) -> Status {
    let mut status = Status::Done;
    for (item, one) in &applied.reports {
        let (end, word, reason) = schedule::outcome(&one.outcome);
        status = status.and(end);
        report.line(&json!({
            "login": item.login,
            "line": item.line,
            "outcome": word,
            "reason": reason,
        }));
    }
    status
}
