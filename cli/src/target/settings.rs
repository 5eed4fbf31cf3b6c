//! The choice of a server out of profile, environment and flags: a pure function.

use std::path::PathBuf;
use std::time::Duration;

use jsonsql_sandbox::Seed;

use super::args::{Platform, TargetArgs};
use super::config::{Config, Password, Profile};
use crate::exit::{Failure, Result};

/// The sandbox or server that a command talks to.
#[derive(Debug)]
pub(crate) enum Chosen {
    /// A sandbox of this run.
    Sandbox { platform: Platform, seed: Seed },
    /// A real server, and where the password is kept.
    Server(Box<Server>, Secret),
}

/// A real server, and how to log in there.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) platform: Platform,
    pub(crate) address: Address,
    pub(crate) username: String,
    /// The only provider whose accounts are seen and written, on TVIP.
    pub(crate) provider: Option<i64>,
    pub(crate) way: Way,
    /// The source of the address, for messages: "profile `main`".
    pub(crate) origin: String,
}

/// The settings of the connection to a server.
#[derive(Debug, Default)]
pub(crate) struct Way {
    pub(crate) timeout: Option<Duration>,
    pub(crate) connect_timeout: Option<Duration>,
    pub(crate) ca: Option<PathBuf>,
    pub(crate) proxy: Option<String>,
    pub(crate) allow_plain_http: bool,
}

/// The address of a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Address {
    Url(String),
    /// The operator's domain at IPTVPORTAL.
    Domain(String),
}

/// The source of a password.
#[derive(Debug)]
pub(crate) enum Secret {
    Text(Password),
    /// The first line that this command prints.
    Command(String),
    /// The entry of this name in the system's keyring.
    Keyring(String),
}

/// The beginnings of the names that a server's settings have.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Names {
    pub(crate) variables: &'static str,
    pub(crate) flags: &'static str,
}

impl Names {
    /// The server of a command.
    pub(crate) const SERVER: Names = Names {
        variables: "JSONSQL_",
        flags: "--",
    };

    /// The second server, to which subscribers are brought.
    pub(crate) const TARGET: Names = Names {
        variables: "JSONSQL_TO_",
        flags: "--to-",
    };

    fn variable(self, name: &str) -> String {
        format!("{}{name}", self.variables)
    }

    fn flag(self, name: &str) -> String {
        format!("{}{name}", self.flags)
    }
}

/// Chooses the server.
///
/// An address of the environment or of a flag has no use for a profile's login:
/// a password never goes to another server than the one it was written for.
///
/// # Errors
///
/// When no server is named, a profile is not there, two addresses of one place
/// differ, or login or password is missing.
pub(crate) fn choose(
    args: &TargetArgs,
    names: Names,
    variable: &dyn Fn(&str) -> Option<String>,
    config: &Config,
) -> Result<Chosen> {
    if args.sandbox {
        return Ok(Chosen::Sandbox {
            platform: args.platform.unwrap_or(Platform::Iptvportal),
            seed: args.seed.clone().unwrap_or_default(),
        });
    }
    // An empty variable is how many shells and containers unset one.
    let variable = |name| variable(&names.variable(name)).filter(|value| !value.is_empty());
    let profile = profile(args.profile.clone().or_else(|| variable("PROFILE")), config)?;
    let from_profile = match &profile {
        Some((name, profile)) => {
            let address = one_address(profile.url.clone(), profile.domain.clone(), &|| {
                format!("`url` and `domain` of profile `{name}`")
            })?;
            address.map(|address| (address, format!("profile `{name}`")))
        }
        None => None,
    };
    let both = |url: String, domain: String| format!("{url} and {domain}");
    let from_environment = one_address(variable("URL"), variable("DOMAIN"), &|| {
        both(names.variable("URL"), names.variable("DOMAIN"))
    })?
    .map(|address| (address, "the environment".to_owned()));
    let from_flags = one_address(args.url.clone(), args.domain.clone(), &|| {
        both(names.flag("url"), names.flag("domain"))
    })?
    .map(|address| (address, "the command line".to_owned()));

    let stronger = from_flags.or(from_environment);
    let is_the_profiles = stronger.is_none();
    let Some((address, origin)) = stronger.or(from_profile) else {
        return Err(nowhere(names, config));
    };
    let profile = match profile {
        Some((_, profile)) if is_the_profiles => profile.clone(),
        Some(_) | None => Profile::default(),
    };

    let username = (args.username.clone())
        .or_else(|| variable("USERNAME"))
        .or_else(|| profile.username.clone())
        .ok_or_else(|| {
            let place = format!(
                "{} or {}",
                names.variable("USERNAME"),
                names.flag("username")
            );
            missing("login", &place, &origin)
        })?;
    let given = variable("PASSWORD").map(|text| Secret::Text(Password(text)));
    let password = match given {
        Some(given) => given,
        None => kept(&profile, &origin)?
            .ok_or_else(|| missing("password", &names.variable("PASSWORD"), &origin))?,
    };
    let platform = match (args.platform, variable("PLATFORM")) {
        (Some(platform), _) => platform,
        (None, Some(name)) => platform_of(&names.variable("PLATFORM"), &name)?,
        (None, None) => profile.platform.unwrap_or(Platform::Iptvportal),
    };
    let provider = args.provider.or(profile.provider);
    if provider.is_some() && platform != Platform::Tvip {
        return Err(Failure::usage("only TVIP has providers"));
    }
    if matches!(address, Address::Domain(_)) && platform != Platform::Iptvportal {
        return Err(Failure::usage(format!(
            "only IPTVPORTAL has domains, and the platform is {}: give its address with --url or `url`",
            platform.name()
        )));
    }
    let server = Server {
        platform,
        address,
        username,
        provider,
        way: Way {
            timeout: time(args.timeout.as_deref().or(profile.timeout.as_deref()))?,
            connect_timeout: time(profile.connect_timeout.as_deref())?,
            ca: args.ca.clone().or(profile.ca),
            proxy: args.proxy.clone().or(profile.proxy),
            allow_plain_http: profile.allow_plain_http,
        },
        origin,
    };
    Ok(Chosen::Server(Box::new(server), password))
}

