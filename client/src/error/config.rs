//! Settings that no client can be built from.

use crate::sanitize::Printable;

/// A client that cannot be built as told.
///
/// It names the setting and never repeats its value: an address may have a
/// password in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// Neither a domain nor an address was given.
    #[error("no server: give `domain`, `url`, or `authorization_url` and `data_url`")]
    NoServer,
    /// A name and a password are needed for every session.
    #[error("no credentials: give `credentials`")]
    NoCredentials,
    /// Credentials that are none, or that cannot be sent.
    #[error("credentials: {problem}")]
    Credentials {
        /// The problem with them.
        problem: &'static str,
    },
    /// Both say where the server is.
    #[error("both `url` and `domain` are given: which one is meant?")]
    UrlAndDomain,
    /// Not the name of an operator: letters, digits and hyphens.
    #[error("the domain is not a host name label: give only the operator's name")]
    Domain,
    /// The operator's host, where its name alone was expected.
    #[error("the domain is a whole host: give only `{operator}`")]
    DomainIsHost {
        /// The operator's name.
        operator: String,
    },
    /// Not an address of a server.
    #[error("{setting}: {problem}")]
    Url {
        /// The setting.
        setting: &'static str,
        /// The problem with it.
        problem: &'static str,
    },
    /// Plain HTTP would show the password to the network.
    #[error("{setting}: plain HTTP to another host; use HTTPS, or say `allow_plain_http`")]
    PlainHttp {
        /// The address in question.
        setting: &'static str,
    },
    /// Not a certificate in PEM.
    #[error("the root certificate is not PEM: {}", Printable(_0))]
    RootCertificate(String),
    /// Not a limit that anything passes.
    #[error("{setting} must not be zero")]
    Zero {
        /// The limit in question.
        setting: &'static str,
    },
    /// An environment variable that is needed, or has a value that is not text.
    #[error("environment variable {name}: {problem}")]
    Variable {
        /// Its name.
        name: &'static str,
        /// The problem with it.
        problem: &'static str,
    },
    /// The HTTP client could not be set up.
    #[error("the HTTP client could not be set up: {}", Printable(_0))]
    Http(String),
    /// The blocking client could not start its thread.
    #[error("no thread for the blocking client: {}", Printable(_0))]
    Thread(String),
}
