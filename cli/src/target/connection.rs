//! The clients of a chosen server.

use std::env;
use std::fs;
use std::path::PathBuf;

use jsonsql_client::provisioning::{Adapter, Backend, IptvPortal, Ministra, Tvip};
use jsonsql_client::tvip::ProviderId;
use jsonsql_client::{Client, ClientBuilder, SecretString, Url, ministra, tvip};
use jsonsql_sandbox::Sandbox;

use super::args::{Platform, TargetArgs};
use super::config::{Config, usual_path};
use super::password;
use super::settings::{Address, Chosen, Names, Secret, Server, Way, choose};
use super::variables;
use crate::exit::{Failure, Result};
use crate::say;
use crate::stop::Stop;

/// A platform that a command talks to; nothing is sent before its first call.
pub(crate) struct Connection {
    client: AnyClient,
    /// The address that identifies this server in locks and messages.
    pub(crate) address: String,
    /// It stops when it is dropped.
    sandbox: Option<Sandbox>,
}

/// The client of one of the platforms.
pub(crate) enum AnyClient {
    IptvPortal(Client),
    Ministra(ministra::Ministra),
    Tvip(tvip::Tvip),
}

/// Opens the connection that flags, environment and profile name, and says on
/// standard error which one it is.
///
/// # Errors
///
/// When none is named, or its settings are wrong.
pub(crate) async fn open(args: &TargetArgs) -> Result<Connection> {
    let config = match args.sandbox {
        true => Config::default(),
        false => {
            variables::check()?;
            profiles(args)?
        }
    };
    connect(choose(args, Names::SERVER, &variable, &config)?).await
}

/// Opens the connection to a second server, which has flags and variables of its own
/// beside those of [`open`]. The file's default profile is not meant by it.
///
/// # Errors
///
/// As [`open`].
pub(crate) async fn open_target(args: &TargetArgs) -> Result<Connection> {
    let mut config = profiles(args)?;
    config.default = None;
    connect(choose(args, Names::TARGET, &variable, &config)?).await
}

/// Connects; a signal ends it, while a person is asked to unlock the password too.
async fn connect(chosen: Chosen) -> Result<Connection> {
    let mut stop = Stop::listen()?;
    let connecting = async {
        match chosen {
            Chosen::Sandbox { platform, seed } => Connection::to_sandbox(platform, seed).await,
            Chosen::Server(server, password) => Connection::to_server(*server, password).await,
        }
    };
    stop.reading(connecting).await?
}

/// Reads the configuration file.
///
/// # Errors
///
/// When it is not as it has to be, or the one that is named is not there.
pub(crate) fn profiles(args: &TargetArgs) -> Result<Config> {
    let named = variable("JSONSQL_CONFIG").filter(|path| !path.is_empty());
    match (
        args.config.clone().or(named.map(PathBuf::from)),
        usual_path(&variable),
    ) {
        (Some(path), _) => Config::read(&path, true),
        (None, Some(path)) => Config::read(&path, false),
        (None, None) => Ok(Config::default()),
    }
}

fn variable(name: &str) -> Option<String> {
    env::var(name).ok()
}

impl Connection {
    /// A sandbox of this run.
    pub(crate) async fn to_sandbox(
        platform: Platform,
        seed: jsonsql_sandbox::Seed,
    ) -> Result<Connection> {
        let sandbox = Sandbox::builder().seed(seed).start().await;
        let sandbox = sandbox.map_err(|error| Failure::failed(format!("the sandbox: {error}")))?;
        let (url, username, password) = match platform {
            Platform::Iptvportal => (sandbox.url(), "admin", "adminpassword"),
            Platform::Ministra => (sandbox.ministra_url(), "stalker", "secret_pass"),
            Platform::Tvip => (sandbox.tvip_url(), "admin", "adminpassword"),
        };
        say::note(&format!("{} in a sandbox of this run", platform.name()));
        let server = Server {
            platform,
            address: Address::Url(url),
            username: username.to_owned(),
            provider: (platform == Platform::Tvip).then_some(1),
            way: Way::default(),
            origin: String::new(),
        };
        let (client, address) = build(server, password.to_owned().into())?;
        Ok(Connection {
            client,
            address,
            sandbox: Some(sandbox),
        })
    }

    async fn to_server(server: Server, password: Secret) -> Result<Connection> {
        let name = server.platform.name();
        let (username, origin) = (server.username.clone(), server.origin.clone());
        let (client, address) = build(server, password::get(password).await?)?;
        say::note(&format!("{name} at {address} as {username} ({origin})"));
        Ok(Connection {
            client,
            address,
            sandbox: None,
        })
    }