/// Returns where a profile keeps its password.
fn kept(profile: &Profile, origin: &str) -> Result<Option<Secret>> {
    let Profile {
        password,
        password_command,
        keyring,
        ..
    } = profile.clone();
    let kept = [
        ("password", password.map(Secret::Text)),
        ("password_command", password_command.map(Secret::Command)),
        ("keyring", keyring.map(Secret::Keyring)),
    ];
    let mut kept = kept
        .into_iter()
        .filter_map(|(name, secret)| Some((name, secret?)));
    let first = kept.next();
    if let (Some((one, _)), Some((other, _))) = (&first, kept.next()) {
        return Err(Failure::usage(format!(
            "{origin} has both `{one}` and `{other}`: which one is meant?"
        )));
    }
    Ok(first.map(|(_, secret)| secret))
}

/// The profile that is asked for, by name or as the file's default.
fn profile(named: Option<String>, config: &Config) -> Result<Option<(String, &Profile)>> {
    let Some(name) = named.or_else(|| config.default.clone()) else {
        return Ok(None);
    };
    match config.profiles.get(&name) {
        Some(profile) => Ok(Some((name, profile))),
        None => {
            let failure = Failure::usage(format!("there is no profile `{name}`"));
            Err(match config.profiles.is_empty() {
                true => failure.hint("the configuration file has no profiles"),
                false => failure.hint(format!("there are {}", profile_names(config))),
            })
        }
    }
}

fn profile_names(config: &Config) -> String {
    let names: Vec<String> = (config.profiles.keys())
        .map(|name| format!("`{name}`"))
        .collect();
    names.join(", ")
}

fn one_address(
    url: Option<String>,
    domain: Option<String>,
    places: &dyn Fn() -> String,
) -> Result<Option<Address>> {
    match (url, domain) {
        (Some(_), Some(_)) => {
            let places = places();
            Err(Failure::usage(format!(
                "{places} are both set: which one is meant?"
            )))
        }
        (Some(url), None) => Ok(Some(Address::Url(url))),
        (None, Some(domain)) => Ok(Some(Address::Domain(domain))),
        (None, None) => Ok(None),
    }
}

fn nowhere(names: Names, config: &Config) -> Failure {
    let (variable, flag) = (|name| names.variable(name), |name| names.flag(name));
    let failure = Failure::usage(match names.variables == Names::TARGET.variables {
        true => "no target is named",
        false => "no server is named",
    });
    let sandbox = flag("sandbox");
    if config.profiles.is_empty() {
        return failure.hint(format!(
            "{sandbox} tries it on a local one; for a real server set {} (or {}), \
             {} and {}, or write a profile: `jsonsql profiles --help`",
            variable("URL"),
            variable("DOMAIN"),
            variable("USERNAME"),
            variable("PASSWORD"),
        ));
    }
    failure.hint(format!(
        "{} takes one of {}; {sandbox} tries it on a local one",
        flag("profile"),
        profile_names(config)
    ))
}

fn missing(thing: &str, place: &str, origin: &str) -> Failure {
    Failure::usage(format!("the {thing} is missing for the server of {origin}")).hint(format!(
        "set {place}; another profile's is not used for this address"
    ))
}

fn platform_of(variable: &str, name: &str) -> Result<Platform> {
    <Platform as clap::ValueEnum>::from_str(name, false).map_err(|_| {
        Failure::usage(format!(
            "{variable} is `{name}`, and has to be iptvportal, ministra or tvip"
        ))
    })
}

fn time(text: Option<&str>) -> Result<Option<Duration>> {
    text.map(duration).transpose().map_err(Failure::usage)
}

/// Reads `90`, `90s`, `5m` or `500ms`.
///
/// # Errors
///
/// What is wrong, in words.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let wrong = || format!("`{text}` is no time: write `90s`, `5m` or `500ms`");
    let number: u32 = number.parse().map_err(|_| wrong())?;
    let one = match unit {
        "ms" => Duration::from_millis(1),
        "" | "s" => Duration::from_secs(1),
        "m" => Duration::from_secs(60),
        _ => return Err(wrong()),
    };
    match one.saturating_mul(number) {
        Duration::ZERO => Err(format!("`{text}`: a time has to be longer than nothing")),
        time => Ok(time),
    }
}

#[cfg(test)]
mod tests;
