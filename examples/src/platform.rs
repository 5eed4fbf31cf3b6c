//! Whom a program talks to, and how it gets there: a server that its arguments
//! or the environment name, or a local sandbox.

use std::error::Error;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use jsonsql_client::provisioning::sync::RunLock;
use jsonsql_client::provisioning::{Adapter, Backend, IptvPortal, Ministra, Tvip};
use jsonsql_client::tvip::ProviderId;
use jsonsql_client::{Client, SecretString, ministra, tvip};
use jsonsql_sandbox::{Sandbox, Seed};

/// A platform, as it is named on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Name {
    /// IPTVPORTAL, over JSONSQL
    Iptvportal,
    /// Ministra, once Stalker, over REST v1, such as <https://tv.example.net/stalker_portal/api/>
    Ministra,
    /// TVIP TMS, over its provider API, such as <https://tms.example.net/api/provider>
    Tvip,
}

/// A real server, if one is named.
#[derive(Debug, Clone, Args)]
pub struct Address {
    /// The address of a real server, instead of the local sandbox, such as
    /// <https://operator.admin.iptvportal.ru/api>; the password is taken from the
    /// variable `JSONSQL_PASSWORD`
    #[arg(long, env = "JSONSQL_URL", hide_env_values = true)]
    url: Option<String>,

    /// Who logs in there
    #[arg(long, env = "JSONSQL_USERNAME", hide_env_values = true)]
    username: Option<String>,
}

/// The server of a program that talks to one platform.
#[derive(Debug, Clone, Args)]
pub struct Server {
    /// The platform
    #[arg(long, value_enum, default_value = "iptvportal")]
    pub platform: Name,

    #[command(flatten)]
    address: Address,

    /// The key of the only provider whose accounts are seen and written; of
    /// TVIP, where every provider can have the same login
    #[arg(long, value_name = "ID", requires = "url")]
    provider: Option<i64>,
}

/// A server of IPTVPORTAL's, for a program that talks to no other.
#[derive(Debug, Clone, Args)]
pub struct Portal {
    #[command(flatten)]
    address: Address,

    /// What the sandbox has: `demo`, `empty`, `generate:N` subscribers, or the path of a JSON file
    #[arg(long, value_name = "SEED")]
    seed: Option<Seed>,
}

/// The files of a program that writes to many subscribers: one run at a time,
/// and what the last one has left to know.
#[derive(Debug, Clone, Args)]
pub struct State {
    /// The directory of the locks, where only one run at a time writes to a
    /// platform; by default `jsonsql` in `XDG_STATE_HOME` or `~/.local/state`
    #[arg(long, value_name = "DIR")]
    state: Option<PathBuf>,

    /// The name that tells this server or operator from others of the same
    /// platform; by default its address
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
}

impl State {
    /// Takes the lock of a server; a sandbox of the program's own has none.
    ///
    /// # Errors
    ///
    /// When another run has it.
    pub fn lock(
        &self,
        name: Name,
        login: Option<&Login>,
    ) -> Result<Option<RunLock>, Box<dyn Error>> {
        let Some(login) = login else {
            return Ok(None);
        };
        let set = |variable| std::env::var_os(variable).map(PathBuf::from);
        let home = || Some(set("HOME")?.join(".local/state"));
        let directory = (self.state.clone())
            .or_else(|| Some(set("XDG_STATE_HOME").or_else(home)?.join("jsonsql")))
            .ok_or("--state has to name a directory")?;
        let platform = name
            .to_possible_value()
            .map(|name| name.get_name().to_owned());
        let profile = self.profile.as_deref().unwrap_or(&login.url);
        let lock = RunLock::take(&directory, &platform.unwrap_or_default(), profile)?;
        Ok(Some(lock))
    }
}

/// How to log in to a server.
#[derive(Debug, Clone)]
pub struct Login {
    url: String,
    username: String,
    password: SecretString,
    provider: Option<i64>,
}

impl Address {
    /// The login, if it is a real server; the password never is an argument,
    /// which everybody on the machine could read.
    ///
    /// # Errors
    ///
    /// When the name or the password is missing.
    pub fn login(&self) -> Result<Option<Login>, String> {
        let username = self.username.as_deref();
        Login::of(self.url.as_deref(), username, None, "JSONSQL_PASSWORD")
    }
}

impl Server {
    /// The login, if it is a real server.
    ///
    /// # Errors
    ///
    /// When the name or the password is missing.
    pub fn login(&self) -> Result<Option<Login>, String> {
        let login = self.address.login()?;
        Ok(login.map(|login| Login {
            provider: self.provider,
            ..login
        }))
    }
}

