//! The address of a server.

use url::{Host, Url};

use crate::error::ConfigError;

/// The address, if nothing sent there leaks.
pub(crate) fn checked(
    (setting, address): &(&'static str, String),
    plain_http: bool,
) -> Result<Url, ConfigError> {
    let wrong = |problem| ConfigError::Url { setting, problem };
    let url = Url::parse(address).map_err(|_| wrong("not an address such as https://host/api"))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong("has a user or password in it; use `credentials`"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(wrong("has a query or a fragment"));
    }
    match url.scheme() {
        "https" => Ok(url),
        "http" if plain_http || is_loopback(&url) => Ok(url),
        "http" => Err(ConfigError::PlainHttp { setting }),
        _ => Err(wrong("neither https nor http")),
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}
