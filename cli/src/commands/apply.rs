//! `jsonsql apply`: a plan, done.

use std::fmt;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use jsonsql_client::provisioning::Platform;
use jsonsql_client::provisioning::sync::{Applied, Limit, Schedule, read_plan};
use serde_json::json;

use super::plan::is_there;
use crate::exit::{Failure, Result, Status};
use crate::lock::LockArgs;
use crate::output::print;
use crate::progress::Progress;
use crate::report::{Report, Watcher};
use crate::say;
use crate::schedule;
use crate::stop::{self, Stop};
use crate::target::{TargetArgs, on_platform, open};

/// Does what a plan file says
///
/// A plan is applied to the server that it was made for, and to no other one. It is shown
/// once more before the question. A subscriber that has changed since the plan was made is
/// left as it is, and named.
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

    /// Prints what became of each subscriber as JSON lines, with `login`, `line`,
    /// `outcome` and `reason`; the plan is shown on standard error
    #[arg(long)]
    json: bool,

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
        let schedule = read_plan(&platform, connection.server_name(), BufReader::new(file))
            .map_err(|error| Failure::failed(format!("{name}: {error}")))?;
        schedule
            .guard(args.limit)
            .map_err(|exceeded| Failure::guarded(format!("{exceeded}; nothing was done")))?;
        let run = Run { report: &report, is_agreed: args.yes, json: args.json, stop };
        run.carry_out(&platform, schedule).await
    })
}

/// A run that makes a schedule.
pub(super) struct Run<'a> {
    pub(super) report: &'a Path,
    /// The question is answered beforehand.
    pub(super) is_agreed: bool,
    /// `true` to print the outcome of each subscriber for a program.
    pub(super) json: bool,
    pub(super) stop: Stop,
}

impl<'a> Run<'a> {
    /// Shows a schedule, asks, and applies it with a report.
    pub(super) async fn carry_out<P: Platform>(
        self,
        platform: &P,
        schedule: Schedule<P>,
    ) -> Result<Status> {
        match self.ask(platform, &schedule).await? {
            Some(agreed) => agreed.apply(platform, schedule).await,
            None => Ok(Status::Done),
        }
    }

    /// Shows a schedule and asks whether to apply it; `None` if there is nothing to do.
    ///
    /// # Errors
    ///
    /// A guard's, when the answer is no; when the schedule cannot be shown.
    pub(super) async fn ask<P: Platform>(
        mut self,
        platform: &P,
        schedule: &Schedule<P>,
    ) -> Result<Option<Agreed<'a>>> {
        let shown = self.show(schedule.show(platform));
        if let (Err(error), false) = (&shown, self.is_agreed) {
            let problem = format!("the plan cannot be shown: {error}; nothing was done");
            return Err(Failure::failed(problem));
        }
        if schedule.items().is_empty() {
            say::note("there is nothing to do");
            return Ok(None);
        }
        let whom = match schedule.items().len() {
            1 => "1 subscriber".to_owned(),
            count => format!("{count} subscribers"),
        };
        let question = format!("Apply it to {whom}?");
        stop::confirm(&question, self.is_agreed, &mut self.stop).await?;
        Ok(Some(Agreed {
            run: self,
            is_shown: shown.is_ok(),
        }))
    }

    /// Shows the plan where its result is not for a program.
    fn show(&self, plan: impl fmt::Display) -> io::Result<()> {
        let mut out: Box<dyn Write> = match self.json {
            true => Box::new(BufWriter::new(io::stderr())),
            false => Box::new(BufWriter::new(io::stdout())),
        };
        write!(out, "{plan}").and_then(|()| out.flush())
    }
}

/// A run whose question was answered with yes.
pub(super) struct Agreed<'a> {
    run: Run<'a>,
    is_shown: bool,
}

impl Agreed<'_> {
    /// Applies the schedule that was shown, with a report.
    pub(super) async fn apply<P: Platform>(
        self,
        platform: &P,
        schedule: Schedule<P>,
    ) -> Result<Status> {
        let Agreed { run, is_shown } = self;
        let report = Report::open(run.report)?;
        let logins = schedule.items().iter().map(|item| item.login.clone());
        let watcher = Watcher {
            report: &report,
            progress: Progress::new("applying"),
            logins: logins.collect(),
            stop: run.stop,
        };
        let applied = schedule.apply_supervised(platform, &watcher).await;
        let is_stopped = watcher.stop.is_asked();
        drop(watcher);
        let (status, lines) = account(&applied, &report);
        // From here on everything is done: what cannot be printed is in the report.
        let printed = print(&match run.json {
            true => lines,
            false => format!("\nApplied:\n{applied}"),
        });
        if is_stopped {
            say::note("the run was stopped: what is left stands under `Left as it is`");
        }
        if report.is_whole() {
            say::note(&format!("the report is in {}", report.path().display()));
        }
        if status != Status::Done {
            say::note("make a new plan: it has what is left");
        }
        Ok(match is_shown && printed.is_ok() && report.is_whole() {
            true => status,
            false => status.and(Status::Failed),
        })
    }
}

/// Writes what became of each subscriber into the report, and returns the worst of it
/// and the lines.
fn account<O>(applied: &Applied<O>, report: &Report) -> (Status, String) {
    let mut status = Status::Done;
    let mut lines = String::new();
    for (item, one) in &applied.reports {
        let (end, word, reason) = schedule::outcome(&one.outcome);
        status = status.and(end);
        let line = json!({
            "login": item.login,
            "line": item.line,
            "outcome": word,
            "reason": reason,
        });
        report.line(&line);
        lines.push_str(&format!("{line}\n"));
    }
    (status, lines)
}
