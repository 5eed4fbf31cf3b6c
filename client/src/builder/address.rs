//! The address of the server.

use url::Url;

use crate::error::ConfigError;
use crate::http::address::checked;

/// The settings of the server's address.
#[derive(Debug, Clone, Default)]
pub(crate) struct Addresses {
    pub(super) domain: Option<String>,
    /// The address below which the two others are, and the setting it came from.
    pub(super) base: Option<(&'static str, String)>,
    pub(super) authorization: Option<String>,
    pub(super) data: Option<String>,
}

impl Addresses {
    /// The two addresses: for logins, for calls.
    pub(crate) fn resolve(self, plain_http: bool) -> Result<(Url, Url), ConfigError> {
        let base = match (self.base, self.domain) {
            (Some(_), Some(_)) => return Err(ConfigError::UrlAndDomain),
            (Some((setting, base)), None) => Some((setting, below(&base))),
            (None, Some(domain)) => Some(("domain", of_domain(&domain)?)),
            (None, None) => None,
        };
        let address = |setting, whole: Option<String>, name| match (whole, &base) {
            (Some(whole), _) => checked(&(setting, whole), plain_http),
            (None, Some((setting, base))) => {
                checked(&(setting, format!("{base}/{name}/")), plain_http)
            }
            (None, None) => Err(ConfigError::NoServer),
        };
        Ok((
            address("authorization_url", self.authorization, "jsonrpc")?,
            address("data_url", self.data, "jsonsql")?,
        ))
    }
}

/// The base of both addresses, of which the vendor's documents print one or the
/// other.
fn below(address: &str) -> String {
    let base = address.trim().trim_end_matches('/');
    let base = ["/jsonsql", "/jsonrpc"]
        .iter()
        .find_map(|end| base.strip_suffix(end))
        .unwrap_or(base);
    base.trim_end_matches('/').to_owned()
}

/// The hosts of the vendor's operators end so.
const VENDOR: &str = ".admin.iptvportal.ru";

fn of_domain(domain: &str) -> Result<String, ConfigError> {
    // It becomes part of a host name: with a dot or slash in it, the
    // password would go somewhere else.
    if is_label(domain) {
        return Ok(format!("https://{domain}{VENDOR}/api"));
    }
    // The whole host, or the address in a browser.
    let host = domain.trim().trim_start_matches("https://");
    let host = host.split(['/', ':']).next().unwrap_or_default();
    match host.strip_suffix(VENDOR) {
        Some(operator) if is_label(operator) => Err(ConfigError::DomainIsHost {
            operator: operator.to_owned(),
        }),
        _ => Err(ConfigError::Domain),
    }
}

fn is_label(domain: &str) -> bool {
    !domain.is_empty()
        && domain.len() <= 63
        && !domain.starts_with('-')
        && !domain.ends_with('-')
        && domain
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn urls(addresses: Addresses) -> Result<(String, String), ConfigError> {
        let (authorization, data) = addresses.resolve(false)?;
        Ok((authorization.into(), data.into()))
    }

    fn base(base: &str) -> Addresses {
        Addresses {
            base: Some(("url", base.to_owned())),
            ..Addresses::default()
        }
    }

    fn domain(domain: &str) -> Addresses {
        Addresses {
            domain: Some(domain.to_owned()),
            ..Addresses::default()
        }
    }

    #[test]
    fn a_base_with_and_without_api_and_a_domain() {
        let both = |base: &str| (format!("{base}/jsonrpc/"), format!("{base}/jsonsql/"));
        for (given, expected) in [
            ("https://10.0.0.1", "https://10.0.0.1"),
            (
                "https://admin.go.iptvportal.ru/api/",
                "https://admin.go.iptvportal.ru/api",
            ),
            // As the vendor's document prints them.
            (
                "https://go.admin.iptvportal.ru/api/jsonsql/",
                "https://go.admin.iptvportal.ru/api",
            ),
            (
                " https://go.admin.iptvportal.ru/api/jsonrpc",
                "https://go.admin.iptvportal.ru/api",
            ),
            ("http://127.0.0.1:80/api", "http://127.0.0.1/api"),
            ("http://[::1]:8080", "http://[::1]:8080"),
            ("http://localhost:1/x", "http://localhost:1/x"),
            ("https://h/notjsonsql", "https://h/notjsonsql"),
        ] {
            assert_eq!(urls(base(given)), Ok(both(expected)));
        }
        assert_eq!(
            urls(domain("operator")),
            Ok(both("https://operator.admin.iptvportal.ru/api"))
        );
    }

    #[test]
    fn a_whole_host_is_answered_with_what_to_give() {
        for host in [
            "oper-1.admin.iptvportal.ru",
            "https://oper-1.admin.iptvportal.ru/api/",
            "oper-1.admin.iptvportal.ru:443",
            " oper-1.admin.iptvportal.ru ",
        ] {
            let error = urls(domain(host)).unwrap_err();
            assert!(error.to_string().contains("give only `oper-1`"), "{error}");
        }
    }

    #[test]
    fn addresses_that_would_leak_are_refused() {
        for wrong in [
            "",
            "a.b",
            "evil.example/",
            "a@b",
            "a#",
            "-a",
            "a-",
            "evil.example/.admin.iptvportal.ru",
            "u:s3cret@x.admin.iptvportal.ru",
        ] {
            assert_eq!(urls(domain(wrong)), Err(ConfigError::Domain), "{wrong}");
        }
        for wrong in [
            "http://10.0.0.1",
            "http://localhost.example",
            "http://0.0.0.0",
        ] {
            let error = urls(base(wrong)).unwrap_err();
            assert_eq!(error, ConfigError::PlainHttp { setting: "url" });
        }
        for wrong in [
            "https://u:s3cret@h",
            "https://h/?s3cret=1",
            "ftp://h",
            "s3cret",
        ] {
            let error = urls(base(wrong)).unwrap_err();
            assert!(matches!(error, ConfigError::Url { .. }), "{error}");
            assert!(!format!("{error} {error:?}").contains("s3cret"));
        }
    }
}
