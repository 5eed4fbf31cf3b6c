//! `jsonsql doctor`: what of a server works, found out by reads.

use std::time::Duration;

use jsonsql_client::{Error, LoginError, Printable, TransportErrorKind, Url};
use serde_json::{Value, json};
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;

use crate::exit::{Result, Status, ended};
use crate::output::print;
use crate::stop::Stop;
use crate::target::{AnyClient, Connection, TargetArgs, open};

mod clock;
mod portal;

/// Tries a server step by step, and says what is wrong and what to do
///
/// Only reads: the address, the login, a first read of each kind, the clock (by the
/// server's `now()` on IPTVPORTAL, else by the header `Date` of its answers), and on
/// IPTVPORTAL which tables fit and which of the unknown behaviours this server has. Each step is
/// a line that begins with `ok`, `warn` or `fail`; if one failed, the exit status is 1.
#[derive(clap::Args)]
#[command(verbatim_doc_comment, after_help = crate::exit::HELP)]
pub(crate) struct Args {
    /// Prints one JSON array
    ///
    /// Its items have `level` (`ok`, `warn`, `fail`), `step`, `text`, and `advice`,
    /// which is null where none is needed.
    #[arg(long, verbatim_doc_comment)]
    json: bool,

    #[command(flatten)]
    target: TargetArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    Ok,
    Warn,
    Fail,
}

impl Level {
    fn name(self) -> &'static str {
        match self {
            Level::Ok => "ok",
            Level::Warn => "warn",
            Level::Fail => "fail",
        }
    }
}

/// The finding of one step.
#[derive(Debug)]
struct Finding {
    level: Level,
    step: &'static str,
    text: String,
    advice: Option<String>,
}

impl Finding {
    fn ok(step: &'static str, text: impl Into<String>) -> Finding {
        Finding {
            level: Level::Ok,
            step,
            text: text.into(),
            advice: None,
        }
    }

    fn warn(step: &'static str, text: impl Into<String>, advice: impl Into<String>) -> Finding {
        Finding {
            level: Level::Warn,
            advice: Some(advice.into()),
            ..Finding::ok(step, text)
        }
    }

    fn fail(step: &'static str, text: impl Into<String>, advice: impl Into<String>) -> Finding {
        Finding {
            level: Level::Fail,
            ..Finding::warn(step, text, advice)
        }
    }

    fn object(&self) -> Value {
        json!({
            "level": self.level.name(),
            "step": self.step,
            "text": self.text,
            "advice": self.advice,
        })
    }
}

/// Runs the command.
pub(crate) async fn run(args: Args) -> Result<Status> {
    let connection = open(&args.target).await?;
    let mut stop = Stop::listen()?;
    let has_proxy = args.target.proxy.is_some();
    let findings = stop.reading(examined(&connection, has_proxy)).await?;
    let text = match args.json {
        true => {
            let objects = findings.iter().map(Finding::object);
            format!("{}\n", Value::Array(objects.collect()))
        }
        false => lines(&findings),
    };
    let is_bad = findings.iter().any(|one| one.level == Level::Fail);
    let status = match is_bad {
        true => Status::Failed,
        false => Status::Done,
    };
    ended(status, print(&text))
}

fn lines(findings: &[Finding]) -> String {
    let mut text = String::new();
    for one in findings {
        let (level, step) = (one.level.name(), one.step);
        text.push_str(&format!("{level}: {step}: {}\n", Printable(&one.text)));
    }
    let advice: Vec<&String> = findings
        .iter()
        .filter_map(|one| one.advice.as_ref())
        .collect();
    if advice.is_empty() {
        text.push_str("advice: nothing to do\n");
    }
    for advice in advice {
        text.push_str(&format!("advice: {}\n", Printable(advice)));
    }
    text
}

