//! The settings of a sandbox, and its start.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::task::JoinSet;

use super::{Parts, Sandbox};
use crate::account::{Account, FIRST_DOMAIN};
use crate::clock::Clock;
use crate::control::{Controlled, Seeds};
use crate::engine::{Engine, Place, Rules, Setup, blocking};
use crate::error::Error;
use crate::faults::{Faults, Plan};
use crate::guard::Guard;
use crate::http;
use crate::journal::Journal;
use crate::jsonsql::Portal;
use crate::limits::Limits;
use crate::ministra::{Ministra, MinistraOptions, MinistraSeed};
use crate::seed::Seed;
use crate::serve::Server;
#[cfg(feature = "tls")]
use crate::serve::Tls;
use crate::server_behavior::ServerBehavior;
use crate::surfaces::Surfaces;
use crate::tvip::{Tvip, TvipOptions};
use crate::vendor::{Addresses, Vendor};

/// The settings of a sandbox; begun with [`Sandbox::builder`].
#[derive(Debug, Clone)]
#[must_use = "a builder does nothing until it is started"]
pub struct Builder {
    listen: SocketAddr,
    /// Further addresses, each of one vendor alone.
    vendors: Vec<(Vendor, SocketAddr)>,
    remote: Remote,
    place: Place,
    seed: Seed,
    /// The first is there from the beginning.
    accounts: Vec<Account>,
    limits: Limits,
    hosts: Vec<String>,
    #[cfg(feature = "tls")]
    tls: Option<Tls>,
    faults: Faults,
    journal: Option<PathBuf>,
    behavior: ServerBehavior,
    ministra: MinistraOptions,
    ministra_seed: MinistraSeed,
    tvip: TvipOptions,
}

/// The treatment of connections from other machines.
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
            vendors: Vec::new(),
            remote: Remote::Refused,
            place: Place::Memory,
            seed: Seed::Demo,
            accounts: vec![Account {
                username: "admin".to_owned(),
                password: "adminpassword".to_owned(),
                domain: FIRST_DOMAIN,
            }],
            limits: Limits::default(),
            hosts: Vec::new(),
            #[cfg(feature = "tls")]
            tls: None,
            faults: Faults::default(),
            journal: None,
            behavior: ServerBehavior::default(),
            ministra: MinistraOptions::default(),
            ministra_seed: MinistraSeed::default(),
            tvip: TvipOptions::default(),
        }
    }
}

impl Builder {
    /// The host in the command lines of TVIP's documents. A client that is told to
    /// connect elsewhere (`curl --connect-to`) still names it.
    pub const DOCUMENTED_HOST: &str = "tms.example.com";

    /// Listens on this address; port 0 is any free one.
    pub fn listen(mut self, address: SocketAddr) -> Builder {
        self.listen = address;
        self
    }

    /// Listens on one more address, at which only this vendor's server answers, at
    /// the paths that it has: for programs that tell the platforms apart by their
    /// ports, or ask for what is at other paths. Journal, faults and data are those
    /// of the other addresses; the limit of connections is for each address.
    ///
    /// The URLs of the vendor that [`Sandbox`] returns are at this address then.
    pub fn listen_for(mut self, vendor: Vendor, address: SocketAddr) -> Builder {
        self.vendors.push((vendor, address));
        self
    }

    /// Lets other machines connect. Only meant for networks without strangers:
    /// there is one password.
    pub fn allow_remote(mut self) -> Builder {
        self.remote = Remote::Allowed;
        self
    }

    /// Keeps the database in this SQLite file, or on the PostgreSQL server of a
    /// `postgres://` URL. What is in it survives a restart, of all surfaces; a
    /// new one gets the seeds.
    ///
    /// A file belongs to one sandbox while that runs; another one does not start
    /// on it. A file that is damaged, or that another program made, is refused
    /// and left as it is.
    ///
    /// Several sandboxes on one database of PostgreSQL share what JSONSQL
    /// reaches. The records of the REST surfaces belong to the one that started
    /// last; the others' writes there are refused.
    ///
    /// On PostgreSQL the tables are made in the first schema of the search path,
    /// and clients' statements run as the role `jsonsql_sandbox`, which is made
    /// if it does not exist.
    pub fn database(mut self, database: impl Into<PathBuf>) -> Builder {
        self.place = Place::of(database.into());
        self
    }

    /// Sets the data that a new database starts with.
    pub fn seed(mut self, seed: Seed) -> Builder {
        self.seed = seed;
        self
    }

