//! Brings subscribers from one platform to another.

use std::error::Error;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use jsonsql_client::Printable;
use jsonsql_client::provisioning::Platform;
use jsonsql_client::provisioning::migration::{Mapping, Passwords, Source, translate};
use jsonsql_client::provisioning::sync::{Removal, Schedule, compare_with};
use jsonsql_examples::out::{self, Out};
use jsonsql_examples::platform::{Connected, Login, Name, State};
use jsonsql_examples::progress::Progress;
use jsonsql_sandbox::Sandbox;

/// Brings subscribers with their boxes and packages from one platform to
/// another. First it says what gets lost; with --apply it does it.
///
/// Without addresses both platforms are a local sandbox, which needs nothing;
/// with that of the source alone the target is one, to rehearse.
///
/// Nothing is ever taken away on the target, and nothing written to the source.
/// It can be broken off at any time: run again, it does what is left.
#[derive(Parser)]
#[command(after_help = "\
Examples:
  migrate --from iptvportal --to tvip
  FROM_PASSWORD=… TO_PASSWORD=… migrate \\
      --from iptvportal --from-url https://operator.admin.iptvportal.ru/api --from-username admin \\
      --to tvip --to-url https://tms.example.net/api/provider --to-username admin \\
      --packages packages.csv --passwords passwords.csv --apply

The exit status is 0 if everything is as planned, 1 if anything was refused,
failed or is unknown, 2 if the arguments are wrong.")]
struct Options {
    /// The platform subscribers are on
    #[arg(long, value_enum)]
    from: Name,

    /// Its address; its password is taken from the variable `FROM_PASSWORD`
    #[arg(long, requires = "from_username")]
    from_url: Option<String>,

    /// Who logs in there
    #[arg(long, requires = "from_url")]
    from_username: Option<String>,

    /// The key of its only provider to be seen, of TVIP
    #[arg(long, value_name = "ID", requires = "from_url")]
    from_provider: Option<i64>,

    /// The platform they are brought to
    #[arg(long, value_enum)]
    to: Name,

    /// Its address; its password is taken from the variable `TO_PASSWORD`
    #[arg(long, requires_all = ["to_username", "from_url"])]
    to_url: Option<String>,

    /// Who logs in there
    #[arg(long, requires = "to_url")]
    to_username: Option<String>,

    /// The key of its only provider to be seen, of TVIP
    #[arg(long, value_name = "ID", requires = "to_url")]
    to_provider: Option<i64>,

    /// Which package is which: CSV with the columns from and to, of names or
    /// keys; what is not in it goes by equal names
    #[arg(long, value_name = "FILE")]
    packages: Option<PathBuf>,

    /// Where new passwords are written, readable by nobody else: no platform
    /// gives the old ones away
    #[arg(long, value_name = "FILE")]
    passwords: Option<PathBuf>,

    /// Creates subscribers without passwords
    #[arg(long, conflicts_with = "passwords")]
    no_passwords: bool,

    #[command(flatten)]
    state: State,

    /// Only says what would be done; so it is without --apply
    #[arg(long, conflicts_with = "apply")]
    dry_run: bool,

    /// Does it
    #[arg(long)]
    apply: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    out::ended(run(Options::parse()).await)
}

/// Returns whether everything is as planned.
async fn run(options: Options) -> Result<bool, Box<dyn Error>> {
    if options.apply && options.passwords.is_none() && !options.no_passwords {
        return Err("--apply needs --passwords FILE, or --no-passwords".into());
    }
    if options.from == options.to && options.from_url == options.to_url {
        return Err("source and target are the same".into());
    }
    let from = Login::of(
        options.from_url.as_deref(),
        options.from_username.as_deref(),
        options.from_provider,
        "FROM_PASSWORD",
    )?;
    let to = Login::of(
        options.to_url.as_deref(),
        options.to_username.as_deref(),
        options.to_provider,
        "TO_PASSWORD",
    )?;
    let _lock = options.state.lock(options.to, to.as_ref())?;
    let mut out = Out::of_one_that(options.apply);
    let sandbox = Sandbox::builder().start().await?;
    if from.is_none() || to.is_none() {
        writeln!(out, "A sandbox answers at {}", sandbox.url())?;
    }
    let from = from.unwrap_or_else(|| Login::of_sandbox(options.from, &sandbox));
    let to = to.unwrap_or_else(|| Login::of_sandbox(options.to, &sandbox));
    let source = match Connected::new(options.from, from)? {
        Connected::IptvPortal(platform) => Source::read(&platform).await?,
        Connected::Ministra(platform) => Source::read(&platform).await?,
        Connected::Tvip(platform) => Source::read(&platform).await?,
    };
    match Connected::new(options.to, to)? {
        Connected::IptvPortal(target) => migrate(&source, &target, &options, &mut out).await,
        Connected::Ministra(target) => migrate(&source, &target, &options, &mut out).await,
        Connected::Tvip(target) => migrate(&source, &target, &options, &mut out).await,
    }
}

async fn migrate<P: Platform>(
    source: &Source,
    target: &P,
    options: &Options,
    out: &mut Out,
) -> Result<bool, Box<dyn Error>> {
    let catalogue = Arc::new(target.catalogue().await?);
    let packages = target.packages(&catalogue);
    let mapping = match &options.packages {
        None => Mapping::by_names(&source.packages, &packages),
        Some(path) => {
            let told = |what: String| format!("{}: {what}", path.display());
            let file = File::open(path).map_err(|error| told(error.to_string()))?;
            Mapping::read(file, &source.packages, &packages)
                .map_err(|problems| told(problems.join("\n  ")))?
        }
    };
    let (wanted, losses) = translate(source, &mapping, &target.capabilities());
    let watch = Progress::watcher("reading");
    let comparison = compare_with(target, catalogue, &wanted, &Removal::Nothing, &watch).await?;
    drop(watch);
    let mut schedule = comparison.forecast(target).await;
    let count = source.subscribers.len();
    writeln!(out, "\n{}: {count} subscribers\n", source.platform)?;
    write!(
        out,
        "What gets lost:\n{count:>6}  passwords, which cannot be read\n{losses}"
    )?;
    writeln!(out, "\nWhat is done on {}:", target.name())?;
    write!(out, "{}", schedule.show(target))?;
    let all_can_be = schedule.left().is_empty();
    if schedule.items().is_empty() {
        writeln!(out, "\nThere is nothing to do.")?;
        return Ok(all_can_be);
    }
    if !options.apply {
        writeln!(out, "\nNothing was done. With --apply it is.")?;
        return Ok(all_can_be);
    }
    if let Some(path) = &options.passwords {
        give_passwords(&mut schedule, path)
            .map_err(|error| format!("{}: {error}; nothing was done", path.display()))?;
        writeln!(out, "\nPasswords are in {}.", Printable(path.display()))?;
    }
    let applied = schedule
        .apply_supervised(target, &Progress::supervisor("migrating"))
        .await;
    write!(out, "\nDone:\n{applied}")?;
    if !applied.is_complete() {
        writeln!(out, "\nRun it again: what is left is planned anew.")?;
    }
    Ok(applied.is_complete() && all_can_be)
}

/// New passwords for all who are to be created; those who are on the target
/// already keep theirs.
fn give_passwords<P: Platform>(schedule: &mut Schedule<P>, path: &Path) -> std::io::Result<()> {
    let passwords = Passwords::open(path)?.of(&schedule.created())?;
    schedule.set_passwords(|login| passwords.get(login).cloned());
    Ok(())
}
