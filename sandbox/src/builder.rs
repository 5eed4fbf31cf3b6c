//! How a sandbox is set up.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use tokio::net::TcpListener;

use crate::engine::sqlite::{Place, Storage};
use crate::error::Error;
use crate::http;
use crate::journal::Journal;
use crate::jsonsql::{Account, Portal};
use crate::sandbox::Sandbox;
use crate::schema;
use crate::seed::Seed;
use crate::tvip::{Tvip, TvipOptions};
use crate::unknowns::Unknowns;

/// The settings of a sandbox; begun with [`Sandbox::builder`].
#[derive(Debug, Clone)]
#[must_use = "a builder does nothing until it is started"]
pub struct Builder {
    listen: SocketAddr,
    remote: Remote,
    place: Place,
    seed: Seed,
    account: Account,
    unknowns: Unknowns,
    tvip: TvipOptions,
}

/// Whether other machines may connect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Remote {
    Refused,
    Allowed,
}

impl Default for Builder {
    /// A free loopback port, a database in memory with the demo seed, the
    /// account `admin` / `adminpassword` of the vendor's document.
    fn default() -> Builder {
        Builder {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            remote: Remote::Refused,
            place: Place::Memory,
            seed: Seed::Demo,
            account: Account::new("admin".to_owned(), "adminpassword".to_owned()),
            unknowns: Unknowns::default(),
            tvip: TvipOptions::default(),
        }
    }
}

impl Builder {
    /// Listens on this address; port 0 is any free one.
    pub fn listen(mut self, address: SocketAddr) -> Builder {
        self.listen = address;
        self
    }

    /// Lets other machines connect. Only meant for networks without strangers:
    /// there is one password and no TLS.
    pub fn allow_remote(mut self) -> Builder {
        self.remote = Remote::Allowed;
        self
    }

    /// Keeps the database in this file. What is in it survives a restart; a
    /// new file gets the seed.
    pub fn database(mut self, file: impl Into<PathBuf>) -> Builder {
        self.place = Place::File(file.into());
        self
    }

    /// What a new database starts with.
    pub fn seed(mut self, seed: Seed) -> Builder {
        self.seed = seed;
        self
    }

    /// The name to log in with.
    pub fn username(mut self, username: impl Into<String>) -> Builder {
        self.account.username = username.into();
        self
    }

    /// The password to log in with.
    pub fn password(mut self, password: impl Into<String>) -> Builder {
        self.account.password = password.into();
        self
    }

    /// How to behave where the vendor's behaviour is not known.
    pub fn unknowns(mut self, unknowns: Unknowns) -> Builder {
        self.unknowns = unknowns;
        self
    }

    /// How the TVIP surface is set up.
    pub fn tvip(mut self, options: TvipOptions) -> Builder {
        self.tvip = options;
        self
    }

    /// Opens the database and serves, in a task of the current runtime.
    ///
    /// # Errors
    ///
    /// When the address is taken or may not be used, the database cannot be
    /// opened, or the TVIP state is none.
    pub async fn start(self) -> Result<Sandbox, Error> {
        if self.remote == Remote::Refused && !self.listen.ip().is_loopback() {
            return Err(Error::Remote(self.listen));
        }
        let listen = |source| Error::Listen {
            address: self.listen,
            source,
        };
        // The port first: it is the likelier to fail, and leaves no file behind.
        let listener = TcpListener::bind(self.listen).await.map_err(listen)?;
        let address = listener.local_addr().map_err(listen)?;
        let tvip = Tvip::new(self.tvip)?;
        let storage = Storage::open(&self.place, schema::portal(), self.seed)
            .map_err(|error| Error::Database(error.to_string()))?;
        let storage = Arc::new(storage);
        let journal = Arc::new(Journal::default());
        let portal = Portal::new(
            Arc::clone(&storage),
            self.account,
            self.unknowns,
            Arc::clone(&journal),
        );
        Ok(Sandbox::serve(
            listener,
            address,
            http::routes(portal, tvip.clone()),
            storage,
            journal,
            tvip,
        ))
    }
}