    /// Starts with the ids, logins and packages of the vendors' own documents, on
    /// all surfaces, and answers as their examples do: those can be pasted.
    ///
    /// Its settings of the REST surfaces take the place of earlier ones. The
    /// credentials of both are `login` and `password`. Requests may be addressed to
    /// [`DOCUMENTED_HOST`] too.
    ///
    /// [`DOCUMENTED_HOST`]: Builder::DOCUMENTED_HOST
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), jsonsql_sandbox::Error> {
    /// let sandbox = jsonsql_sandbox::Sandbox::builder().documents().start().await?;
    /// let tariffs = &sandbox.ministra().state()["tariffs"];
    /// assert_eq!(tariffs[1]["external_id"], "FULL");
    /// # Ok(())
    /// # }
    /// ```
    pub fn documents(self) -> Builder {
        self.seed(Seed::Documents)
            .ministra(MinistraOptions::documents())
            .ministra_seed(MinistraSeed::Documents)
            .tvip(TvipOptions::documents())
            .allow_host(Builder::DOCUMENTED_HOST)
    }

    /// The name to log in with.
    pub fn username(mut self, username: impl Into<String>) -> Builder {
        self.accounts[0].username = username.into();
        self
    }

    /// The password to log in with.
    pub fn password(mut self, password: impl Into<String>) -> Builder {
        self.accounts[0].password = password.into();
        self
    }

    /// One more account. Accounts of different domains do not see each other's
    /// rows; a domain that does not exist is made. The first account is of
    /// domain 1.
    pub fn account(
        mut self,
        username: impl Into<String>,
        password: impl Into<String>,
        domain: i32,
    ) -> Builder {
        self.accounts.push(Account {
            username: username.into(),
            password: password.into(),
            domain: domain.into(),
        });
        self
    }

    /// Sets the limits on what one caller may ask for.
    pub fn limits(mut self, limits: Limits) -> Builder {
        self.limits = limits;
        self
    }

    /// One more name that requests may be addressed to, as in a network of
    /// containers: `sandbox` for `http://sandbox:8080`. This machine's own
    /// (`localhost`, its loopback addresses) always may; where other machines
    /// may connect, any address does too. A request to another name is refused,
    /// since a page on the internet can make its name point here.
    pub fn allow_host(mut self, name: impl Into<String>) -> Builder {
        self.hosts.push(name.into());
        self
    }

    /// Serves HTTPS instead of HTTP.
    #[cfg(feature = "tls")]
    pub fn tls(mut self, tls: Tls) -> Builder {
        self.tls = Some(tls);
        self
    }

    /// Sets the faults that are applied on purpose from the start.
    pub fn faults(mut self, faults: Faults) -> Builder {
        self.faults = faults;
        self
    }

    /// Also writes the journal to this file, one JSON object a line.
    pub fn journal(mut self, file: impl Into<PathBuf>) -> Builder {
        self.journal = Some(file.into());
        self
    }

    /// Sets the behaviour where the vendor's behaviour is not known.
    pub fn behavior(mut self, behavior: ServerBehavior) -> Builder {
        self.behavior = behavior;
        self
    }

    /// Sets the options of the TVIP surface.
    pub fn tvip(mut self, options: TvipOptions) -> Builder {
        self.tvip = options;
        self
    }

    /// The version and the configuration of the Ministra.
    ///
    /// ```
    /// use jsonsql_sandbox::ministra::{MinistraOptions, MinistraVersion};
    /// use jsonsql_sandbox::Sandbox;
    ///
    /// let mut ministra = MinistraOptions::new(MinistraVersion::V4_9);
    /// ministra.credentials = None;
    /// let builder = Sandbox::builder().ministra(ministra);
    /// ```
    pub fn ministra(mut self, options: MinistraOptions) -> Builder {
        self.ministra = options;
        self
    }

    /// Sets the data that the Ministra starts with, unless the database has its
    /// records.
    pub fn ministra_seed(mut self, seed: MinistraSeed) -> Builder {
        self.ministra_seed = seed;
        self
    }

    /// Opens the database and serves, in a task of the current runtime.
    ///
    /// # Errors
    ///
    /// When the address is taken or may not be used, the database cannot be
    /// reached or opened, a seed does not fit it, or there is no certificate.
    pub async fn start(self) -> Result<Sandbox, Error> {
        let wanted = self.vendors.iter().map(|(_, address)| *address);
        for address in std::iter::once(self.listen).chain(wanted) {
            if self.remote == Remote::Refused && !address.ip().is_loopback() {
                return Err(Error::Remote(address));
            }
        }
        #[cfg(feature = "tls")]
        let tls = self.tls.map(|tls| tls.secured(&self.hosts)).transpose()?;
        // The port first: it is the likelier to fail, and leaves no file behind.
        let (listener, address) = bind(self.listen).await?;
        let mut others = Vec::new();
        for (vendor, wanted) in &self.vendors {
            others.push((*vendor, bind(*wanted).await?));
        }
        let journal = match &self.journal {
            None => Journal::default(),
            Some(path) => Journal::in_file(path).map_err(|source| Error::Journal {
                path: path.clone(),
                source,
            })?,
        };
        let mut accounts = self.accounts;
        accounts.extend(self.seed.accounts());
        let domains: Vec<i64> = accounts.iter().map(|account| account.domain).collect();
        let setup = Setup {
            catalog: self.seed.catalog()?,
            seed: &self.seed,
            domains: domains.clone(),
            limits: self.limits,
            rules: Rules::new(&self.behavior),
        };
        let engine = Engine::open(self.place, setup)
            .await
            .map_err(Error::Database)?;
        let journal = Arc::new(journal);
        let portal = Portal::new(engine.clone(), accounts, self.behavior, self.limits);
        let store = engine.records().map_err(Error::Database)?;
        let clock = Clock::default();
        let seeds = Seeds {
            portal: self.seed,
            ministra: self.ministra_seed.clone(),
            tvip: self.tvip.seed.clone(),
            domains,
        };
        let (ministra, seed, tvip) = (self.ministra, self.ministra_seed, self.tvip);
        let time = clock.clone();
        let surfaces = blocking(move || {
            Ok::<_, Error>(Surfaces {
                ministra: Ministra::open(ministra, &seed, store.clone(), time.clone())?,
                tvip: Tvip::open(tvip, store, time)?,
            })
        });
        let surfaces = surfaces.await?;
        let watch = http::watch(&portal, journal, Plan::new(self.faults), self.limits);
        let guard = Guard {
            names: self.hosts,
            is_remote: self.remote == Remote::Allowed,
            largest_head: self.limits.header,
        };
        let guard = Arc::new(guard);
        #[cfg(feature = "tls")]
        let is_tls = tls.is_some();
        #[cfg(not(feature = "tls"))]
        let is_tls = false;
        let (stop, stopping) = tokio::sync::watch::channel(false);
        let scheme = if is_tls { "https" } else { "http" };
        let own = others.iter().map(|(vendor, (_, address))| {
            let base = format!("{scheme}://{address}");
            (*vendor, base)
        });
        let addresses = Addresses {
            base: format!("{scheme}://{address}"),
            own: own.collect(),
        };
        let controlled = Controlled {
            engine: engine.clone(),
            portal: portal.clone(),
            surfaces: surfaces.clone(),
            watch: Arc::clone(&watch),
            clock,
            seeds,
            stopping: stopping.clone(),
            addresses: addresses.clone(),
        };
        let server = |routes| Server {
            routes,
            limits: self.limits,
            #[cfg(feature = "tls")]
            tls: tls.as_ref().map(|tls| tls.acceptor.clone()),
        };
        // Dropped with the task, and with them every connection.
        let mut servers = JoinSet::new();
        for (vendor, (listener, _)) in others {
            let (guard, watch) = (Arc::clone(&guard), Arc::clone(&watch));
            let routes = http::only(vendor, portal.clone(), surfaces.clone(), guard, watch);
            servers.spawn(server(routes).run(listener, stopping.clone()));
        }
        let routes = http::routes(portal, surfaces.clone(), engine.clone(), guard, controlled);
        servers.spawn(server(routes).run(listener, stopping));
        let parts = Parts {
            address,
            addresses,
            engine,
            watch,
            surfaces,
            stop,
            #[cfg(feature = "tls")]
            certificate: tls.and_then(|tls| tls.certificate),
        };
        let serving = tokio::spawn(async move { while servers.join_next().await.is_some() {} });
        Ok(Sandbox::serve(serving, parts))
    }
}

/// Takes an address; port 0 becomes a free one.
async fn bind(wanted: SocketAddr) -> Result<(TcpListener, SocketAddr), Error> {
    let failed = |source| Error::Listen {
        address: wanted,
        source,
    };
    let listener = TcpListener::bind(wanted).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    Ok((listener, address))
}