impl Portal {
    /// The client that logs in there, and the sandbox, if it is one: it stops
    /// when that is dropped.
    ///
    /// # Errors
    ///
    /// When the name or the password is missing, when a seed is given for a real
    /// server, or the sandbox does not start.
    pub async fn start(self) -> Result<(Client, Option<Sandbox>), Box<dyn Error>> {
        if let Some(login) = self.address.login()? {
            if self.seed.is_some() {
                return Err("--seed is for the sandbox, and a real server is named".into());
            }
            return Ok((login.client()?, None));
        }
        let seed = self.seed.unwrap_or_default();
        let sandbox = Sandbox::builder().seed(seed).start().await?;
        let client = Login::of_sandbox(Name::Iptvportal, &sandbox).client()?;
        Ok((client, Some(sandbox)))
    }
}

impl Login {
    /// The login to this address, with the password from an environment
    /// variable; none without an address.
    ///
    /// # Errors
    ///
    /// When the name or the password is missing.
    pub fn of(
        url: Option<&str>,
        username: Option<&str>,
        provider: Option<i64>,
        variable: &str,
    ) -> Result<Option<Login>, String> {
        let Some(url) = url else {
            return Ok(None);
        };
        let username = username.ok_or("the name to log in with is missing: see --help")?;
        let password = std::env::var(variable)
            .map_err(|_| format!("the variable {variable} has to hold the password"))?;
        Ok(Some(Login {
            url: url.to_owned(),
            username: username.to_owned(),
            password: password.into(),
            provider,
        }))
    }

    /// The login to a sandbox as it comes.
    pub fn of_sandbox(name: Name, sandbox: &Sandbox) -> Login {
        let (url, username, password) = match name {
            Name::Iptvportal => (sandbox.url(), "admin", "adminpassword"),
            Name::Ministra => (sandbox.ministra_url(), "stalker", "secret_pass"),
            Name::Tvip => (sandbox.tvip_url(), "admin", "adminpassword"),
        };
        Login {
            url,
            username: username.to_owned(),
            password: password.to_owned().into(),
            provider: (name == Name::Tvip).then_some(1),
        }
    }

    /// A client of IPTVPORTAL's; nothing is sent yet.
    ///
    /// # Errors
    ///
    /// When the address cannot be one.
    pub fn client(self) -> jsonsql_client::Result<Client> {
        let client = Client::builder().url(&self.url);
        client.credentials(self.username, self.password).build()
    }
}

/// One of the platforms. What a program does with any of them is generic.
#[derive(Debug)]
pub enum Connected {
    /// IPTVPORTAL.
    IptvPortal(IptvPortal),
    /// Ministra.
    Ministra(Ministra),
    /// TVIP.
    Tvip(Tvip),
}

impl Connected {
    /// Creates the client of a platform; nothing is sent yet.
    ///
    /// # Errors
    ///
    /// When the address cannot be one, or a provider is given where there are none.
    pub fn new(name: Name, login: Login) -> Result<Connected, Box<dyn Error>> {
        if login.provider.is_some() && name != Name::Tvip {
            return Err("only TVIP has providers".into());
        }
        Ok(match name {
            Name::Iptvportal => Connected::IptvPortal(IptvPortal::new(login.client()?)),
            Name::Ministra => {
                let client = ministra::Ministra::builder().url(&login.url);
                let client = client.credentials(login.username, login.password);
                Connected::Ministra(Ministra::new(client.build()?))
            }
            Name::Tvip => {
                let mut client = tvip::Tvip::builder().url(login.url);
                if let Some(provider) = login.provider {
                    client = client.provider(ProviderId(provider));
                }
                let client = client.credentials(login.username, login.password);
                Connected::Tvip(Tvip::new(client.build()?))
            }
        })
    }

    /// Returns the platform for single operations.
    pub fn backend(self) -> Box<dyn Backend> {
        match self {
            Connected::IptvPortal(platform) => Box::new(Adapter::new(platform)),
            Connected::Ministra(platform) => Box::new(Adapter::new(platform)),
            Connected::Tvip(platform) => Box::new(Adapter::new(platform)),
        }
    }
}

/// An export that fits the sandbox of this platform.
pub fn sample(name: Name) -> &'static str {
    match name {
        Name::Iptvportal => include_str!("../data/billing-iptvportal.csv"),
        Name::Ministra => include_str!("../data/billing-ministra.csv"),
        Name::Tvip => include_str!("../data/billing-tvip.csv"),
    }
}
