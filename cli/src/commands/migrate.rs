//! `jsonsql migrate`: subscribers of one platform, on another one.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jsonsql_client::provisioning::Platform as Adapter;
use jsonsql_client::provisioning::migration::{Mapping, Passwords, Source, translate};
use jsonsql_client::provisioning::sync::{Removal, Schedule, compare_with};

use super::apply::Run;
use crate::exit::{Failure, Result, Status, ended};
use crate::lock::LockArgs;
use crate::output::print;
use crate::progress::Progress;
use crate::say;
use crate::stop::Stop;
use crate::target::{Connection, Platform, TargetArgs, on_platform, open, open_target};

/// Brings the subscribers of one platform to another one
///
/// The server of the usual flags is the source, which is only read. The target is
/// named by the flags that begin with --to, or by the variables of the same names:
/// JSONSQL_TO_URL, JSONSQL_TO_USERNAME, JSONSQL_TO_PASSWORD and so on. First it says what
/// gets lost and what would be done; with --write it does that, and can be run again
/// after any end.
///
///   jsonsql migrate --profile portal --to-profile tms --passwords passwords.csv --write
///   jsonsql migrate --profile portal --to-platform tvip \
///       --to-url https://tms.example.net/api --to-username admin --to-provider 1
#[derive(clap::Args)]
#[command(verbatim_doc_comment, after_help = crate::exit::HELP)]
pub(crate) struct Args {
    #[command(flatten)]
    source: TargetArgs,

    #[command(flatten)]
    target: ToArgs,

    /// Which package is which: CSV with the columns `from` and `to`, of names or keys;
    /// what is not in it goes by equal names
    #[arg(long, value_name = "FILE")]
    packages: Option<PathBuf>,

    /// Where new passwords are written, readable by nobody else: no platform gives the
    /// old ones away
    #[arg(long, value_name = "FILE")]
    passwords: Option<PathBuf>,

    /// Creates subscribers without passwords
    #[arg(long, conflicts_with = "passwords")]
    no_passwords: bool,

    /// Does it; without it, it is only shown
    #[arg(long)]
    write: bool,

    /// Answers the question beforehand with yes
    #[arg(long, short, requires = "write")]
    yes: bool,

    /// The report file
    #[arg(long, value_name = "FILE", default_value = "migration.report.jsonl")]
    report: PathBuf,

    #[command(flatten)]
    lock: LockArgs,
}

/// The flags that name the target.
#[derive(clap::Args)]
#[command(next_help_heading = "Target")]
struct ToArgs {
    /// The profile of the target; by default `JSONSQL_TO_PROFILE`
    #[arg(long, value_name = "NAME")]
    to_profile: Option<String>,

    /// A sandbox of this run as the target, of this platform
    #[arg(long, value_enum, value_name = "PLATFORM",
        conflicts_with_all = ["to_profile", "to_url", "to_domain", "to_username", "to_provider"])]
    to_sandbox: Option<Platform>,

    /// The platform of the target; by default the profile's, or `iptvportal`
    #[arg(long, value_enum, value_name = "PLATFORM")]
    to_platform: Option<Platform>,

    /// The address of the target
    #[arg(long, value_name = "URL", conflicts_with = "to_domain")]
    to_url: Option<String>,

    /// The operator's domain at IPTVPORTAL, instead of an address
    #[arg(long, value_name = "NAME")]
    to_domain: Option<String>,

    /// The login at the target; the password is taken from `JSONSQL_TO_PASSWORD` or the
    /// profile
    #[arg(long, value_name = "NAME")]
    to_username: Option<String>,

    /// The provider whose accounts are written, on TVIP
    #[arg(long, value_name = "ID")]
    to_provider: Option<i64>,

    /// As --timeout, for the target
    #[arg(long, value_name = "TIME")]
    to_timeout: Option<String>,

    /// As --ca, for the target
    #[arg(long, value_name = "FILE")]
    to_ca: Option<PathBuf>,

    /// As --proxy, for the target
    #[arg(long, value_name = "URL")]
    to_proxy: Option<String>,
}

