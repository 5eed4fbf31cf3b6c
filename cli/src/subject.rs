//! The flags that name a subscriber or a terminal, and who that is.

use clap::Args;
use jsonsql_client::model::{ExternalRef, MacAddr, Subscriber, SubscriberKey, TerminalId};
use jsonsql_client::provisioning::Backend;

use crate::exit::{Failure, Result};
use crate::platform::terminal_with;
use crate::target::Connection;
use crate::target::on_platform;

/// Which subscriber: one of these.
#[derive(Debug, Clone, Args)]
#[group(required = true, multiple = false)]
pub(crate) struct SubscriberArgs {
    /// The subscriber with this login
    #[arg(long, value_name = "LOGIN")]
    login: Option<String>,

    /// The subscriber with this external reference: the billing's key
    #[arg(long = "ref", value_name = "REF")]
    reference: Option<String>,

    /// The subscriber with this key of the platform
    #[arg(long, value_name = "ID")]
    id: Option<String>,
}

/// Which terminal: one of these.
#[derive(Debug, Clone, Args)]
#[group(required = true, multiple = false)]
pub(crate) struct TerminalArgs {
    /// The terminal with this hardware address
    #[arg(long, value_name = "ADDRESS")]
    mac: Option<MacAddr>,

    /// The terminal with this key of the platform
    #[arg(long, value_name = "ID")]
    terminal: Option<String>,
}

impl SubscriberArgs {
    /// The same subscriber by other flags' values.
    pub(crate) fn of(
        login: Option<String>,
        reference: Option<String>,
        id: Option<String>,
    ) -> SubscriberArgs {
        SubscriberArgs {
            login,
            reference,
            id,
        }
    }

    /// Finds the subscriber.
    ///
    /// # Errors
    ///
    /// When there is none, or the platform has no such keys.
    pub(crate) async fn find(&self, backend: &dyn Backend) -> Result<Subscriber> {
        let (key, name) = self.key()?;
        let found = backend.find_subscriber(&key).await?;
        found.ok_or_else(|| Failure::failed(format!("there is no subscriber with the {name}")))
    }

    fn key(&self) -> Result<(SubscriberKey, String)> {
        if let Some(login) = &self.login {
            return Ok((
                SubscriberKey::Login(login.clone()),
                format!("login `{login}`"),
            ));
        }
        if let Some(text) = &self.reference {
            let key = SubscriberKey::ExternalRef(ExternalRef::new(text.as_str()));
            return Ok((key, format!("external reference `{text}`")));
        }
        match &self.id {
            Some(id) => Ok((SubscriberKey::Id(id.as_str().into()), format!("id `{id}`"))),
            None => {
                Err(Failure::usage("no subscriber is named")
                    .hint("--login, --ref or --id names one"))
            }
        }
    }
}

impl TerminalArgs {
    /// Returns the platform's key of the terminal.
    ///
    /// # Errors
    ///
    /// When no terminal has the address.
    pub(crate) async fn find(&self, connection: &Connection) -> Result<TerminalId> {
        match (&self.terminal, self.mac) {
            (Some(id), _) => Ok(id.as_str().into()),
            (None, Some(mac)) => {
                let terminal = on_platform!(connection, platform => {
                    terminal_with(&platform, mac).await
                });
                Ok(terminal?.id)
            }
            (None, None) => Err(Failure::usage("no terminal is named")),
        }
    }
}
