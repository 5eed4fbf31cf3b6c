//! Whom a program asks: a server that the environment names, or a sandbox.

use std::env;
use std::error::Error;

use clap::Args;
use jsonsql_client::Client;
use jsonsql_sandbox::{Sandbox, Seed};

/// What is said in `--help` about the choice.
pub const HELP: &str = "\
With JSONSQL_URL (such as https://operator.admin.iptvportal.ru/api) or
JSONSQL_DOMAIN (the operator's name), JSONSQL_USERNAME and JSONSQL_PASSWORD set,
that server is asked; it is only read. Otherwise a local sandbox is started,
which needs nothing.";

/// What there is to say of it on the command line.
#[derive(Debug, Args)]
pub struct Source {
    /// What the sandbox has: `demo`, `empty`, `generate:N` subscribers, or the path of a JSON file
    #[arg(long, value_name = "SEED")]
    seed: Option<Seed>,
}

/// A server, with the client that is logged in there.
#[derive(Debug)]
pub struct Server {
    /// Asks it.
    pub client: Client,
    sandbox: Option<Sandbox>,
}

impl Server {
    /// The one that the environment names, or a sandbox.
    ///
    /// # Errors
    ///
    /// When the environment names a server and lacks something, or names one
    /// although a seed is given; when the sandbox does not start.
    pub async fn start(source: Source) -> Result<Server, Box<dyn Error>> {
        let named = |name: &&str| env::var_os(name).is_some_and(|value| !value.is_empty());
        if let Some(name) = ["JSONSQL_URL", "JSONSQL_DOMAIN"].into_iter().find(named) {
            if source.seed.is_some() {
                return Err(format!("--seed is for the sandbox, and {name} names a server").into());
            }
            return Ok(Server {
                client: Client::from_env()?,
                sandbox: None,
            });
        }
        let seed = source.seed.unwrap_or_default();
        let sandbox = Sandbox::builder().seed(seed).start().await?;
        let client = Client::builder()
            .url(&sandbox.url())
            .credentials("admin", "adminpassword")
            .build()?;
        Ok(Server {
            client,
            sandbox: Some(sandbox),
        })
    }

    /// Stops the sandbox, if it is one.
    pub async fn stop(self) {
        if let Some(sandbox) = self.sandbox {
            sandbox.stop().await;
        }
    }
}
