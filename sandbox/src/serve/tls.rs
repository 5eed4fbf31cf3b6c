//! Certificates: one made at the start, or the user's own.

use std::path::PathBuf;
use std::sync::Arc;

use rcgen::{CertifiedKey, generate_simple_self_signed};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::error::Error;

/// With which certificate the sandbox serves HTTPS.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Tls {
    /// One made at the start, for `localhost`, `127.0.0.1` and `::1`. Clients
    /// have to trust [`Sandbox::certificate`](crate::Sandbox::certificate).
    SelfSigned,
    /// One from files, as PEM: the certificate with its chain, and its key.
    Files {
        /// The certificate, and those that lead to its root.
        certificate: PathBuf,
        /// The private key.
        key: PathBuf,
    },
}

impl std::str::FromStr for Tls {
    type Err = String;

    /// Reads `self-signed` or `CERT,KEY`.
    fn from_str(text: &str) -> Result<Tls, String> {
        if text == "self-signed" {
            return Ok(Tls::SelfSigned);
        }
        match text.split_once(',') {
            Some((certificate, key)) if !certificate.is_empty() && !key.is_empty() => {
                Ok(Tls::Files {
                    certificate: certificate.into(),
                    key: key.into(),
                })
            }
            _ => Err("expected `self-signed`, or two files of PEM, `CERT,KEY`".to_owned()),
        }
    }
}

/// The acceptor that serves a certificate, and the certificate as PEM if it was
/// made here.
pub(crate) struct Secured {
    pub(crate) acceptor: TlsAcceptor,
    pub(crate) certificate: Option<String>,
}

impl Tls {
    /// Makes or reads the certificate.
    pub(crate) fn secured(&self, names: &[String]) -> Result<Secured, Error> {
        let (chain, key, certificate) = match self {
            Tls::SelfSigned => {
                let loopback = ["localhost", "127.0.0.1", "::1"].map(str::to_owned);
                let names: Vec<String> =
                    loopback.into_iter().chain(names.iter().cloned()).collect();
                let CertifiedKey { cert, signing_key } = generate_simple_self_signed(names)
                    .map_err(|error| Error::Tls(error.to_string()))?;
                let key = PrivateKeyDer::try_from(signing_key.serialize_der())
                    .map_err(|error| Error::Tls(error.to_owned()))?;
                (vec![cert.der().clone()], key, Some(cert.pem()))
            }
            Tls::Files { certificate, key } => {
                let wrong = |path: &PathBuf, error: &dyn std::fmt::Display| {
                    Error::Tls(format!("{}: {error}", path.display()))
                };
                let chain: Vec<_> = CertificateDer::pem_file_iter(certificate)
                    .and_then(Iterator::collect)
                    .map_err(|error| wrong(certificate, &error))?;
                if chain.is_empty() {
                    return Err(wrong(certificate, &"there is no certificate in it"));
                }
                let found =
                    PrivateKeyDer::from_pem_file(key).map_err(|error| wrong(key, &error))?;
                (chain, found, None)
            }
        };
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
            .map_err(|error| Error::Tls(error.to_string()))?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Secured {
            acceptor: TlsAcceptor::from(Arc::new(config)),
            certificate,
        })
    }
}
