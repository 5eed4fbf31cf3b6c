//! The sandbox as a command: `jsonsql-sandbox --help`, `jsonsql sandbox --help`.

use std::future::{Future, poll_fn};
use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::pin::pin;
use std::process::ExitCode;
use std::task::Poll;

use clap::{Args, ValueEnum};

use crate::engine::Place;
use crate::faults::Faults;
use crate::ministra::MinistraSeed;
use crate::tvip::TvipSeed;
use crate::{
    Builder, ChangeWithoutReturning, DottedText, Error, MacForm, Refusal, Sandbox, Seed,
    ServerBehavior, SessionsPerUser, SubscriberDelete, TerminalOverLimit, Tls, UnknownOrderBy,
    Vendor,
};

mod limit_args;
mod ministra_args;
mod tvip_args;

use limit_args::LimitArgs;
use ministra_args::MinistraArgs;
use tvip_args::TvipArgs;

/// A local IPTVPORTAL server for development and tests.
///
/// Speaks JSONSQL over JSON-RPC and executes every statement on an embedded SQL
/// engine, or on PostgreSQL (--database); beside it, the REST APIs of a Ministra
/// (Stalker) and of TVIP TMS. The first line on standard output is a JSON object with the
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
///   curl -u stalker:secret_pass http://127.0.0.1:8080/stalker_portal/api/accounts/12345
///
///   curl -u admin:adminpassword http://127.0.0.1:8080/api/provider/accounts
///
/// What it was asked, and how it is set up while it runs:
///
///   curl http://127.0.0.1:8080/_sandbox/v1/requests
///
///   curl http://127.0.0.1:8080/_sandbox/v1/openapi.json
#[derive(Args)]
#[command(verbatim_doc_comment)]
pub struct Options {
    /// The address to listen on; port 0 is any free one.
    #[arg(long, default_value = "127.0.0.1:0", value_name = "IP:PORT")]
    listen: SocketAddr,

    /// One more address, at which only this vendor's server answers
    /// (iptvportal, ministra, tvip), at its own paths. May be repeated.
    #[arg(long, value_name = "VENDOR=IP:PORT", value_parser = vendor)]
    listen_for: Vec<(Vendor, SocketAddr)>,

    /// Allow an address that other machines can reach. There is one password:
    /// only for networks without strangers.
    #[arg(long)]
    allow_remote: bool,

    /// One more name that requests may be addressed to, such as the one that a
    /// network of containers gives it. May be repeated.
    #[arg(long, value_name = "NAME")]
    allow_host: Vec<String>,

    /// Serve HTTPS: with a certificate made now, which the first line on
    /// standard output has, or with one from two files of PEM.
    #[arg(long, value_name = "self-signed|CERT,KEY")]
    tls: Option<Tls>,