    /// The client of IPTVPORTAL, for commands of its language.
    ///
    /// # Errors
    ///
    /// When it is another platform.
    pub(crate) fn portal(&self) -> Result<&Client> {
        match &self.client {
            AnyClient::IptvPortal(client) => Ok(client),
            AnyClient::Ministra(_) | AnyClient::Tvip(_) => Err(Failure::usage(
                "JSONSQL is IPTVPORTAL's, and the server is of another platform",
            )
            .hint("`jsonsql subscriber`, `terminal`, `subscription` and `package` work on every platform")),
        }
    }

    /// The platform it is of.
    pub(crate) fn platform(&self) -> Platform {
        match &self.client {
            AnyClient::IptvPortal(_) => Platform::Iptvportal,
            AnyClient::Ministra(_) => Platform::Ministra,
            AnyClient::Tvip(_) => Platform::Tvip,
        }
    }

    /// The client, whichever platform it is of.
    pub(crate) fn client(&self) -> &AnyClient {
        &self.client
    }

    /// The platform for single operations.
    pub(crate) fn backend(&self) -> Box<dyn Backend> {
        match &self.client {
            AnyClient::IptvPortal(client) => {
                Box::new(Adapter::new(IptvPortal::new(client.clone())))
            }
            AnyClient::Ministra(client) => Box::new(Adapter::new(Ministra::new(client.clone()))),
            AnyClient::Tvip(client) => Box::new(Adapter::new(Tvip::new(client.clone()))),
        }
    }

    /// Returns the name of the server in plan files. A sandbox is another one in each
    /// run, at another address, and is as good as any other.
    pub(crate) fn server_name(&self) -> &str {
        match self.is_sandbox() {
            true => "a sandbox",
            false => &self.address,
        }
    }

    /// Returns `true` if the server is a sandbox of this run.
    pub(crate) fn is_sandbox(&self) -> bool {
        self.sandbox.is_some()
    }
}

/// Builds the client, and tells its address without a login in it.
fn build(server: Server, password: SecretString) -> Result<(AnyClient, String)> {
    let address = match &server.address {
        Address::Url(url) => without_login(url),
        // As the client does: one server has one name, whichever way it was given.
        Address::Domain(domain) => format!("https://{domain}.admin.iptvportal.ru/api"),
    };
    let client = match (server.platform, server.address.clone()) {
        (Platform::Iptvportal, Address::Url(url)) => {
            AnyClient::IptvPortal(common(Client::builder().url(url), server, password)?.build()?)
        }
        (Platform::Iptvportal, Address::Domain(domain)) => AnyClient::IptvPortal(
            common(Client::builder().domain(domain), server, password)?.build()?,
        ),
        (Platform::Ministra, Address::Url(url)) => AnyClient::Ministra(
            common(ministra::Ministra::builder().url(url), server, password)?.build()?,
        ),
        (Platform::Tvip, Address::Url(url)) => {
            let mut builder = tvip::Tvip::builder().url(url);
            if let Some(provider) = server.provider {
                builder = builder.provider(ProviderId(provider));
            }
            AnyClient::Tvip(common(builder, server, password)?.build()?)
        }
        (Platform::Ministra | Platform::Tvip, Address::Domain(_)) => {
            return Err(Failure::usage("only IPTVPORTAL has domains"));
        }
    };
    Ok((client, address))
}

/// Applies the settings that the builders of all platforms have in common.
fn common<P>(
    mut builder: ClientBuilder<P>,
    server: Server,
    password: SecretString,
) -> Result<ClientBuilder<P>> {
    let way = server.way;
    builder = builder.credentials(server.username, password);
    if let Some(limit) = way.timeout {
        builder = builder.total_timeout(limit);
    }
    if let Some(limit) = way.connect_timeout {
        builder = builder.connect_timeout(limit);
    }
    if let Some(path) = way.ca {
        let pem = fs::read(&path);
        let pem = pem.map_err(|error| Failure::usage(format!("{}: {error}", path.display())))?;
        builder = builder.root_certificate_pem(pem);
    }
    if let Some(proxy) = way.proxy {
        let proxy = Url::parse(&proxy);
        builder =
            builder.proxy(proxy.map_err(|error| Failure::usage(format!("the proxy: {error}")))?);
    }
    if way.allow_plain_http {
        builder = builder.allow_plain_http();
    }
    Ok(builder)
}

fn without_login(url: &str) -> String {
    match Url::parse(url) {
        Ok(mut parsed) => {
            // Addresses without a host cannot have one, and are refused later.
            let _ = parsed.set_username("");
            let _ = parsed.set_password(None);
            parsed.to_string()
        }
        Err(_) => "an address that is none".to_owned(),
    }
}
