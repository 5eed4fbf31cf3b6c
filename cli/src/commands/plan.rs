//! `jsonsql plan`: what a billing's export would change.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jsonsql_client::model::{Subscriber, Timestamp};
use jsonsql_client::provisioning::Platform;
use jsonsql_client::provisioning::sync::export::{Export, ExportReader};
use jsonsql_client::provisioning::sync::{
    Limit, PlanFileError, Removal, Schedule, WantedRows, compare_with, write_plan,
};

use crate::database::DatabaseArgs;
use crate::exit::{Failure, Result, Status, ended};
use crate::lock::LockArgs;
use crate::output::{Destination, print};
use crate::progress::Progress;
use crate::say;
use crate::schedule::JsonLines;
use crate::stop::Stop;
use crate::target::{self, TargetArgs, on_platform, open};

/// Compares a billing's export with a platform, and says what differs
///
/// Nothing is written on the platform: `jsonsql apply` does what the plan file says.
///
/// The export is CSV with a header, or JSON lines with an object for each subscriber:
/// `external_ref`, `login`, `enabled` (1 or 0) and, where the billing manages them,
/// `name`, `phone`, `email`, `address`, `note`, `device_limit`, `packages` and `macs`,
/// of which there may be several with `;` between them, in JSON as an array. A column
/// that is left out is not touched on the platform; an empty cell is empty there.
///
///   jsonsql plan billing.csv --output plan.jsonl --owned-ref-prefix LB- --limit 1%
///   jsonsql plan --database postgres://reader@db.example/billing --output plan.jsonl \
///       --from-sql 'select id as external_ref, login, active as enabled from contracts'
///
/// The exit status is 1 if anybody is left as they are, 4 if the limit is exceeded.
#[derive(clap::Args)]
#[command(verbatim_doc_comment, after_help = crate::exit::HELP)]
pub(crate) struct Args {
    /// The export; `-` reads standard input. With --sandbox and without one, an
    /// example that fits the demo
    #[arg(required_unless_present_any = ["from_sql", "sandbox"])]
    export: Option<PathBuf>,

    /// The plan file, which appears when it is whole
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Prints the plan as JSON lines, an object for each subscriber, with `line`,
    /// `login`, `steps`, `effects`, `losses` or `left`
    #[arg(long)]
    json: bool,

    /// Subscribers whose external reference begins like this are deleted when they
    /// are not in the export
    #[arg(long, value_name = "PREFIX")]
    owned_ref_prefix: Option<String>,

    /// Subscribers whose login begins like this are deleted when they are not in the export
    #[arg(long, value_name = "PREFIX")]
    owned_login_prefix: Option<String>,

    /// From how many subscribers something may be taken away: they are deleted or
    /// disabled, lose a terminal or a package, or a field is cleared. A number, or a
    /// percentage of those the export could touch, then three in any case
    #[arg(long, value_name = "N|N%", default_value_t)]
    limit: Limit,

    /// Takes an export that has lost more subscribers than the limit since the last plan
    #[arg(long)]
    smaller: bool,

    /// The export's encoding, such as windows-1251
    #[arg(long, value_name = "NAME", default_value = "utf-8")]
    encoding: String,

    /// Allows line breaks within the export's cells
    #[arg(long)]
    line_breaks_in_cells: bool,

    /// Allows the export's last line to have no end
    #[arg(long)]
    unterminated: bool,

    #[command(flatten)]
    database: DatabaseArgs,

    #[command(flatten)]
    lock: LockArgs,

    #[command(flatten)]
    target: TargetArgs,
}

/// Runs the command.
pub(crate) async fn run(args: Args) -> Result<Status> {
    if let Some(path) = &args.output {
        // Whatever becomes of this run, an older plan is not applied for it.
        remove_plan(path)?;
    }
    let mut stop = Stop::listen()?;
    let export = match (&args.export, &args.database.from_sql) {
        (Some(path), _) => read(path, &args)?,
        (None, Some(query)) => stop.reading(args.database.export(query)).await??,
        (None, None) => example(&args)?,
    };
    let connection = open(&args.target).await?;
    let mut lock = args.lock.take(&connection)?;
    let rows = export.len();
    if let (Some(lock), false) = (&lock, args.smaller) {
        lock.check_size(rows, args.limit).map_err(|shrunk| {
            Failure::guarded(format!("{shrunk}; nothing was done")).hint("--smaller takes it")
        })?;
    }
    let status = on_platform!(connection, platform => {
        let schedule = stop.reading(compared(&platform, export, &args)).await??;
        finish(&platform, &schedule, connection.server_name(), &args)?
    });
    // A plan that is only looked at is no measure for the next export.
    if let (Some(lock), true) = (&mut lock, args.output.is_some()) {
        let kept = lock.keep_size(rows);
        kept.map_err(|error| Failure::failed(error.to_string()))?;
    }
    Ok(status)
}

