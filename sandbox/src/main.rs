//! The sandbox as a program: `jsonsql-sandbox --help`.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use jsonsql_sandbox::tvip::TvipSeed;
use jsonsql_sandbox::{ChangeWithoutReturning, Error, MacForm, Refusal, Sandbox, Seed, Unknowns};

mod tvip_args;

use tvip_args::TvipArgs;

/// A local IPTVPORTAL server for development and tests.
///
/// Speaks JSONSQL over JSON-RPC and executes every statement on an embedded SQL
/// engine. The first line on standard output is a JSON object with the
/// addresses to use. Ctrl-C stops it.
///
/// Try it:
///
///   jsonsql-sandbox --listen 127.0.0.1:8080
///
///   curl http://127.0.0.1:8080/api/jsonrpc/ -d '{"jsonrpc":"2.0","id":1,
///     "method":"authorize_user","params":{"username":"admin","password":"adminpassword"}}'
///
///   curl http://127.0.0.1:8080/api/jsonsql/ -H 'Iptvportal-Authorization: sessionid=SESSION_ID'
///     -d '{"jsonrpc":"2.0","id":2,"method":"select","params":{"data":["id","username"],"from":"subscriber"}}'
///
///   curl -u admin:adminpassword http://127.0.0.1:8080/api/provider/accounts
#[derive(Parser)]
#[command(version, verbatim_doc_comment)]
struct Options {
    /// The address to listen on; port 0 is any free one.
    #[arg(long, default_value = "127.0.0.1:0", value_name = "IP:PORT")]
    listen: SocketAddr,

    /// Allow an address that other machines can reach. There is one password
    /// and no TLS: only for networks without strangers.
    #[arg(long)]
    allow_remote: bool,

    /// Keep the database in this SQLite file; a new file gets the seed.
    /// Without it everything is in memory and gone at the end.
    #[arg(long, value_name = "FILE")]
    database: Option<PathBuf>,

    /// What a new database starts with, and the TVIP surface, which keeps
    /// nothing, every time.
    #[arg(long, value_enum, default_value = "demo")]
    seed: SeedName,

    /// The name to log in with.
    #[arg(long, default_value = "admin")]
    username: String,

    /// The password to log in with; better given in the environment, where
    /// other users of the machine do not see it.
    #[arg(
        long,
        env = "JSONSQL_PASSWORD",
        hide_env_values = true,
        default_value = "adminpassword"
    )]
    password: String,

    /// How a call without a valid session is refused (not known of the
    /// vendor's server).
    #[arg(long, value_enum, default_value = "error-object", value_name = "HOW")]
    session_refused_with: RefusalName,

    /// The answer to a change without `returning` (not known of the vendor's
    /// server).
    #[arg(long, value_enum, default_value = "empty-list", value_name = "WHAT")]
    change_without_returning: ChangeName,

    /// How MAC addresses are written in answers (not known of the vendor's
    /// server).
    #[arg(long, value_enum, default_value = "colons", value_name = "FORM")]
    mac_form: MacName,

    #[command(flatten)]
    tvip: TvipArgs,
}

#[derive(Clone, Copy, ValueEnum)]
enum SeedName {
    /// A small operator: a dozen subscribers, terminals, packages, ten channels.
    Demo,
    /// One domain and nothing else.
    Empty,
}

#[derive(Clone, Copy, ValueEnum)]
enum RefusalName {
    ErrorObject,
    ErrorString,
    Http401,
    Http403,
}

#[derive(Clone, Copy, ValueEnum)]
enum ChangeName {
    EmptyList,
    Null,
    Count,
}

#[derive(Clone, Copy, ValueEnum)]
enum MacName {
    Colons,
    Dashes,
}

impl Options {
    fn unknowns(&self) -> Unknowns {
        let mut unknowns = Unknowns::default();
        unknowns.session_refused_with = match self.session_refused_with {
            RefusalName::ErrorObject => Refusal::ErrorObject,
            RefusalName::ErrorString => Refusal::ErrorString,
            RefusalName::Http401 => Refusal::Http401,
            RefusalName::Http403 => Refusal::Http403,
        };
        unknowns.change_without_returning = match self.change_without_returning {
            ChangeName::EmptyList => ChangeWithoutReturning::EmptyList,
            ChangeName::Null => ChangeWithoutReturning::Null,
            ChangeName::Count => ChangeWithoutReturning::Count,
        };
        unknowns.mac_form = match self.mac_form {
            MacName::Colons => MacForm::Colons,
            MacName::Dashes => MacForm::Dashes,
        };
        unknowns
    }

    async fn start(self) -> Result<Sandbox, Error> {
        let unknowns = self.unknowns();
        let tvip = self.tvip.options(match self.seed {
            SeedName::Demo => TvipSeed::Demo,
            SeedName::Empty => TvipSeed::Empty,
        })?;
        let mut builder = Sandbox::builder()
            .listen(self.listen)
            .username(self.username)
            .password(self.password)
            .unknowns(unknowns)
            .tvip(tvip)
            .seed(match self.seed {
                SeedName::Demo => Seed::Demo,
                SeedName::Empty => Seed::Empty,
            });
        if self.allow_remote {
            builder = builder.allow_remote();
        }
        if let Some(file) = self.database {
            builder = builder.database(file);
        }
        builder.start().await
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let sandbox = match Options::parse().start().await {
        Ok(sandbox) => sandbox,
        Err(error) => return failed(&error.to_string()),
    };
    let urls = serde_json::json!({
        "jsonrpc": sandbox.jsonrpc_url(),
        "jsonsql": sandbox.jsonsql_url(),
        "tvip": sandbox.tvip_url(),
    });
    let mut stdout = io::stdout();
    if let Err(error) = writeln!(stdout, "{urls}").and_then(|()| stdout.flush()) {
        return failed(&format!("cannot write to standard output: {error}"));
    }
    if let Err(error) = tokio::signal::ctrl_c().await {
        return failed(&format!("cannot wait for Ctrl-C: {error}"));
    }
    sandbox.stop().await;
    ExitCode::SUCCESS
}

fn failed(message: &str) -> ExitCode {
    // Nowhere is left to say that this failed too.
    let _ = writeln!(io::stderr(), "jsonsql-sandbox: {message}");
    ExitCode::FAILURE
}
