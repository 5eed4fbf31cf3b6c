//! Which platform a program talks to, and how it gets there.

use std::error::Error;

use clap::{Args, ValueEnum};
use jsonsql_client::backend::{Backend, IptvPortal};
use jsonsql_client::ministra::Ministra;
use jsonsql_client::tvip::{ProviderId, Tvip};
use jsonsql_client::{Client, SecretString};
use jsonsql_sandbox::Sandbox;

/// A platform, as it is named on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Name {
    /// IPTVPORTAL, over JSONSQL
    Iptvportal,
    /// Ministra, once Stalker, over REST v1
    Ministra,
    /// TVIP TMS, over its provider API
    Tvip,
}

/// The server of a program that talks to one platform.
#[derive(Debug, Clone, Args)]
pub struct Server {
    /// The platform
    #[arg(long, value_enum, default_value = "iptvportal")]
    pub platform: Name,

    /// The address of a real server, instead of the local sandbox, such as
    /// <https://operator.admin.iptvportal.ru/api>,
    /// <https://tv.example.net/stalker_portal/api/> or
    /// <https://tms.example.net/api/provider>; the password is taken from the
    /// variable `JSONSQL_PASSWORD`
    #[arg(long, env = "JSONSQL_URL", hide_env_values = true)]
    pub url: Option<String>,

    /// Who logs in there
    #[arg(long, env = "JSONSQL_USERNAME", hide_env_values = true)]
    pub username: Option<String>,

    /// The key of the only provider whose accounts are seen and written; of
    /// TVIP, where every provider can have the same login
    #[arg(long, value_name = "ID", requires = "url")]
    pub provider: Option<i64>,
}

/// How to log in to a server.
#[derive(Debug, Clone)]
pub struct Login {
    url: String,
    username: String,
    password: SecretString,
    provider: Option<i64>,
}

impl Server {
    /// The login, if it is a real server; the password never is an argument,
    /// which everybody on the machine could read.
    ///
    /// # Errors
    ///
    /// When the name or the password is missing.
    pub fn login(&self) -> Result<Option<Login>, String> {
        Login::of(
            self.url.as_deref(),
            self.username.as_deref(),
            self.provider,
            "JSONSQL_PASSWORD",
        )
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
}

/// The platform; nothing is sent yet.
///
/// # Errors
///
/// When the address cannot be one, or a provider is given where there are none.
pub fn connect(name: Name, login: Login) -> Result<Box<dyn Backend>, Box<dyn Error>> {
    let Login {
        url,
        username,
        password,
        provider,
    } = login;
    if provider.is_some() && name != Name::Tvip {
        return Err("only TVIP has providers".into());
    }
    Ok(match name {
        Name::Iptvportal => {
            let client = Client::builder().url(&url);
            Box::new(IptvPortal::new(
                client.credentials(username, password).build()?,
            ))
        }
        Name::Ministra => {
            let ministra = Ministra::builder().url(&url);
            Box::new(ministra.credentials(username, password).build()?)
        }
        Name::Tvip => {
            let mut tvip = Tvip::builder().url(url);
            if let Some(provider) = provider {
                tvip = tvip.provider(ProviderId(provider));
            }
            Box::new(tvip.credentials(username, password).build()?)
        }
    })
}

/// An export that fits the sandbox of this platform.
pub fn sample(name: Name) -> &'static str {
    match name {
        Name::Iptvportal => include_str!("../data/billing-iptvportal.csv"),
        Name::Ministra => include_str!("../data/billing-ministra.csv"),
        Name::Tvip => include_str!("../data/billing-tvip.csv"),
    }
}
