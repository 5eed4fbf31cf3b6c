//! Makes a platform what a billing's export says, every night.

use std::error::Error;
use std::fs::File;
use std::io::{BufReader, BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use jsonsql_client::Printable;
use jsonsql_client::provisioning::Platform;
use jsonsql_client::provisioning::model::{Subscriber, Timestamp};
use jsonsql_client::provisioning::sync::export::{Export, ExportReader};
use jsonsql_client::provisioning::sync::{
    Limit, Removal, RunLock, Schedule, WantedRows, compare_with, read_plan, write_plan,
};
use jsonsql_examples::out::{self, Out};
use jsonsql_examples::platform::{Connected, Login, Server, State, sample};
use jsonsql_examples::progress::Progress;
use jsonsql_sandbox::Sandbox;

/// Compares a billing's export with a platform and prints what differs; with
/// --apply it makes the platform the same.
///
/// Without options it does so with an example's export in a local sandbox,
/// which needs nothing.
///
/// The export is CSV with a header: `external_ref`, `login`, `enabled` (1 or 0)
/// and, where the billing manages them, `name`, `phone`, `email`, `address`,
/// `note`, `device_limit`, `packages` and `macs`, of which there may be several
/// with `;` between them. A column that is left out is not touched on the
/// platform; an empty cell is empty there.
///
/// It can be broken off at any time. Run again, it plans only what is left.
#[derive(Parser)]
#[command(after_help = "\
Examples:
  nightly_sync --apply --limit 5
  nightly_sync billing.csv --url https://operator.admin.iptvportal.ru/api \\
      --username admin --owned-ref-prefix LB- --limit 1% --apply

The exit status is 0 if everything is as planned, 1 if anybody is left as they
are, anything was refused, failed or is unknown, 2 if the arguments are wrong.")]
struct Options {
    /// The export, `-` for standard input; without it, in a sandbox, an example's
    #[arg(conflicts_with = "from_plan")]
    export: Option<PathBuf>,

    #[command(flatten)]
    server: Server,

    /// Makes the changes; without it they are only shown
    #[arg(long)]
    apply: bool,

    /// Saves the plan, to be looked at and applied later
    #[arg(long, value_name = "FILE")]
    save_plan: Option<PathBuf>,

    /// Takes the plan that was saved instead of an export
    #[arg(long, value_name = "FILE", requires = "url")]
    from_plan: Option<PathBuf>,

    /// Subscribers whose external reference begins like this are deleted when
    /// they are not in the export
    #[arg(long, value_name = "PREFIX")]
    owned_ref_prefix: Option<String>,

    /// Subscribers whose login begins like this are deleted when they are not in
    /// the export
    #[arg(long, value_name = "PREFIX")]
    owned_login_prefix: Option<String>,

    /// From how many subscribers something may be taken away: they are deleted
    /// or disabled, lose a terminal or a package, or a field is cleared. A
    /// number, or a percentage of those the export could touch, then three in
    /// any case; if there were more, nothing at all is done
    #[arg(long, value_name = "N|N%", default_value_t)]
    limit: Limit,

    /// Takes an export that has lost more subscribers than the limit since the
    /// last one that was applied
    #[arg(long)]
    smaller: bool,

    #[command(flatten)]
    state: State,

    /// The export's encoding, such as windows-1251
    #[arg(long, value_name = "NAME", default_value = "utf-8")]
    encoding: String,

    /// Allows line breaks within the export's cells
    #[arg(long)]
    line_breaks_in_cells: bool,

    /// Allows the export's last line to have no end
    #[arg(long)]
    unterminated: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    out::ended(run(Options::parse()).await)
}

/// Returns whether everything is as planned.
async fn run(options: Options) -> Result<bool, Box<dyn Error>> {
    let login = options.server.login()?;
    let export = match (&options.from_plan, login.is_some()) {
        (Some(_), _) => None,
        (None, is_real) => Some(export(&options, is_real)?),
    };
    let mut lock = options
        .state
        .lock(options.server.platform, login.as_ref())?;
    if let (Some(lock), Some(export), false) = (&mut lock, &export, options.smaller) {
        lock.check_size(export.len(), options.limit)
            .map_err(|shrunk| format!("{shrunk}; nothing was done. With --smaller it is taken"))?;
    }
    let mut out = Out::of_one_that(options.apply);
    let sandbox;
    let login = match login {
        Some(login) => login,
        None => {
            sandbox = Sandbox::builder().start().await?;
            writeln!(out, "A sandbox answers at {}", sandbox.url())?;
            Login::of_sandbox(options.server.platform, &sandbox)
        }
    };
    match Connected::new(options.server.platform, login)? {
        Connected::IptvPortal(platform) => sync(&platform, export, lock, &options, &mut out).await,
        Connected::Ministra(platform) => sync(&platform, export, lock, &options, &mut out).await,
        Connected::Tvip(platform) => sync(&platform, export, lock, &options, &mut out).await,
    }
}

fn export(options: &Options, is_real: bool) -> Result<Export, Box<dyn Error>> {
    let reader = ExportReader::new()
        .line_breaks_in_cells(options.line_breaks_in_cells)
        .unterminated(options.unterminated)
        .encoding(&options.encoding)
        .ok_or("the encoding is not known")?;
    let (name, read) = match &options.export {
        Some(path) => (path.display().to_string(), reader.open(path)),
        None if is_real => return Err("which export? See --help".into()),
        None => {
            let sample = sample(options.server.platform);
            (
                "the example's export".to_owned(),
                reader.read(sample.as_bytes()),
            )
        }
    };
    Ok(read.map_err(|error| format!("{name} cannot be used; nothing was done:\n{error}"))?)
}

async fn sync<P: Platform>(
    platform: &P,
    export: Option<Export>,
    mut lock: Option<RunLock>,
    options: &Options,
    out: &mut Out,
) -> Result<bool, Box<dyn Error>> {
    let rows = export.as_ref().map(WantedRows::len);
    let schedule = match (export, &options.from_plan) {
        (Some(export), _) => plan(platform, export, options, out).await?,
        (None, Some(path)) => read_plan(platform, BufReader::new(File::open(path)?))?,
        (None, None) => return Err("which export? See --help".into()),
    };
    write!(out, "{}", schedule.show(platform))?;
    if let Err(exceeded) = schedule.guard(options.limit) {
        writeln!(out, "\nRefused: {exceeded}. Nothing is done.")?;
        return Ok(false);
    }
    let all_can_be = schedule.left().is_empty();
    if let (Some(lock), Some(rows), true) = (&mut lock, rows, options.apply) {
        lock.keep_size(rows)?;
    }
    if let Some(path) = &options.save_plan {
        let file = BufWriter::new(File::create(path)?);
        write_plan(&schedule, Timestamp::now(), file)?;
        writeln!(out, "\nThe plan is in {}.", Printable(path.display()))?;
    }
    if schedule.items().is_empty() {
        writeln!(out, "\nThere is nothing to do.")?;
        return Ok(all_can_be);
    }
    if !options.apply {
        writeln!(out, "\nNothing was done. With --apply it is.")?;
        return Ok(all_can_be);
    }
    let applied = schedule
        .apply_supervised(platform, &Progress::supervisor("applying"))
        .await;
    write!(out, "\nApplied:\n{applied}")?;
    if !applied.is_complete() {
        writeln!(out, "\nRun it again: what is left is planned anew.")?;
    }
    Ok(applied.is_complete() && all_can_be)
}

async fn plan<P: Platform>(
    platform: &P,
    export: Export,
    options: &Options,
    out: &mut Out,
) -> Result<Schedule<P>, Box<dyn Error>> {
    let catalogue = Arc::new(platform.catalogue().await?);
    let export = export.with_packages(&platform.packages(&catalogue));
    let (name, count) = (platform.name(), export.len());
    writeln!(out, "\n{name}; the export: {count} subscribers\n")?;
    for capability in export.lacking(&platform.capabilities()) {
        writeln!(out, "Not compared: {name} has no {capability}.\n")?;
    }
    let begins = |prefix: &Option<String>, text: &str| {
        let prefix = prefix.as_deref().filter(|prefix| !prefix.is_empty());
        prefix.is_some_and(|prefix| text.starts_with(prefix))
    };
    let is_owned = |one: &Subscriber| {
        let reference = one.external_ref.as_ref();
        reference.is_some_and(|text| begins(&options.owned_ref_prefix, text.as_str()))
            || begins(&options.owned_login_prefix, &one.login)
    };
    let removal = Removal::Owned(&is_owned);
    let watch = Progress::watcher("reading");
    let comparison = compare_with(platform, catalogue, &export, &removal, &watch).await?;
    drop(watch);
    Ok(comparison.forecast(platform).await)
}