    /// Keep the database in this SQLite file, or on PostgreSQL if this is a
    /// URL, postgres://user@host/database, which needs a build with the feature
    /// `postgres`. A new one gets the seed, and what is in it survives a restart
    /// and a kill. A file belongs to one sandbox at a time. Without it everything
    /// is in memory and gone at the end.
    #[arg(
        long,
        env = "JSONSQL_DATABASE",
        hide_env_values = true,
        value_name = "FILE|URL"
    )]
    database: Option<PathBuf>,

    /// What a new database starts with: demo (a small operator), empty (one
    /// domain), documents (what the examples of the vendors' documents use, which
    /// can then be pasted), generate:N (that many subscribers, always the same),
    /// or a JSON file of tables, accounts and rows of your own. The Ministra and
    /// TVIP surfaces start with the demo too, unless it is empty or documents; and
    /// where the database has their records, with those.
    #[arg(
        long,
        default_value = "demo",
        value_name = "demo|empty|documents|generate:N|FILE"
    )]
    seed: String,

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

    /// One more account, and the domain whose rows it sees; may be given
    /// several times. The first account is of domain 1.
    #[arg(long, value_name = "NAME:PASSWORD:DOMAIN", value_parser = account)]
    account: Vec<(String, String, i32)>,

    /// Fail on purpose, by the plan in this JSON file.
    #[arg(long, value_name = "FILE")]
    faults: Option<PathBuf>,

    /// Write every request to this file, one JSON object a line: the SQL with
    /// `?` for its values, the rows changed, the answer's status.
    #[arg(long, value_name = "FILE")]
    journal: Option<PathBuf>,

    /// How a call without a valid session is refused (not known of the
    /// vendor's server).
    #[arg(long, value_enum, default_value = "error-object", value_name = "HOW")]
    session_refused_with: RefusalName,

    /// How many sessions a user has at a time (not known of the vendor's
    /// server).
    #[arg(long, value_enum, default_value = "many", value_name = "HOW MANY")]
    sessions_per_user: SessionsName,

    /// The answer to a change without `returning` (not known of the vendor's
    /// server).
    #[arg(long, value_enum, default_value = "empty-list", value_name = "WHAT")]
    change_without_returning: ChangeName,

    /// How MAC addresses are written in answers (not known of the vendor's
    /// server).
    #[arg(long, value_enum, default_value = "colons", value_name = "FORM")]
    mac_form: MacName,

    /// What becomes of a terminal for a subscriber who has as many as
    /// `max_terminal` allows (not known of the vendor's server).
    #[arg(long, value_enum, default_value = "accepted", value_name = "WHAT")]
    terminal_over_limit: OverLimitName,

    /// What becomes of the terminals and packages of a subscriber who is
    /// deleted: the delete is refused, or they go too (not known of the
    /// vendor's server).
    #[arg(long, value_enum, default_value = "refused", value_name = "WHAT")]
    subscriber_delete: SubscriberDeleteName,

    /// What a text like "tv_channel.name" is (not known of the vendor's
    /// server).
    #[arg(long, value_enum, default_value = "text", value_name = "WHAT")]
    dotted_text: DottedName,

    /// What ordering by a name that is no column does (not known of the
    /// vendor's server).
    #[arg(long, value_enum, default_value = "ignored", value_name = "WHAT")]
    unknown_order_by: OrderByName,

    #[command(flatten)]
    limits: LimitArgs,
    #[command(flatten)]
    ministra: MinistraArgs,
    #[command(flatten)]
    tvip: TvipArgs,
}

fn vendor(text: &str) -> Result<(Vendor, SocketAddr), String> {
    let (vendor, address) = text
        .split_once('=')
        .ok_or("expected VENDOR=IP:PORT, such as ministra=127.0.0.1:8088")?;
    let address: Result<SocketAddr, _> = address.parse();
    Ok((vendor.parse()?, address.map_err(|error| error.to_string())?))
}

fn account(text: &str) -> Result<(String, String, i32), String> {
    let parsed = text.split_once(':').and_then(|(username, rest)| {
        // A password may have colons in it.
        let (password, domain) = rest.rsplit_once(':')?;
        Some((
            username.to_owned(),
            password.to_owned(),
            domain.parse().ok()?,
        ))
    });
    parsed.ok_or_else(|| "expected NAME:PASSWORD:DOMAIN, the domain a number".to_owned())
}

#[derive(Clone, Copy, ValueEnum)]
enum RefusalName {
    ErrorObject,
    ErrorString,
    Http401,
    Http403,
}

#[derive(Clone, Copy, ValueEnum)]
enum SessionsName {
    Many,
    One,
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

#[derive(Clone, Copy, ValueEnum)]
enum OverLimitName {
    Accepted,
    Refused,
}

#[derive(Clone, Copy, ValueEnum)]
enum SubscriberDeleteName {
    Refused,
    Cascades,
}

#[derive(Clone, Copy, ValueEnum)]
enum DottedName {
    Text,
    Column,
}

#[derive(Clone, Copy, ValueEnum)]
enum OrderByName {
    Ignored,
    Refused,
}

impl Options {
    /// Returns `true` if the database is to be on PostgreSQL.
    pub fn is_on_postgres(&self) -> bool {
        let place = self.database.clone().map(Place::of);
        matches!(place, Some(Place::Postgres(_)))
    }

    fn behavior(&self) -> ServerBehavior {
        ServerBehavior {
            session_refused_with: match self.session_refused_with {
                RefusalName::ErrorObject => Refusal::ErrorObject,
                RefusalName::ErrorString => Refusal::ErrorString,
                RefusalName::Http401 => Refusal::Http401,
                RefusalName::Http403 => Refusal::Http403,
            },
            sessions_per_user: match self.sessions_per_user {
                SessionsName::Many => SessionsPerUser::Many,
                SessionsName::One => SessionsPerUser::One,
            },
            change_without_returning: match self.change_without_returning {
                ChangeName::EmptyList => ChangeWithoutReturning::EmptyList,
                ChangeName::Null => ChangeWithoutReturning::Null,
                ChangeName::Count => ChangeWithoutReturning::Count,
            },
            mac_form: match self.mac_form {
                MacName::Colons => MacForm::Colons,
                MacName::Dashes => MacForm::Dashes,
            },
            terminal_over_limit: match self.terminal_over_limit {
                OverLimitName::Accepted => TerminalOverLimit::Accepted,
                OverLimitName::Refused => TerminalOverLimit::Refused,
            },
            subscriber_delete: match self.subscriber_delete {
                SubscriberDeleteName::Refused => SubscriberDelete::Refused,
                SubscriberDeleteName::Cascades => SubscriberDelete::Cascades,
            },
            dotted_text: match self.dotted_text {
                DottedName::Text => DottedText::Text,
                DottedName::Column => DottedText::Column,
            },
            unknown_order_by: match self.unknown_order_by {
                OrderByName::Ignored => UnknownOrderBy::Ignored,
                OrderByName::Refused => UnknownOrderBy::Refused,
            },
        }
    }