/// Runs the command.
pub(crate) async fn run(args: Args) -> Result<Status> {
    if args.write && args.passwords.is_none() && !args.no_passwords {
        return Err(Failure::usage(
            "--write needs --passwords FILE, or --no-passwords",
        ));
    }
    let source = open(&args.source).await?;
    let target = target(&args).await?;
    if source.is_sandbox() && !target.is_sandbox() {
        return Err(Failure::usage(
            "the source is a sandbox and the target is not: invented subscribers stay in sandboxes",
        ));
    }
    if !source.is_sandbox() && source.address == target.address {
        return Err(Failure::usage("source and target are the same server"));
    }
    let _lock = args.lock.take(&target)?;
    let mut stop = Stop::listen()?;
    let read = on_platform!(source, platform => stop.reading(Source::read(&platform)).await??);
    on_platform!(target, platform => migrate(&platform, &read, &args, stop).await)
}

async fn target(args: &Args) -> Result<Connection> {
    let to = &args.target;
    if let Some(platform) = to.to_sandbox {
        return Connection::to_sandbox(platform, Default::default()).await;
    }
    // Nothing of the source's flags but the file of all profiles.
    let target = TargetArgs {
        profile: to.to_profile.clone(),
        config: args.source.config.clone(),
        platform: to.to_platform,
        url: to.to_url.clone(),
        domain: to.to_domain.clone(),
        username: to.to_username.clone(),
        provider: to.to_provider,
        timeout: to.to_timeout.clone(),
        ca: to.to_ca.clone(),
        proxy: to.to_proxy.clone(),
        ..TargetArgs::default()
    };
    open_target(&target).await
}

async fn migrate<P: Adapter>(
    target: &P,
    source: &Source,
    args: &Args,
    mut stop: Stop,
) -> Result<Status> {
    let mut schedule = stop.reading(compared(target, source, args)).await??;
    if !args.write {
        let printed = print(schedule.show(target));
        say::note("nothing was done; --write does it");
        return ended(left_or_done(&schedule), printed);
    }
    let left = left_or_done(&schedule);
    let run = Run {
        report: &args.report,
        is_agreed: args.yes,
        json: false,
        stop,
    };
    let Some(agreed) = run.ask(target, &schedule).await? else {
        return Ok(left);
    };
    if let Some(path) = &args.passwords {
        give_passwords(&mut schedule, path)?;
    }
    let done = agreed.apply(target, schedule).await?;
    Ok(done.and(left))
}

/// Compares what is there with what the source has, and says what gets lost.
async fn compared<P: Adapter>(target: &P, source: &Source, args: &Args) -> Result<Schedule<P>> {
    let catalogue = Arc::new(target.catalogue().await?);
    let packages = target.packages(&catalogue);
    let mapping = match &args.packages {
        None => Mapping::by_names(&source.packages, &packages),
        Some(path) => {
            let wrong = |what: String| Failure::usage(format!("{}: {what}", path.display()));
            let file = File::open(path).map_err(|error| wrong(error.to_string()))?;
            let read = Mapping::read(file, &source.packages, &packages);
            read.map_err(|problems| wrong(problems.join("\n")))?
        }
    };
    let (wanted, losses) = translate(source, &mapping, &target.capabilities());
    let progress = Progress::new("reading");
    let watch = move |come_to, of| progress.reach(come_to, of);
    let comparison = compare_with(target, catalogue, wanted, &Removal::Nothing, &watch).await?;
    drop(watch);
    let schedule = comparison.forecast(target).await;
    let count = source.subscribers.len();
    let lost = print(format!(
        "{count} subscribers of {}. What gets lost:\n{count:>6}  passwords, which cannot be read\n{losses}\n",
        source.platform
    ));
    // Who is asked has to have seen it.
    if args.write && !args.yes && lost.is_err() {
        return Err(Failure::failed(
            "what gets lost cannot be shown; nothing was done",
        ));
    }
    Ok(schedule)
}

fn left_or_done<P: Adapter>(schedule: &Schedule<P>) -> Status {
    match schedule.left().is_empty() {
        true => Status::Done,
        false => Status::Failed,
    }
}

/// New passwords for all who are to be created, in the file before they are sent;
/// those who are on the target already keep theirs.
fn give_passwords<P: Adapter>(schedule: &mut Schedule<P>, path: &Path) -> Result<()> {
    let given = Passwords::open(path).and_then(|mut file| file.of(&schedule.created()));
    let passwords = given.map_err(|error| {
        Failure::failed(format!("{}: {error}; nothing was done", path.display()))
    })?;
    schedule.set_passwords(|login| passwords.get(login).cloned());
    Ok(())
}
