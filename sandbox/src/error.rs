//! The errors of a sandbox that does not start.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

/// The reason why a sandbox does not start, or why a call of the embedder fails.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The address cannot be listened on; most often another program does.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// The error of the operating system.
        source: io::Error,
    },
    /// The address can be reached from other machines, which was not allowed.
    #[error(
        "{0} can be reached from other machines; the sandbox has one password, \
         so that must be allowed by name (--allow-remote)"
    )]
    Remote(SocketAddr),
    /// The certificate cannot be made or read, or does not fit its key.
    #[cfg(feature = "tls")]
    #[error("no certificate for TLS: {0}")]
    Tls(String),
    /// The database cannot be opened or made.
    #[error("cannot open the database: {0}")]
    Database(String),
    /// The seed of the Ministra is not one.
    #[error("the seed of the Ministra: {0}")]
    MinistraSeed(String),
    /// The file of the journal cannot be written.
    #[error("cannot write the journal {}: {source}", path.display())]
    Journal {
        /// The file.
        path: PathBuf,
        /// The error of the operating system.
        source: io::Error,
    },
    /// The plan of failures is not one.
    #[error("the faults cannot be used: {0}")]
    Faults(String),
    /// The seed is not one.
    #[error("the seed cannot be used: {0}")]
    Seed(String),
    /// A query of the embedder's is not one the engine takes.
    #[error("the query failed: {0}")]
    Query(String),
    /// A change from inside cannot be stored; it is undone.
    #[error("the storage failed: {0}")]
    Storage(String),
    /// A state for the TVIP surface is none.
    #[error("not a TVIP state: {0}")]
    TvipState(String),
    /// The TVIP surface has no device with this id.
    #[error("no TVIP device has the id {0}")]
    TvipDevice(i64),
}

impl Error {
    /// Returns `true` if a setting cannot be used as it is, whatever the machine does: an
    /// address, a certificate, a seed or a plan of failures.
    pub fn is_setting(&self) -> bool {
        match self {
            Error::Listen { source, .. } => source.kind() == io::ErrorKind::AddrNotAvailable,
            #[cfg(feature = "tls")]
            Error::Tls(_) => true,
            Error::Remote(_)
            | Error::MinistraSeed(_)
            | Error::Faults(_)
            | Error::Seed(_)
            | Error::TvipState(_) => true,
            Error::Database(_)
            | Error::Journal { .. }
            | Error::Query(_)
            | Error::Storage(_)
            | Error::TvipDevice(_) => false,
        }
    }
}
