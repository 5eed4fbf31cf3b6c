//! Where the server is.

use url::{Host, Url};

use crate::error::ConfigError;

/// What was said about where the server is.
#[derive(Debug, Clone, Default)]
pub(super) struct Addresses {
    pub(super) authorization: Option<(&'static str, String)>,
    pub(super) data: Option<(&'static str, String)>,
}

impl Addresses {
    /// Both below one base, as every known installation but one has them.
    pub(super) fn below(setting: &'static str, base: &str) -> Addresses {
        let base = base.trim_end_matches('/');
        Addresses {
            authorization: Some((setting, format!("{base}/jsonrpc/"))),
            data: Some((setting, format!("{base}/jsonsql/"))),
        }
    }

    pub(super) fn of_domain(domain: &str) -> Result<Addresses, ConfigError> {
        // It becomes part of a host name: with a dot or slash in it, the
        // password would go somewhere else.
        let is_label = !domain.is_empty()
            && domain.len() <= 63
            && domain
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-');
        if !is_label {
            return Err(ConfigError::Domain);
        }
        let base = format!("https://{domain}.admin.iptvportal.ru/api");
        Ok(Addresses::below("domain", &base))
    }

    /// The two addresses: for logins, for calls.
    pub(super) fn resolve(&self, plain_http: bool) -> Result<(Url, Url), ConfigError> {
        match (&self.authorization, &self.data) {
            (Some(authorization), Some(data)) => Ok((
                checked(authorization, plain_http)?,
                checked(data, plain_http)?,
            )),
            _ => Err(ConfigError::NoServer),
        }
    }
}

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

#[cfg(test)]
mod tests {
    use super::*;

    fn urls(addresses: Addresses) -> Result<(String, String), ConfigError> {
        let (authorization, data) = addresses.resolve(false)?;
        Ok((authorization.into(), data.into()))
    }

    #[test]
    fn a_base_with_and_without_api_and_a_domain() {
        let both = |base: &str| (format!("{base}/jsonrpc/"), format!("{base}/jsonsql/"));
        for (base, expected) in [
            ("https://10.0.0.1", "https://10.0.0.1"),
            (
                "https://admin.go.iptvportal.ru/api/",
                "https://admin.go.iptvportal.ru/api",
            ),
            ("http://127.0.0.1:80/api", "http://127.0.0.1/api"),
            ("http://[::1]:8080", "http://[::1]:8080"),
            ("http://localhost:1/x", "http://localhost:1/x"),
        ] {
            assert_eq!(urls(Addresses::below("url", base)), Ok(both(expected)));
        }
        assert_eq!(
            urls(Addresses::of_domain("operator").unwrap()),
            Ok(both("https://operator.admin.iptvportal.ru/api"))
        );
    }

    #[test]
    fn addresses_that_would_leak_are_refused() {
        for domain in ["", "a.b", "evil.example/", "a@b", "a#"] {
            assert_eq!(
                Addresses::of_domain(domain).unwrap_err(),
                ConfigError::Domain
            );
        }
        for base in [
            "http://10.0.0.1",
            "http://localhost.example",
            "http://0.0.0.0",
        ] {
            let error = urls(Addresses::below("url", base)).unwrap_err();
            assert_eq!(error, ConfigError::PlainHttp { setting: "url" });
        }
        for base in [
            "https://u:s3cret@h",
            "https://h/?s3cret=1",
            "ftp://h",
            "s3cret",
        ] {
            let error = urls(Addresses::below("url", base)).unwrap_err();
            assert!(matches!(error, ConfigError::Url { .. }), "{error}");
            assert!(!format!("{error} {error:?}").contains("s3cret"));
        }
    }
}