async fn examined(connection: &Connection, has_proxy: bool) -> Vec<Finding> {
    let mut findings = Vec::new();
    if has_proxy {
        findings.push(Finding::ok("address", "through a proxy"));
    } else {
        address(&connection.address, &mut findings).await;
    }
    let backend = connection.backend();
    let first = backend.packages().collect().await;
    match first {
        Ok(packages) => {
            if connection.address.starts_with("https:") {
                findings.push(Finding::ok("tls", "the certificate is trusted"));
            }
            findings.push(Finding::ok("login", "accepted"));
            findings.push(Finding::ok("packages", packages.len().to_string()));
        }
        Err(error) => {
            let is_over = is_of_the_way(&error);
            findings.push(judged("login", &error));
            // Without a connection or a login everything else would say the same.
            if is_over {
                return findings;
            }
        }
    }
    findings.push(match backend.subscribers().next().await {
        None => Finding::warn(
            "subscribers",
            "there are none",
            "where there should be some, look whose subscribers this login sees",
        ),
        Some(Ok(_)) => Finding::ok("subscribers", "can be read"),
        Some(Err(error)) => judged("subscribers", &error),
    });
    findings.push(match backend.channels().next().await {
        None => Finding::warn(
            "channels",
            "there are none",
            "look whether this login sees channels",
        ),
        Some(Ok(_)) => Finding::ok("channels", "can be read"),
        Some(Err(error)) => judged("channels", &error),
    });
    match connection.client() {
        AnyClient::IptvPortal(client) => portal::examine(client, &mut findings).await,
        AnyClient::Ministra(client) => findings.push(clock::of_date(client.server_time())),
        AnyClient::Tvip(client) => findings.push(clock::of_date(client.server_time())),
    }
    findings
}

/// The limit of time for a name or a connection.
const PATIENCE: Duration = Duration::from_secs(10);

/// Looks up the host, and connects to it.
async fn address(address: &str, findings: &mut Vec<Finding>) {
    let host = Url::parse(address).ok().and_then(|url| {
        let port = url.port_or_known_default()?;
        Some((url.host_str()?.trim_matches(['[', ']']).to_owned(), port))
    });
    let Some((host, port)) = host else {
        findings.push(Finding::ok("address", address));
        return;
    };
    // It may be that only a proxy of the environment has the name or the way: then
    // the login says more.
    let advice = "look at the address, at DNS and firewalls; --proxy goes through a proxy";
    let names = timeout(PATIENCE, lookup_host((host.as_str(), port))).await;
    let places: Vec<_> = match names {
        Ok(Ok(places)) => places.collect(),
        Ok(Err(error)) => {
            findings.push(Finding::warn("dns", format!("{host}: {error}"), advice));
            return;
        }
        Err(_) => {
            findings.push(Finding::warn("dns", format!("{host}: no answer"), advice));
            return;
        }
    };
    findings.push(Finding::ok(
        "dns",
        match places.len() {
            1 => format!("{host} has 1 address"),
            count => format!("{host} has {count} addresses"),
        },
    ));
    let connected = timeout(PATIENCE, TcpStream::connect(places.as_slice())).await;
    findings.push(match connected {
        Ok(Ok(_)) => Finding::ok("tcp", format!("port {port} is open")),
        Ok(Err(error)) => Finding::warn("tcp", format!("port {port}: {error}"), advice),
        Err(_) => Finding::warn("tcp", format!("port {port}: no answer"), advice),
    });
}

/// Returns `true` if the error is of the connection or the login, not of what was read.
fn is_of_the_way(error: &Error) -> bool {
    matches!(
        error,
        Error::Login(_)
            | Error::Transport(_)
            | Error::Status { .. }
            | Error::Denied { .. }
            | Error::Protocol(_)
            | Error::Config(_)
    )
}

/// The finding of an error, with advice.
fn judged(step: &'static str, error: &Error) -> Finding {
    let advice = match cause(error) {
        Error::Login(_) | Error::Denied { .. } => {
            "look at login and password, and whether the account may use the interface"
        }
        Error::Transport(error) => match error.kind() {
            TransportErrorKind::Connect => "look at the address, at DNS and firewalls",
            TransportErrorKind::Proxy => "look at the proxy's address, and whether it lets through",
            TransportErrorKind::Tls => {
                "--ca trusts a certificate of one's own; look whether the server speaks HTTPS at this port"
            }
            TransportErrorKind::Timeout => "try --timeout with a longer time",
            _ => "try again; then look at what stands between here and the server",
        },
        Error::Status { .. } | Error::Protocol(_) => {
            "look at the path of the address, and whether something else answers in the server's place"
        }
        _ => "this server differs from what is known: report it with this line",
    };
    Finding::fail(step, error.to_string(), advice)
}

/// Returns the cause of a failed login.
fn cause(error: &Error) -> &Error {
    match error {
        Error::Login(LoginError::Failed(inner)) => inner,
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lines_end_in_advice_and_cannot_be_forged() {
        let findings = [
            Finding::ok("dns", "found"),
            Finding::fail("login", "no\nok: login: accepted", "look at the password"),
        ];
        assert_eq!(
            lines(&findings),
            "ok: dns: found\nfail: login: no\\nok: login: accepted\nadvice: look at the password\n"
        );
        assert!(lines(&findings[..1]).ends_with("advice: nothing to do\n"));
    }
}
