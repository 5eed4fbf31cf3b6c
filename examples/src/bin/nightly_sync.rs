//! Makes a platform what a billing's export says, every night.

use std::error::Error;
use std::fs::File;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use jsonsql_client::Printable;
use jsonsql_client::backend::Backend;
use jsonsql_examples::export::{Export, Problem};
use jsonsql_examples::out::{self, Out};
use jsonsql_examples::platform::{Login, Server, connect, sample};
use jsonsql_examples::progress::Progress;
use jsonsql_examples::sync::compare::{Removal, Rules, compare};
use jsonsql_examples::sync::forecast::forecast;
use jsonsql_examples::sync::perform::perform;
use jsonsql_examples::sync::plan::{Limit, Ownership};
use jsonsql_examples::sync::state::State;
use jsonsql_sandbox::Sandbox;

/// Compares a billing's export with a platform and prints what differs; with
/// --apply it makes the platform the same.
///
/// Without options it does so with an example's export in a local sandbox,
/// which needs nothing.
///
/// The export is CSV with a header: `external_ref`, `login`, `enabled` (1 or 0)
/// and, where the billing manages them, `name`, `phone`, `email`, `packages` and
/// `macs`, of which there may be several with `;` between them. A column that
/// is left out is not touched on the platform.
///
/// It can be broken off at any time. Run again, it plans only what is left.
#[derive(Parser)]
#[command(after_help = "\
Examples:
  nightly_sync --apply
  nightly_sync billing.csv --url https://operator.admin.iptvportal.ru/api \\
      --username admin --owned-ref-prefix LB- --max-deletes 1% --apply

The exit status is 0 if everything is as planned, 1 if anything was refused,
failed or is unknown, 2 if the arguments are wrong.")]
struct Options {
    /// The export; without it, in a sandbox, an example's
    export: Option<PathBuf>,

    #[command(flatten)]
    server: Server,

    /// Makes the changes; without it they are only shown
    #[arg(long)]
    apply: bool,

    /// Subscribers whose external reference begins like this are deleted when
    /// they are not in the export
    #[arg(long, value_name = "PREFIX")]
    owned_ref_prefix: Option<String>,

    /// Subscribers whose login begins like this are deleted when they are not in
    /// the export
    #[arg(long, value_name = "PREFIX")]
    owned_login_prefix: Option<String>,

    /// How many subscribers may be deleted: a number, or a percentage of those
    /// owned; if there were more, nothing at all is done
    #[arg(long, value_name = "N|N%", default_value = "10")]
    max_deletes: Limit,
}

#[tokio::main]
async fn main() -> ExitCode {
    out::ended(run(Options::parse()).await)
}

/// Whether everything is as planned.
async fn run(options: Options) -> Result<bool, Box<dyn Error>> {
    let login = options.server.login()?;
    let (name, export) = match &options.export {
        Some(path) => {
            let file = File::open(path).map_err(|error| format!("{}: {error}", path.display()))?;
            (path.display().to_string(), Export::read(file))
        }
        None if login.is_none() => {
            let sample = sample(options.server.platform);
            (
                "the example's export".to_owned(),
                Export::read(sample.as_bytes()),
            )
        }
        None => return Err("which export? See --help".into()),
    };
    let export = export.map_err(|problems| told(&name, &problems))?;
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
    let platform = connect(options.server.platform, login)?;
    sync(&*platform, &name, export, &options, &mut out).await
}

async fn sync(
    platform: &dyn Backend,
    name: &str,
    export: Export,
    options: &Options,
    out: &mut Out,
) -> Result<bool, Box<dyn Error>> {
    let state = State::read(platform).await?;
    writeln!(
        out,
        "\n{}: {} subscribers; {}: {}\n",
        platform.platform(),
        state.subscribers.len(),
        Printable(name),
        export.subscribers()
    )?;
    let capabilities = platform.capabilities();
    let (managed, lost) = export.managed.kept_by(&capabilities);
    let wanted = export.resolve(&state.packages);
    let wanted = wanted.map_err(|problems| told(name, &problems))?;
    let owned = Ownership {
        reference_prefix: options.owned_ref_prefix.clone(),
        login_prefix: options.owned_login_prefix.clone(),
    };
    let rules = Rules::of(managed, Removal::Owned(owned), &capabilities);
    let plan = compare(&wanted, &state, &rules);

    let mut progress = Progress::new("looking ahead", plan.steps.len());
    let forecast = forecast(platform, &plan.steps, &mut progress).await?;
    drop(progress);
    write!(out, "{}", plan.with(&forecast))?;
    for capability in lost {
        writeln!(
            out,
            "\nNot compared: {} has no {capability}.",
            platform.platform()
        )?;
    }
    if !plan.keeps(options.max_deletes) {
        writeln!(
            out,
            "\nRefused: {} of {} owned subscribers would be deleted, and --max-deletes is {}. \
             Nothing is done.",
            plan.deletes(),
            plan.owned,
            options.max_deletes
        )?;
        return Ok(false);
    }
    if plan.steps.is_empty() {
        writeln!(out, "\nThere is nothing to do.")?;
        return Ok(plan.conflicts.is_empty());
    }
    if !options.apply {
        writeln!(out, "\nNothing was done. With --apply it is.")?;
        return Ok(plan.conflicts.is_empty());
    }

    let mut progress = Progress::new("applying", plan.steps.len());
    let outcome = perform(platform, &plan.steps, &mut progress).await;
    drop(progress);
    write!(out, "\nApplied:\n{outcome}")?;
    if !outcome.is_complete() {
        writeln!(out, "\nRun it again: what is left is planned anew.")?;
    }
    Ok(outcome.is_complete() && plan.conflicts.is_empty())
}

/// All the problems of an export, each on its line.
fn told(name: &str, problems: &[Problem]) -> String {
    let lines: Vec<String> = problems.iter().map(|one| format!("\n  {one}")).collect();
    format!("{name} cannot be used; nothing was done:{}", lines.concat())
}