/// Reads the export of an example, for a sandbox that has the demo's subscribers.
fn example(args: &Args) -> Result<Export> {
    let platform = args.target.platform.unwrap_or(target::Platform::Iptvportal);
    let csv = match platform {
        target::Platform::Iptvportal => include_str!("../../examples/iptvportal.csv"),
        target::Platform::Ministra => include_str!("../../examples/ministra.csv"),
        target::Platform::Tvip => include_str!("../../examples/tvip.csv"),
    };
    say::note("no export is given: an example's is compared with the sandbox");
    let read = ExportReader::new().read(csv.as_bytes());
    read.map_err(|error| Failure::failed(format!("the example's export: {error}")))
}

fn read(path: &Path, args: &Args) -> Result<Export> {
    let reader = ExportReader::new()
        .line_breaks_in_cells(args.line_breaks_in_cells)
        .unterminated(args.unterminated)
        .encoding(&args.encoding)
        .ok_or_else(|| Failure::usage(format!("the encoding `{}` is not known", args.encoding)))?;
    let name = path.display();
    if path != Path::new("-") && !path.exists() {
        return Err(Failure::usage(format!("{name}: no such file")));
    }
    let read = reader.open(path);
    read.map_err(|error| {
        Failure::failed(format!("{name} cannot be used; nothing was done:\n{error}"))
    })
}

async fn compared<P: Platform>(platform: &P, export: Export, args: &Args) -> Result<Schedule<P>> {
    let catalogue = Arc::new(platform.catalogue().await?);
    let export = export.with_packages(&platform.packages(&catalogue));
    for capability in export.lacking(&platform.capabilities()) {
        say::note(&format!(
            "not compared: {} has no {capability}",
            platform.name()
        ));
    }
    let begins = |prefix: &Option<String>, text: &str| {
        let prefix = prefix.as_deref().filter(|prefix| !prefix.is_empty());
        prefix.is_some_and(|prefix| text.starts_with(prefix))
    };
    let is_owned = |one: &Subscriber| {
        let reference = one.external_ref.as_ref();
        reference.is_some_and(|text| begins(&args.owned_ref_prefix, text.as_str()))
            || begins(&args.owned_login_prefix, &one.login)
    };
    let removal = Removal::Owned(&is_owned);
    let progress = Progress::new("reading");
    let watch = move |come_to, of| progress.reach(come_to, of);
    let comparison = compare_with(platform, catalogue, export, &removal, &watch).await?;
    Ok(comparison.forecast(platform).await)
}

/// Prints the plan and keeps it, unless its guard says no. What cannot be printed
/// changes neither.
fn finish<P: Platform>(
    platform: &P,
    schedule: &Schedule<P>,
    server: &str,
    args: &Args,
) -> Result<Status> {
    let printed = match args.json {
        true => print(JsonLines(schedule)),
        false => print(schedule.show(platform)),
    };
    if let Err(exceeded) = schedule.guard(args.limit) {
        return Err(Failure::guarded(format!("{exceeded}; no plan was kept"))
            .hint("look at the plan above; --limit allows more"));
    }
    let Some(path) = &args.output else {
        return ended(left_or_done(schedule), printed);
    };
    let mut file = Destination::open(Some(path))?;
    let now = Timestamp::now();
    match write_plan(platform, schedule, server, now, file.writer()) {
        Ok(()) => file.finish()?,
        Err(PlanFileError::Io(error)) => return Err(file.unwritable(error)),
        Err(error) => return Err(Failure::failed(format!("the plan: {error}"))),
    }
    say::note(&format!("the plan is in {}", path.display()));
    printed.map_err(|_| Failure::failed("the plan could not be shown"))?;
    Ok(left_or_done(schedule))
}

fn left_or_done<P: Platform>(schedule: &Schedule<P>) -> Status {
    match schedule.left().is_empty() {
        true => Status::Done,
        false => Status::Failed,
    }
}

/// Removes an older plan; a file that is none is not replaced.
fn remove_plan(path: &Path) -> Result<()> {
    let wrong = |what: String| Failure::usage(format!("{}: {what}", path.display()));
    let text = match fs::read(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(wrong(error.to_string())),
    };
    let header = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let header: serde_json::Value = serde_json::from_slice(header).unwrap_or_default();
    if header.get("jsonsql_plan").is_none() {
        return Err(wrong("is there, and is no plan".to_owned())
            .hint("--output names another file, or the file is removed first"));
    }
    fs::remove_file(path).map_err(|error| wrong(error.to_string()))
}

/// Returns `true` if this is a plan file that is there.
pub(super) fn is_there(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|file| file.is_file())
}
