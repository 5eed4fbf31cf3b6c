//! Which platform a program talks to, and how it gets there.

use std::error::Error;

use clap::{Args, ValueEnum};
use jsonsql_client::backend::{Backend, IptvPortal};
use jsonsql_client::{Client, SecretString};
use jsonsql_sandbox::Sandbox;

/// A platform, as it is named on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Name {
    /// IPTVPORTAL, over JSONSQL
    Iptvportal,
}

/// The server of a program that talks to one platform.
#[derive(Debug, Clone, Args)]
pub struct Server {
    /// The platform
    #[arg(long, value_enum, default_value = "iptvportal")]
    pub platform: Name,

    /// The address of a real server, instead of the local sandbox; its password
    /// is taken from the variable `JSONSQL_PASSWORD`
    #[arg(long, env = "JSONSQL_URL", hide_env_values = true)]
    pub url: Option<String>,

    /// Who logs in there
    #[arg(
        long,
        env = "JSONSQL_USERNAME",
        hide_env_values = true,
        requires = "url"
    )]
    pub username: Option<String>,
}

/// How to log in to a server.
#[derive(Debug, Clone)]
pub struct Login {
    url: String,
    username: String,
    password: SecretString,
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
        }))
    }

    /// The login to a sandbox as it comes.
    pub fn of_sandbox(name: Name, sandbox: &Sandbox) -> Login {
        match name {
            Name::Iptvportal => Login {
                url: sandbox.url(),
                username: "admin".to_owned(),
                password: "adminpassword".to_owned().into(),
            },
        }
    }
}

/// The platform; nothing is sent yet.
///
/// # Errors
///
/// When the address cannot be one.
pub fn connect(name: Name, login: Login) -> Result<Box<dyn Backend>, Box<dyn Error>> {
    Ok(match name {
        Name::Iptvportal => {
            let client = Client::builder()
                .url(&login.url)
                .credentials(login.username, login.password)
                .build()?;
            Box::new(IptvPortal::new(client))
        }
    })
}

/// An export that fits the sandbox of this platform.
pub fn sample(name: Name) -> &'static str {
    match name {
        Name::Iptvportal => include_str!("../data/billing-iptvportal.csv"),
    }
}