    async fn start(self) -> Result<Sandbox, Error> {
        let behavior = self.behavior();
        let (ministra_seed, tvip_seed) = match self.seed.as_str() {
            "empty" => (MinistraSeed::Empty, TvipSeed::Empty),
            "documents" => (MinistraSeed::Documents, TvipSeed::Documents),
            _ => (MinistraSeed::Demo, TvipSeed::Demo),
        };
        let mut builder = Sandbox::builder();
        if tvip_seed == TvipSeed::Documents {
            builder = builder.allow_host(Builder::DOCUMENTED_HOST);
        }
        let tvip = self.tvip.options(tvip_seed)?;
        builder = builder
            .listen(self.listen)
            .username(self.username)
            .password(self.password)
            .limits(self.limits.limits())
            .behavior(behavior)
            .tvip(tvip)
            .seed(self.seed.parse::<Seed>()?);
        builder = self.ministra.apply(builder, ministra_seed)?;
        for (vendor, address) in self.listen_for {
            builder = builder.listen_for(vendor, address);
        }
        for (username, password, domain) in self.account {
            builder = builder.account(username, password, domain);
        }
        if let Some(file) = self.faults {
            builder = builder.faults(Faults::from_file(file)?);
        }
        if let Some(file) = self.journal {
            builder = builder.journal(file);
        }
        for name in self.allow_host {
            builder = builder.allow_host(name);
        }
        if let Some(tls) = self.tls {
            builder = builder.tls(tls);
        }
        if self.allow_remote {
            builder = builder.allow_remote();
        }
        if let Some(file) = self.database {
            builder = builder.database(file);
        }
        builder.start().await
    }
}

/// The exit status of wrong arguments, which that of an unknown flag is, too.
const USAGE: u8 = 2;

/// Runs a sandbox until Ctrl-C. What goes wrong is said on standard error; with a setting
/// that cannot be used the exit status is that of wrong arguments.
pub async fn run(options: Options) -> ExitCode {
    let sandbox = match options.start().await {
        Ok(sandbox) => sandbox,
        Err(error) if error.is_setting() => {
            return ended(&error.to_string(), ExitCode::from(USAGE));
        }
        Err(error) => return failed(&error.to_string()),
    };
    let mut interrupted = pin!(tokio::signal::ctrl_c());
    // Listened for from now on, since who reads the addresses may interrupt.
    let early = poll_fn(|cx| Poll::Ready(interrupted.as_mut().poll(cx))).await;
    let mut urls = serde_json::json!({
        "control": sandbox.control_url(),
        "jsonrpc": sandbox.jsonrpc_url(),
        "jsonsql": sandbox.jsonsql_url(),
        "ministra": sandbox.ministra_url(),
        "tvip": sandbox.tvip_url(),
    });
    if let Some(certificate) = sandbox.certificate() {
        urls["certificate"] = certificate.into();
    }
    let mut stdout = io::stdout();
    if let Err(error) = writeln!(stdout, "{urls}").and_then(|()| stdout.flush()) {
        return failed(&format!("cannot write to standard output: {error}"));
    }
    let waited = match early {
        Poll::Ready(waited) => waited,
        Poll::Pending => interrupted.await,
    };
    if let Err(error) = waited {
        return failed(&format!("cannot wait for Ctrl-C: {error}"));
    }
    sandbox.stop().await;
    ExitCode::SUCCESS
}

fn failed(message: &str) -> ExitCode {
    ended(message, ExitCode::FAILURE)
}

fn ended(message: &str, code: ExitCode) -> ExitCode {
    // Nowhere is left to say that this failed too.
    let _ = writeln!(io::stderr(), "error: {message}");
    code
}
